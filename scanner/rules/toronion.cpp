// SPDX-License-Identifier: GPL-3.0-or-later
// The identity keys of Tor's onion services and relays, as their files hold them.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/privatekey.h"

#include <array>

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

} // namespace

std::span<const ByteAnchor> toronionAnchors()
{
    static const std::array anchors {anchorOf("v1-s", headAnchor, lookAtHead)};
    return anchors;
}

extern const Detector toronionDetector;
const Detector toronionDetector {"toronion", torRules, head.size() + keySize, nullptr, true};

} // namespace coredact
