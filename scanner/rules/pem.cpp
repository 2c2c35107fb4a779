// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys as text: between labels (RFC 7468, RFC 1421, PGP's and ssh.com's relatives), or
// only their base64 lines, known by how DER and OpenSSH's form begin.
#include "scanner/rules/detector.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/derkey.h"
#include "scanner/rules/keys/pemtext.h"
#include "scanner/rules/keys/sshkey.h"
#include "scanner/rules/knownkeys.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

std::span<const RuleInfo> pemRules()
{
    static const std::array rules {
        RuleInfo {"pem-private-key",
                  "Private key (PEM)",
                  Severity::Critical,
                  std::string("A private key as text, as key files, configuration and vaults hold "
                              "it.")
                      + keyMatters,
                  std::string(replaceKey) + " For SSH: remove the key from authorized_keys.",
                  {"private-key"},
                  110},
        RuleInfo {"pem-private-key-body",
                  "Private key (base64 lines)",
                  Severity::Critical,
                  std::string("The lines of a private key file without its BEGIN line: what stays "
                              "of a buffer that was freed and partly written over.")
                      + keyMatters,
                  replaceKey,
                  {"private-key"},
                  105},
    };
    return rules;
}

/// What the decoded body says.
struct Decoded {
    std::optional<PrivateKey> key;
    bool encrypted = false;
    bool wellFormed = false; ///< looks like what its label promises, though the key is not read
    std::string_view knownAs; ///< of a key that is not read: whose published test key it is
};

/// The private part of this very DER as base64 lines: it may be written in another way than ours.
void addOwnLines(PrivateKey& key, ByteView der, const std::vector<Span>& secrets)
{
    if (!secrets.empty())
        addBase64Of(key.derived, "base64 of this encoding", der, secrets.front().begin,
                    secrets.back().end);
}

Decoded decode(const PemText& text)
{
    const SecretBytes bytes = decodeBase64(text.characters);
    Decoded decoded;
    decoded.encrypted = text.encrypted;
    if (text.encrypted) {
        decoded.wellFormed = true;
        return decoded;
    }
    if (auto ssh = readOpenSsh(bytes, 0)) {
        addOwnLines(ssh->key, bytes, ssh->numbers);
        decoded.encrypted = ssh->encrypted;
        decoded.key = std::move(ssh->key);
    } else if (auto der = readDerKey(bytes, 0)) {
        addOwnLines(der->key, bytes, der->secrets);
        decoded.key = std::move(der->key);
    }
    if (!decoded.key)
        decoded.knownAs = knownKeyOrigin(sha256Hex(bytes));
    // A SEQUENCE with a long length, or a PGP packet's first octet.
    decoded.wellFormed = bytes.size() > 16
        && (standsAt(bytes, 0, opensshMagic) || (bytes[0] == 0x30 && bytes[1] >= 0x20)
            || (text.label.find("PGP") != std::string::npos && bytes[0] >= 0x80)
            || text.label.find("SSH2") != std::string::npos);
    return decoded;
}

/// "RSA private key (PEM)" from a label alone.
std::string titleFrom(const std::string& label)
{
    std::string title = label.empty() ? "PRIVATE KEY" : label;
    const std::size_t at = title.find("PRIVATE KEY");
    title.replace(at, 11, at == 0 ? "Private key" : "private key");
    if (const std::size_t word = title.find("ENCRYPTED"); word != std::string::npos)
        title.replace(word, 9, word == 0 ? "Encrypted" : "encrypted");
    return title;
}

Match matchFor(const RuleInfo& rule, const PemText& text, Decoded decoded, std::string_view where)
{
    Match match;
    if (decoded.key) {
        match = matchOf(rule, std::move(*decoded.key), where);
    } else {
        match.rule = &rule;
        match.title = titleFrom(text.label) + " (" + std::string(where) + ")";
        match.form = ValueForm::Text;
        match.confidence = decoded.wellFormed ? Confidence::Likely : Confidence::Possible;
    }
    if (decoded.encrypted)
        match.severity = Severity::Medium;
    if (!decoded.knownAs.empty()) {
        match.severity = Severity::Info;
        match.title = "Published test key: " + std::string(decoded.knownAs);
    }
    if (!text.closed && where == "PEM")
        match.title += ", breaks off";
    match.spans = {text.body};
    return match;
}

