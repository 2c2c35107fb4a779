// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <string_view>

namespace coredact {

/// The hash of a cipher suite.
enum class TlsHash { Sha256, Sha384 };

/// The hash that a TLS 1.3 secret of this size belongs to: 48 bytes are SHA-384's, others
/// SHA-256's.
TlsHash tlsHashOf(std::size_t secretBytes);

/// HKDF-Expand-Label of TLS 1.3 without a context (RFC 8446 7.1), at most one hash long. `label`
/// without "tls13 ": "key", "iv", "quic key".
SecretBytes tlsExpandLabel(ByteView secret, std::string_view label, std::size_t size);

/// The keys that TLS 1.2 derives from a master secret (RFC 5246 6.3).
SecretBytes tlsKeyBlock(TlsHash hash, ByteView masterSecret, ByteView serverRandom,
                        ByteView clientRandom, std::size_t size);

} // namespace coredact
