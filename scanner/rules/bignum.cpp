// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys that libraries hold as numbers, long after the file they came from was freed.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/barekeys.h"
#include "scanner/rules/keys/helddh.h"
#include "scanner/rules/keys/heldec.h"
#include "scanner/rules/keys/heldlog.h"
#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/nettlescalars.h"
#include "scanner/rules/keys/rsaleftovers.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace coredact {

namespace {

std::span<const RuleInfo> bignumRules()
{
    static const std::array rules {
        RuleInfo {"rsa-private-key-bignum",
                  "RSA private key (in memory)",
                  Severity::Critical,
                  std::string("An RSA private key as the numbers that a library (OpenSSL, "
                              "mbedTLS, libgcrypt, GMP, Botan, Crypto++, libtommath, wolfSSL, "
                              "NSS, Mono's, Go's) calculates with.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {
            "ec-private-key-bignum",
            "EC private key (in memory)",
            Severity::Critical,
            std::string("An elliptic-curve private key as the number that a library "
                        "(OpenSSL, mbedTLS, libgcrypt, GMP, Nettle, Botan, Crypto++, libtommath, "
                        "wolfSSL, NSS, Erlang's, Go's) calculates with.")
                + keyMatters,
            replaceKey,
            {"private-key"},
            100},
        RuleInfo {"edwards-private-key-slice",
                  "Edwards or Montgomery private key (Go)",
                  Severity::Critical,
                  std::string("An Ed25519 or X25519 private key as the bytes that a Go program "
                              "calculates with.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"dsa-private-key-bignum",
                  "DSA or Diffie-Hellman private key (in memory)",
                  Severity::High,
                  std::string("A DSA or Diffie-Hellman private key as the number that a library "
                              "(OpenSSL, libgcrypt, GMP, Crypto++, libtommath, Go's) calculates "
                              "with.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
    };
    return rules;
}

void report(MatchSink& sink, const RuleInfo& rule, std::vector<HeldKey> keys)
{
    for (HeldKey& held : keys) {
        Match match = matchOf(rule, std::move(held.key), "in memory");
        match.places = std::move(held.places);
        sink.add(std::move(match));
    }
}

class HeaderRound : public WalkRound {
public:
    explicit HeaderRound(const Dump& dump)
        : harvest(dump)
        , scalars(dump)
    {
    }
    void look(const Window& window) override
    {
        harvest.look(window);
        scalars.look(window);
    }
    void join(WalkRound& other) override
    {
        harvest.join(static_cast<HeaderRound&>(other).harvest);
        scalars.join(static_cast<HeaderRound&>(other).scalars);
    }

    bool hasLeftOut() const override { return harvest.leftOut() || scalars.leftOut(); }

    BignumHarvest harvest;
    NettleScalars scalars;
};

/// Looks for what stands elsewhere of the keys and candidates that the first round gave.
class SecondRound : public WalkRound {
public:
    SecondRound(const HeldEcKeys* curveKeys, const RsaLeftovers* rsaLeftovers)
        : m_leftovers(rsaLeftovers)
    {
        if (curveKeys)
            points.emplace(*curveKeys);
    }
    void look(const Window& window) override
    {
        if (points)
            points->look(window);
        if (!m_leftovers)
            return;
        m_leftovers->look(window, leftovers);
        keepFirst(leftovers, RsaLeftovers::mostFound);
    }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<SecondRound&>(other);
        if (points)
            points->join(*others.points);
        leftovers.merge(others.leftovers);
        keepFirst(leftovers, RsaLeftovers::mostFound);
    }

    std::optional<PublicPointRound> points;
    RsaLeftovers::Found leftovers;

private:
    const RsaLeftovers* m_leftovers;
};

class BignumWalk : public Walk {
public:
    explicit BignumWalk(const Dump& dump)
        : m_dump(dump)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_first)
            return std::make_unique<HeaderRound>(m_dump);
        if (!m_curveKeys && !m_leftovers)
            return nullptr;
        return std::make_unique<SecondRound>(m_curveKeys ? &*m_curveKeys : nullptr,
                                             m_leftovers ? &*m_leftovers : nullptr);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (!m_first) {
            endSecondRound(static_cast<SecondRound&>(gathered), sink);
            return {};
        }
        m_first = false;
        BignumHarvest& harvest = static_cast<HeaderRound&>(gathered).harvest;
        auto numbers = harvest.numbers(context);
        if (!numbers)
            return numbers.error();
        const auto strings = harvest.strings(context);
        if (!strings)
            return strings.error();
        report(sink, bignumRules()[2], bareOkpKeys(*strings, context.memory, *this));
        report(sink, bignumRules()[1], bareEcKeys(*strings, *numbers, context.memory, *this));
        tellRsa(*numbers, sink);
        tellLog(*numbers, sink);
        auto scalars = static_cast<HeaderRound&>(gathered).scalars.numbers(context);
        if (!scalars)
            return scalars.error();
        std::move(scalars->begin(), scalars->end(), std::back_inserter(*numbers));
        m_curveKeys.emplace(std::move(*numbers));
        if (m_curveKeys->leftOut())
            leaveOut();
        if (!m_curveKeys->any())
            m_curveKeys.reset();
        return {};
    }

private:
    void tellRsa(const std::vector<HeldNumber>& numbers, MatchSink& sink)
    {
        const NumbersByValue byValue(numbers);
        auto keys = rsaKeysAmong(byValue, *this);
        for (const RsaNumbers& key : keys)
            report(sink, bignumRules()[0], heldRsaKeys(key, byValue));
        if (keys.empty() || !RsaLeftovers::mayBeIn(m_dump))
            return;
        m_leftovers.emplace(std::move(keys));
        if (m_leftovers->leftOut())
            leaveOut();
    }

    /// What is told here is no scalar of a curve.
    void tellLog(std::vector<HeldNumber>& numbers, MatchSink& sink)
    {
        const NumbersByValue byValue(numbers);
        auto keys = heldLogKeys(byValue, *this);
        auto agreements = heldDhKeys(byValue, *this);
        std::move(agreements.begin(), agreements.end(), std::back_inserter(keys));
        std::erase_if(numbers, [&](const HeldNumber& number) {
            return std::any_of(keys.begin(), keys.end(), [&](const HeldKey& held) {
                return number.value == BigNumber::fromBigEndian(held.key.value);
            });
        });
        report(sink, bignumRules()[3], std::move(keys));
    }

    void endSecondRound(const SecondRound& gathered, MatchSink& sink)
    {
        if (m_curveKeys)
            report(sink, bignumRules()[1], m_curveKeys->keys(gathered.points->proven));
        if (m_leftovers)
            report(sink, bignumRules()[0], m_leftovers->keys(gathered.leftovers));
        m_curveKeys.reset();
        m_leftovers.reset();
    }

    const Dump& m_dump;
    bool m_first = true;
    std::optional<HeldEcKeys> m_curveKeys;
    std::optional<RsaLeftovers> m_leftovers;
};

std::unique_ptr<Walk> newBignumWalk(const Dump& dump) { return std::make_unique<BignumWalk>(dump); }

} // namespace

extern const Detector bignumDetector;
const Detector bignumDetector {"bignum", bignumRules, 0, nullptr, false, newBignumWalk};

} // namespace coredact