void lookForLabels(const Window& window, MatchSink& sink)
{
    const auto take = [&](std::size_t position) {
        if (!window.fresh(position))
            return;
        if (const auto text = readPem(window.bytes, position))
            sink.add(matchFor(pemRules()[0], *text, decode(*text), "PEM"));
    };
    for (std::size_t at = window.freshBegin;
         (at = findPair(window.bytes, at, window.freshEnd + 4, '-', 'B')) != notFound; ++at)
        if (at >= 4 && standsAt(window.bytes, at - 4, "-----BEGIN"))
            take(at - 4);
    // "---- BEGIN SSH2 ": its rarest pair.
    for (std::size_t at = window.freshBegin;
         (at = findPair(window.bytes, at, window.freshEnd + 14, 'H', '2')) != notFound; ++at)
        if (at >= 13 && standsAt(window.bytes, at - 13, "---- BEGIN SSH2 "))
            take(at - 13);
}

/// Whether the characters are base64 of a SEQUENCE of any length with a version of 0 or 1 in it.
bool beginsVersion(ByteView characters)
{
    return standsAt(characters, 6, "IBA") || standsAt(characters, 4, "AgE")
        || standsAt(characters, 3, "CAQ");
}

/// Whether the first characters decode to the start of an unencrypted private key: a SEQUENCE
/// with a version and then an INTEGER, OCTET STRING or SEQUENCE of its kind.
bool beginsKey(ByteView characters)
{
    if (!beginsVersion(characters))
        return false;
    const SecretBytes start = decodeBase64(characters);
    if (start.size() < 12 || start[0] != 0x30)
        return false;
    const std::size_t at = start[1] == 0x82 ? 4 : start[1] == 0x81 ? 3 : 2;
    return start[at] == 0x02 && start[at + 1] == 0x01 && start[at + 2] <= 1
        && ((start[at + 3] == 0x02 && start[at + 4] >= 0x40) || start[at + 3] == 0x04
            || (start[at + 3] == 0x30 && start[at + 5] == 0x06));
}

/// Base64 lines right behind a BEGIN line are its body, and told as such.
bool followsLabel(ByteView bytes, std::size_t position)
{
    std::size_t at = position;
    while (at > 0 && position - at < 12 && bytes[at - 1] != '-')
        --at;
    return at >= 5 && standsAt(bytes, at - 5, "-----");
}

/// Without a label only what can be read as a key counts; the numbers must at least fit.
void lookAtBody(const Window& window, MatchSink& sink, std::size_t at)
{
    const ByteView bytes = window.bytes;
    const bool ssh = standsAt(bytes, at, "b3BlbnNzaC1rZXktdjE");
    if (!ssh && (bytes.size() - at < 24 || !beginsKey(bytes.subspan(at, 24))))
        return;
    if (followsLabel(bytes, at))
        return;
    const PemText text = readPemBody(bytes, at);
    Decoded decoded = decode(text);
    if (decoded.key)
        sink.add(matchFor(pemRules()[1], text, std::move(decoded), "base64 lines"));
}

void lookForBodies(const Window& window, MatchSink& sink)
{
    // How the base64 of 30 82, 30 81, 30 7x, 30 2x, 30 3x, 30 4x begins; OpenSSH's form apart.
    static constexpr std::array<BytePair, 4> begins {BytePair {'M', 'I'}, BytePair {'M', 'H'},
                                                     BytePair {'M', 'C'}, BytePair {'M', 'E'}};
    const ByteView bytes = window.bytes;
    for (std::size_t at = window.freshBegin;
         (at = findAnyPair(bytes, at, window.freshEnd, begins)) != notFound; ++at)
        lookAtBody(window, sink, at);
    for (std::size_t at = window.freshBegin;
         (at = findPair(bytes, at, window.freshEnd, 'b', '3')) != notFound; ++at)
        lookAtBody(window, sink, at);
}

void scanPem(const Window& window, MatchSink& sink)
{
    lookForLabels(window, sink);
    lookForBodies(window, sink);
}

} // namespace

extern const Detector pemDetector;
const Detector pemDetector {"pem", pemRules, maximumPem, scanPem, true, nullptr};

} // namespace coredact
