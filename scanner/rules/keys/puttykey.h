// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A private key of PuTTY, and the characters to redact.
struct PuttyKey {
    PrivateKey key;
    std::vector<Span> secrets; ///< the private lines and the MAC
    bool encrypted = false;
};

/// The widest file that is read.
inline constexpr std::size_t maximumPuttyKey = 16384;

/// Reads a .ppk file of version 2 or 3 (PuTTY's manual, appendix C) whose first line begins at
/// `position`.
std::optional<PuttyKey> readPuttyKey(ByteView bytes, std::size_t position);

} // namespace coredact
