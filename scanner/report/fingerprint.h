// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"

#include <string>

namespace coredact::report {

/// Tells findings of one dump apart, and finds them again in a later report of the same dump:
/// SHA-256 over the rule and all places. Not made from the value, so nothing of the secret can be
/// tried against it.
std::string placesFingerprint(const Finding& finding);

/// Whether an identity of this kind is of one secret only: digests of public keys, and key ids.
/// Other identities (a kind of token, an account, a name) are shared by many secrets.
bool isOfOneSecret(const Identity& identity);

/// The same secret in any dump: SHA-256 over the rule and the identity, which the report shows
/// anyway; "" for a finding whose identity is not of one secret only.
std::string identityFingerprint(const Finding& finding);

} // namespace coredact::report
