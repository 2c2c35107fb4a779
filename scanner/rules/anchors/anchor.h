// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace coredact {

/// Four bytes that stand somewhere in what is looked for; of them only the bits of `mask` count,
/// and `value` has no others. Choose rare ones: all anchors are searched for in one pass.
struct Anchor {
    std::array<std::uint8_t, 4> value {};
    std::array<std::uint8_t, 4> mask {0xff, 0xff, 0xff, 0xff};
    /// How far behind the first byte of what is looked for the anchor may stand.
    std::size_t reach = 0;
};

} // namespace coredact
