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

/// What a key begins with; its bytes 3 and 4, or of OpenSSH's magic 11 and 12, are searched for.
struct Beginning {
    std::string_view text;
    std::size_t pair;
};

void scanSsh(const Window& window, MatchSink& sink)
{
    using namespace std::string_view_literals;
    static constexpr std::array<Beginning, 4> beginnings {Beginning {opensshMagic, 11},
                                                          Beginning {"\0\0\0\x07ssh-rsa"sv, 3},
                                                          Beginning {"\0\0\0\x0bssh-ed25519"sv, 3},
                                                          Beginning {"\0\0\0\x13"
                                                                     "ecdsa-sha2-nistp"sv,
                                                                     3}};
    static constexpr std::array<BytePair, 4> pairs {BytePair {'-', 'v'}, BytePair {0x07, 's'},
                                                    BytePair {0x0b, 's'}, BytePair {0x13, 'e'}};
    for (std::size_t at = window.freshBegin;
         (at = findAnyPair(window.bytes, at, window.freshEnd + 12, pairs)) != notFound; ++at) {
        for (const Beginning& beginning : beginnings) {
            const std::size_t begin = at - beginning.pair;
            if (at < beginning.pair || !window.fresh(begin)
                || !standsAt(window.bytes, begin, beginning.text))
                continue;
            const bool file = beginning.text == opensshMagic;
            auto found = file ? readOpenSsh(window.bytes, begin) : readSshWire(window.bytes, begin);
            if (found)
                report(sink, sshRules()[file ? 0 : 1], std::move(*found),
                       file ? "OpenSSH" : "SSH wire form");
        }
    }
}

} // namespace

extern const Detector opensshDetector;
const Detector opensshDetector {"openssh", sshRules, maximumSshKey, scanSsh, true, nullptr};

} // namespace coredact
