// SPDX-License-Identifier: GPL-3.0-or-later
// SSH private keys in binary: OpenSSH's key file and the agent's messages.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/sshkey.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> sshRules()
{
    static const std::array rules {
        RuleInfo {"openssh-private-key",
                  "OpenSSH private key",
                  Severity::Critical,
                  std::string("A private key in OpenSSH's own file format, decoded.") + keyMatters,
                  replaceSshKey,
                  {"private-key", "ssh"},
                  102},
        RuleInfo {"ssh-private-key-wire",
                  "SSH private key (wire form)",
                  Severity::Critical,
                  std::string("A private key as it is sent to ssh-agent and kept inside key files.")
                      + keyMatters,
                  replaceSshKey,
                  {"private-key", "ssh"},
                  100},
    };
    return rules;
}

void report(MatchSink& sink, const RuleInfo& rule, SshKey found, std::string_view where)
{
    Match match = matchOf(rule, std::move(found.key), where);
    match.spans = std::move(found.secrets);
    if (found.encrypted)
        match.severity = Severity::Medium;
    sink.add(std::move(match));
}

constexpr std::size_t magicAnchor = 10; ///< of "y-v1" in OpenSSH's magic

void lookAtFile(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = position - magicAnchor;
    if (position < magicAnchor || !window.fresh(begin))
        return;
    if (auto found = readOpenSsh(window.bytes, begin))
        report(sink, sshRules()[0], std::move(*found), "OpenSSH");
}

/// `position` is that of the key type's length, but for its first two bytes.
void lookAtWire(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = position - 2;
    if (position < 2 || !window.fresh(begin))
        return;
    if (auto found = readSshWire(window.bytes, begin))
        report(sink, sshRules()[1], std::move(*found), "SSH wire form");
}

} // namespace

std::span<const ByteAnchor> opensshAnchors()
{
    using namespace std::string_view_literals;
    static const std::array anchors {
        anchorOf("y-v1"sv, magicAnchor, lookAtFile),
        anchorOf("\0\x07ss"sv, 2, lookAtWire), // ssh-rsa
        anchorOf("\0\x0bss"sv, 2, lookAtWire), // ssh-ed25519
        anchorOf("\0\x13"
                 "ec"sv,
                 2, lookAtWire), // ecdsa-sha2-nistp...
    };
    return anchors;
}

extern const Detector opensshDetector;
const Detector opensshDetector {"openssh", sshRules, maximumSshKey, nullptr, true};

} // namespace coredact
