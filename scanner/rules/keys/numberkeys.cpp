// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/numberkeys.h"

#include "scanner/rules/keys/der.h"

namespace coredact {

namespace {

using namespace std::string_view_literals;

SecretBytes integer(const BigNumber& number) { return derInteger(number.bigEndian()); }

/// SubjectPublicKeyInfo of DSA (RFC 3279 2.3.2).
SecretBytes dsaSpki(const LogNumbers& numbers, const BigNumber& y)
{
    static constexpr std::uint8_t noUnusedBits[] = {0};
    const SecretBytes domain = derElement(
        DerTag::Sequence, {integer(numbers.p), integer(numbers.q), integer(numbers.g)});
    const SecretBytes algorithm = derElement(
        DerTag::Sequence,
        {derElement(DerTag::ObjectId, asBytes("\x2a\x86\x48\xce\x38\x04\x01"sv)), domain});
    return derElement(DerTag::Sequence,
                      {algorithm, derElement(DerTag::BitString, {noUnusedBits, integer(y)})});
}

bool plausibleLog(const LogNumbers& numbers)
{
    const BigNumber one(1);
    const BigNumber& limit = numbers.q.isZero() ? numbers.p : numbers.q;
    return numbers.p.bits() >= 512 && numbers.p.bits() <= 16384 && numbers.p.isOdd()
        && (numbers.q.isZero() || numbers.q.bits() >= 128) && one < numbers.g
        && numbers.g < numbers.p && numbers.y < numbers.p && numbers.x.bits() >= 96
        && numbers.x < limit;
}

} // namespace

std::optional<PrivateKey> rsaKeyOf(const BigNumber& n, const BigNumber& e, const BigNumber& d,
                                   const BigNumber& p, const BigNumber& q)
{
    if (!plausibleRsaPublic(n, e))
        return std::nullopt;
    for (const BigNumber* prime : {&p, &q}) {
        if (prime->bits() < 128)
            continue;
        const auto complete = rsaFromPrime(n, e, *prime);
        if (complete)
            return rsaPrivateKey(*complete, Confidence::Verified, "p·q equals n");
    }
    RsaNumbers known {n, e, d, {}, {}, {}, {}, {}};
    if (d.bits() * 4 < n.bits() || !(d < n))
        return std::nullopt;
    const bool proven = exponentsMatch(n, e, d);
    PrivateKey key = rsaPrivateKey(known, proven ? Confidence::Verified : Confidence::Likely,
                                   proven ? "the private exponent undoes the public one" : "");
    key.value = d.bigEndian();
    return key;
}

std::optional<PrivateKey> ecKeyOf(const EcCurve& curve, ByteView scalar, ByteView octets)
{
    const BigNumber d = BigNumber::fromBigEndian(scalar);
    const auto point = ecPublicPoint(curve, d);
    if (!point)
        return std::nullopt;
    if (ecSamePoint(curve, *point, octets))
        return ecPrivateKey(curve, d, *point, Confidence::Verified,
                            "d·G equals the public point beside it");
    return ecPrivateKey(curve, d, *point,
                        looksRandom(scalar) ? Confidence::Likely : Confidence::Possible, {});
}

std::optional<PrivateKey> logKeyOf(std::string_view name, const LogNumbers& numbers)
{
    if (!plausibleLog(numbers))
        return std::nullopt;
    const BigNumber y = numbers.g.power(numbers.x, numbers.p);
    PrivateKey key;
    key.name = std::string(name) + "-" + std::to_string(numbers.p.bits());
    key.value = numbers.x.bigEndian();
    if (!numbers.y.isZero() && y == numbers.y) {
        key.confidence = Confidence::Verified;
        key.proof = "y equals g^x mod p";
    } else if (!looksRandom(key.value)) {
        key.confidence = Confidence::Possible;
    }
    if (numbers.q.isZero())
        key.identity = Identity {"public-value-sha256", sha256Hex(y.bigEndian())};
    else
        identify(key, dsaSpki(numbers, y));
    return key;
}

} // namespace coredact
