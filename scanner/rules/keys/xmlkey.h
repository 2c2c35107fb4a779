// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A private key in XML, and the characters to redact.
struct XmlKey {
    PrivateKey key;
    std::vector<Span> secrets;
    bool rsa = true;
};

/// The widest element that is read.
inline constexpr std::size_t maximumXmlKey = 12288;

/// Reads .NET's RSAKeyValue or DSAKeyValue (RFC 4050's relatives with their private numbers) whose
/// "<" or "&lt;" stands at `position`.
std::optional<XmlKey> readXmlKey(ByteView bytes, std::size_t position);

} // namespace coredact
