// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// A private key as libgcrypt and gpg-agent write it, and the bytes to redact.
struct SexpKey {
    PrivateKey key;
    std::vector<Span> secrets;
    bool encrypted = false;
};

/// The widest that is read: RSA of 8192 bits in hexadecimal takes 9 KiB.
inline constexpr std::size_t maximumSexpKey = 16384;

/// Reads "(private-key ...)" or "(protected-private-key ...)", canonical, written out, or as
/// libgcrypt holds it in memory, whose parenthesis stands at `position`.
std::optional<SexpKey> readSexpKey(ByteView bytes, std::size_t position);

/// Reads what is left of a private key as libgcrypt holds it, whose list was freed: the addresses
/// that an allocator keeps there take just its first word. At `position` stands the name of the
/// algorithm, with its tag and size. Nothing where the list is whole.
std::optional<SexpKey> readSexpRemains(ByteView bytes, std::size_t position);

} // namespace coredact
