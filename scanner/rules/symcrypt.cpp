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
#include <iterator>
#include <set>

namespace coredact {

namespace {

constexpr unsigned smallestPrime = 256;
/// Bits of two primes together, squared: 4096 pairs of 1024 bits each, which take some seconds.
constexpr std::uint64_t mostPairBits = std::uint64_t {4096} * 2048 * 2048;

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

/// All numbers held; also n, which may be cut off where the two primes behind it are not. Where
/// there are too many primes `owner` is told.
std::vector<HeldNumber> allNumbers(const SymCryptNumbers& numbers, Bounded& owner)
{
    std::vector<HeldNumber> all = numbers.integers;
    for (const SymCryptModulus& modulus : numbers.moduli)
        all.push_back(modulus.number);
    if (numbers.integers.empty())
        return all;
    const NumbersByValue integers(numbers.integers);
    Effort pairs(mostPairBits);
    for (std::size_t i = 0; i + 1 < numbers.moduli.size(); ++i) {
        const BigNumber& p = numbers.moduli[i].number.value;
        const BigNumber& q = numbers.moduli[i + 1].number.value;
        if (numbers.moduli[i].isPublic || numbers.moduli[i + 1].isPublic
            || p.bits() < smallestPrime)
            continue;
        const std::uint64_t bits = p.bits() + q.bits();
        if (pairs.take(bits * bits, owner) && usualExponent(p, q, integers))
            all.push_back({p * q, {}, false});
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

/// The same of both primes of a key, as far as they have objects of their own.
void addForms(PrivateKey& key, const RsaNumbers& numbers,
              const std::vector<SymCryptModulus>& moduli)
{
    for (const auto& [prime, other] :
         {std::pair {&numbers.q, &numbers.p}, std::pair {&numbers.p, &numbers.q}}) {
        const BigNumber& value = *prime; // clang 14 takes no binding into a closure
        const auto modulus = std::find_if(moduli.begin(), moduli.end(), [&](const auto& one) {
            return one.number.value == value;
        });
        if (modulus != moduli.end())
            addForms(key, *modulus, *other);
    }
}

/// A prime that the library was told to keep secret, of a key whose other numbers are not in the
/// dump.
HeldKey lonePrime(const SymCryptModulus& modulus)
{
    const BigNumber& p = modulus.number.value;
    PrivateKey key;
    key.name = "RSA prime of " + std::to_string(p.bits()) + " bits, part of a";
    key.confidence = Confidence::Likely;
    key.proof = "a prime that SymCrypt was told to keep secret";
    key.value = p.bigEndian();
    addForms(key, modulus, BigNumber());
    return {std::move(key), modulus.number.places};
}

class ObjectRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override { return SymCryptHarvest::anchors(); }
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
        const std::vector<HeldNumber> all = allNumbers(numbers, *this);
        const NumbersByValue byValue(all);
        std::set<BigNumber> primes;
        std::set<FileRange> places;
        for (const RsaNumbers& key : rsaKeysAmong(byValue, *this)) {
            primes.insert({key.p, key.q});
            for (HeldKey& held : heldRsaKeys(key, byValue)) {
                addForms(held.key, key, numbers.moduli);
                places.insert(held.places.begin(), held.places.end());
                report(sink, symcryptRules()[0], std::move(held));
            }
        }
        dropUsed(numbers.integers, places);
        tellLonePrimes(numbers.moduli, primes, sink);
        gatherCurveKeys(std::move(numbers));
    }

    void gatherCurveKeys(SymCryptNumbers numbers)
    {
        std::move(numbers.coordinates.begin(), numbers.coordinates.end(),
                  std::back_inserter(numbers.integers));
        m_curveKeys.emplace(std::move(numbers.integers));
        if (m_curveKeys->leftOut())
            leaveOut();
        if (!m_curveKeys->any())
            m_curveKeys.reset();
    }

    /// Of moduli that are no primes of a key that was told.
    void tellLonePrimes(const std::vector<SymCryptModulus>& moduli, const std::set<BigNumber>& told,
                        MatchSink& sink)
    {
        PrimeTests tests(*this);
        for (const SymCryptModulus& modulus : moduli) {
            const BigNumber& value = modulus.number.value;
            if (!modulus.isPublic && value.bits() >= smallestPrime && value.isOdd()
                && !told.contains(value) && tests.isPrime(value) == true)
                report(sink, symcryptRules()[0], lonePrime(modulus));
        }
    }

    /// Parts of an RSA key are no keys on a curve.
    static void dropUsed(std::vector<HeldNumber>& integers, const std::set<FileRange>& places)
    {
        std::erase_if(integers,
                      [&](const HeldNumber& held) { return places.contains(held.places.front()); });
    }

    bool m_first = true;
    std::optional<HeldEcKeys> m_curveKeys;
};

std::unique_ptr<Walk> newSymCryptWalk(const Dump&) { return std::make_unique<SymCryptWalk>(); }

} // namespace

extern const Detector symcryptDetector;
const Detector symcryptDetector {"symcrypt", symcryptRules, 0, nullptr, false, newSymCryptWalk};

} // namespace coredact
