// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/anchorpass.h"

#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <memory>
#include <random>

namespace coredact {

namespace {

constexpr std::size_t context = 4096;

class Collected : public MatchSink {
public:
    void add(Match match) override
    {
        for (Span& span : match.spans) {
            span.begin += offset;
            span.end += offset;
        }
        matches.push_back(std::move(match));
    }
    void leaveOut(std::string_view /*detector*/, std::size_t position) override
    {
        leftOut.push_back(offset + position);
    }

    std::size_t offset = 0;
    std::vector<Match> matches;
    std::vector<std::size_t> leftOut;
};

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::vector<std::uint8_t> encoded(EVP_PKEY* key, int selection, const char* form,
                                  const char* structure)
{
    OSSL_ENCODER_CTX* encoder
        = OSSL_ENCODER_CTX_new_for_pkey(key, selection, form, structure, nullptr);
    unsigned char* data = nullptr;
    std::size_t size = 0;
    std::vector<std::uint8_t> bytes;
    if (OSSL_ENCODER_to_data(encoder, &data, &size) == 1)
        bytes.assign(data, data + size);
    OPENSSL_free(data);
    OSSL_ENCODER_CTX_free(encoder);
    return bytes;
}

MadeKey made(EVP_PKEY* raw)
{
    const Key key(raw, &EVP_PKEY_free);
    if (!key)
        std::abort();
    MadeKey result;
    const auto text = [](const std::vector<std::uint8_t>& bytes) {
        return std::string(bytes.begin(), bytes.end());
    };
    result.pkcs8 = encoded(raw, EVP_PKEY_KEYPAIR, "DER", "PrivateKeyInfo");
    result.traditional = encoded(raw, EVP_PKEY_KEYPAIR, "DER", "type-specific");
    result.pem = text(encoded(raw, EVP_PKEY_KEYPAIR, "PEM", "PrivateKeyInfo"));
    result.traditionalPem = text(encoded(raw, EVP_PKEY_KEYPAIR, "PEM", "type-specific"));
    result.spki = encoded(raw, EVP_PKEY_PUBLIC_KEY, "DER", "SubjectPublicKeyInfo");
    return result;
}

Collected collectedIn(const Detector& detector, ByteView bytes, std::size_t fresh,
                      std::uint64_t address)
{
    Collected sink;
    for (std::size_t at = 0; at < bytes.size(); at += fresh) {
        const std::size_t before = std::min(at, context);
        const std::size_t end = std::min(bytes.size(), at + fresh);
        const std::size_t margin = std::min(bytes.size(), end + detector.maximumSize);
        Window window {bytes.subspan(at - before, margin - (at - before)),
                       before,
                       before + (end - at),
                       nullptr,
                       "raw",
                       address + at - before};
        sink.offset = at - before;
        if (detector.scan)
            detector.scan(window, sink);
        scanAnchors(anchorsOf(detector), window, sink);
    }
    return sink;
}

} // namespace

std::vector<Match> matchesIn(const Detector& detector, ByteView bytes, std::size_t fresh,
                             std::uint64_t address)
{
    return collectedIn(detector, bytes, fresh, address).matches;
}

std::vector<std::size_t> leftOutIn(const Detector& detector, ByteView bytes, std::size_t fresh)
{
    return collectedIn(detector, bytes, fresh, 0).leftOut;
}

std::vector<std::uint8_t> randomBytes(std::size_t size, std::uint32_t seed)
{
    std::mt19937_64 generator(seed);
    std::vector<std::uint8_t> bytes(size);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(generator());
    return bytes;
}

std::vector<std::uint8_t> buried(ByteView middle, std::size_t before, std::size_t after)
{
    auto bytes = randomBytes(before, 1);
    bytes.insert(bytes.end(), middle.begin(), middle.end());
    const auto tail = randomBytes(after, 2);
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    return bytes;
}

MadeKey makeRsa(int bits) { return made(EVP_RSA_gen(static_cast<unsigned>(bits))); }

MadeKey makeEc(const char* curve) { return made(EVP_EC_gen(curve)); }

MadeKey makeOkp(const char* type) { return made(EVP_PKEY_Q_keygen(nullptr, nullptr, type)); }

SecretBytes spanned(ByteView bytes, const Match& match)
{
    SecretBytes content;
    for (const Span& span : match.spans)
        content.insert(content.end(), bytes.begin() + static_cast<std::ptrdiff_t>(span.begin),
                       bytes.begin() + static_cast<std::ptrdiff_t>(span.end));
    return content;
}

std::string spkiSha256(ByteView spki)
{
    std::uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(spki.data(), spki.size(), digest);
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

} // namespace coredact
