// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldrsa.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

namespace coredact {

namespace {

/// Trying every prime with every modulus stays below a second. A server that holds 40 keys and the
/// roots of TLS needs 11,000.
constexpr std::uint64_t mostTries = std::uint64_t {1} << 22;
/// In parts of 256 bits, squared: 2048 numbers of 2048 bits, which takes some seconds. Only keys of
/// which no private exponent to a usual public one is held need any.
constexpr std::uint64_t mostInversions = std::uint64_t {1} << 17;
/// In the same parts, to the third power: 4096 numbers of 1024 bits.
constexpr std::uint64_t mostTests = std::uint64_t {64} * 4096;
constexpr unsigned smallestModulus = 512;
constexpr std::array<std::uint64_t, 5> usualExponents {65537, 3, 17, 5, 257};

Limbs limbsOf(const BigNumber& number, std::size_t words)
{
    Limbs limbs;
    readLittleEndian(number.littleEndian(words * 8), limbs);
    return limbs;
}

struct Candidate {
    const BigNumber* number;
    Limbs limbs;
    std::uint64_t inverse;
};

/// A modulus, one of its primes, and the other factor.
struct Pair {
    const BigNumber* modulus;
    const BigNumber* prime;
    BigNumber other;
};

/// What may be a prime or a modulus.
std::vector<Candidate> candidatesAmong(const NumbersByValue& numbers)
{
    std::vector<Candidate> candidates;
    for (const BigNumber* number : numbers.distinct()) {
        if (!number->isOdd() || number->bits() < smallestModulus / 2)
            continue;
        Limbs limbs = limbsOf(*number, (number->bits() + 63) / 64);
        if (!mayBePrime(limbs)) // no factor of a modulus is small either
            continue;
        const std::uint64_t inverse = inverseMod64(limbs[0]);
        candidates.push_back({number, std::move(limbs), inverse});
    }
    return candidates;
}

/// All moduli with a larger prime of theirs; only numbers of half a modulus' words are tried.
std::vector<Pair> findPairs(const NumbersByValue& numbers, Bounded& owner)
{
    const auto candidates = candidatesAmong(numbers);
    std::vector<Pair> pairs;
    Effort tries(mostTries);
    // The largest moduli first: smaller numbers of the key itself are no moduli of anything.
    for (auto modulus = candidates.rbegin(); modulus != candidates.rend(); ++modulus) {
        if (modulus->number->bits() < smallestModulus)
            break;
        for (const Candidate& prime : candidates) {
            if (prime.limbs.size() * 2 != modulus->limbs.size())
                continue;
            if (!tries.take(1, owner))
                return pairs;
            if (!seemsFactor(prime.limbs, prime.inverse, modulus->limbs))
                continue;
            if (auto other = modulus->number->dividedBy(*prime.number)) {
                pairs.push_back({modulus->number, prime.number, std::move(*other)});
                break;
            }
        }
    }
    return pairs;
}

/// Of p-1 and q-1 the least common multiple: what exponents are reduced by.
BigNumber groupOf(const BigNumber& p1, const BigNumber& q1)
{
    return *(p1 * q1).dividedBy(p1.greatestCommonDivisor(q1));
}

/// The usual public exponent whose inverse is held.
std::optional<BigNumber> usualExponent(const BigNumber& modulus, const NumbersByValue& numbers)
{
    for (const std::uint64_t usual : usualExponents)
        if (const auto d = BigNumber(usual).inverse(modulus); d && numbers.have(*d))
            return BigNumber(usual);
    return std::nullopt;
}

/// The public exponent of up to 64 bits that some number among those held answers as d.
std::optional<BigNumber> unusualExponent(const BigNumber& modulus, const BigNumber& group,
                                         const NumbersByValue& numbers, Effort& inversions,
                                         Bounded& owner)
{
    const std::uint64_t cost = partsOf(modulus) * partsOf(modulus);
    for (const BigNumber* number : numbers.distinct()) {
        if (number->bits() * 2 <= modulus.bits() || number->bits() > modulus.bits()
            || !number->isOdd())
            continue;
        if (!inversions.take(cost, owner))
            break;
        auto exponent = (*number % group).inverse(group);
        if (exponent && exponent->bits() <= 64 && exponent->bits() >= 2)
            return exponent;
    }
    return std::nullopt;
}

/// The whole key. The public exponent is small and often in no structure that we keep.
std::optional<RsaNumbers> completed(const Pair& pair, const NumbersByValue& numbers,
                                    Effort& inversions, Bounded& owner)
{
    const BigNumber one(1);
    const BigNumber p1 = *pair.prime - one;
    const BigNumber q1 = pair.other - one;
    auto exponent = usualExponent(*pair.prime, pair.other, numbers);
    for (const BigNumber* modulus : {&p1, &q1})
        if (!exponent)
            exponent = usualExponent(*modulus, numbers);
    if (!exponent)
        exponent = unusualExponent(*pair.modulus, groupOf(p1, q1), numbers, inversions, owner);
    if (exponent)
        if (auto key = rsaFromPrime(*pair.modulus, *exponent, *pair.prime))
            return key;
    for (const std::uint64_t usual : usualExponents)
        if (auto key = rsaFromPrime(*pair.modulus, BigNumber(usual), *pair.prime))
            return key;
    return std::nullopt;
}

struct ByValue {
    bool operator()(const BigNumber* a, const BigNumber* b) const { return *a < *b; }
};

/// Without what is a multiple of another key's prime and no key: calculations leave such numbers.
/// What is not tested stays.
std::vector<Pair> withoutMultiples(std::vector<Pair> pairs, PrimeTests& tests)
{
    std::map<const BigNumber*, std::size_t, ByValue> pairsWith;
    for (const Pair& pair : pairs)
        for (const BigNumber* factor : {pair.prime, &pair.other})
            ++pairsWith[factor];
    std::set<const BigNumber*, ByValue> factorsOfKeys;
    std::vector<bool> isMultiple(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const Pair& pair = pairs[i];
        if (pairsWith[pair.prime] == 1 && pairsWith[&pair.other] == 1)
            continue;
        const auto isKey = tests.isPrime(pair.other);
        isMultiple[i] = isKey == false;
        if (isKey == true)
            factorsOfKeys.insert({pair.prime, &pair.other});
    }
    for (std::size_t i = 0; i < pairs.size(); ++i)
        isMultiple[i] = isMultiple[i] && factorsOfKeys.contains(pairs[i].prime);
    std::vector<Pair> kept;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        if (!isMultiple[i])
            kept.push_back(std::move(pairs[i]));
    return kept;
}

/// The values of a key that a structure may hold: d in both reductions and all that CRT needs.
std::vector<BigNumber> secretNumbers(const RsaNumbers& key)
{
    const BigNumber one(1);
    std::vector<BigNumber> secrets {key.d, key.p, key.q, key.dp, key.dq, key.qinv};
    if (auto d = key.e.inverse((key.p - one) * (key.q - one)))
        secrets.push_back(std::move(*d));
    if (auto pinv = key.p.inverse(key.q))
        secrets.push_back(std::move(*pinv));
    return secrets;
}

/// The n-th copies of all secret numbers together, for each n.
std::vector<std::vector<FileRange>> copiesOf(const RsaNumbers& key, const NumbersByValue& numbers)
{
    std::vector<std::vector<FileRange>> copies;
    const auto secrets = secretNumbers(key);
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        const auto here = secrets.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(secrets.begin(), here, secrets[i]) != here)
            continue;
        const auto held = numbers.with(secrets[i]);
        copies.resize(std::max(copies.size(), held.size()));
        for (std::size_t copy = 0; copy < held.size(); ++copy)
            copies[copy].insert(copies[copy].end(), held[copy]->places.begin(),
                                held[copy]->places.end());
    }
    return copies;
}

} // namespace

