// SPDX-License-Identifier: GPL-3.0-or-later
// RSA primes without any structure around them: a number of the right size that divides a modulus
// of the same dump. Finds what BIGNUMs, other languages' integers and freed DER leave behind.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/moduliinuse.h"
#include "scanner/rules/keys/primesearch.h"
#include "scanner/rules/keys/residues.h"
#include "scanner/rules/keys/rsafragments.h"
#include "scanner/rules/keys/rsakey.h"
#include "scanner/rules/knownkeys.h"

#include <algorithm>
#include <array>
#include <tuple>

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
        RuleInfo {"rsa-private-key-fragment",
                  "Rest of an RSA private key (DER)",
                  Severity::Critical,
                  std::string("A number of an RSA private key that is left of its DER, after the "
                              "buffer was freed and partly written over. It gives the whole key "
                              "away.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  91},
    };
    return rules;
}

bool isPublished(const PublicRsa& key)
{
    return !knownKeyOrigin(spkiIdentity(rsaSpki(key.n, key.e)).value).empty();
}

/// A prime and where it stands.
struct FoundPrime {
    std::vector<FileRange> places;
    std::size_t modulus = 0;
    BigNumber prime;
};

class ModuliRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override { return ModuliHarvest::anchors(); }
    void lookAt(const Window& window, std::size_t position) override
    {
        harvest.lookAt(window, position);
    }
    void look(const Window& window) override { residues.look(window); }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<ModuliRound&>(other);
        harvest.join(others.harvest);
        residues.join(others.residues);
    }
    bool hasLeftOut() const override { return harvest.leftOut() || residues.leftOut(); }

    ModuliHarvest harvest;
    ResidueSearch residues;
};

/// Remembers the low words of candidates, for moduli that are many, and which of these are in use.
class RememberRound : public WalkRound {
public:
    explicit RememberRound(const std::vector<PublicRsa>& moduli)
        : search(moduli)
        , inUse(moduli)
    {
    }
    void look(const Window& window) override
    {
        search.remember(window);
        inUse.look(window);
    }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<RememberRound&>(other);
        search.join(others.search);
        inUse.join(others.inUse);
    }

    PrimeSearch search;
    ModuliInUse inUse;
};

class PrimeRound : public WalkRound {
public:
    PrimeRound(const std::vector<PublicRsa>& moduli, const PrimeSearch* remembered)
        : fragments(moduli)
        , m_search(moduli)
    {
        if (remembered)
            m_search.share(*remembered);
    }
    void look(const Window& window) override
    {
        m_search.look(
            window,
            [&](std::size_t begin, std::size_t end, std::size_t modulus, const BigNumber& prime) {
                found.push_back({window.map->fileRanges(begin, end), modulus, prime});
            });
        fragments.look(window);
    }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<PrimeRound&>(other);
        std::move(others.found.begin(), others.found.end(), std::back_inserter(found));
        fragments.join(others.fragments);
    }
    bool hasLeftOut() const override { return fragments.leftOut(); }

    std::vector<FoundPrime> found;
    FragmentSearch fragments;

private:
    PrimeSearch m_search;
};

/// First the moduli are gathered, then, where they are many, the candidates' low words, and then
/// the primes.
class PrimeWalk : public Walk {
public:
    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::Moduli:
            return std::make_unique<ModuliRound>();
        case Step::Remember:
            return std::make_unique<RememberRound>(m_moduli);
        case Step::Primes:
            return std::make_unique<PrimeRound>(m_moduli, m_remembered ? &*m_remembered : nullptr);
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        switch (m_step) {
        case Step::Moduli:
            m_moduli = static_cast<ModuliRound&>(gathered).harvest.moduli();
            // Nothing is hidden with the parts of a key that everybody has, and to look for those
            // of 15,360 bits takes long.
            std::erase_if(m_moduli, isPublished);
            tellResidues(static_cast<ModuliRound&>(gathered).residues, context.source, sink);
            m_step = m_moduli.empty()                 ? Step::Done
                : PrimeSearch(m_moduli).needsMemory() ? Step::Remember
                                                      : Step::Primes;
            break;
        case Step::Remember: {
            auto& round = static_cast<RememberRound&>(gathered);
            m_remembered.emplace(round.search);
            m_moduli = round.inUse.inOrder();
            m_step = Step::Primes;
            break;
        }
        case Step::Primes:
            tell(static_cast<PrimeRound&>(gathered), sink);
            m_step = Step::Done;
            break;
        case Step::Done:
            break;
        }
        return {};
    }

private:
    enum class Step { Moduli, Remember, Primes, Done };

    void tell(PrimeRound& gathered, MatchSink& sink) const
    {
        std::vector<FoundPrime>& found = gathered.found;
        std::sort(found.begin(), found.end(), [](const FoundPrime& a, const FoundPrime& b) {
            return std::tie(a.places, a.modulus) < std::tie(b.places, b.modulus);
        });
        // The whole key from one prime, made once for each modulus.
        std::vector<std::optional<PrivateKey>> keys(m_moduli.size());
        const auto match = [&](std::size_t rule, std::size_t modulus, const BigNumber& prime,
                               std::vector<FileRange> places) {
            auto& key = keys[modulus];
            if (!key)
                key = keyOf(m_moduli[modulus].n, m_moduli[modulus].e, prime);
            Match made = matchOf(primeRules()[rule], *key,
                                 rule == 0 ? "prime in memory" : "rest of its DER");
            made.places = std::move(places);
            return made;
        };
        for (FoundPrime& prime : found)
            sink.add(match(0, prime.modulus, prime.prime, std::move(prime.places)));
        for (auto& fragment : gathered.fragments.proven()) {
            const bool isPrime = fragment.number == *fragment.prime;
            Match made = match(isPrime ? 0 : 1, *fragment.modulus, *fragment.prime,
                               std::move(fragment.places));
            if (!isPrime)
                made.proof = "it gives a prime of a public key in this dump";
            sink.add(std::move(made));
        }
    }

    void tellResidues(const ResidueSearch& residues, const Source& source, MatchSink& sink) const
    {
        for (ResidueSearch::Found& found : residues.proven(m_moduli, source)) {
            Match made = matchOf(primeRules()[0], keyOf(found.n, found.e, found.prime),
                                 "powers modulo its primes");
            made.proof = "powers modulo its primes stand in memory, and give these away";
            made.places = std::move(found.places);
            sink.add(std::move(made));
        }
    }

    static PrivateKey keyOf(const BigNumber& n, const BigNumber& e, const BigNumber& prime)
    {
        const auto numbers = rsaFromPrime(n, e, prime);
        RsaNumbers bare {n, e, {}, prime, *n.dividedBy(prime), {}, {}, {}};
        return rsaPrivateKey(numbers ? *numbers : bare, Confidence::Verified,
                             "it divides the modulus of a public key in this dump");
    }

    Step m_step = Step::Moduli;
    std::vector<PublicRsa> m_moduli;
    std::optional<PrimeSearch> m_remembered;
};

std::unique_ptr<Walk> newPrimeWalk(const Dump&) { return std::make_unique<PrimeWalk>(); }

} // namespace

extern const Detector rsaprimesDetector;
const Detector rsaprimesDetector {"rsaprimes", primeRules, 0, nullptr, false, newPrimeWalk};

} // namespace coredact
