// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <array>
#include <functional>
#include <optional>
#include <string_view>

namespace coredact {

/// A character class a number of times: "[0-9a-f]{40}". An expression that has no letters for an
/// automaton to wait for is found by its run instead, at the cost of a look at few bytes.
struct ClassRun {
    std::array<bool, 256> bytes {};
    std::size_t length = 0; ///< at least 24

    /// For `[...]{n}`, also as a group; nothing for any other expression and for short runs.
    static std::optional<ClassRun> of(std::string_view regex);

    /// Calls `take` with each longest run of at least the length.
    void find(ByteView text,
              const std::function<void(std::size_t begin, std::size_t end)>& take) const;
};

} // namespace coredact
