// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/effort.h"
#include "scanner/rules/keys/moduli.h"

#include <functional>
#include <set>

namespace coredact {

/// A prime factor of n from the private exponent of any form; nothing when `d` is none.
std::optional<BigNumber> primeFromExponent(const BigNumber& n, const BigNumber& e,
                                           const BigNumber& d);
/// A prime p of n from d mod p-1; nothing when `dp` is none.
std::optional<BigNumber> primeFromCrtExponent(const BigNumber& n, const BigNumber& e,
                                              const BigNumber& dp);

/// Numbers p for which e·dp is one above a multiple of p-1, of whatever key: a few dozens at most.
std::vector<BigNumber> primesFromCrtExponent(std::uint64_t e, const BigNumber& dp);

/// INTEGERs of DER that are left of private keys whose heads were overwritten, in bytes or in lines
/// of base64 (of a freed PEM buffer), known by what they do to the moduli of the dump: primes that
/// divide one, and d in both of its forms. d mod p-1 is only gathered: to try one costs half a
/// millisecond, and for each modulus with an unusual public exponent ten more.
/// (q^-1 mod p proves nothing by itself.) Bounded: of more than 65,536 numbers that have the size
/// of one the first in the file are kept, of the first of which some ten million are divided into
/// moduli, and 16,384 tried as d mod p-1.
class FragmentSearch : public Bounded {
public:
    /// A number that gives a prime away, or may do so.
    struct Fragment {
        std::vector<FileRange> places;
        BigNumber number;
        std::optional<std::size_t> modulus; ///< not known of one that must still be tried
        std::optional<BigNumber> prime;
    };

    /// What all numbers may cost that moduli are divided by, in divisions.
    static constexpr std::uint64_t mostDivisions = std::uint64_t {1} << 24;

    /// `moduli` must outlive the search.
    explicit FragmentSearch(const std::vector<PublicRsa>& moduli,
                            std::uint64_t divisions = mostDivisions);

    void look(const Window& window);
    void join(FragmentSearch& other);
    /// All that are proven, by place.
    std::vector<Fragment> proven();

private:
    using Place = std::function<std::vector<FileRange>(std::size_t begin, std::size_t end)>;

    void lookIn(ByteView bytes, std::size_t from, std::size_t to, const Place& place);
    bool fitsAModulus(const BigNumber& number) const;
    void trim(std::size_t limit);
    void sort();
    /// What a number is to the moduli.
    struct Verdict {
        std::optional<std::size_t> modulus;
        std::optional<BigNumber> prime;
        bool mayBeHalf = false;
    };
    Verdict prove(const BigNumber& number);
    /// Leaves those that are proven or may be d mod p-1.
    void proveAll();
    /// By modulus, where one of its primes is known.
    using Primes = std::vector<std::optional<BigNumber>>;
    bool tryAsCrtExponent(Fragment& fragment, const Primes& known);

    const std::vector<PublicRsa>& m_moduli;
    std::set<std::size_t> m_sizes; ///< of the moduli, in bytes
    std::vector<Fragment> m_fragments;
    Effort m_divisions;
    Effort m_tries; ///< as d mod p-1
};

} // namespace coredact
