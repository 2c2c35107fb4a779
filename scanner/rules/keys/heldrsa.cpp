// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heldrsa.h"

#include <algorithm>

namespace coredact {

namespace {

/// Trying every prime with every modulus stays below a second. A server that holds 40 keys and the
/// roots of TLS needs 11,000.
constexpr std::size_t mostTries = std::size_t {1} << 22;

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

/// A modulus and one of its primes.
struct Pair {
    const BigNumber* modulus;
    const BigNumber* prime;
};

std::vector<const BigNumber*> distinctOdd(const std::vector<HeldNumber>& numbers)
{
    std::vector<const BigNumber*> odd;
    for (const HeldNumber& held : numbers)
        if (held.value.isOdd())
            odd.push_back(&held.value);
    std::stable_sort(odd.begin(), odd.end(),
                     [](const BigNumber* a, const BigNumber* b) { return *a < *b; });
    odd.erase(std::unique(odd.begin(), odd.end(),
                          [](const BigNumber* a, const BigNumber* b) { return *a == *b; }),
              odd.end());
    return odd;
}

/// All moduli with a larger prime of theirs; only numbers of half a modulus' words are tried.
std::vector<Pair> findPairs(const std::vector<HeldNumber>& numbers, Bounded& owner)
{
    const auto odd = distinctOdd(numbers);
    std::vector<Candidate> candidates;
    for (const BigNumber* number : odd)
        if (number->bits() >= 256) {
            Limbs limbs = limbsOf(*number, (number->bits() + 63) / 64);
            if (!mayBePrime(limbs)) // no factor of a modulus is small either
                continue;
            const std::uint64_t inverse = inverseMod64(limbs[0]);
            candidates.push_back({number, std::move(limbs), inverse});
        }
    std::vector<Pair> pairs;
    std::size_t tries = 0;
    // The largest moduli first: smaller numbers of the key itself are no moduli of anything.
    for (auto modulus = candidates.rbegin(); modulus != candidates.rend(); ++modulus) {
        if (modulus->number->bits() < 512)
            break;
        for (const Candidate& prime : candidates) {
            if (prime.limbs.size() * 2 != modulus->limbs.size())
                continue;
            if (++tries > mostTries) {
                owner.leaveOut();
                return pairs;
            }
            if (seemsFactor(prime.limbs, prime.inverse, modulus->limbs)
                && modulus->number->dividedBy(*prime.number)) {
                pairs.push_back({modulus->number, prime.number});
                break;
            }
        }
    }
    return pairs;
}

/// The whole key. The public exponent is small and often in no structure that we keep: it is the
/// one that some number among those held answers as d.
std::optional<RsaNumbers> completed(const Pair& pair, const std::vector<HeldNumber>& numbers)
{
    const BigNumber one(1);
    const BigNumber other = *pair.modulus->dividedBy(*pair.prime);
    const BigNumber p1 = *pair.prime - one;
    const BigNumber q1 = other - one;
    const BigNumber group = *(p1 * q1).dividedBy(p1.greatestCommonDivisor(q1));
    for (const HeldNumber& held : numbers) {
        if (held.value.bits() * 2 <= pair.modulus->bits()
            || held.value.bits() > pair.modulus->bits() || !held.value.isOdd())
            continue;
        const auto exponent = (held.value % group).inverse(group);
        if (exponent && exponent->bits() <= 64 && exponent->bits() >= 2)
            if (auto key = rsaFromPrime(*pair.modulus, *exponent, *pair.prime))
                return key;
    }
    for (const std::uint64_t usual : {65537U, 3U, 17U, 5U, 257U})
        if (auto key = rsaFromPrime(*pair.modulus, BigNumber(usual), *pair.prime))
            return key;
    return std::nullopt;
}

/// Without what is a multiple of another key's prime and no key: calculations leave such numbers.
std::vector<Pair> withoutMultiples(const std::vector<Pair>& pairs)
{
    const auto other = [](const Pair& pair) { return *pair.modulus->dividedBy(*pair.prime); };
    const auto shares = [&](const Pair& one, const Pair& two) {
        return one.modulus != two.modulus && (*one.prime == *two.prime || *one.prime == other(two));
    };
    std::vector<Pair> kept;
    for (const Pair& pair : pairs) {
        const bool isShared = std::any_of(pairs.begin(), pairs.end(), [&](const Pair& two) {
            return shares(pair, two) && isLikelyPrime(other(two));
        });
        if (!isShared || isLikelyPrime(other(pair)))
            kept.push_back(pair);
    }
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
std::vector<std::vector<FileRange>> copiesOf(const RsaNumbers& key,
                                             const std::vector<HeldNumber>& numbers)
{
    std::vector<std::vector<FileRange>> copies;
    const auto secrets = secretNumbers(key);
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        if (std::find(secrets.begin(), secrets.begin() + static_cast<std::ptrdiff_t>(i), secrets[i])
            != secrets.begin() + static_cast<std::ptrdiff_t>(i))
            continue;
        std::size_t copy = 0;
        for (const HeldNumber& held : numbers) {
            if (!(held.value == secrets[i]))
                continue;
            if (copies.size() == copy)
                copies.emplace_back();
            copies[copy].insert(copies[copy].end(), held.places.begin(), held.places.end());
            ++copy;
        }
    }
    return copies;
}

} // namespace

bool isLikelyPrime(const BigNumber& odd)
{
    const BigNumber one(1);
    return BigNumber(2).power(odd - one, odd) == one;
}

std::vector<RsaNumbers> rsaKeysAmong(const std::vector<HeldNumber>& numbers, Bounded& owner)
{
    std::vector<RsaNumbers> keys;
    for (const Pair& pair : withoutMultiples(findPairs(numbers, owner)))
        if (auto complete = completed(pair, numbers))
            keys.push_back(std::move(*complete));
    return keys;
}

std::vector<HeldKey> heldRsaKeys(const std::vector<RsaNumbers>& proven,
                                 const std::vector<HeldNumber>& numbers)
{
    std::vector<HeldKey> keys;
    for (const RsaNumbers& complete : proven) {
        const PrivateKey key
            = rsaPrivateKey(complete, Confidence::Verified, "p·q equals n among numbers in memory");
        for (auto& places : copiesOf(complete, numbers))
            keys.push_back({key, std::move(places)});
    }
    return keys;
}

std::vector<HeldKey> heldRsaKeys(const std::vector<HeldNumber>& numbers, Bounded& owner)
{
    return heldRsaKeys(rsaKeysAmong(numbers, owner), numbers);
}

} // namespace coredact
