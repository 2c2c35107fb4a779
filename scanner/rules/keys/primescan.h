// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"

#include <vector>

namespace coredact {

// Where a prime of RSA may stand: odd, at least √2 · 2^(bits-1) as FIPS 186-5 A.1.1 wants both
// primes, and with bytes that look random. Text, pointers and code fall at the top word.

/// Positions begin, begin + 8, ... below `end` of numbers of `words` little-endian words.
void littleEndianPrimes(ByteView bytes, std::size_t begin, std::size_t end, std::size_t words,
                        std::vector<std::size_t>& positions);

/// Positions from `begin` to below `end`, of any alignment, of big-endian numbers of 8 · `words` bytes with the
/// zero byte before them that DER and SSH write. The zero's position is the one that counts; the
/// one that is given is the number's.
void bigEndianPrimes(ByteView bytes, std::size_t begin, std::size_t end, std::size_t words,
                     std::vector<std::size_t>& positions);

} // namespace coredact
