// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

#include <cstdint>

namespace coredact {

/// How much work may be done for one thing that a dump could ask for without end, in units of the
/// one who does it.
class Effort {
public:
    explicit Effort(std::uint64_t most)
        : m_left(most)
    {
    }

    /// Takes so much of what is left; where that is less nothing is taken, and `owner` is told.
    [[nodiscard]] bool take(std::uint64_t cost, Bounded& owner)
    {
        if (cost > m_left) {
            owner.leaveOut();
            return false;
        }
        m_left -= cost;
        return true;
    }

private:
    std::uint64_t m_left;
};

} // namespace coredact
