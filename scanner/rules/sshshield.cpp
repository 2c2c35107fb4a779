// SPDX-License-Identifier: GPL-3.0-or-later
// SSH private keys as ssh-agent, sshd and ssh hold them in memory: encrypted, beside what decrypts
// them.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/shielded.h"
#include "scanner/rules/walk.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> shieldRules()
{
    static const std::array rules {
        RuleInfo {"openssh-shielded-key",
                  "SSH private key (shielded)",
                  Severity::Critical,
                  std::string("A private key as OpenSSH holds it in memory: encrypted with a key "
                              "that 16 KiB beside it give. The dump holds both.")
                      + keyMatters,
                  replaceSshKey,
                  {"private-key", "ssh"},
                  103},
    };
    return rules;
}

class ShieldRound : public WalkRound {
public:
    explicit ShieldRound(const Dump& dump)
        : harvest(dump)
    {
    }
    std::vector<Anchor> anchors() const override { return harvest.anchors(); }
    void lookAt(const Window& window, std::size_t position) override
    {
        harvest.lookAt(window, position);
    }
    void join(WalkRound& other) override { harvest.join(static_cast<ShieldRound&>(other).harvest); }

    bool hasLeftOut() const override { return harvest.leftOut(); }

    ShieldHarvest harvest;
};

class ShieldWalk : public Walk {
public:
    explicit ShieldWalk(const Dump& dump)
        : m_dump(dump)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        return m_done ? nullptr : std::make_unique<ShieldRound>(m_dump);
    }

    Status endRound(WalkRound& gathered, const WalkContext& context, MatchSink& sink) override
    {
        m_done = true;
        for (const Shield& shield : static_cast<ShieldRound&>(gathered).harvest.shields()) {
            auto found = shieldedKey(context, shield);
            if (!found)
                continue;
            Match match = matchOf(shieldRules()[0], std::move(found->key), "shielded in memory");
            match.places = std::move(found->places);
            sink.add(std::move(match));
        }
        return {};
    }

private:
    const Dump& m_dump;
    bool m_done = false;
};

std::unique_ptr<Walk> newShieldWalk(const Dump& dump) { return std::make_unique<ShieldWalk>(dump); }

} // namespace

extern const Detector sshshieldDetector;
const Detector sshshieldDetector {"sshshield", shieldRules, 0, nullptr, false, newShieldWalk};

} // namespace coredact
