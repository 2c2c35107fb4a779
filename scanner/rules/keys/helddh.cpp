// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/helddh.h"

#include "scanner/rules/keys/heldlog.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace coredact {

namespace {

constexpr unsigned leastPrimeBits = 1024;
constexpr unsigned leastExponentBits = 160;
/// Twice the strength that RFC 7919 gives its largest group has 400.
constexpr unsigned mostNamedExponentBits = 512;
/// Powers, in parts of 256 bits of p, squared, and of the exponent: a second or two.
constexpr std::uint64_t mostPowers = std::uint64_t {1} << 18;
constexpr std::array<std::uint64_t, 3> usualGenerators {2, 5, 3};

/// Those that OpenSSL 3 knows by name.
constexpr std::array groupNames {"modp_1536", "modp_2048", "modp_3072", "modp_4096",
                                 "modp_6144", "modp_8192", "ffdhe2048", "ffdhe3072",
                                 "ffdhe4096", "ffdhe6144", "ffdhe8192"};

/// The prime of a group; nothing where libcrypto was built without it.
std::optional<BigNumber> primeOf(const char* group)
{
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr), &EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_paramgen_init(context.get()) != 1
        || EVP_PKEY_CTX_set_group_name(context.get(), group) != 1
        || EVP_PKEY_paramgen(context.get(), &made) != 1)
        return std::nullopt;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> parameters(made, &EVP_PKEY_free);
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_FFC_P, &number) != 1)
        return std::nullopt;
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> prime(number, &BN_free);
    SecretBytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    return BigNumber::fromBigEndian(bytes);
}

const std::vector<BigNumber>& namedPrimes()
{
    static const std::vector<BigNumber> primes = [] {
        std::vector<BigNumber> there;
        for (const char* name : groupNames)
            if (auto prime = primeOf(name))
                there.push_back(std::move(*prime));
        return there;
    }();
    return primes;
}

class DhSearch {
public:
    DhSearch(const NumbersByValue& numbers, Bounded& owner)
        : m_numbers(numbers)
        , m_all(numbers.distinct())
        , m_tests(owner)
        , m_powers(mostPowers)
        , m_owner(owner)
    {
        for (const BigNumber* number : m_all)
            if (number->bits() >= leastExponentBits && mayBePrivate(*number))
                m_exponents.push_back(number);
    }

    std::vector<LogNumbers> keys()
    {
        std::vector<LogNumbers> keys;
        if (m_exponents.empty() || m_all.back()->bits() + 64 <= leastPrimeBits)
            return keys;
        for (const BigNumber& p : namedPrimes())
            if (mayHavePublic(p))
                addKeysOf(p, mostNamedExponentBits, {usualGenerators.data(), 1}, keys);
        for (const BigNumber* p : m_all)
            if (mayHavePublic(*p) && isSafePrime(*p))
                addKeysOf(*p, p->bits(), usualGenerators, keys);
        return keys;
    }

private:
    bool mayBePrivate(const BigNumber& number) const
    {
        const auto held = m_numbers.with(number);
        return std::any_of(held.begin(), held.end(),
                           [](const HeldNumber* one) { return one->guarded || one->foreign; });
    }

    bool mayHavePublic(const BigNumber& p) const
    {
        return p.bits() >= leastPrimeBits
            && std::any_of(m_all.begin(), m_all.end(),
                           [&](const BigNumber* number) { return isAlmostAsLong(*number, p); });
    }

    bool isSafePrime(const BigNumber& p)
    {
        if (!p.isOdd() || p.remainder(12) != 11)
            return false;
        const auto half = (p - BigNumber(1)).dividedBy(BigNumber(2));
        return m_tests.isPrime(*half) == true && m_tests.isPrime(p) == true;
    }

    void addKeysOf(const BigNumber& p, unsigned mostBits, std::span<const std::uint64_t> generators,
                   std::vector<LogNumbers>& keys);

    const NumbersByValue& m_numbers;
    std::vector<const BigNumber*> m_all; ///< each once, the smallest first
    std::vector<const BigNumber*> m_exponents; ///< those that may be one
    PrimeTests m_tests;
    Effort m_powers;
    Bounded& m_owner;
};

void DhSearch::addKeysOf(const BigNumber& p, unsigned mostBits,
                         std::span<const std::uint64_t> generators, std::vector<LogNumbers>& keys)
{
    for (const BigNumber* x : m_exponents) {
        if (x->bits() > mostBits || !(*x < p))
            break;
        for (const std::uint64_t generator : generators) {
            if (!m_powers.take(partsOf(p) * partsOf(p) * partsOf(*x), m_owner))
                return;
            const BigNumber g(generator);
            BigNumber y = g.power(*x, p);
            if (!m_numbers.have(y))
                continue;
            keys.push_back({p, {}, g, std::move(y), *x});
            break;
        }
    }
}

} // namespace

std::vector<HeldKey> heldDhKeys(const NumbersByValue& numbers, Bounded& owner)
{
    return heldOf("DH", DhSearch(numbers, owner).keys(), numbers);
}

} // namespace coredact
