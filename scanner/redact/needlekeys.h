// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <cstring>

namespace coredact::needlekeys {

// What needles are found by: those who make them and those who look for them must agree.

inline constexpr std::size_t windowSize = 8; ///< bytes of the shortest needle that is no word
inline constexpr std::size_t wordKey = 5; ///< bytes of a word's key, and of a piece
inline constexpr std::size_t probeStep = 4; ///< between the places where pieces are looked for

/// The first `size` bytes, as far as they are there; at most eight.
inline std::uint64_t keyOf(ByteView bytes, std::size_t size)
{
    std::uint64_t key = 0;
    std::memcpy(&key, bytes.data(), std::min(size, bytes.size()));
    return key;
}

/// The first five bytes; no more need be there.
inline std::uint64_t pieceAt(const std::uint8_t* bytes)
{
    return nativeWord<std::uint32_t>(bytes) | std::uint64_t {bytes[wordKey - 1]} << 32;
}

} // namespace coredact::needlekeys
