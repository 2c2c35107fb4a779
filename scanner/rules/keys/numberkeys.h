// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/rsakey.h"

namespace coredact {

// Keys out of the numbers that a container holds: verified where the arithmetic holds, likely
// where only the sizes fit, nothing where they do not.

/// p or q is enough; what the container lacks is computed. `d` may be zero: not told there.
std::optional<PrivateKey> rsaKeyOf(const BigNumber& n, const BigNumber& e, const BigNumber& d,
                                   const BigNumber& p, const BigNumber& q);

/// `octets`: the public point as it stands beside the scalar; may be empty.
std::optional<PrivateKey> ecKeyOf(const EcCurve& curve, ByteView scalar, ByteView octets);

/// A key of the discrete logarithm: y = g^x mod p. q may be zero: not told.
struct LogNumbers {
    BigNumber p;
    BigNumber q;
    BigNumber g;
    BigNumber y; ///< zero: not told
    BigNumber x;
};
/// `name`: "DSA", "DH", "ElGamal"; the size of p is added.
std::optional<PrivateKey> logKeyOf(std::string_view name, const LogNumbers& numbers);

} // namespace coredact
