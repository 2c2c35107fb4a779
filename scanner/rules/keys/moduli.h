// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/limbs.h"
#include "scanner/rules/walk.h"

#include <map>

namespace coredact {

/// An RSA public key that the dump holds.
struct PublicRsa {
    BigNumber n;
    BigNumber e;
    Limbs limbs; ///< of n
    bool selfSigned = false; ///< from a certificate that names itself as issuer: mostly a root
};

/// Gathers RSA public keys whose primes fill whole words: from certificates and other DER, and
/// from SSH's wire form. What is kept of very many, and in which order, is decided by the places in
/// the file alone.
class ModuliHarvest {
public:
    static std::vector<WalkAnchor> anchors();
    /// One of the anchors stands at `position`.
    void lookAt(const Window& window, std::size_t position);
    void join(ModuliHarvest& other);
    /// Each once, in the order of the file, those of self-signed certificates last.
    std::vector<PublicRsa> moduli() const;
    /// As many of them, from the first on, as primes can be looked for: beyond a cap, and beyond a
    /// lower one of self-signed certificates (a TLS client maps a hundred roots), they are left out.
    static std::vector<PublicRsa> worthASearch(const std::vector<PublicRsa>& moduli);

private:
    struct Known {
        SecretBytes exponent;
        std::uint64_t place = 0; ///< offset in the file
    };
    /// By modulus, big-endian with its leading zero.
    using Found = std::map<SecretBytes, Known>;

    void lookAtDer(const Window& window, std::size_t at);
    void lookAtSsh(const Window& window, std::size_t at);
    void add(const Window& window, ByteView n, ByteView e, bool selfSigned);
    static void keep(Found& found, SecretBytes n, Known known);

    Found m_others;
    Found m_selfSigned;
};

} // namespace coredact