NumbersByValue::NumbersByValue(const std::vector<HeldNumber>& numbers)
{
    m_sorted.reserve(numbers.size());
    for (const HeldNumber& held : numbers)
        m_sorted.push_back(&held);
    std::stable_sort(m_sorted.begin(), m_sorted.end(),
                     [](const HeldNumber* a, const HeldNumber* b) { return a->value < b->value; });
}

std::span<const HeldNumber* const> NumbersByValue::with(const BigNumber& value) const
{
    const auto first
        = std::partition_point(m_sorted.begin(), m_sorted.end(),
                               [&](const HeldNumber* held) { return held->value < value; });
    const auto last = std::find_if_not(
        first, m_sorted.end(), [&](const HeldNumber* held) { return held->value == value; });
    return {first, last};
}

std::vector<const BigNumber*> NumbersByValue::distinct() const
{
    std::vector<const BigNumber*> numbers;
    for (const HeldNumber* held : m_sorted)
        if (numbers.empty() || !(*numbers.back() == held->value))
            numbers.push_back(&held->value);
    return numbers;
}

std::optional<BigNumber> usualExponent(const BigNumber& p, const BigNumber& q,
                                       const NumbersByValue& numbers)
{
    const BigNumber one(1);
    const BigNumber p1 = p - one;
    const BigNumber q1 = q - one;
    const auto exponent = usualExponent(groupOf(p1, q1), numbers);
    return exponent ? exponent : usualExponent(p1 * q1, numbers);
}

std::uint64_t partsOf(const BigNumber& number) { return (number.bits() + 255) / 256; }

PrimeTests::PrimeTests(Bounded& owner)
    : m_effort(mostTests)
    , m_owner(owner)
{
}

std::optional<bool> PrimeTests::isPrime(const BigNumber& odd)
{
    const std::uint64_t parts = partsOf(odd);
    if (!m_effort.take(parts * parts * parts, m_owner))
        return std::nullopt;
    // Most numbers that are none have one of these, which costs nothing to see.
    constexpr std::uint64_t smallPrimes
        = 3ULL * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29 * 31 * 37 * 41 * 43 * 47 * 53;
    if (odd.bits() > 64 && std::gcd(odd.remainder(smallPrimes), smallPrimes) != 1)
        return false;
    const BigNumber one(1);
    return BigNumber(2).power(odd - one, odd) == one;
}

std::vector<RsaNumbers> rsaKeysAmong(const NumbersByValue& numbers, Bounded& owner)
{
    std::vector<RsaNumbers> keys;
    PrimeTests tests(owner);
    Effort inversions(mostInversions);
    for (const Pair& pair : withoutMultiples(findPairs(numbers, owner), tests))
        if (auto complete = completed(pair, numbers, inversions, owner))
            keys.push_back(std::move(*complete));
    return keys;
}

std::vector<HeldKey> heldRsaKeys(const RsaNumbers& key, const NumbersByValue& numbers)
{
    const PrivateKey told
        = rsaPrivateKey(key, Confidence::Verified, "p·q equals n among numbers in memory");
    std::vector<HeldKey> keys;
    for (auto& places : copiesOf(key, numbers))
        keys.push_back({told, std::move(places)});
    return keys;
}

} // namespace coredact
