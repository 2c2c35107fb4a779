// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

#include <optional>

namespace coredact {

/// A key of CNG as user mode of Windows holds it (MSSK), of AES or triple DES. In lsass.exe two of
/// them encrypt what logons leave.
struct CngKey {
    SecretBytes key;
    Span place;
    bool proven = false; ///< its round keys follow in the same object
};

/// How far behind an object's beginning its key and schedule may reach.
inline constexpr std::size_t cngKeyReach = 1024;

/// The object whose tag stands at `tag`: {size, "KSSM", type, fields that grew with each version,
/// size of the key, key, round keys}.
std::optional<CngKey> readCngKey(ByteView bytes, std::size_t tag);

/// What lsass encrypts its credentials with: triple DES in CBC for sizes of whole blocks, else AES
/// in CFB. The initialization vector is not known, so the first block comes out wrong. Empty where
/// the key is of the other cipher.
SecretBytes decryptLsa(ByteView ciphertext, ByteView key);

/// The hashes of a password in a MSV1_0_PRIMARY_CREDENTIAL, as decryptLsa gives it, with pointers
/// of eight bytes.
struct MsvCredential {
    SecretBytes ntHash; ///< 16 bytes
    SecretBytes shaHash; ///< 20 bytes
};

/// Reads one whose names stand where it says, in text. Versions differ in where the hashes begin.
std::optional<MsvCredential> readMsvCredential(ByteView plain);

} // namespace coredact
