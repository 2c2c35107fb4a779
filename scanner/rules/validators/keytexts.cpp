// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys that are one line or a few lines of text.
#include "scanner/rules/codec.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/numberkeys.h"
#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/validators/verdicts.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

const OkpKind& x25519()
{
    static constexpr std::array<std::uint8_t, 3> oid {0x2b, 0x65, 0x6e};
    return *okpKindByOid(oid);
}

/// The same bytes as programs hold them.
std::vector<DerivedValue> asBinary(SecretBytes bytes)
{
    std::vector<DerivedValue> derived;
    derived.push_back({"the key as bytes", ValueForm::Binary, std::move(bytes)});
    return derived;
}

constexpr std::string_view bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

std::uint32_t bech32Step(std::uint32_t checksum, std::uint32_t value)
{
    static constexpr std::array<std::uint32_t, 5> generator {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                             0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = checksum >> 25;
    checksum = (checksum & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
        checksum ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return checksum;
}

/// The checksum over a prefix and values (BIP 173).
std::uint32_t bech32Checksum(std::string_view prefix, const SecretBytes& values)
{
    std::uint32_t checksum = 1;
    for (const char letter : prefix)
        checksum = bech32Step(checksum, static_cast<std::uint32_t>(letter) >> 5);
    checksum = bech32Step(checksum, 0);
    for (const char letter : prefix)
        checksum = bech32Step(checksum, static_cast<std::uint32_t>(letter) & 31);
    for (const std::uint8_t value : values)
        checksum = bech32Step(checksum, value);
    return checksum;
}

/// Groups of `from` bits as groups of `to` bits; a last one is filled up with zeros or dropped.
SecretBytes regrouped(ByteView values, unsigned from, unsigned to, bool fill)
{
    SecretBytes out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const std::uint8_t value : values) {
        bits = bits << from | value;
        count += from;
        while (count >= to) {
            count -= to;
            out.push_back(static_cast<std::uint8_t>(bits >> count & ((1U << to) - 1)));
        }
        bits &= (1U << count) - 1;
    }
    if (fill && count > 0)
        out.push_back(static_cast<std::uint8_t>(bits << (to - count) & ((1U << to) - 1)));
    return out;
}

std::string bech32(std::string_view prefix, ByteView bytes)
{
    SecretBytes values = regrouped(bytes, 8, 5, true);
    std::string text = std::string(prefix) + '1';
    for (const std::uint8_t value : values)
        text += bech32Letters[value];
    values.insert(values.end(), 6, 0);
    const std::uint32_t checksum = bech32Checksum(prefix, values) ^ 1;
    for (unsigned i = 0; i < 6; ++i)
        text += bech32Letters[checksum >> (5 * (5 - i)) & 31];
    return text;
}

/// A seed and its public half one behind the other, as Ed25519's signers keep them.
bool isPair(ByteView pair)
{
    const SecretBytes half = okpPublicHalf(ed25519, pair.first(32));
    return std::ranges::equal(half, pair.subspan(32, 32));
}

/// "Name: value" lines.
std::string_view lineValue(std::string_view text, std::string_view name)
{
    const std::size_t at = text.find(std::string(name) + ": ");
    if (at == std::string_view::npos)
        return {};
    const std::size_t begin = at + name.size() + 2;
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

BigNumber lineNumber(std::string_view text, std::string_view name)
{
    return BigNumber::fromBigEndian(decodeBase64(asBytes(lineValue(text, name))));
}

Span spanOf(const Candidate& candidate, std::string_view part)
{
    const auto begin = static_cast<std::size_t>(asBytes(part).data() - candidate.window.data());
    return {begin, begin + part.size()};
}

} // namespace

/// A clamped scalar of X25519 (RFC 7748 5), which `wg genkey` writes; its public half tells whose.
Validation wireguardValidator(const Candidate& candidate)
{
    auto key = decodeBase64(candidate.secretText());
    if (!key || key->size() != 32)
        return {.proof = Proof::Weak, .because = "it does not decode to 32 bytes"};
    Validation validation;
    const bool clamped
        = ((*key)[0] & 7) == 0 && ((*key)[31] & 0x80) == 0 && ((*key)[31] & 0x40) != 0;
    const bool shared = candidate.group(1).starts_with("Pre");
    if (shared)
        validation.title = "WireGuard preshared key";
    else if (clamped)
        validation.identity
            = Identity {"wireguard-public-key",
                        std::string(asText(encodeBase64(okpPublicHalf(x25519(), *key))))};
    else
        validation.proof = Proof::Weak;
    validation.because = shared || clamped ? "" : "it is no scalar of X25519";
    validation.derived = asBinary(std::move(*key));
    return validation;
}

/// Bech32 with a checksum of 30 bits; the public recipient tells whose it is.
Validation ageValidator(const Candidate& candidate)
{
    std::string lower(candidate.secretText());
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
        return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    });
    SecretBytes values;
    for (const char letter : lower)
        values.push_back(static_cast<std::uint8_t>(bech32Letters.find(letter) & 31));
    wipe({reinterpret_cast<std::uint8_t*>(lower.data()), lower.size()});
    const bool holds = values.size() == 58 && bech32Checksum("age-secret-key-", values) == 1;
    if (!holds)
        return {.proof = Proof::Weak, .because = "the checksum does not hold"};
    SecretBytes key = regrouped(ByteView(values).first(52), 5, 8, false);
    Validation validation;
    validation.identity = Identity {"age-recipient", bech32("age", okpPublicHalf(x25519(), key))};
    validation.derived = asBinary(std::move(key));
    return validation;
}

