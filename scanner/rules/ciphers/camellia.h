// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

namespace coredact {

inline constexpr std::size_t shortestCamellia = 208;

/// Whether Camellia's subkeys (RFC 3713) may begin at `place`: they are the key and what it was
/// mixed to, turned further and further, and one part stands there once more 32 bytes on, 15 bits
/// further. Holds for both orders of the halves of 64 bits.
inline bool mayBeCamellia(const std::uint8_t* place)
{
    const auto word = [&](std::size_t i) { return littleWord<std::uint64_t>(place + 8 * i); };
    constexpr std::uint64_t sure = 0xffff8000ffff8000;
    return ((word(0) << 15 ^ word(4)) & sure) == 0 || ((word(4) << 15 ^ word(8)) & sure) == 0;
}

/// The same for subkeys in the order of decryption: the two of the last whitening, then all from
/// the last to the first, then the two of the first whitening; each with its halves of 32 bits
/// turned, as mbedTLS has them.
inline bool mayBeCamelliaDecryption(const std::uint8_t* place)
{
    const auto word = [&](std::size_t i) { return littleWord<std::uint32_t>(place + 4 * i); };
    return (word(14) << 17 | word(15) >> 15) == word(6) || ((word(23) << 2 ^ word(6)) >> 2) == 0;
}

/// The subkeys at the start of `bytes`, as libcrypto and mbedTLS lay them out: all of them, without
/// any of the whitening worked into others.
std::optional<KeySchedule> camelliaAt(ByteView bytes);

} // namespace coredact
