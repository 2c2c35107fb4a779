// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// Log: of the discrete logarithm, DSA and Diffie-Hellman. Pqc: ML-DSA, ML-KEM, SLH-DSA.
enum class DerFamily { Rsa, Ec, Okp, Log, Pqc };

/// A private key in DER and where its secret numbers lie in the bytes.
struct DerKey {
    DerFamily family = DerFamily::Rsa;
    PrivateKey key;
    std::vector<Span> secrets;
};

/// The widest DER key that is read: RSA of 16,384 bits in PKCS#8 takes 9,300 bytes.
inline constexpr std::size_t maximumDerKey = 12288;

/// Reads the key whose outer SEQUENCE begins at `position`: PKCS#1, PKCS#8 and SEC1. Of an RSA
/// key whose end is lost or overwritten, what can be read. Nothing when the structure is not
/// sound; a failed proof only lowers the confidence.
std::optional<DerKey> readDerKey(ByteView bytes, std::size_t position);

} // namespace coredact
