// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/byteclass.h"
#include "scanner/rules/regex/signprobe.h"
#include "scanner/rules/textruns.h"

#include <array>
#include <functional>

namespace coredact {

/// Finds signs with what may stand around them, of many expressions at a time. Immutable once
/// filled; any thread.
class SignFinder {
public:
    void add(unsigned id, const SignProbe& probe);

    /// Calls `hear` for each sign that lies in one of the zones of token bytes or right beside it,
    /// with the place after it.
    using Hear = std::function<void(unsigned id, std::size_t end)>;
    void find(ByteView bytes, const std::vector<Zone>& zones, const Hear& hear) const;

private:
    /// For each byte and, last, for none: a bit for each expression that lets it stand there.
    using Place = std::array<std::uint64_t, 257>;
    static constexpr std::size_t groupSize = 64;
    struct Group {
        ByteClass signs {};
        std::array<std::uint64_t, 256> bySign {};
        std::vector<Place> before {};
        std::vector<Place> after {};
        std::vector<unsigned> ids {};

        void find(ByteView bytes, const Zone& zone, const Hear& hear) const;
        void look(ByteView bytes, std::size_t at, const Hear& hear) const;
    };
    static void addPlaces(std::vector<Place>& places, std::uint64_t bit,
                          const std::vector<ByteSet>& sets);

    std::vector<Group> m_groups;
};

} // namespace coredact
