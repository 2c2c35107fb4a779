// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/heldrsa.h"

namespace coredact {

/// Diffie-Hellman keys among the numbers: a safe prime p, x, and y = g^x mod p for a usual g. p is
/// among them too, or one of the groups that have names (RFC 3526, RFC 7919), of which OpenSSL has
/// the primes in itself; x of those has 512 bits at most. Only what is flagged as private, or is
/// another library's, is taken for x. Each key is told once for each place of x. What one dump's
/// numbers may cost is bounded, and `owner` is told of what is not tried. Groups with a short q are
/// DSA's (heldlog.h).
std::vector<HeldKey> heldDhKeys(const NumbersByValue& numbers, Bounded& owner);

} // namespace coredact
