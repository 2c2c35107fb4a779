// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <vector>

namespace coredact {

/// 64-bit words of a number, the least first; wiped when dropped.
using Limbs = std::vector<std::uint64_t, WipingAllocator<std::uint64_t>>;

/// The words of a number in little-endian or big-endian bytes; the size must be a multiple of 8.
/// `limbs` may be used again and again: nothing is allocated for numbers of the same size.
void readLittleEndian(ByteView bytes, Limbs& limbs);
void readBigEndian(ByteView bytes, Limbs& limbs);
Limbs limbsOfBigEndian(ByteView bytes);

/// x with odd · x = 1 mod 2^64.
std::uint64_t inverseMod64(std::uint64_t odd);

/// Whether the odd `factor` divides `product`, which has twice as many words: true for every
/// factor, false for all but one in 2^62 others. About half the cost of a division: the quotient
/// is computed from its low end, and only its top is compared.
bool seemsFactor(const Limbs& factor, std::uint64_t inverse, const Limbs& product);

/// False for about half of all odd numbers: those with a factor 3, 5, 17 or 257.
bool mayBePrime(const Limbs& number);

/// Whether as many bytes have their top bit set as random ones would: false for text, pointers
/// and small numbers. `words` of 8 bytes are looked at.
bool balancedBytes(const std::uint8_t* bytes, std::size_t words);

/// Whether not many more bytes are zero than of random ones, so that no prime ever fails (one in
/// 2^60): false for structures with pointers and numbers, even where their other bytes are
/// balanced.
bool fewZeros(const std::uint8_t* bytes, std::size_t words);

} // namespace coredact
