// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/rsakey.h"

namespace coredact {

/// Every value that gives a proven key away, in the forms in which programs hold them. The public
/// half is in none of them: it may stay in the dump.
std::vector<DerivedValue> rsaDerivedValues(const RsaNumbers& key);

/// RSAPrivateKey (RFC 8017 A.1.2), and where in it the content of `d` begins.
struct RsaDer {
    SecretBytes bytes;
    std::size_t privatePart = 0;
};
RsaDer rsaPkcs1(const RsaNumbers& key);
/// The same inside a PrivateKeyInfo (RFC 5208).
RsaDer rsaPkcs8(const RsaNumbers& key);

} // namespace coredact
