// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rsakey.h"

#include "scanner/rules/keys/rsaforms.h"

namespace coredact {

namespace {

BigNumber one() { return BigNumber(1); }

/// lcm(p - 1, q - 1)
BigNumber carmichael(const BigNumber& p, const BigNumber& q)
{
    const BigNumber p1 = p - one();
    const BigNumber q1 = q - one();
    return *(p1 * q1).dividedBy(p1.greatestCommonDivisor(q1));
}

bool provesPrimes(const RsaNumbers& key)
{
    return key.p.bits() > 1 && key.q.bits() > 1 && key.p * key.q == key.n;
}

} // namespace

bool plausibleRsaPublic(const BigNumber& n, const BigNumber& e)
{
    return n.bits() >= 512 && n.bits() <= 16384 && n.isOdd() && e.isOdd() && e.bits() >= 2
        && e.bits() <= 64;
}

bool plausibleRsa(const RsaNumbers& key)
{
    const auto half = [&](const BigNumber& number) {
        return number.bits() * 4 >= key.n.bits() && number < key.n;
    };
    return plausibleRsaPublic(key.n, key.e) && half(key.d) && half(key.p) && half(key.q)
        && key.p.bits() + key.q.bits() >= key.n.bits()
        && key.p.bits() + key.q.bits() <= key.n.bits() + 1 && !key.dp.isZero()
        && key.dp.bits() <= key.p.bits() && key.dq.bits() <= key.q.bits() && !key.dq.isZero()
        && key.qinv.bits() <= key.p.bits() && !key.qinv.isZero();
}

bool provesRsa(const RsaNumbers& key)
{
    return plausibleRsa(key) && provesPrimes(key)
        && (key.e * key.d) % carmichael(key.p, key.q) == one() && key.dp == key.d % (key.p - one())
        && key.dq == key.d % (key.q - one()) && (key.q * key.qinv) % key.p == one();
}

bool exponentsMatch(const BigNumber& n, const BigNumber& e, const BigNumber& d)
{
    if (!plausibleRsaPublic(n, e) || d.bits() * 4 < n.bits() || !(d < n))
        return false;
    const BigNumber sample(0x1f2e3d4c5b6a7988);
    return sample.power(d, n).power(e, n) == sample;
}

std::optional<RsaNumbers> rsaFromPrime(const BigNumber& n, const BigNumber& e,
                                       const BigNumber& prime)
{
    const auto other = n.dividedBy(prime);
    if (!other || prime.bits() < 2 || other->bits() < 2)
        return std::nullopt;
    RsaNumbers key {n, e, {}, prime, *other, {}, {}, {}};
    if (key.p < key.q)
        std::swap(key.p, key.q);
    const auto d = e.inverse(carmichael(key.p, key.q));
    const auto qinv = key.q.inverse(key.p);
    if (!d || !qinv)
        return std::nullopt;
    key.d = *d;
    key.dp = key.d % (key.p - one());
    key.dq = key.d % (key.q - one());
    key.qinv = *qinv;
    return key;
}

PrivateKey rsaPrivateKey(const RsaNumbers& numbers, Confidence confidence, std::string proof)
{
    PrivateKey key;
    key.name = "RSA-" + std::to_string(numbers.n.bits());
    key.confidence = confidence;
    key.proof = std::move(proof);
    key.value = (numbers.p < numbers.q ? numbers.q : numbers.p).bigEndian();
    identify(key, rsaSpki(numbers.n, numbers.e));
    if (provesPrimes(numbers)) {
        key.derived = rsaDerivedValues(numbers);
    } else {
        for (const BigNumber* number :
             {&numbers.d, &numbers.p, &numbers.q, &numbers.dp, &numbers.dq, &numbers.qinv})
            if (number->bits() >= 128)
                key.derived.push_back({"part of the key", ValueForm::Number, number->bigEndian()});
    }
    return key;
}

} // namespace coredact