/// minisign's "Ed", key derivation, "B2", salt, limits, and then key number, pair and checksum,
/// encrypted unless the key derivation is none.
Validation minisignValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase64(candidate.secretText());
    constexpr std::size_t pair = 62;
    if (!bytes || bytes->size() < pair + 64)
        return {.proof = Proof::Weak, .because = "it does not decode"};
    Validation validation;
    if ((*bytes)[2] != 0) {
        validation.title = "minisign secret key (encrypted)";
        validation.severity = Severity::Medium;
        return validation;
    }
    const ByteView keys = ByteView(*bytes).subspan(pair, 64);
    if (!isPair(keys))
        return {.proof = Proof::Weak, .because = "its halves do not fit"};
    validation.proof = Proof::Holds;
    validation.because = "the public half in it follows from the private one";
    validation.identity = Identity {"minisign-key", toHex(ByteView(*bytes).subspan(54, 8))};
    validation.derived = asBinary(SecretBytes(keys.begin(), keys.begin() + 32));
    return validation;
}

/// signify's "Ed", "BK", rounds, salt, checksum, key number, pair; encrypted unless the rounds
/// are zero.
Validation signifyValidator(const Candidate& candidate)
{
    const auto bytes = decodeBase64(candidate.secretText());
    if (!bytes || bytes->size() != 104)
        return {.proof = Proof::Weak, .because = "it does not decode to 104 bytes"};
    Validation validation;
    validation.identity = Identity {"signify-key", toHex(ByteView(*bytes).subspan(32, 8))};
    if (std::any_of(bytes->begin() + 4, bytes->begin() + 8, [](auto byte) { return byte != 0; })) {
        validation.title = "signify secret key (encrypted)";
        validation.severity = Severity::Medium;
        return validation;
    }
    const ByteView keys = ByteView(*bytes).subspan(40, 64);
    if (!isPair(keys))
        return {.proof = Proof::Weak, .because = "its halves do not fit"};
    validation.proof = Proof::Holds;
    validation.because = "the public half in it follows from the private one";
    validation.derived = asBinary(SecretBytes(keys.begin(), keys.begin() + 32));
    return validation;
}

/// BIND's private-key file: RSA keys prove themselves, those of curves hold no public half.
Validation dnssecValidator(const Candidate& candidate)
{
    const std::string_view text = candidate.matchText();
    Validation validation;
    for (const auto name : {"PrivateKey"sv, "PrivateExponent"sv, "Prime1"sv, "Prime2"sv,
                            "Exponent1"sv, "Exponent2"sv, "Coefficient"sv, "Private_value(x)"sv})
        if (const std::string_view value = lineValue(text, name); !value.empty())
            validation.spans.push_back(spanOf(candidate, value));
    if (validation.spans.empty())
        return {.proof = Proof::Absurd};
    const auto rsa = rsaKeyOf(lineNumber(text, "Modulus"), lineNumber(text, "PublicExponent"),
                              lineNumber(text, "PrivateExponent"), lineNumber(text, "Prime1"),
                              lineNumber(text, "Prime2"));
    if (!rsa) {
        const SecretBytes key = decodeBase64(asBytes(lineValue(text, "PrivateKey")));
        if (key.size() >= 32)
            validation.derived = asBinary(key);
        return validation;
    }
    validation.title = "DNSSEC private key (" + rsa->name + ")";
    validation.identity = rsa->identity;
    validation.derived = rsa->derived;
    if (rsa->confidence == Confidence::Verified) {
        validation.proof = Proof::Holds;
        validation.because = rsa->proof;
    }
    return validation;
}

/// The secret of a line of NSS's key log, which programs hold as bytes.
Validation keylogValidator(const Candidate& candidate)
{
    Validation validation;
    if (auto bytes = decodeHex(candidate.secretText()))
        validation.derived = asBinary(std::move(*bytes));
    return validation;
}

} // namespace coredact
