// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A JSON Web Key with a secret in it, and the characters to redact.
struct JsonKey {
    PrivateKey key;
    std::vector<Span> secrets;
    std::size_t begin = 0; ///< of the object
    std::string kid; ///< as it stands there; "" where there is none
    bool symmetric = false;
};

/// The widest object that is read: an RSA key of 16,384 bits, or one of 4096 with its chain of
/// certificates.
inline constexpr std::size_t maximumJwk = 16384;

/// Reads the object around the member name "kty" (RFC 7517) whose first letter stands at
/// `position`. Members may stand in any order; the quotes may be escaped, as in JSON inside JSON.
std::optional<JsonKey> readJwk(ByteView bytes, std::size_t position);

} // namespace coredact
