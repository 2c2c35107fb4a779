// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/derkey.h"

namespace coredact {

/// Reads RSAPrivateKey (RFC 8017 A.1.2) at `position`. Where the end is lost or overwritten, a
/// prime that divides the modulus or an exponent that undoes the public one still proves the key.
std::optional<DerKey> readPkcs1(ByteView bytes, std::size_t position);

} // namespace coredact
