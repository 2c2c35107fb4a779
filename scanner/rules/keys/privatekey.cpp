// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/privatekey.h"

#include "scanner/rules/keys/base64.h"
#include "scanner/rules/knownkeys.h"

#include <openssl/sha.h>

#include <array>
#include <bit>
#include <bitset>

namespace coredact {

namespace {

std::array<std::uint8_t, SHA256_DIGEST_LENGTH> sha256(ByteView bytes)
{
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest {};
    SHA256(bytes.data(), bytes.size(), digest.data());
    return digest;
}

std::string hexOf(ByteView bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace

Match matchOf(const RuleInfo& rule, PrivateKey key, std::string_view where)
{
    Match match;
    match.rule = &rule;
    match.confidence = key.confidence;
    match.title = key.name + " private key (" + std::string(where) + ")";
    if (!key.knownAs.empty()) {
        match.severity = Severity::Info;
        match.title = "Published test key: " + key.name + ", " + key.knownAs;
    }
    match.identity = std::move(key.identity);
    match.proof = std::move(key.proof);
    match.form = key.form;
    match.value = std::move(key.value);
    match.derived = std::move(key.derived);
    match.publicKey = std::move(key.publicKey);
    return match;
}

std::string sha256Hex(ByteView bytes) { return hexOf(sha256(bytes)); }

Identity spkiIdentity(ByteView spki) { return {"spki-sha256", sha256Hex(spki)}; }

Identity sshIdentity(ByteView publicBlob)
{
    const SecretBytes text = encodeBase64(sha256(publicBlob));
    std::string fingerprint(asText(text));
    while (fingerprint.ends_with('='))
        fingerprint.pop_back();
    return {"ssh-fingerprint", "SHA256:" + fingerprint};
}

void identify(PrivateKey& key, ByteView spki)
{
    key.identity = spkiIdentity(spki);
    key.knownAs = knownKeyOrigin(key.identity->value);
    key.publicKey.assign(spki.begin(), spki.end());
}

void addBase64Of(std::vector<DerivedValue>& derived, std::string name, ByteView whole,
                 std::size_t begin, std::size_t end)
{
    const std::size_t first = (begin + 2) / 3 * 3;
    const std::size_t last = end == whole.size() ? end : end / 3 * 3;
    if (last > whole.size() || last < first + 9)
        return;
    SecretBytes text = encodeBase64(whole.subspan(first, last - first));
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    derived.push_back({std::move(name), ValueForm::Text, std::move(text)});
}

bool looksRandom(ByteView bytes)
{
    if (bytes.empty())
        return false;
    std::bitset<256> seen;
    std::size_t ones = 0;
    for (const std::uint8_t byte : bytes) {
        seen.set(byte);
        ones += static_cast<std::size_t>(std::popcount(byte));
    }
    const std::size_t size = std::min<std::size_t>(bytes.size(), 64);
    return seen.count() * 3 >= size * 2 && ones * 8 >= bytes.size() * 22
        && ones * 8 <= bytes.size() * 42;
}

} // namespace coredact
