// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/keys/numberkeys.h"

#include <span>
#include <string_view>

namespace coredact {

/// DSA keys among the numbers: primes p and q with q | p-1, members g and y of the group of q
/// elements modulo p, and x with g^x = y mod p. Each is told once for each place of x. What one
/// dump's numbers may cost is bounded, and `owner` is told of what is not tried.
std::vector<HeldKey> heldLogKeys(const NumbersByValue& numbers, Bounded& owner);

/// Keys that were found among the numbers, each once for each place of x.
std::vector<HeldKey> heldOf(std::string_view algorithm, std::span<const LogNumbers> found,
                            const NumbersByValue& numbers);

/// Whether the number is below the limit, and at most 64 bits shorter: of numbers that are drawn
/// below it fewer than one in 2^63 are not.
bool isAlmostAsLong(const BigNumber& number, const BigNumber& limit);

} // namespace coredact
