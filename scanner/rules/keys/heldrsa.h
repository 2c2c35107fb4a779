// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/effort.h"
#include "scanner/rules/keys/opensslbignums.h"
#include "scanner/rules/keys/rsakey.h"

#include <optional>
#include <span>
#include <vector>

namespace coredact {

/// A private key and the places of one set of its numbers.
struct HeldKey {
    PrivateKey key;
    std::vector<FileRange> places;
};

/// Numbers by their values; they must outlive this.
class NumbersByValue {
public:
    explicit NumbersByValue(const std::vector<HeldNumber>& numbers);

    /// All that have this value, in the order that they were given in.
    std::span<const HeldNumber* const> with(const BigNumber& value) const;
    bool have(const BigNumber& value) const { return !with(value).empty(); }
    /// Each value once, the smallest first.
    std::vector<const BigNumber*> distinct() const;

private:
    std::vector<const HeldNumber*> m_sorted;
};

/// RSA keys among the numbers: a modulus and a prime that divides it prove one, wherever the
/// structure that joins them went. Where there are so many numbers that not each is tried with each
/// modulus, as a prime or as d, `owner` is told.
std::vector<RsaNumbers> rsaKeysAmong(const NumbersByValue& numbers, Bounded& owner);

/// The public exponent of a key with these primes, where it is a usual one and the private one is
/// among the numbers, reduced by lcm(p-1, q-1) or by (p-1)(q-1). Takes ten inversions at most.
std::optional<BigNumber> usualExponent(const BigNumber& p, const BigNumber& q,
                                       const NumbersByValue& numbers);

/// What of a key stands among the numbers: once for each time that they do, with the same value.
std::vector<HeldKey> heldRsaKeys(const RsaNumbers& key, const NumbersByValue& numbers);

/// How many times 256 bits: with the second or third power of that the cost of arithmetic grows.
std::uint64_t partsOf(const BigNumber& number);

/// Fermat's test to the base of two, which a composite number passes by chance never, of no more
/// numbers than take a second or two: 4096 of 1024 bits.
class PrimeTests {
public:
    /// Where more numbers are to be tested, `owner` is told; it must outlive this.
    explicit PrimeTests(Bounded& owner);

    /// Whether an odd number is a prime; nothing where that is not tested.
    std::optional<bool> isPrime(const BigNumber& odd);

private:
    Effort m_effort;
    Bounded& m_owner;
};

} // namespace coredact
