// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/viewbuffer.h"

#include <array>

namespace coredact {

/// Ends the runs of a base64 view: a byte that no text holds.
inline constexpr std::uint8_t base64Separator = 0xff;

/// The base64 of a window, decoded: runs of at least 24 characters of either alphabet, also broken
/// into lines (of 40 characters and more; by real line breaks or written as \n), decoded from each
/// of the four places where a group of characters may begin. A run is decoded from a place only
/// where that gives at least 15 bytes of ASCII in a row, or what may begin a key in DER; so names
/// and paths, which are runs of such characters too, cost little.
struct Base64Views {
    explicit Base64Views(const Window& window);

    std::array<ViewBuffer, 4> decoded; ///< by where decoding begins
};

} // namespace coredact
