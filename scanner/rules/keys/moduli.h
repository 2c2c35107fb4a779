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
/// from SSH's wire form. Bounded: of more than 1024 of certificates that name themselves as issuer,
/// and of as many others, those that come first in the file stay.
class ModuliHarvest : public Bounded {
public:
    static std::vector<Anchor> anchors();
    /// One of the anchors stands at `position`.
    void lookAt(const Window& window, std::size_t position);
    void join(ModuliHarvest& other);
    /// Each once, in the order of the file, those of self-signed certificates last.
    std::vector<PublicRsa> moduli();

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
    void keep(Found& found, SecretBytes n, Known known);
    void trim(Found& found);

    Found m_others;
    Found m_selfSigned;
};

} // namespace coredact
