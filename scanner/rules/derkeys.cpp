// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys in DER: PKCS#1, PKCS#8 and SEC1, as libraries read and write them.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/derkey.h"
#include "scanner/rules/keys/dsaremains.h"
#include "scanner/rules/keys/ecremains.h"
#include "scanner/rules/keys/otherder.h"
#include "scanner/rules/keys/rsaremains.h"
#include "scanner/rules/walk.h"

#include <algorithm>
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
        RuleInfo {"dsa-private-key-der",
                  "DSA or Diffie-Hellman private key (DER)",
                  Severity::High,
                  std::string("A DSA or Diffie-Hellman private key in the binary form of key "
                              "files.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"pqc-private-key-der",
                  "Post-quantum private key (DER)",
                  Severity::Critical,
                  std::string("An ML-DSA, ML-KEM or SLH-DSA private key in the binary form of key "
                              "files.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  100},
        RuleInfo {"encrypted-private-key-der",
                  "Encrypted private key (DER)",
                  Severity::Medium,
                  "A private key encrypted with a passphrase, in the binary form of key files and "
                  "key stores. Whoever guesses the passphrase, or finds it in the same dump, has "
                  "the key.",
                  "If the passphrase may be known or weak, or may be in the dump too: make a new "
                  "key pair and withdraw the old one. Else choose another passphrase for it.",
                  {"private-key", "encrypted"},
                  90},
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

/// Every form begins with a SEQUENCE of at most four bytes' header and a version of 0 or 1.
void lookAtVersion(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = sequenceBefore(window.bytes, position);
    if (begin == notFound || !window.fresh(begin))
        return;
    auto found = readDerKey(window.bytes, begin);
    if (!found)
        return;
    Match match = matchOf(ruleOf(found->family), std::move(found->key), "DER");
    match.spans = std::move(found->secrets);
    sink.add(std::move(match));
}

/// Whether a key that is told as a whole ends with these numbers. Before its first prime stand the
/// modulus and the private exponent, each twice as long, and a few bytes more.
bool isPartOfWhole(ByteView bytes, const Span& prime)
{
    const std::size_t most = 4 * (prime.end - prime.begin) + 40;
    for (std::size_t begin = prime.begin - std::min(prime.begin, most);
         begin + most < prime.begin + 80 && begin < prime.begin; ++begin) {
        if (bytes[begin] != 0x30)
            continue;
        const auto key = readDerKey(bytes, begin);
        if (key && std::any_of(key->secrets.begin(), key->secrets.end(), [&](const Span& secret) {
                return secret.end == prime.end;
            }))
            return true;
    }
    return false;
}

/// An allocator keeps addresses in what was freed, and a buffer that is used again is written over
/// from its beginning.
void lookAtRemains(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    auto found = readRsaRemains(window.bytes, position);
    if (!found || isPartOfWhole(window.bytes, found->numbers.front()))
        return;
    Match match = matchOf(ruleOf(DerFamily::Rsa), std::move(found->key), "DER");
    match.spans = std::move(found->numbers);
    sink.add(std::move(match));
}

/// `position` is where the public key of an EC key begins.
void lookAtEcRemains(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    const auto word
        = window.encoding == "raw" ? std::optional(alignedFresh(window, 8)) : std::nullopt;
    auto found = readEcRemains(window.bytes, position, word);
    if (!found)
        return;
    Match match = matchOf(ruleOf(DerFamily::Ec), std::move(found->key), "DER");
    match.spans = {found->scalar};
    sink.add(std::move(match));
}

/// `position` is where q of a DSA key begins.
void lookAtDsaRemains(const Window& window, std::size_t position, MatchSink& sink)
{
    if (!window.fresh(position))
        return;
    auto found = readDsaRemains(window.bytes, position);
    if (!found)
        return;
    Match match = matchOf(ruleOf(DerFamily::Log), std::move(found->key), "DER");
    match.spans = {found->secret};
    sink.add(std::move(match));
}

/// `position` is five bytes behind the OBJECT IDENTIFIER's content of PKCS #5 or PKCS #12.
void lookAtScheme(const Window& window, std::size_t position, MatchSink& sink)
{
    // Two SEQUENCEs of two to four bytes' heads and the OBJECT IDENTIFIER's own stand before it.
    for (std::size_t before = 11; before <= 15 && before <= position; ++before) {
        const std::size_t begin = position - before;
        if (window.bytes[begin] != 0x30 || !window.fresh(begin))
            continue;
        const auto found = readEncryptedDer(window.bytes, begin);
        if (!found || found->ciphertext.begin <= position)
            continue;
        Match match;
        match.rule = &derRules()[5];
        match.confidence = Confidence::Likely;
        match.title = "Encrypted private key (DER, " + found->scheme + ")";
        match.form = ValueForm::Binary;
        match.spans = {found->ciphertext};
        sink.add(std::move(match));
        return;
    }
}

} // namespace

std::span<const ByteAnchor> derkeysAnchors()
{
    using namespace std::string_view_literals;
    // The version, and the tag of what follows it: INTEGER, OCTET STRING, SEQUENCE.
    static const std::array anchors {
        anchorOf("\x02\x01\x00\x02"sv, 4, lookAtVersion),
        anchorOf("\x02\x01\x00\x30"sv, 4, lookAtVersion),
        anchorOf("\x02\x01\x01\x02"sv, 4, lookAtVersion),
        anchorOf("\x02\x01\x01\x04"sv, 4, lookAtVersion),
        anchorOf("\x02\x01\x01\x30"sv, 4, lookAtVersion),
        // INTEGERs of 64 bytes and a zero, of 128 or 192 and perhaps one, of 256, 512 or 768.
        anchorOf("\x02\x41\x00\x00"sv, "\xff\xff\xff\x00"sv, 0, lookAtRemains),
        anchorOf("\x02\x81\x80\x00"sv, "\xff\xff\xbe\x00"sv, 0, lookAtRemains),
        anchorOf("\x02\x82\x00\x00"sv, "\xff\xff\xfc\xfe"sv, 0, lookAtRemains),
        // [1] with a BIT STRING of a point of 24, 28, 32, 40 or 48 bytes, or of 64 or 66: as it is,
        // or compressed.
        anchorOf("\xa1\x04\x03\x02"sv, "\xff\x87\xff\x87"sv, 0, lookAtEcRemains),
        anchorOf("\xa1\x81\x81\x03"sv, "\xff\xff\xf3\xff"sv, 0, lookAtEcRemains),
        // INTEGERs of 160 or 224 bits, of 256, and a zero before.
        anchorOf("\x02\x15\x00\x80"sv, "\xff\xf7\xff\x80"sv, 0, lookAtDsaRemains),
        anchorOf("\x02\x21\x00\x80"sv, "\xff\xff\xff\x80"sv, 0, lookAtDsaRemains),
        // The ends of pkcs-5 and pkcs-12PbeIds, the arcs that name schemes of passwords.
        anchorOf("\x0d\x01\x05\x0d"sv, 15, lookAtScheme),
        anchorOf("\x0d\x01\x05\x00"sv, "\xff\xff\xff\xf4"sv, 15, lookAtScheme),
        anchorOf("\x0d\x01\x0c\x01"sv, 15, lookAtScheme),
    };
    return anchors;
}

extern const Detector derkeysDetector;
const Detector derkeysDetector {"derkeys", derRules, maximumDerKey, nullptr, true};

} // namespace coredact
