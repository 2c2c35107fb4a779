// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys in DER: PKCS#1, PKCS#8 and SEC1, as libraries read and write them.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/derkey.h"

#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> derRules()
{
    static const std::array rules {
        RuleInfo {"rsa-private-key-der",
                  "RSA private key (DER)",
                  Severity::Critical,
                  std::string("An RSA private key in the binary form of key files.") + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"ec-private-key-der",
                  "EC private key (DER)",
                  Severity::Critical,
                  std::string("An elliptic-curve private key in the binary form of key files.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"ed25519-private-key-der",
                  "Edwards or Montgomery private key (DER)",
                  Severity::Critical,
                  std::string("An Ed25519, Ed448, X25519 or X448 private key in the binary form of "
                              "key files.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
    };
    return rules;
}

const RuleInfo& ruleOf(DerFamily family) { return derRules()[static_cast<std::size_t>(family)]; }

/// Where the SEQUENCE begins whose version INTEGER stands at `version`.
std::size_t sequenceBefore(ByteView bytes, std::size_t version)
{
    if (version >= 4 && bytes[version - 4] == 0x30 && bytes[version - 3] == 0x82)
        return version - 4;
    if (version >= 3 && bytes[version - 3] == 0x30 && bytes[version - 2] == 0x81)
        return version - 3;
    if (version >= 2 && bytes[version - 2] == 0x30 && bytes[version - 1] < 0x80)
        return version - 2;
    return notFound;
}

void scanDer(const Window& window, MatchSink& sink)
{
    const ByteView bytes = window.bytes;
    // Every form begins with a SEQUENCE of at most four bytes' header and a version of 0 or 1.
    for (std::size_t at = window.freshBegin;
         (at = findPair(bytes, at, window.freshEnd + 4, 0x02, 0x01)) != notFound; ++at) {
        if (bytes.size() - at < 8 || bytes[at + 2] > 1)
            continue;
        const std::uint8_t next = bytes[at + 3];
        const std::size_t begin = sequenceBefore(bytes, at);
        if (begin == notFound || !window.fresh(begin)
            || (next != 0x02 && next != 0x04 && next != 0x30))
            continue;
        auto found = readDerKey(bytes, begin);
        if (!found)
            continue;
        Match match = matchOf(ruleOf(found->family), std::move(found->key), "DER");
        match.spans = std::move(found->secrets);
        sink.add(std::move(match));
    }
}

} // namespace

extern const Detector derkeysDetector;
const Detector derkeysDetector {"derkeys", derRules, maximumDerKey, scanDer, true, nullptr};

} // namespace coredact
