// SPDX-License-Identifier: GPL-3.0-or-later
// SSH private keys in binary: OpenSSH's key file and the agent's messages.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/sshkey.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> sshRules()
{
    static const std::array rules {
        RuleInfo {"openssh-private-key", "OpenSSH private key", Severity::Critical,
                  std::string("A private key in OpenSSH's own file format, decoded.") + keyMatters,
                  replaceSshKey, {"private-key", "ssh"}, 102},
        RuleInfo {"ssh-private-key-wire", "SSH private key (wire form)", Severity::Critical,
                  std::string("A private key as it is sent to ssh-agent and kept inside key files.")
                      + keyMatters,
                  replaceSshKey, {"private-key", "ssh"}, 100},
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

/// Calls `take` with each fresh position where `text` stands; its bytes `pair`, `pair` + 1 are
/// searched for.
template <typename Take>
void forEach(const Window& window, std::string_view text, std::size_t pair, const Take& take)
{
    for (std::size_t at = window.freshBegin;
         (at = findPair(window.bytes, at, window.freshEnd + pair,
                        static_cast<std::uint8_t>(text[pair]),
                        static_cast<std::uint8_t>(text[pair + 1])))
         != notFound;
         ++at)
        if (at >= pair && window.fresh(at - pair) && standsAt(window.bytes, at - pair, text))
            take(at - pair);
}

void scanSsh(const Window& window, MatchSink& sink)
{
    forEach(window, opensshMagic, 11, [&](std::size_t at) {
        if (auto found = readOpenSsh(window.bytes, at))
            report(sink, sshRules()[0], std::move(*found), "OpenSSH");
    });
    using namespace std::string_view_literals;
    for (const auto type : {"\0\0\0\x07ssh-rsa"sv, "\0\0\0\x0bssh-ed25519"sv,
                            "\0\0\0\x13""ecdsa-sha2-nistp"sv})
        forEach(window, type, 3, [&](std::size_t at) {
            if (auto found = readSshWire(window.bytes, at))
                report(sink, sshRules()[1], std::move(*found), "SSH wire form");
        });
}

} // namespace

extern const Detector opensshDetector;
const Detector opensshDetector {"openssh", sshRules, maximumSshKey, scanSsh, true, nullptr};

} // namespace coredact
