// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <vector>

namespace coredact {

// Round keys of DES and SM4 fill 128 bytes that satisfy something everywhere, so that looking at
// a few bytes out of every 96 tells where they may lie.

inline constexpr std::size_t roundKeyBytes = 128;
inline constexpr std::size_t sampleBytes = 32;
inline constexpr std::size_t sampleStride = roundKeyBytes - sampleBytes;

/// Where samples speak for round keys; each in order.
struct RoundKeySamples {
    std::vector<std::size_t> des; ///< at any byte
    std::vector<std::size_t> sm4; ///< round keys of words that lie a multiple of four bytes away

    void clear();
};

/// Adds those of the samples at begin, begin + sampleStride, and so on, up to `end` and as far as
/// there are bytes.
void takeSamples(ByteView bytes, std::size_t begin, std::size_t end, RoundKeySamples& samples);

} // namespace coredact
