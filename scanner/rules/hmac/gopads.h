// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/window.h"

#include <compare>
#include <cstdint>
#include <set>

namespace coredact {

/// Where an HMAC of a Go program (crypto/hmac) has the key's outer and inner pad of RFC 2104: two
/// slices side by side, of a block of the hash each.
struct GoPads {
    std::uint64_t outer = 0;
    std::uint64_t inner = 0;
    std::uint64_t size = 0;

    auto operator<=>(const GoPads&) const = default;
};

/// Adds those that begin in the window's fresh part; not checked is what they point to.
void addGoPads(const Window& window, std::set<GoPads>& pads);

} // namespace coredact
