// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/keyschedule.h"

namespace coredact {

/// Sixteen pairs of words, a masking subkey and a rotation of 5 bits, then whether the key is
/// short: CAST_KEY of libcrypto.
inline constexpr std::size_t cast5Bytes = 132;

/// Whether 32 bytes may be a part of the pairs: every other word is below 32, the others are not.
inline bool mayBeCast5Pairs(const std::uint8_t* sample)
{
    const auto word = [&](std::size_t at) { return littleWord<std::uint64_t>(sample + at); };
    const std::uint64_t any = word(0) | word(8) | word(16) | word(24);
    constexpr std::uint32_t small = 31;
    const auto low = static_cast<std::uint32_t>(any);
    const auto high = static_cast<std::uint32_t>(any >> 32);
    return (low <= small) != (high <= small);
}

/// Whether the 132 bytes look like a key's: the words random, the rotations not alike.
bool looksLikeCast5(const std::uint8_t* place);

/// The keys of 128 bits that all of the subkeys at `place` follow from (RFC 2144), sorted; a
/// shorter one is told without the zeros at its end. Some keys have the same subkeys, so that there
/// may be several, each as good as the other. Takes a good part of a tenth of a second.
std::vector<SecretBytes> cast5KeysOf(const std::uint8_t* place);

/// The 132 bytes for a key.
SecretBytes expandCast5Key(ByteView key);

} // namespace coredact
