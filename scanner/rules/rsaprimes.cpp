// SPDX-License-Identifier: GPL-3.0-or-later
// RSA primes without any structure around them: a number of the right size that divides a modulus
// of the same dump. Finds what BIGNUMs, other languages' integers and freed DER leave behind.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/primesearch.h"
#include "scanner/rules/keys/rsakey.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> primeRules()
{
    static const std::array rules {
        RuleInfo {"rsa-private-key-prime",
                  "Prime of an RSA private key",
                  Severity::Critical,
                  std::string("A prime factor of an RSA public key that stands in this dump, as a "
                              "certificate for instance. It gives the whole private key away.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  90},
    };
    return rules;
}

Match matchOf(const StreamChunk& chunk, std::size_t begin, std::size_t end, const PrivateKey& key)
{
    Match match = matchOf(primeRules()[0], key, "prime in memory");
    match.places = chunk.fileRanges(begin, end);
    return match;
}

/// The whole key from one prime, made once for each modulus.
const PrivateKey& keyOf(const PublicRsa& modulus, const BigNumber& prime,
                        std::optional<PrivateKey>& known)
{
    if (known)
        return *known;
    const auto numbers = rsaFromPrime(modulus.n, modulus.e, prime);
    RsaNumbers bare {modulus.n, modulus.e, {}, prime, *modulus.n.dividedBy(prime), {}, {}, {}};
    known = rsaPrivateKey(numbers ? *numbers : bare, Confidence::Verified,
                          "it divides the modulus of a public key in this dump");
    return *known;
}

Status walkPrimes(const WalkContext& context, MatchSink& sink)
{
    ModuliHarvest harvest;
    const Status harvested = forEachChunk(context, ModuliHarvest::overlap,
                                          [&](const StreamChunk& chunk) { harvest.look(chunk); });
    if (!harvested)
        return harvested;
    const std::vector<PublicRsa> moduli = harvest.moduli();
    if (moduli.empty())
        return {};
    PrimeSearch search(moduli);
    if (search.needsMemory()) {
        const Status remembered = forEachChunk(
            context, search.overlap(), [&](const StreamChunk& chunk) { search.remember(chunk); });
        if (!remembered)
            return remembered;
    }
    std::vector<std::optional<PrivateKey>> keys(moduli.size());
    return forEachChunk(context, search.overlap(), [&](const StreamChunk& chunk) {
        search.look(
            chunk,
            [&](const StreamChunk& where, std::size_t begin, std::size_t end, std::size_t modulus,
                const BigNumber& prime) {
                sink.add(matchOf(where, begin, end, keyOf(moduli[modulus], prime, keys[modulus])));
            });
    });
}

} // namespace

extern const Detector rsaprimesDetector;
const Detector rsaprimesDetector {"rsaprimes", primeRules, 0, nullptr, false, walkPrimes};

} // namespace coredact
