// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A secret key of OpenPGP and the bytes to redact.
struct PgpKey {
    PrivateKey key;
    Span secret; ///< the secret numbers and their checksum, or the ciphertext
    std::size_t end = 0; ///< of the packet
    bool encrypted = false;
};

/// The widest packet that is read: RSA of 16,384 bits.
inline constexpr std::size_t maximumPgpKey = 8192;

/// Reads a Secret-Key or Secret-Subkey packet of version 4 or 6 (RFC 9580 5.5.3) or GnuPG's 5 at
/// `position`, in either packet format. Keys on a card, of which the packet holds nothing, are no
/// keys.
std::optional<PgpKey> readPgpSecretKey(ByteView bytes, std::size_t position);

} // namespace coredact
