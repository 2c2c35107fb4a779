// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys as text: between labels (RFC 7468, RFC 1421, PGP's and ssh.com's relatives), or
// only their base64 lines, known by how DER and OpenSSH's form begin.
#include "scanner/rules/byteanchor.h"
#include "scanner/rules/keys/advice.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/derkey.h"
#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/pemtext.h"
#include "scanner/rules/keys/pgpkey.h"
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
    } else if (auto pgp = readPgpSecretKey(bytes, 0)) {
        decoded.encrypted = pgp->encrypted;
        decoded.key = std::move(pgp->key);
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
    else if (text.label.starts_with("TSS2"))
        match.severity = Severity::Low; // of use to one TPM only
    if (!decoded.knownAs.empty()) {
        match.severity = Severity::Info;
        match.title = "Published test key: " + std::string(decoded.knownAs);
    }
    if (!text.closed && where == "PEM")
        match.title += ", breaks off";
    match.spans = {text.body};
    return match;
}

void lookAtLabel(const Window& window, std::size_t begin, MatchSink& sink)
{
    if (!window.fresh(begin))
        return;
    if (const auto text = readPem(window.bytes, begin))
        sink.add(matchFor(pemRules()[0], *text, decode(*text), "PEM"));
}

void lookAtBegin(const Window& window, std::size_t position, MatchSink& sink)
{
    if (position >= 4 && standsAt(window.bytes, position - 4, "-----BEGIN"))
        lookAtLabel(window, position - 4, sink);
}

