// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/memorystream.h"

namespace coredact {

/// A number that an OpenSSL, LibreSSL or BoringSSL BIGNUM of the dump points to.
struct HeldNumber {
    BigNumber value;
    std::vector<FileRange> places; ///< of its words in the file
    bool guarded = false; ///< flagged for constant time or the secure heap: a private number
};

/// Gathers the numbers of 224 bits and more that BIGNUM structures point to:
/// {pointer to the words, int top, int dmax, int neg, int flags}, in the dump's word size and
/// byte order; words are least first. Each array is told once, by address.
/// Bounded: past 2^18 structures or 64 MiB of numbers the rest is left out.
Result<std::vector<HeldNumber>> gatherBignums(const WalkContext& context);

} // namespace coredact
