// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A kind of Edwards or Montgomery key of RFC 8410.
struct OkpKind {
    std::string_view name; ///< "Ed25519"
    int nid; ///< libcrypto's number
    std::uint8_t oidEnd; ///< the OID is 1.3.101.X
    std::size_t bytes; ///< of the private and of the public half
};

extern const OkpKind ed25519;

/// By the content of the OBJECT IDENTIFIER; nullptr when it is none of these.
const OkpKind* okpKindByOid(ByteView oid);

/// The public half that belongs to a private one of the kind's size.
SecretBytes okpPublicHalf(const OkpKind& kind, ByteView secret);

/// `publicHalf` may be empty: then only the form speaks for the key.
PrivateKey okpPrivateKey(const OkpKind& kind, ByteView secret, ByteView publicHalf);

} // namespace coredact