void lookAtSsh2(const Window& window, std::size_t position, MatchSink& sink)
{
    if (position >= 11 && standsAt(window.bytes, position - 11, "---- BEGIN SSH2 "))
        lookAtLabel(window, position - 11, sink);
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

/// Base64 lines right behind a BEGIN line are its body, and told as such. Of that line only the end
/// may be left.
bool followsLabel(ByteView bytes, std::size_t position)
{
    constexpr std::size_t widestLabel = 80;
    std::size_t at = position;
    while (at > 0 && position - at < 12 && bytes[at - 1] != '-')
        --at;
    if (at < 5 || !standsAt(bytes, at - 5, "-----"))
        return false;
    const ByteView before
        = bytes.subspan(at - std::min(at, widestLabel), std::min(at, widestLabel));
    return asText(before).find("-BEGIN ") != std::string_view::npos;
}

bool beginsWhole(ByteView bytes, std::size_t at)
{
    return standsAt(bytes, at, "b3BlbnNzaC1rZXktdjE")
        || (bytes.size() - at >= 24 && beginsKey(bytes.subspan(at, 24)));
}

/// Without a label only what can be read as a key counts; the numbers must at least fit.
void lookAtBody(const Window& window, MatchSink& sink, std::size_t at)
{
    const ByteView bytes = window.bytes;
    if (!beginsWhole(bytes, at) || followsLabel(bytes, at))
        return;
    const PemText text = readPemBody(bytes, at);
    Decoded decoded = decode(text);
    if (decoded.key)
        sink.add(matchFor(pemRules()[1], text, std::move(decoded), "base64 lines"));
}

/// Looks where the base64 begins whose anchor stands `offset` characters behind it.
template <std::size_t offset>
void lookBefore(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = position - offset;
    if (position >= offset && window.fresh(begin) && (offset == 0 || window.bytes[begin] == 'M'))
        lookAtBody(window, sink, begin);
}

/// What the one line of an Ed25519 and of an X25519 key begins with in base64 (RFC 8410 7), up to
/// its two OCTET STRINGs, which begin with a group.
constexpr std::string_view edwardsHead = "MC4CAQAwBQYDK2Vw";
constexpr std::string_view montgomeryHead = "MC4CAQAwBQYDK2Vu";

/// How many characters before `end` are the last of `head`.
std::size_t leftOf(std::string_view head, ByteView bytes, std::size_t end)
{
    std::size_t left = 0;
    while (left < head.size() && left < end
           && bytes[end - 1 - left] == static_cast<std::uint8_t>(head[head.size() - 1 - left]))
        ++left;
    return left;
}

/// Whether a line ends here and no other follows.
bool endsLine(ByteView bytes, std::size_t at)
{
    if (at < bytes.size() && isBase64(bytes[at]))
        return false;
    while (at < bytes.size() && (bytes[at] == '\r' || bytes[at] == '\n'))
        ++at;
    return at == bytes.size() || !isBase64(bytes[at]);
}

/// What a line of a key of 32 bytes ends with: BCIEI, which are the OCTET STRINGs, and the secret.
constexpr std::size_t secretAt = 5;
constexpr std::size_t tailCharacters = secretAt + 43;

/// The key of a line whose head was written over: an allocator keeps two addresses in what was
/// freed, which takes 16 of the 64 characters. Only the form of what begins at `begin` speaks for
/// it.
std::optional<PrivateKey> tailKey(ByteView bytes, std::size_t begin)
{
    constexpr std::size_t secretBytes = 32;
    constexpr std::size_t characters = tailCharacters;
    if (!standsAt(bytes, begin, "BCIEI") || bytes.size() - begin < characters
        || !endsLine(bytes, begin + characters))
        return std::nullopt;
    const std::size_t edwards = leftOf(edwardsHead, bytes, begin);
    const std::size_t montgomery = leftOf(montgomeryHead, bytes, begin);
    const SecretBytes decoded = decodeBase64(bytes.subspan(begin, characters));
    const bool isWhole = std::max(edwards, montgomery) == edwardsHead.size();
    if (isWhole || decoded.size() != characters / 4 * 3)
        return std::nullopt;
    static constexpr std::uint8_t x25519Oid[] = {0x2b, 0x65, 0x6e};
    PrivateKey key = okpPrivateKey(montgomery > edwards ? *okpKindByOid(x25519Oid) : ed25519,
                                   ByteView(decoded).last(secretBytes), {});
    if (key.confidence == Confidence::Possible)
        return std::nullopt;
    return key;
}

/// `position` is that of the second character of what tailKey reads.
void lookAtTail(const Window& window, std::size_t position, MatchSink& sink)
{
    const std::size_t begin = position - 1;
    if (position == 0 || !window.fresh(begin))
        return;
    auto key = tailKey(window.bytes, begin);
    if (!key)
        return;
    Match match = matchOf(pemRules()[1], std::move(*key), "base64 lines");
    match.spans = {{begin + secretAt, begin + tailCharacters}};
    sink.add(std::move(match));
}

/// Whether the lines before an END line are told without it.
bool standsAlone(ByteView bytes, const PemText& text)
{
    const Span body = text.body;
    return (beginsWhole(bytes, body.begin) && !followsLabel(bytes, body.begin) && decode(text).key)
        || (body.end - body.begin >= tailCharacters
            && tailKey(bytes, body.end - tailCharacters).has_value());
}

/// A key whose BEGIN line was written over: the addresses that an allocator keeps in what was
/// freed, four of them in large pieces, take that line and the first characters of the next one.
void lookAtEnd(const Window& window, std::size_t position, MatchSink& sink)
{
    // Fewer characters are no telling part of a key: twelve bytes.
    constexpr std::size_t leastCharacters = 16;
    if (position < 4 || !standsAt(window.bytes, position - 4, "-----END "))
        return;
    const auto text = readPemBefore(window.bytes, position - 4);
    if (!text || !window.fresh(text->body.begin) || text->characters.size() < leastCharacters
        || standsAlone(window.bytes, *text))
        return;
    Match match = matchFor(pemRules()[1], *text, decode(*text), "base64 lines");
    // Examples in manuals repeat one character, or their alphabet.
    if (match.confidence == Confidence::Possible && looksRandom(decodeBase64(text->characters)))
        match.confidence = Confidence::Likely;
    sink.add(std::move(match));
}

} // namespace

std::span<const ByteAnchor> pemAnchors()
{
    static const std::array anchors {
        anchorOf("-BEG", 4, lookAtBegin),
        anchorOf("SSH2", 11, lookAtSsh2),
        anchorOf("-END", maximumPem, lookAtEnd),
        // How the version and what follows it look in base64 behind 30 82, 30 81 and 30; see
        // beginsVersion. The masks take A, D, Q, T; A, B; and A, E for the last character.
        anchorOf("IBA@", "\xff\xff\xff\xea", 6, lookBefore<6>),
        anchorOf("AgE@", "\xff\xff\xff\xfc", 4, lookBefore<4>),
        anchorOf("CAQA", "\xff\xff\xff\xfb", 3, lookBefore<3>),
        anchorOf("b3Bl", 0, lookBefore<0>),
        anchorOf("CIEI", 1, lookAtTail),
    };
    return anchors;
}

extern const Detector pemDetector;
const Detector pemDetector {"pem", pemRules, maximumPem, nullptr, true};

} // namespace coredact
