// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/limbs.h"
#include "scanner/rules/keys/memorystream.h"

namespace coredact {

/// An RSA public key that the dump holds.
struct PublicRsa {
    BigNumber n;
    BigNumber e;
    Limbs limbs; ///< of n
    bool selfSigned = false; ///< from a certificate that names itself as issuer: mostly a root
};

/// Gathers RSA public keys whose primes fill whole words: from certificates and other DER, and
/// from SSH's wire form. Bounded: those of self-signed certificates beyond a cap are dropped (a
/// TLS client maps a hundred roots). The order is that of the bytes.
class ModuliHarvest {
public:
    /// Bytes past a chunk's fresh part that a public key may reach into.
    static constexpr std::size_t overlap = 4096;

    void look(const StreamChunk& chunk);
    /// Each once, those of self-signed certificates last.
    std::vector<PublicRsa> moduli();

private:
    void lookForDer(ByteView bytes, std::size_t fresh, std::uint8_t lengthByte);
    void lookForSsh(ByteView bytes, std::size_t fresh);
    void add(ByteView n, ByteView e, bool selfSigned);

    std::vector<PublicRsa> m_moduli;
    std::size_t m_selfSigned = 0;
};

} // namespace coredact
