// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/privatekey.h"

namespace coredact {

/// The numbers of an RSA private key as RFC 8017 A.1.2 names them. Any may be zero: not known.
struct RsaNumbers {
    BigNumber n;
    BigNumber e;
    BigNumber d;
    BigNumber p;
    BigNumber q;
    BigNumber dp; ///< exponent1
    BigNumber dq; ///< exponent2
    BigNumber qinv; ///< coefficient
};

/// Modulus and public exponent that could be a real key's: 512 to 16,384 bits, both odd.
bool plausibleRsaPublic(const BigNumber& n, const BigNumber& e);
/// Sizes that fit one another, whatever the arithmetic says.
bool plausibleRsa(const RsaNumbers& key);
/// p·q = n, e·d = 1 mod lcm(p-1, q-1), and the three CRT values that follow from them.
bool provesRsa(const RsaNumbers& key);
/// e and d undo each other mod n, tried on one number: enough where the primes are lost.
bool exponentsMatch(const BigNumber& n, const BigNumber& e, const BigNumber& d);

/// All eight numbers from a prime factor; nothing when `prime` does not divide n, or the public
/// exponent fits no such key. The larger prime becomes p.
std::optional<RsaNumbers> rsaFromPrime(const BigNumber& n, const BigNumber& e,
                                       const BigNumber& prime);

/// The key with everything that gives it away: the numbers, what Montgomery arithmetic keeps of the
/// primes, and the private part of its DER forms, also as base64 lines.
/// With n = p·q all is computed from the primes; else only what is there is told.
PrivateKey rsaPrivateKey(const RsaNumbers& numbers, Confidence confidence, std::string proof);

SecretBytes rsaSpki(const BigNumber& n, const BigNumber& e);

} // namespace coredact
