// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/signedtokens.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/codec.h"
#include "scanner/rules/validators/json.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

namespace coredact {

namespace {

enum class Scheme { Hmac, RsaPkcs1, RsaPss, Ecdsa, Edwards };

constexpr std::string_view expressCookie = "Express";
constexpr std::string_view flaskCookie = "Flask";
constexpr std::string_view fernet = "Fernet";
constexpr std::size_t fernetKeyBytes = 32;

/// A "alg" of RFC 7518, RFC 8037 or RFC 8812.
struct Algorithm {
    std::string_view name;
    Scheme scheme;
    const char* digest; ///< nullptr: the scheme has its own
};

constexpr auto algorithms = std::to_array<Algorithm>({
    {expressCookie, Scheme::Hmac, "SHA256"},
    {flaskCookie, Scheme::Hmac, "SHA1"},
    {fernet, Scheme::Hmac, "SHA256"},
    {"HS256", Scheme::Hmac, "SHA256"},
    {"HS384", Scheme::Hmac, "SHA384"},
    {"HS512", Scheme::Hmac, "SHA512"},
    {"RS256", Scheme::RsaPkcs1, "SHA256"},
    {"RS384", Scheme::RsaPkcs1, "SHA384"},
    {"RS512", Scheme::RsaPkcs1, "SHA512"},
    {"PS256", Scheme::RsaPss, "SHA256"},
    {"PS384", Scheme::RsaPss, "SHA384"},
    {"PS512", Scheme::RsaPss, "SHA512"},
    {"ES256", Scheme::Ecdsa, "SHA256"},
    {"ES256K", Scheme::Ecdsa, "SHA256"},
    {"ES384", Scheme::Ecdsa, "SHA384"},
    {"ES512", Scheme::Ecdsa, "SHA512"},
    {"EdDSA", Scheme::Edwards, nullptr},
});

const Algorithm* algorithmOf(const SignedToken& token)
{
    const auto* it = std::find_if(algorithms.begin(), algorithms.end(), [&](const Algorithm& one) {
        return one.name == token.algorithm;
    });
    return it == algorithms.end() ? nullptr : it;
}

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

bool fits(const EVP_PKEY* key, Scheme scheme)
{
    switch (scheme) {
    case Scheme::RsaPkcs1:
    case Scheme::RsaPss:
        return EVP_PKEY_is_a(key, "RSA") == 1;
    case Scheme::Ecdsa:
        return EVP_PKEY_is_a(key, "EC") == 1;
    case Scheme::Edwards:
        return EVP_PKEY_is_a(key, "ED25519") == 1 || EVP_PKEY_is_a(key, "ED448") == 1;
    case Scheme::Hmac:
        break;
    }
    return false;
}

/// The two numbers side by side, as tokens have them (RFC 7518 3.4), in DER.
SecretBytes derSignature(const SecretBytes& joined)
{
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(ECDSA_SIG_new(),
                                                                          &ECDSA_SIG_free);
    const auto half = static_cast<int>(joined.size() / 2);
    BIGNUM* r = BN_bin2bn(joined.data(), half, nullptr);
    BIGNUM* s = BN_bin2bn(joined.data() + half, half, nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    SecretBytes bytes;
    if (size > 0)
        bytes.assign(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

SecretBytes withoutPercents(ByteView text)
{
    const auto digit = [](std::uint8_t c) {
        const auto at = std::string_view("0123456789abcdef")
                            .find(static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c));
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    SecretBytes bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && text.size() - i > 2 && digit(text[i + 1]) >= 0
            && digit(text[i + 2]) >= 0;
        bytes.push_back(
            escape ? static_cast<std::uint8_t>(digit(text[i + 1]) * 16 + digit(text[i + 2]))
                   : text[i]);
        i += escape ? 2 : 0;
    }
    return bytes;
}

HashKind hashOf(std::string_view digest)
{
    return digest == "SHA1"  ? HashKind::Sha1
        : digest == "SHA256" ? HashKind::Sha256
        : digest == "SHA384" ? HashKind::Sha384
                             : HashKind::Sha512;
}

/// The HMAC with which a secret signs tokens of this algorithm.
KeyedHash keyedFor(const Algorithm& algorithm, ByteView secret)
{
    const HashKind hash = hashOf(algorithm.digest);
    if (algorithm.name == fernet)
        return KeyedHash(hash, secret.first(fernetKeyBytes / 2));
    const KeyedHash keyed(hash, secret);
    if (algorithm.name != flaskCookie)
        return keyed;
    constexpr std::string_view salt = "cookie-session";
    SecretBytes key(keyed.size());
    keyed.code(asBytes(salt), key);
    return KeyedHash(hash, key);
}

/// What tokens of one key have in common, as a rule: several applications that name neither
/// themselves nor their keys still state different things.
std::string familyOf(std::string_view header, const nlohmann::json& payload)
{
    std::string family(header);
    family += '.' + shownMember(payload, "iss");
    for (const auto& [name, value] : payload.items())
        family += '.' + name;
    return family;
}

} // namespace

std::optional<SignedToken> readSignedCookie(ByteView bytes)
{
    constexpr std::size_t expressSignature = 43;
    constexpr std::size_t flaskSignature = 27;
    constexpr std::size_t flaskTime = 6;
    const SecretBytes plain = withoutPercents(bytes);
    std::string_view text = asText(plain);
    const bool isExpress = text.starts_with("s:");
    text.remove_prefix(isExpress ? 2 : 0);
    const std::size_t last = text.rfind('.');
    if (last == text.npos || last < 8
        || text.size() - last - 1 != (isExpress ? expressSignature : flaskSignature))
        return std::nullopt;
    auto signature = decodeBase64(text.substr(last + 1));
    const std::string_view content = text.substr(0, last);
    const std::size_t time = content.rfind('.');
    if (!signature
        || (!isExpress && (time == content.npos || content.size() - time - 1 != flaskTime)))
        return std::nullopt;
    return SignedToken {{content.begin(), content.end()},
                        content.size(),
                        std::move(*signature),
                        std::string(isExpress ? expressCookie : flaskCookie),
                        {},
                        {},
                        std::string(isExpress ? expressCookie : flaskCookie)};
}

bool isCookie(const SignedToken& token)
{
    return token.algorithm == expressCookie || token.algorithm == flaskCookie;
}

std::optional<SignedToken> readFernetToken(ByteView text)
{
    constexpr std::size_t headBytes = 1 + 8 + 16; // version, time, IV
    constexpr std::size_t blockBytes = 16;
    constexpr std::size_t codeBytes = 32;
    constexpr unsigned familyBits = 20; // of seconds: some twelve days
    auto bytes = decodeBase64(asText(text));
    if (!bytes || bytes->size() < headBytes + blockBytes + codeBytes
        || (bytes->size() - headBytes - codeBytes) % blockBytes != 0 || bytes->front() != 0x80)
        return std::nullopt;
    const std::uint64_t time = numberOf(ByteView(*bytes).subspan(1, 8), ByteOrder::Big);
    if (time >> 32 != 0)
        return std::nullopt;
    const auto code = bytes->end() - codeBytes;
    SignedToken token {{bytes->begin(), code},
                       bytes->size() - codeBytes,
                       {code, bytes->end()},
                       std::string(fernet),
                       {},
                       {},
                       std::string(fernet) + '.' + std::to_string(time >> familyBits)};
    return token;
}

bool isFernet(const SignedToken& token) { return token.algorithm == fernet; }

std::optional<SignedToken> readSignedToken(ByteView bytes)
{
    const std::string_view text = asText(bytes);
    const std::size_t first = text.find('.');
    const std::size_t last = text.rfind('.');
    if (first == std::string_view::npos || first == last || last + 1 == text.size())
        return std::nullopt;
    const auto header = jsonInBase64(text.substr(0, first));
    const auto payload = jsonInBase64(text.substr(first + 1, last - first - 1));
    auto signature = decodeBase64(text.substr(last + 1));
    if (!header || !payload || !signature || signature->empty())
        return std::nullopt;
    return SignedToken {{bytes.begin(), bytes.end()},
                        last,
                        std::move(*signature),
                        shownMember(*header, "alg"),
                        shownMember(*payload, "iss"),
                        shownMember(*header, "kid"),
                        familyOf(text.substr(0, first), *payload)};
}

TokenVerifier::TokenVerifier(ByteView spki)
{
    const auto* data = spki.data();
    m_key.reset(d2i_PUBKEY(nullptr, &data, static_cast<long>(spki.size())), &EVP_PKEY_free);
}

bool TokenVerifier::verifies(const SignedToken& token) const
{
    const Algorithm* algorithm = algorithmOf(token);
    if (!algorithm || !m_key || !fits(m_key.get(), algorithm->scheme))
        return false;
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* settings = nullptr; // the context's own
    if (!context
        || EVP_DigestVerifyInit_ex(context.get(), &settings, algorithm->digest, nullptr, nullptr,
                                   m_key.get(), nullptr)
            != 1)
        return false;
    if (algorithm->scheme == Scheme::RsaPss
        && (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) != 1
            || EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    const SecretBytes signature
        = algorithm->scheme == Scheme::Ecdsa ? derSignature(token.signature) : token.signature;
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), token.text.data(),
                            token.signedSize)
        == 1;
}

bool isHmac(const SignedToken& token)
{
    const Algorithm* algorithm = algorithmOf(token);
    return algorithm && algorithm->scheme == Scheme::Hmac;
}

bool TokenSecret::signs(const SignedToken& token)
{
    const Algorithm* algorithm = algorithmOf(token);
    if (!algorithm || algorithm->scheme != Scheme::Hmac
        || (isFernet(token) && m_secret.size() != fernetKeyBytes))
        return false;
    auto keyed = m_keyed.find(algorithm->name);
    if (keyed == m_keyed.end())
        keyed = m_keyed.emplace(algorithm->name, keyedFor(*algorithm, m_secret)).first;
    std::array<std::uint8_t, KeyedHash::largest> bytes {};
    const MutableByteView code = MutableByteView(bytes).first(keyed->second.size());
    keyed->second.code(ByteView(token.text).first(token.signedSize), code);
    return code.size() == token.signature.size()
        && CRYPTO_memcmp(code.data(), token.signature.data(), code.size()) == 0;
}

std::string tokenIssuerText(const SignedToken& one, std::size_t count)
{
    std::string text = "signs tokens";
    if (!one.issuer.empty())
        text += " of " + one.issuer;
    if (!one.keyId.empty())
        text += (one.issuer.empty() ? " with key id " : ", key id ") + one.keyId;
    return text + (one.isOneOfMore ? " (at least " : " (") + std::to_string(count)
        + " in this dump)";
}

} // namespace coredact
