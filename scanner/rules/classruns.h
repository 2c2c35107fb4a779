// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/byteclass.h"
#include "scanner/rules/textruns.h"

#include <optional>
#include <string_view>

namespace coredact {

/// A character class a number of times: "[0-9a-f]{40}". An expression that has no letters for an
/// automaton to wait for is found by its run instead, at the cost of a look at few bytes.
struct ClassRun {
    ByteClass bytes;
    std::size_t length = 0; ///< at least 24

    bool operator==(const ClassRun&) const = default;

    /// For `[...]{n}`, also as a group; nothing for any other expression and for short runs.
    static std::optional<ClassRun> of(std::string_view regex);

    /// Adds the runs of `part` that are at least as long, those near one another as one zone.
    void find(ByteView text, const Zone& part, std::vector<Zone>& zones) const;

private:
    void findLong(ByteView text, const Zone& part, std::vector<Zone>& zones) const;
};

} // namespace coredact
