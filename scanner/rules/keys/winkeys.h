// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A key in one of the forms of Windows' CNG and CryptoAPI, and the bytes to redact.
struct WindowsKey {
    PrivateKey key;
    std::vector<Span> secrets;
    std::size_t end = 0;
};

/// The widest that is read: a full RSA blob of 16,384 bits.
inline constexpr std::size_t maximumWindowsKey = 10240;

/// BCRYPT_RSAKEY_BLOB with primes ("RSA2", "RSA3") at `position`.
std::optional<WindowsKey> readCngRsa(ByteView bytes, std::size_t position);
/// BCRYPT_ECCKEY_BLOB with a scalar ("ECS2", "ECK4", "ECDV", ...) at `position`.
std::optional<WindowsKey> readCngEc(ByteView bytes, std::size_t position);
/// PRIVATEKEYBLOB of RSA (and the body of a .pvk file) at `position`.
std::optional<WindowsKey> readCapiRsa(ByteView bytes, std::size_t position);

/// PLAINTEXTKEYBLOB or BCRYPT_KEY_DATA_BLOB at `position`: a symmetric key with its algorithm or
/// at least its size.
std::optional<WindowsKey> readSymmetricBlob(ByteView bytes, std::size_t position);

} // namespace coredact
