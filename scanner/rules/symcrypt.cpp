// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys as SymCrypt holds them: in Windows (CNG, Schannel, .NET there), and in Azure Linux
// through its provider for OpenSSL. No file form of them is in memory, and no public key either.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/heldec.h"
#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/rsakey.h"
#include "scanner/rules/keys/symcryptobjects.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr unsigned smallestPrime = 256;
/// Testing so many numbers of 1024 bits for primality takes a second or two. One of twice as many
/// bits takes eight times as long.
constexpr std::uint64_t mostLonePrimes = 4096;

std::span<const RuleInfo> symcryptRules()
{
    static const std::array rules {
        RuleInfo {"rsa-private-key-symcrypt",
                  "RSA private key (in memory)",
                  Severity::Critical,
                  std::string("An RSA private key as the numbers that SymCrypt calculates with: "
                              "the library under Windows' CNG and Azure Linux' OpenSSL.")
                      + keyMatters,
                  replaceKey,
                  {"private-key", "windows"},
                  100},
        RuleInfo {"ec-private-key-symcrypt",
                  "EC private key (in memory)",
                  Severity::Critical,
                  std::string("An elliptic-curve private key as the number that SymCrypt "
                              "calculates with: the library under Windows' CNG and Azure Linux' "
                              "OpenSSL.")
                      + keyMatters,
                  replaceKey,
                  {"private-key", "windows"},
                  100},
    };
    return rules;
}

void report(MatchSink& sink, const RuleInfo& rule, HeldKey held)
{
    Match match = matchOf(rule, std::move(held.key), "in memory");
    match.places = std::move(held.places);
    sink.add(std::move(match));
}

BigNumber one() { return BigNumber(1); }

/// Whether some number held answers a usual public exponent as the private one of these primes.
bool answersAnExponent(const BigNumber& p, const BigNumber& q,
                       const std::vector<HeldNumber>& integers)
{
    const BigNumber p1 = p - one();
    const BigNumber q1 = q - one();
    return std::any_of(integers.begin(), integers.end(), [&](const HeldNumber& held) {
        for (const std::uint64_t usual : {65537U, 3U, 17U}) {
            const BigNumber product = held.value * BigNumber(usual);
            if (product % p1 == one() && product % q1 == one())
                return true;
        }
        return false;
    });
}

std::vector<HeldNumber> allNumbers(const SymCryptNumbers& numbers)
{
    std::vector<HeldNumber> all = numbers.integers;
    for (const SymCryptModulus& modulus : numbers.moduli)
        all.push_back(modulus.number);
    // The modulus may be cut off where the two primes behind it are not.
    for (std::size_t i = 0; i + 1 < numbers.moduli.size(); ++i) {
        const SymCryptModulus& p = numbers.moduli[i];
        const SymCryptModulus& q = numbers.moduli[i + 1];
        if (!p.isPublic && !q.isPublic && p.number.value.bits() >= smallestPrime
            && answersAnExponent(p.number.value, q.number.value, numbers.integers))
            all.push_back({p.number.value * q.number.value, {}, false});
    }
    return all;
}

/// What SymCrypt computes from a prime, with R as wide as its digits: beside what every library
/// does, the negated prime and the other one's inverse in Montgomery form.
void addForms(PrivateKey& key, const SymCryptModulus& prime, const BigNumber& other)
{
    const BigNumber& p = prime.number.value;
    const BigNumber r = BigNumber::powerOfTwo(static_cast<unsigned>(8 * prime.elementBytes));
    const auto add = [&](std::string name, const BigNumber& number) {
        key.derived.push_back({std::move(name), ValueForm::Number, number.bigEndian()});
    };
    add("R mod a prime", r % p);
    add("R² mod a prime", (r * r) % p);
    add("R less a prime", r - p);
    if (const auto inverse = other.inverse(p))
        add("R / one prime mod the other", (*inverse * r) % p);
}

/// The other prime of a key, where both have objects of their own.
const SymCryptModulus* otherPrime(const SymCryptNumbers& numbers, const BigNumber& p,
                                  const std::vector<HeldNumber>& all)
{
    for (const SymCryptModulus& modulus : numbers.moduli) {
        if (modulus.isPublic || modulus.number.value == p)
            continue;
        const BigNumber product = p * modulus.number.value;
        if (std::any_of(all.begin(), all.end(),
                        [&](const HeldNumber& held) { return held.value == product; }))
            return &modulus;
    }
    return nullptr;
}

/// How long a test takes, in units of one of 256 bits; 64 for one of 1024.
std::uint64_t testsOf(const BigNumber& number)
{
    const std::uint64_t parts = (number.bits() + 255) / 256;
    return parts * parts * parts;
}

