// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/opensslbignums.h"
#include "scanner/rules/keys/rsakey.h"

namespace coredact {

/// A private key and the places of one set of its numbers.
struct HeldKey {
    PrivateKey key;
    std::vector<FileRange> places;
};

/// RSA keys among the numbers: a modulus and a prime that divides it prove one, wherever the
/// structure that joins them went; d and the CRT values are then known by what they are. A key
/// whose numbers stand several times is told several times, with the same value. Where there are so
/// many numbers that not each is tried with each modulus, `owner` is told.
std::vector<HeldKey> heldRsaKeys(const std::vector<HeldNumber>& numbers, Bounded& owner);

// The same in two steps.
std::vector<RsaNumbers> rsaKeysAmong(const std::vector<HeldNumber>& numbers, Bounded& owner);
std::vector<HeldKey> heldRsaKeys(const std::vector<RsaNumbers>& keys,
                                 const std::vector<HeldNumber>& numbers);

/// Fermat's test to the base of two, which a composite number passes by chance never. Of odd ones.
bool isLikelyPrime(const BigNumber& odd);

} // namespace coredact
