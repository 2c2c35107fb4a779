// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

namespace coredact {

inline constexpr std::size_t shortestAria = 208;
inline constexpr std::size_t longestAria = 272;

/// Whether ARIA's round keys (RFC 5794) may begin at `place`, for encryption: the first, fifth and
/// ninth are one value with another, turned by 19, 31 and 67 bits.
inline bool mayBeAria(const std::uint8_t* place)
{
    // Four bytes of a round key are a little-endian word; the first is the highest.
    const auto half = [&](std::size_t roundKey) {
        const auto words = littleWord<std::uint64_t>(place + 16 * roundKey);
        return words << 32 | words >> 32;
    };
    const std::uint64_t nearer = half(0) ^ half(4);
    const std::uint64_t farther = half(0) ^ half(8);
    // The lower bits hang on these 64 alone.
    constexpr std::uint64_t sure = (std::uint64_t {1} << 28) - 1;
    return ((nearer ^ nearer >> 12 ^ nearer >> 24 ^ nearer >> 36 ^ farther) & sure) == 0;
}

/// The same for the round keys for decryption, of `rounds` rounds.
bool mayBeAriaDecryption(const std::uint8_t* place, std::size_t rounds);

/// The round keys at the start of `bytes`, for either direction.
std::optional<KeySchedule> ariaAt(ByteView bytes);

} // namespace coredact
