// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys that libraries hold as numbers, long after the file they came from was freed.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/barekeys.h"
#include "scanner/rules/keys/heldec.h"
#include "scanner/rules/keys/heldrsa.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> bignumRules()
{
    static const std::array rules {
        RuleInfo {"rsa-private-key-bignum",
                  "RSA private key (in memory)",
                  Severity::Critical,
                  std::string("An RSA private key as the numbers that a library (OpenSSL, "
                              "mbedTLS, libgcrypt, Go's) calculates with.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"ec-private-key-bignum",
                  "EC private key (in memory)",
                  Severity::Critical,
                  std::string("An elliptic-curve private key as the number that a library "
                              "(OpenSSL, mbedTLS, libgcrypt, Go's) calculates with.")
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
    {
    }
    void look(const Window& window) override { harvest.look(window); }
    void join(WalkRound& other) override { harvest.join(static_cast<HeaderRound&>(other).harvest); }

    bool hasLeftOut() const override { return harvest.leftOut(); }

    BignumHarvest harvest;
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
        return m_curveKeys ? std::make_unique<PublicPointRound>(*m_curveKeys) : nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (!m_first) {
            report(sink, bignumRules()[1],
                   m_curveKeys->keys(static_cast<PublicPointRound&>(gathered).proven));
            m_curveKeys.reset();
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
        report(sink, bignumRules()[2], bareOkpKeys(*strings, context.memory));
        report(sink, bignumRules()[1], bareEcKeys(*strings, *numbers, context.memory));
        report(sink, bignumRules()[0], heldRsaKeys(*numbers));
        m_curveKeys.emplace(std::move(*numbers));
        if (!m_curveKeys->any())
            m_curveKeys.reset();
        return {};
    }

private:
    const Dump& m_dump;
    bool m_first = true;
    std::optional<HeldEcKeys> m_curveKeys;
};

std::unique_ptr<Walk> newBignumWalk(const Dump& dump) { return std::make_unique<BignumWalk>(dump); }

} // namespace

extern const Detector bignumDetector;
const Detector bignumDetector {"bignum", bignumRules, 0, nullptr, false, newBignumWalk};

} // namespace coredact
