// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/detector.h"

namespace coredact {

/// Secrets of TLS connections; shared by what reads structures and what proves by derived keys.
std::span<const RuleInfo> tlsRules();
const RuleInfo& tlsSessionRule();
const RuleInfo& tlsTrafficRule();

/// A TLS session as a program keeps it to resume it: where its secret stands, relative to the
/// bytes that were read.
struct TlsSession {
    std::string version; ///< "TLS 1.2"; "" where it could not be read
    Span secret; ///< 48 bytes of TLS 1.2 and before; 32 or 48 of TLS 1.3
    Span id; ///< empty where there is none
};

/// The widest of both forms, up to the session's id.
inline constexpr std::size_t tlsSessionReach = 16 + 64 + 512 + 8 + 32;

/// A structure ssl_session_st of OpenSSL 1.1.1 and later (with early_secret[64] and
/// master_key[512] or [256]) or of LibreSSL (master_key[48]) that begins at `begin`, in 32- or
/// 64-bit little-endian programs.
std::optional<TlsSession> tlsSessionStructure(ByteView bytes, std::size_t begin);

/// An SSL_SESSION in DER as OpenSSL writes it (i2d_SSL_SESSION) into tickets and caches: `time` is
/// where the time behind its secret begins ("a1 06 02 04"). What comes before the secret may have
/// been overwritten.
std::optional<TlsSession> tlsSessionInDer(ByteView bytes, std::size_t time);

} // namespace coredact
