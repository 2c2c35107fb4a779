// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/derkey.h"

namespace coredact {

// The kinds of private keys in DER beside RSA, EC and Edwards curves.

/// The traditional form of DSA: version, p, q, g, y, x. `position` is that of the SEQUENCE.
std::optional<DerKey> readTraditionalDsa(ByteView bytes, std::size_t position);

/// DSA and Diffie-Hellman in PKCS#8: `algorithm` is the content of the AlgorithmIdentifier,
/// `wrapped` the OCTET STRING with x in it.
std::optional<DerKey> readLogPkcs8(ByteView bytes, const DerItem& algorithm,
                                   const DerItem& wrapped);

/// ML-DSA, ML-KEM and SLH-DSA (FIPS 203 to 205) in PKCS#8. Only the form speaks for them: nothing
/// is computed.
std::optional<DerKey> readPqcPkcs8(ByteView bytes, ByteView oid, const DerItem& wrapped);

/// EncryptedPrivateKeyInfo (RFC 5958 3) whose SEQUENCE begins at `position`.
struct EncryptedDer {
    std::string scheme; ///< "PBES2, PBKDF2 with 2048 rounds"
    Span ciphertext;
    std::size_t end = 0;
};
std::optional<EncryptedDer> readEncryptedDer(ByteView bytes, std::size_t position);

} // namespace coredact
