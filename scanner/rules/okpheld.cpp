// SPDX-License-Identifier: GPL-3.0-or-later
// Edwards and Montgomery keys as programs hold them, without a file form around them: proved by
// their public half.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/heldokp.h"
#include "scanner/rules/keys/keyislands.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace coredact {

namespace {

std::span<const RuleInfo> okpRules()
{
    static const std::array rules {
        RuleInfo {"ed25519-private-key-memory",
                  "Edwards or Montgomery private key (in memory)",
                  Severity::Critical,
                  std::string("An Ed25519 or X25519 private key as OpenSSL, Go, libsodium, "
                              "Nettle, Botan, wolfSSL, Crypto++ or WireGuard hold it, or an Ed448 "
                              "or X448 key of OpenSSL.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
    };
    return rules;
}

class HarvestRound : public WalkRound {
public:
    explicit HarvestRound(const WalkContext& context)
        : harvest(context.dump)
    {
        if (KeyIslands::mayBeIn(context.dump))
            islands.emplace(context.memory);
    }
    std::vector<Anchor> anchors() const override { return OkpHarvest::anchors(); }
    void lookAt(const Window& window, std::size_t position) override
    {
        harvest.lookAt(window, position);
    }
    void look(const Window& window) override
    {
        harvest.look(window);
        if (islands)
            islands->look(window);
    }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<HarvestRound&>(other);
        harvest.join(others.harvest);
        if (islands)
            islands->join(*others.islands);
    }

    bool hasLeftOut() const override
    {
        return harvest.leftOut() || (islands && islands->leftOut());
    }

    OkpHarvest harvest;
    std::optional<KeyIslands> islands;
};

class PairRound : public WalkRound {
public:
    explicit PairRound(const OkpPairs& pairs)
        : m_pairs(pairs)
    {
    }
    void look(const Window& window) override { m_pairs.look(window, found); }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<PairRound&>(other).found;
        std::move(others.begin(), others.end(), std::back_inserter(found));
    }

    std::vector<OkpPairs::Found> found;

private:
    const OkpPairs& m_pairs;
};

class OkpWalk : public Walk {
public:
    void begin(const WalkContext& context) override { m_context = &context; }

    std::unique_ptr<WalkRound> newRound() override
    {
        if (m_first)
            return std::make_unique<HarvestRound>(*m_context);
        return m_pairs ? std::make_unique<PairRound>(*m_pairs) : nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        if (m_first)
            return endHarvest(static_cast<HarvestRound&>(gathered), context, sink);
        auto& found = static_cast<PairRound&>(gathered).found;
        std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return std::tie(a.places, a.publicIndex) < std::tie(b.places, b.publicIndex);
        });
        for (OkpPairs::Found& pair : found)
            tell(sink, m_pairs->keyOf(pair), std::move(pair.places));
        m_pairs.reset();
        return {};
    }

private:
    Status endHarvest(const HarvestRound& gathered, const WalkContext& context, MatchSink& sink)
    {
        m_first = false;
        if (gathered.islands) {
            const auto strings = gathered.islands->strings(context);
            if (!strings)
                return strings.error();
            for (HeldKey& held : bareOkpKeys(*strings, context.memory, *this))
                tell(sink, std::move(held.key), std::move(held.places));
        }
        const OkpHarvest& harvest = gathered.harvest;
        auto keys = harvest.structures(context);
        if (!keys)
            return keys.error();
        for (HeldKey& held : *keys)
            tell(sink, std::move(held.key), std::move(held.places));
        if (!harvest.publics().empty())
            m_pairs.emplace(harvest.publics());
        return {};
    }

    static void tell(MatchSink& sink, PrivateKey key, std::vector<FileRange> places)
    {
        Match match = matchOf(okpRules()[0], std::move(key), "in memory");
        match.places = std::move(places);
        sink.add(std::move(match));
    }

    const WalkContext* m_context = nullptr;
    bool m_first = true;
    std::optional<OkpPairs> m_pairs;
};

std::unique_ptr<Walk> newOkpWalk(const Dump&) { return std::make_unique<OkpWalk>(); }

} // namespace

extern const Detector okpheldDetector;
const Detector okpheldDetector {"okpheld", okpRules, 0, nullptr, false, newOkpWalk};

} // namespace coredact
