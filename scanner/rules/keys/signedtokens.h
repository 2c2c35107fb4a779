// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/rules/hmac/keyedhash.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

struct evp_pkey_st; ///< libcrypto's EVP_PKEY

namespace coredact {

/// A JSON Web Token (RFC 7519) in its compact form, a cookie that a server signed, or a Fernet
/// token, read as far as it proves a key. It holds the token; stays inside the engine.
struct SignedToken {
    SecretBytes text;
    std::size_t signedSize = 0; ///< bytes of the text that the signature is of
    SecretBytes signature;
    std::string algorithm; ///< "RS256", ...; "Express" or "Flask" for cookies; "Fernet"
    std::string issuer; ///< fit for a report; "" where the token has none
    std::string keyId; ///< the same
    /// What it has in common with others that one key signs: the header, the issuer and the names
    /// of what it states; of a Fernet token the days in which it was made.
    std::string family;
    bool isOneOfMore = false; ///< of its family there are more in the dump than were kept
};

/// Reads a JSON Web Token; nothing where it is not one with a signature.
std::optional<SignedToken> readSignedToken(ByteView text);

/// Reads the value of a cookie, also percent-encoded, as Express and Flask sign them with HMAC:
/// "s:" id "." signature, or payload "." time "." signature.
std::optional<SignedToken> readSignedCookie(ByteView text);
bool isCookie(const SignedToken& token);

/// Reads a Fernet token: version 0x80, time, IV, whole blocks and an HMAC, in base64; what is
/// signed is what the text stands for. Only times up to the year 2106.
std::optional<SignedToken> readFernetToken(ByteView text);
bool isFernet(const SignedToken& token);

/// A public key (SubjectPublicKeyInfo in DER), read once, since that takes longer than to verify.
/// What is none verifies nothing.
class TokenVerifier {
public:
    explicit TokenVerifier(ByteView spki);
    /// Whether the token is signed with the private key (RFC 7518 3.1, RFC 8037 3.1). False as
    /// well for algorithms of another kind of key.
    bool verifies(const SignedToken& token) const;

private:
    std::shared_ptr<evp_pkey_st> m_key;
};

bool isHmac(const SignedToken& token);

/// What may be the secret of tokens that are signed with HMAC: of Fernet tokens the 32 bytes of
/// which the first half signs and the second encrypts. Makes ready for each kind of token once, so
/// that one secret may be tried with many. Refers to the bytes.
class TokenSecret {
public:
    explicit TokenSecret(ByteView secret)
        : m_secret(secret)
    {
    }
    bool signs(const SignedToken& token);

private:
    ByteView m_secret;
    std::map<std::string_view, KeyedHash> m_keyed; ///< by algorithm
};

/// "signs tokens of https://idp.example.net, key id 7a (21 in this dump)".
std::string tokenIssuerText(const SignedToken& one, std::size_t count);

} // namespace coredact
