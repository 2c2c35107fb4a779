// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/base/securebuffer.h"

#include <array>
#include <bit>
#include <optional>

namespace coredact {

/// Proven round keys of an SM4 key (GB/T 32907-2016): 32 little-endian words.
struct Sm4Schedule {
    std::size_t position = 0;
    bool reversed = false; ///< the last one first, for decryption
    SecretBytes key; ///< 16 bytes
};

namespace sm4 {

using Substitution = std::array<std::uint8_t, 256>;
extern const Substitution unsubstituted; ///< the inverse of the S-box

/// Undoes B ^ (B <<< 13) ^ (B <<< 23). In GF(2) the 32nd power of that is 1, so that the inverse is
/// its 31st: that of the 1st, 2nd, 4th and 8th power, which turn twice as far each; the 16th is 1.
inline std::uint32_t unspread(std::uint32_t word)
{
    word ^= std::rotl(word, 13) ^ std::rotl(word, 23);
    word ^= std::rotl(word, 26) ^ std::rotl(word, 14);
    word ^= std::rotl(word, 20) ^ std::rotl(word, 28);
    return word ^ std::rotl(word, 8) ^ std::rotl(word, 24);
}

} // namespace sm4

/// Whether the five words at `sample` may be neighbours among SM4's round keys, in either order:
/// rk[i+4] = rk[i] ^ T'(rk[i+1] ^ rk[i+2] ^ rk[i+3] ^ CK[i+4]), where each byte of the constants is
/// 7 more than the one before. Two bytes of the four are looked at.
inline bool mayBeSm4RoundKeys(const std::uint8_t* sample)
{
    const auto word = [&](std::size_t i) { return littleWord<std::uint32_t>(sample + 4 * i); };
    const std::uint32_t step = sm4::unspread(word(0) ^ word(4));
    const std::uint32_t mixed = word(1) ^ word(2) ^ word(3);
    const unsigned first = sm4::unsubstituted[step >> 24] ^ mixed >> 24;
    const unsigned second = sm4::unsubstituted[step >> 16 & 0xff] ^ (mixed >> 16 & 0xff);
    return ((second - first) & 0xff) == 7;
}

/// The schedule that holds the five words at `sample`, when all of it is there.
std::optional<Sm4Schedule> sm4ScheduleAround(ByteView bytes, std::size_t sample);

/// The round keys of a key of 16 bytes, as little-endian words, the first round's first.
SecretBytes expandSm4Key(ByteView key);

} // namespace coredact
