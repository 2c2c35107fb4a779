// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rsaforms.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/der.h"

namespace coredact {

namespace {

/// AlgorithmIdentifier {rsaEncryption, NULL}
constexpr std::uint8_t rsaAlgorithm[]
    = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
constexpr std::uint8_t versionZero[] = {0x02, 0x01, 0x00};

SecretBytes integer(const BigNumber& number) { return derInteger(number.bigEndian()); }

unsigned wholeWords(const BigNumber& m) { return (m.bits() + 63) / 64 * 64; }

/// As libcrypto's code for AVX-512 has numbers: 52 bits in each word of 64, little-endian.
constexpr unsigned wideDigit = 52;

SecretBytes wideDigits(const BigNumber& number)
{
    const SecretBytes bytes = number.littleEndian(number.bytes() + 8);
    SecretBytes digits;
    for (std::size_t bit = 0; bit < number.bits(); bit += wideDigit) {
        const auto word = littleWord<std::uint64_t>(bytes.data() + bit / 8) >> bit % 8
            & ((std::uint64_t {1} << wideDigit) - 1);
        for (unsigned i = 0; i < 8; ++i)
            digits.push_back(static_cast<std::uint8_t>(word >> 8 * i & 0xff));
    }
    return digits;
}

/// What Montgomery arithmetic keeps of a modulus m, with R = 2^(64·limbs): R, R² and R³ modulo m,
/// of which each difference to the power is a multiple of m; the quotient of R² by m; the lowest
/// word of -1/m. And R for digits of 52 bits.
void addResidues(std::vector<DerivedValue>& derived, const std::string& name, const BigNumber& m)
{
    const auto add = [&](const std::string& what, const BigNumber& number) {
        derived.push_back({what + name, ValueForm::Number, number.bigEndian()});
    };
    const BigNumber one(1);
    const BigNumber r = BigNumber::powerOfTwo(wholeWords(m)) % m;
    add("R mod ", r);
    const BigNumber square = (r * r) % m;
    add("R² mod ", square);
    add("R³ mod ", (square * r) % m);
    add("R² / ", *(BigNumber::powerOfTwo(2 * wholeWords(m)) - square).dividedBy(m));
    const BigNumber word = BigNumber::powerOfTwo(64);
    if (const auto inverse = (m % word).inverse(word))
        add("-1 / ", word - *inverse);
    const BigNumber wide
        = BigNumber::powerOfTwo((m.bits() + wideDigit - 1) / wideDigit * wideDigit) % m;
    derived.push_back(
        {"R mod " + name + " in digits of 52 bits", ValueForm::Binary, wideDigits(wide)});
}

/// (p-1)(q-1) but for its upper half, which is the public modulus'.
BigNumber lowerHalf(const BigNumber& euler)
{
    return euler % BigNumber::powerOfTwo(euler.bits() / 16 * 8);
}

} // namespace

RsaDer rsaPkcs1(const RsaNumbers& key)
{
    const SecretBytes n = integer(key.n);
    const SecretBytes e = integer(key.e);
    const SecretBytes d = integer(key.d);
    RsaDer der;
    der.bytes = derElement(DerTag::Sequence,
                           {versionZero, n, e, d, integer(key.p), integer(key.q), integer(key.dp),
                            integer(key.dq), integer(key.qinv)});
    const std::size_t outer = derHeader(der.bytes, 0)->begin;
    der.privatePart = derHeader(der.bytes, outer + sizeof versionZero + n.size() + e.size())->begin;
    return der;
}

RsaDer rsaPkcs8(const RsaNumbers& key)
{
    const RsaDer inner = rsaPkcs1(key);
    RsaDer der;
    der.bytes
        = derElement(DerTag::Sequence,
                     {versionZero, rsaAlgorithm, derElement(DerTag::OctetString, inner.bytes)});
    der.privatePart = der.bytes.size() - inner.bytes.size() + inner.privatePart;
    return der;
}

std::vector<DerivedValue> rsaDerivedValues(const RsaNumbers& given)
{
    std::vector<DerivedValue> derived;
    const auto add = [&](std::string name, const BigNumber& number) {
        derived.push_back({std::move(name), ValueForm::Number, number.bigEndian()});
    };
    const BigNumber one(1);
    const BigNumber euler = (given.p - one) * (given.q - one);
    RsaNumbers key = given;
    add("p", key.p);
    add("q", key.q);
    if (const auto d = key.e.inverse(euler))
        add("d mod (p-1)(q-1)", *d);
    if (const auto complete = rsaFromPrime(key.n, key.e, key.p)) {
        add("d mod lcm(p-1, q-1)", complete->d);
        add("d mod p-1", complete->dp);
        add("d mod q-1", complete->dq);
        add("q^-1 mod p", complete->qinv);
        if (const auto pinv = complete->p.inverse(complete->q))
            add("p^-1 mod q", *pinv);
    }
    addResidues(derived, "p", key.p);
    addResidues(derived, "q", key.q);
    add("lower half of (p-1)(q-1)", lowerHalf(euler));
    // The larger prime modulo the other; with n it gives p + q.
    add("p - q", key.p - key.q);
    add("R·q mod p", (key.q * BigNumber::powerOfTwo(wholeWords(key.p))) % key.p);
    add("R·p mod q", (key.p * BigNumber::powerOfTwo(wholeWords(key.q))) % key.q);
    for (const BigNumber* number : {&key.p, &key.q, &key.d})
        if (!number->isZero())
            derived.push_back(
                {"a number of the key in decimal", ValueForm::Text, number->decimal()});
    if (key.d.isZero() || key.dp.isZero())
        return derived;
    add("d", key.d);
    const RsaDer pkcs1 = rsaPkcs1(key);
    derived.push_back(
        {"private part of the DER", ValueForm::Binary,
         SecretBytes(pkcs1.bytes.begin() + static_cast<std::ptrdiff_t>(pkcs1.privatePart),
                     pkcs1.bytes.end())});
    addBase64Of(derived, "base64 of PKCS#1", pkcs1.bytes, pkcs1.privatePart, pkcs1.bytes.size());
    const RsaDer pkcs8 = rsaPkcs8(key);
    addBase64Of(derived, "base64 of PKCS#8", pkcs8.bytes, pkcs8.privatePart, pkcs8.bytes.size());
    return derived;
}

SecretBytes rsaSpki(const BigNumber& n, const BigNumber& e)
{
    static constexpr std::uint8_t noUnusedBits[] = {0};
    const SecretBytes key = derElement(DerTag::Sequence, {integer(n), integer(e)});
    return derElement(DerTag::Sequence,
                      {rsaAlgorithm, derElement(DerTag::BitString, {noUnusedBits, key})});
}

} // namespace coredact
