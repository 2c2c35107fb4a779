// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"

#include <string>

namespace coredact::report {

/// Tells findings of one dump apart, and finds them again in a later report of the same dump:
/// SHA-256 over the rule and all places. Not made from the value, so nothing of the secret can be
/// tried against it.
std::string placesFingerprint(const Finding& finding);

/// The same secret in any dump: SHA-256 over the rule and the identity, which the report shows
/// anyway; "" for a finding without one.
std::string identityFingerprint(const Finding& finding);

} // namespace coredact::report
