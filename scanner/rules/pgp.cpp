// SPDX-License-Identifier: GPL-3.0-or-later
// Secret keys of OpenPGP in binary: key rings, exported keys, what an armor decodes to.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/pgpkey.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

std::span<const RuleInfo> pgpRules()
{
    static const std::array rules {
        RuleInfo {"pgp-secret-key",
                  "OpenPGP secret key",
                  Severity::Critical,
                  std::string("A secret key or subkey of OpenPGP as a packet: in a key ring, an "
                              "export or the memory of the program that read one.")
                      + keyMatters,
                  "Publish the key's revocation certificate, make a new key, and let those who "
                  "signed or trusted the old one know. For a subkey: revoke it and add a new one.",
                  {"private-key", "pgp"},
                  100},
    };
    return rules;
}

void lookAtPacket(const Window& window, std::size_t begin, MatchSink& sink)
{
    if (!window.fresh(begin))
        return;
    auto found = readPgpSecretKey(window.bytes, begin);
    if (!found)
        return;
    Match match = matchOf(pgpRules()[0], std::move(found->key), "OpenPGP");
    if (found->encrypted)
        match.severity = Severity::Medium;
    match.spans = {found->secret};
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> pgpAnchors()
{
    // A packet of tag 5 or 7, its length, and version 4. The masks take both tags and, for the
    // old format, lengths below 8192. Version 6, as far as the length is one byte: a key of Ed25519
    // or X25519 without a passphrase has just 75 bytes, and what is encrypted is in armor mostly.
    static const std::array anchors {
        anchorOf("\x95\0\0\x04"sv, "\xf7\xe0\0\xff"sv, 0, lookAtPacket),
        anchorOf("\x94\0\x04\0"sv, "\xf7\0\xff\0"sv, 0, lookAtPacket),
        anchorOf("\xc5\xc0\0\x04"sv, "\xfd\xe0\0\xff"sv, 0, lookAtPacket),
        anchorOf("\xc5\0\x04\0"sv, "\xfd\0\xff\0"sv, 0, lookAtPacket),
        anchorOf("\xc5\x4b\x06\x60"sv, "\xfd\xff\xff\xe0"sv, 0, lookAtPacket),
    };
    return anchors;
}

extern const Detector pgpDetector;
const Detector pgpDetector {"pgp", pgpRules, maximumPgpKey + 6, nullptr, true};

} // namespace coredact
