// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/result.h"
#include "scanner/base/securebuffer.h"

#include <array>
#include <string>

namespace coredact {

using Signature = std::array<std::uint8_t, 64>;

/// An Ed25519 public key (RFC 8032) as OpenSSH writes it.
class PublicKey {
public:
    /// From a line "ssh-ed25519 AAAA... comment"; other lines before it and what stands in front of
    /// the type are passed over, so that an allowed_signers file does as well. The first is taken.
    static Result<PublicKey> parse(std::string_view text);

    bool verifies(ByteView message, const Signature& signature) const;
    /// "SHA256:..." as `ssh-keygen -l` prints it.
    std::string fingerprint() const;
    /// "ssh-ed25519 AAAA..." without a comment.
    std::string text() const;
    /// The key in SSH's wire format.
    std::vector<std::uint8_t> blob() const;

    bool operator==(const PublicKey&) const = default;

private:
    friend class SigningKey;
    using Bytes = std::array<std::uint8_t, 32>;
    explicit PublicKey(const Bytes& bytes)
        : m_bytes(bytes)
    {
    }

    Bytes m_bytes;
};

/// An Ed25519 private key. The front end reads and uses it; no engine ever gets it. Movable,
/// wiped when dropped.
class SigningKey {
public:
    /// A new one from the system's random numbers.
    static Result<SigningKey> make();
    /// From OpenSSH's private key file (openssh-key-v1) without a passphrase. Errors quote nothing.
    static Result<SigningKey> parse(ByteView text);

    /// OpenSSH's private key file, without a passphrase.
    SecretBytes fileText() const;
    const PublicKey& publicKey() const { return m_public; }
    Signature sign(ByteView message) const;

private:
    SigningKey(SecretBytes seed, const PublicKey& known)
        : m_seed(std::move(seed))
        , m_public(known)
    {
    }
    static Result<SigningKey> fromSeed(SecretBytes seed);

    SecretBytes m_seed; ///< 32 bytes
    PublicKey m_public;
};

} // namespace coredact
