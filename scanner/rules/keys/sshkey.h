// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A private key in one of SSH's forms and the bytes to redact.
struct SshKey {
    PrivateKey key;
    std::vector<Span> secrets;
    std::vector<Span> numbers; ///< the secret numbers alone; empty where they are not read
    std::size_t end = 0; ///< of the last byte that belongs to it
    bool encrypted = false;
};

inline constexpr std::string_view opensshMagic {"openssh-key-v1\0", 15};
/// The widest: RSA of 16,384 bits takes 9 KiB.
inline constexpr std::size_t maximumSshKey = 12288;

/// Reads "openssh-key-v1" (OpenSSH's PROTOCOL.key) at `position`. The secret is the whole private
/// blob, from the check numbers to the padding.
std::optional<SshKey> readOpenSsh(ByteView bytes, std::size_t position);

/// Reads a key type and the private numbers after it, as the agent protocol and the private blob
/// of "openssh-key-v1" have them (draft-ietf-sshm-ssh-agent 3.2). RSA, Ed25519, ECDSA.
std::optional<SshKey> readSshWire(ByteView bytes, std::size_t position);

} // namespace coredact
