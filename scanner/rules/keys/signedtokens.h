// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/rules/walk.h"

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

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
};

/// Reads a token; nothing where it is not one with a signature.
std::optional<SignedToken> readSignedToken(ByteView text);

/// Reads the value of a cookie, also percent-encoded, as Express and Flask sign them with HMAC:
/// "s:" id "." signature, or payload "." time "." signature.
std::optional<SignedToken> readSignedCookie(ByteView text);
bool isCookie(const SignedToken& token);

/// Reads a Fernet token: version 0x80, time, IV, whole blocks and an HMAC, in base64; what is
/// signed is what the text stands for. Only times up to the year 2106.
std::optional<SignedToken> readFernetToken(ByteView text);
bool isFernet(const SignedToken& token);

/// Whether the public key (SubjectPublicKeyInfo in DER) verifies the token (RFC 7518 3.1,
/// RFC 8037 3.1). False as well for algorithms of another kind of key.
bool verifiesToken(ByteView spki, const SignedToken& token);

/// Whether the token is signed with HMAC, and this is its secret: of a Fernet token the 32 bytes
/// of which the first half signs and the second encrypts.
bool isTokenSecret(ByteView secret, const SignedToken& token);
bool isHmac(const SignedToken& token);

/// "signs tokens of https://idp.example.net, key id 7a (21 in this dump)".
std::string tokenIssuerText(const SignedToken& one, std::size_t count);

/// The distinct tokens and signed cookies of a dump. Bounded: of more than `mostTokens` those that
/// sort first stay. To be asked whether any was left out when no thread adds any more.
class TokenHarvest : public Bounded {
public:
    static constexpr std::size_t mostTokens = std::size_t {1} << 14;

    /// Any thread.
    void see(ByteView text);
    /// To be called when no thread adds any more.
    std::vector<SignedToken> tokens() const;

private:
    std::mutex m_mutex;
    std::set<SecretBytes> m_texts; ///< under the mutex
};

} // namespace coredact
