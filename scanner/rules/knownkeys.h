// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace coredact {

/// Whose published test key this is ("GnuTLS self-test"), by the SHA-256 of its public half as
/// SubjectPublicKeyInfo in lower-case hex, or, for kinds of keys that are not read, of the private
/// half's DER; "" where it is none that is known. Libraries carry such keys for their self-tests,
/// so that every process that loads them seems to hold secrets.
std::string_view knownKeyOrigin(std::string_view sha256);

} // namespace coredact
