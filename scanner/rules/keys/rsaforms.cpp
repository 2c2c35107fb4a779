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

/// CPython's int: 30 bits in each 32-bit word, little-endian.
SecretBytes pythonDigits(const BigNumber& number)
{
    const SecretBytes bytes = number.littleEndian(number.bytes() + 8);
    const std::size_t count = (number.bits() + 29) / 30;
    SecretBytes digits;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t bit = i * 30;
        const std::uint64_t word = numberOf(ByteView(bytes).subspan(bit / 8, 5), ByteOrder::Little);
        const auto digit = static_cast<std::uint32_t>(word >> (bit % 8) & 0x3fffffff);
        for (unsigned b = 0; b < 4; ++b)
            digits.push_back(static_cast<std::uint8_t>(digit >> (8 * b) & 0xff));
    }
    return digits;
}

/// 2^(64·limbs) mod m and its square: what Montgomery arithmetic keeps, and gcd gives m from it.
void addResidues(std::vector<DerivedValue>& derived, const std::string& name, const BigNumber& m)
{
    const BigNumber r = BigNumber::powerOfTwo((m.bits() + 63) / 64 * 64) % m;
    derived.push_back({"R mod " + name, ValueForm::Number, r.bigEndian()});
    derived.push_back({"R² mod " + name, ValueForm::Number, ((r * r) % m).bigEndian()});
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
    for (const BigNumber* number : {&key.p, &key.q})
        derived.push_back(
            {"a prime as CPython's digits", ValueForm::Binary, pythonDigits(*number)});
    if (key.d.isZero() || key.dp.isZero())
        return derived;
    add("d", key.d);
    derived.push_back({"d as CPython's digits", ValueForm::Binary, pythonDigits(key.d)});
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
