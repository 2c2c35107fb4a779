// SPDX-License-Identifier: GPL-3.0-or-later
// The identity keys of Tor's onion services and relays: as their files hold them, and those of
// services as tor holds them beside their address.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/onionkey.h"
#include "scanner/rules/keys/privatekey.h"
#include "scanner/rules/walk.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> torRules()
{
    static const std::array rules {
        RuleInfo {"tor-onion-key",
                  "Secret key of a Tor onion service",
                  Severity::High,
                  "The key that an onion address is made of. Whoever holds it can answer as that "
                  "service.",
                  "Make a new onion address and tell its users; the old one cannot be withdrawn.",
                  {"private-key"},
                  95},
    };
    return rules;
}

constexpr std::string_view head = "== ed25519v1-secret: type0 ==\0\0\0"sv;
constexpr std::size_t headAnchor = 10; ///< of "v1-s" in it
constexpr std::size_t keySize = 64;

void lookAtHead(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = position - headAnchor;
    if (position < headAnchor || !window.fresh(begin) || !standsAt(window.bytes, begin, head)
        || window.bytes.size() - begin < head.size() + keySize)
        return;
    const ByteView key = window.bytes.subspan(begin + head.size(), keySize);
    // The first half is a clamped scalar (RFC 8032 5.1.5).
    const bool clamped = (key[0] & 7) == 0 && (key[31] & 0xc0) == 0x40;
    Match match;
    match.rule = &torRules()[0];
    match.confidence = clamped && looksRandom(key) ? Confidence::Likely : Confidence::Possible;
    match.form = ValueForm::Binary;
    match.spans = {{begin + head.size(), begin + head.size() + keySize}};
    sink.add(std::move(match));
}

/// What is known of the program that was dumped.
enum class Program { Tor, Another, Unknown };

Program programOf(const Dump& dump)
{
    const auto isTor = [](std::string_view path) {
        const std::string_view name = path.substr(path.find_last_of("/\\") + 1);
        return name == "tor" || name == "tor.exe" || name == "libtor.so" || name == "libTor.so";
    };
    if (isTor(dump.process.name)
        || std::any_of(dump.modules.begin(), dump.modules.end(),
                       [&](const Module& module) { return isTor(module.name); }))
        return Program::Tor;
    return dump.process.name.empty() && dump.modules.empty() ? Program::Unknown : Program::Another;
}

/// Whether there is an onion service in memory of which no more is known: only then is it worth a
/// look for addresses.
class SettingRound : public WalkRound {
public:
    std::vector<Anchor> anchors() const override
    {
        return {Anchor {{'n', 'S', 'e', 'r'}, {0xff, 0xff, 0xff, 0xff}, 0}};
    }
    void lookAt(const Window& window, std::size_t position) override
    {
        met = met
            || (position >= settingAnchor
                && standsAt(window.bytes, position - settingAnchor, "HiddenServiceDir"sv));
    }
    void join(WalkRound& other) override { met = met || static_cast<SettingRound&>(other).met; }

    bool met = false;

private:
    static constexpr std::size_t settingAnchor = 5;
};

class AddressRound : public WalkRound {
public:
    void look(const Window& window) override
    {
        forEachOnionAddress(window, [&](SecretBytes key) {
            publics.insert(std::move(key));
            keepFirst(publics, mostOnionKeys);
        });
    }
    void join(WalkRound& other) override
    {
        publics.merge(static_cast<AddressRound&>(other).publics);
        keepFirst(publics, mostOnionKeys);
    }

    std::set<SecretBytes> publics;
};

class KeyRound : public WalkRound {
public:
    explicit KeyRound(const OnionKeySearch& search)
        : m_search(search)
    {
    }
    void look(const Window& window) override { m_search.look(window, found); }
    void join(WalkRound& other) override
    {
        auto& others = static_cast<KeyRound&>(other).found;
        std::move(others.begin(), others.end(), std::back_inserter(found));
    }

    std::vector<OnionKeySearch::Found> found;

private:
    const OnionKeySearch& m_search;
};

class OnionWalk : public Walk {
public:
    explicit OnionWalk(Program program)
        : m_step(program == Program::Tor           ? Step::Addresses
                     : program == Program::Unknown ? Step::Setting
                                                   : Step::Done)
    {
    }

    std::unique_ptr<WalkRound> newRound() override
    {
        switch (m_step) {
        case Step::Setting:
            return std::make_unique<SettingRound>();
        case Step::Addresses:
            return std::make_unique<AddressRound>();
        case Step::Keys:
            return std::make_unique<KeyRound>(*m_search);
        case Step::Done:
            break;
        }
        return nullptr;
    }

    Status endRound(WalkRound& gathered, const WalkContext&, MatchSink& sink) override
    {
        switch (m_step) {
        case Step::Setting:
            m_step = static_cast<SettingRound&>(gathered).met ? Step::Addresses : Step::Done;
            break;
        case Step::Addresses: {
            const auto& publics = static_cast<AddressRound&>(gathered).publics;
            m_step = publics.empty() ? Step::Done : Step::Keys;
            m_search.emplace(publics);
            break;
        }
        case Step::Keys:
            m_step = Step::Done;
            tell(static_cast<KeyRound&>(gathered).found, sink);
            break;
        case Step::Done:
            break;
        }
        return {};
    }

private:
    enum class Step { Setting, Addresses, Keys, Done };

    static void tell(std::vector<OnionKeySearch::Found>& found, MatchSink& sink)
    {
        std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return std::tie(a.places, a.secret) < std::tie(b.places, b.secret);
        });
        for (OnionKeySearch::Found& key : found) {
            Match match;
            match.rule = &torRules()[0];
            match.confidence = Confidence::Verified;
            match.proof = "the public key of an onion address in this dump follows from it";
            match.form = ValueForm::Binary;
            match.places = std::move(key.places);
            match.value = std::move(key.secret);
            sink.add(std::move(match));
        }
    }

    Step m_step;
    std::optional<OnionKeySearch> m_search;
};

std::unique_ptr<Walk> newOnionWalk(const Dump& dump)
{
    return std::make_unique<OnionWalk>(programOf(dump));
}

} // namespace

std::span<const ByteAnchor> toronionAnchors()
{
    static const std::array anchors {anchorOf("v1-s", headAnchor, lookAtHead)};
    return anchors;
}

extern const Detector toronionDetector;
const Detector toronionDetector {"toronion", torRules, head.size() + keySize,
                                 nullptr,    true,     newOnionWalk};

} // namespace coredact