/// A modulus that the library was told to keep secret, and that is prime: of a key whose other
/// numbers are not in the dump.
std::optional<HeldKey> lonePrime(const SymCryptModulus& modulus)
{
    const BigNumber& p = modulus.number.value;
    if (!isLikelyPrime(p))
        return std::nullopt;
    PrivateKey key;
    key.name = "RSA prime of " + std::to_string(p.bits()) + " bits, part of a";
    key.confidence = Confidence::Likely;
    key.proof = "a prime that SymCrypt was told to keep secret";
    key.value = p.bigEndian();
    addForms(key, modulus, BigNumber());
    return HeldKey {std::move(key), modulus.number.places};
}

class ObjectRound : public WalkRound {
public:
    std::vector<WalkAnchor> anchors() const override { return SymCryptHarvest::anchors(); }
    void lookAt(const Window& window, std::size_t position) override
    {
        harvest.lookAt(window, position);
    }
    void join(WalkRound& other) override { harvest.join(static_cast<ObjectRound&>(other).harvest); }

    bool hasLeftOut() const override { return harvest.leftOut(); }

    SymCryptHarvest harvest;
};

class SymCryptWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_first)
            return std::make_unique<ObjectRound>();
        return m_curveKeys ? std::make_unique<PublicPointRound>(*m_curveKeys) : nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext&, MatchSink& sink) override
    {
        if (m_first) {
            m_first = false;
            tellRsa(std::move(static_cast<ObjectRound&>(gathered).harvest).numbers(), sink);
            return {};
        }
        for (HeldKey& held : m_curveKeys->keys(static_cast<PublicPointRound&>(gathered).proven))
            report(sink, symcryptRules()[1], std::move(held));
        m_curveKeys.reset();
        return {};
    }

private:
    void tellRsa(SymCryptNumbers numbers, MatchSink& sink)
    {
        const std::vector<HeldNumber> all = allNumbers(numbers);
        std::vector<BigNumber> told;
        for (HeldKey& held : heldRsaKeys(all, *this)) {
            tellKey(numbers, all, held, told);
            dropUsed(numbers.integers, held.places);
            report(sink, symcryptRules()[0], std::move(held));
        }
        tellLonePrimes(numbers.moduli, told, sink);
        std::move(numbers.coordinates.begin(), numbers.coordinates.end(),
                  std::back_inserter(numbers.integers));
        m_curveKeys.emplace(std::move(numbers.integers));
        if (m_curveKeys->leftOut())
            leaveOut();
        if (!m_curveKeys->any())
            m_curveKeys.reset();
    }

    /// Of moduli that are no part of a key that was `told`.
    void tellLonePrimes(const std::vector<SymCryptModulus>& moduli,
                        const std::vector<BigNumber>& told, MatchSink& sink)
    {
        std::uint64_t tests = 64 * mostLonePrimes;
        for (const SymCryptModulus& modulus : moduli) {
            const BigNumber& value = modulus.number.value;
            if (modulus.isPublic || value.bits() < smallestPrime || !value.isOdd()
                || std::find(told.begin(), told.end(), value) != told.end())
                continue;
            if (testsOf(value) > tests) {
                leaveOut();
                continue;
            }
            tests -= testsOf(value);
            if (auto prime = lonePrime(modulus))
                report(sink, symcryptRules()[0], std::move(*prime));
        }
    }

    static void tellKey(const SymCryptNumbers& numbers, const std::vector<HeldNumber>& all,
                        HeldKey& held, std::vector<BigNumber>& told)
    {
        const BigNumber p = BigNumber::fromBigEndian(held.key.value);
        const SymCryptModulus* other = otherPrime(numbers, p, all);
        told.push_back(p);
        if (!other)
            return;
        told.push_back(other->number.value);
        addForms(held.key, *other, p);
        for (const SymCryptModulus& modulus : numbers.moduli)
            if (modulus.number.value == p)
                return addForms(held.key, modulus, other->number.value);
    }

    /// Parts of an RSA key are no keys on a curve.
    static void dropUsed(std::vector<HeldNumber>& integers, const std::vector<FileRange>& places)
    {
        const auto used = [&](const HeldNumber& held) {
            return std::find(places.begin(), places.end(), held.places.front()) != places.end();
        };
        integers.erase(std::remove_if(integers.begin(), integers.end(), used), integers.end());
    }

    bool m_first = true;
    std::optional<HeldEcKeys> m_curveKeys;
};

std::unique_ptr<Walk> newSymCryptWalk(const Dump&) { return std::make_unique<SymCryptWalk>(); }

} // namespace

extern const Detector symcryptDetector;
const Detector symcryptDetector {"symcrypt", symcryptRules, 0, nullptr, false, newSymCryptWalk};

} // namespace coredact
