// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <vector>

namespace coredact {

// Round keys of DES, SM4 and RC2 fill 128 bytes or more that satisfy something everywhere, so that
// looking at a few bytes out of every 96 tells where they may lie.

inline constexpr std::size_t roundKeyBytes = 128;
inline constexpr std::size_t sampleBytes = 32;
inline constexpr std::size_t sampleStride = roundKeyBytes - sampleBytes;

/// How far beyond a place bytes are looked at: past the longest of what looks random, and somewhat
/// more, to see whether such bytes go on.
inline constexpr std::size_t randomReach = 4168 + 6 * sampleStride;

/// Where samples speak for round keys; each in order.
struct RoundKeySamples {
    std::vector<std::size_t> des; ///< at any byte
    std::vector<std::size_t> sm4; ///< round keys of words that lie a multiple of four bytes away
    std::vector<std::size_t> rc2; ///< the same
    std::vector<std::size_t> cast5; ///< the same
    std::vector<std::size_t> rc4; ///< the same, for states of words
    /// For each sample from the one at `first` on whether it looks random, far enough to tell where
    /// such bytes begin and end around what begins before the end.
    std::vector<std::uint8_t> random;
    std::size_t first = 0;
};

/// Takes samples at `begin`, begin + sampleStride, and so on, up to `end` and as far as there are
/// bytes, and further ones for whether they look random.
RoundKeySamples takeSamples(ByteView bytes, std::size_t begin, std::size_t end);

/// Whether every 32 bytes have as many top bits and zeros as random ones have.
bool areRandom(ByteView bytes);
/// The same for 64 bytes together, and more strictly: code often passes for random in 32.
bool areMixed(ByteView bytes);

} // namespace coredact
