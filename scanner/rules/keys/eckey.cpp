// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/eckey.h"

#include "scanner/rules/keys/der.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>
#include <new>

namespace coredact {

namespace {

using namespace std::string_view_literals;

/// Those that libcrypto may know.
constexpr std::array curves {
    EcCurve {"P-256", "nistp256", NID_X9_62_prime256v1, 32, "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv},
    EcCurve {"secp256k1", "", NID_secp256k1, 32, "\x2b\x81\x04\x00\x0a"sv},
    EcCurve {"P-384", "nistp384", NID_secp384r1, 48, "\x2b\x81\x04\x00\x22"sv},
    EcCurve {"P-521", "nistp521", NID_secp521r1, 66, "\x2b\x81\x04\x00\x23"sv},
    EcCurve {"P-224", "", NID_secp224r1, 28, "\x2b\x81\x04\x00\x21"sv},
    EcCurve {"P-192", "", NID_X9_62_prime192v1, 24, "\x2a\x86\x48\xce\x3d\x03\x01\x01"sv},
    EcCurve {"brainpoolP256r1", "", NID_brainpoolP256r1, 32,
             "\x2b\x24\x03\x03\x02\x08\x01\x01\x07"sv},
    EcCurve {"brainpoolP320r1", "", NID_brainpoolP320r1, 40,
             "\x2b\x24\x03\x03\x02\x08\x01\x01\x09"sv},
    EcCurve {"brainpoolP384r1", "", NID_brainpoolP384r1, 48,
             "\x2b\x24\x03\x03\x02\x08\x01\x01\x0b"sv},
    EcCurve {"brainpoolP512r1", "", NID_brainpoolP512r1, 64,
             "\x2b\x24\x03\x03\x02\x08\x01\x01\x0d"sv},
    EcCurve {"SM2", "", NID_sm2, 32, "\x2a\x81\x1c\xcf\x55\x01\x82\x2d"sv},
};

struct Free {
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
    void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
};
using Group = std::unique_ptr<EC_GROUP, Free>;
using Point = std::unique_ptr<EC_POINT, Free>;

Group groupOf(const EcCurve& curve)
{
    Group group(EC_GROUP_new_by_curve_name(curve.nid));
    if (!group)
        throw std::bad_alloc();
    return group;
}

/// A number that libcrypto filled in.
BigNumber taken(BIGNUM* number)
{
    SecretBytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    return BigNumber::fromBigEndian(bytes);
}

struct Coordinates {
    std::unique_ptr<BIGNUM, decltype(&BN_clear_free)> x {BN_new(), &BN_clear_free};
    std::unique_ptr<BIGNUM, decltype(&BN_clear_free)> y {BN_new(), &BN_clear_free};
};

BigNumber fieldPrime(const EC_GROUP* group)
{
    return taken(const_cast<BIGNUM*>(EC_GROUP_get0_field(group)));
}

BigNumber order(const EC_GROUP* group)
{
    return taken(const_cast<BIGNUM*>(EC_GROUP_get0_order(group)));
}

} // namespace

std::span<const EcCurve> ecCurves()
{
    // Some builds of libcrypto leave Brainpool's and SM2 out.
    static const std::vector<EcCurve> built = [] {
        std::vector<EcCurve> there;
        std::copy_if(curves.begin(), curves.end(), std::back_inserter(there),
                     [](const EcCurve& curve) {
                         return Group(EC_GROUP_new_by_curve_name(curve.nid)) != nullptr;
                     });
        return there;
    }();
    return built;
}

const EcCurve* ecCurveByOid(ByteView oid)
{
    const auto known = ecCurves();
    const auto it = std::find_if(known.begin(), known.end(),
                                 [&](const EcCurve& curve) { return curve.oid == asText(oid); });
    return it == known.end() ? nullptr : &*it;
}

const EcCurve* ecCurveBySshName(std::string_view name)
{
    const auto known = ecCurves();
    const auto it = std::find_if(known.begin(), known.end(), [&](const EcCurve& curve) {
        return !name.empty() && curve.sshName == name;
    });
    return it == known.end() ? nullptr : &*it;
}

std::optional<EcPoint> ecPublicPoint(const EcCurve& curve, const BigNumber& d)
{
    const Group group = groupOf(curve);
    if (d.isZero() || !(d < order(group.get())))
        return std::nullopt;
    const Point point(EC_POINT_new(group.get()));
    const Coordinates to;
    if (!point || !to.x || !to.y
        || EC_POINT_mul(group.get(), point.get(), d.native(), nullptr, nullptr, nullptr) != 1
        || EC_POINT_get_affine_coordinates(group.get(), point.get(), to.x.get(), to.y.get(),
                                           nullptr)
            != 1)
        throw std::bad_alloc();
    return EcPoint {taken(to.x.get()), taken(to.y.get())};
}

bool ecIsMontgomeryOne(const EcCurve& curve, const BigNumber& d)
{
    const auto words = static_cast<unsigned>((curve.bytes + 7) / 8);
    return d == BigNumber::powerOfTwo(64 * words) % order(groupOf(curve).get());
}

bool ecIsPoint(const EcCurve& curve, const EcPoint& point)
{
    const Group group = groupOf(curve);
    const Point on(EC_POINT_new(group.get()));
    if (!on)
        throw std::bad_alloc();
    return EC_POINT_set_affine_coordinates(group.get(), on.get(), point.x.native(),
                                           point.y.native(), nullptr)
        == 1;
}

SecretBytes ecOctets(const EcCurve& curve, const EcPoint& point)
{
    SecretBytes octets {4};
    for (const BigNumber* coordinate : {&point.x, &point.y}) {
        const SecretBytes bytes = coordinate->bigEndian(curve.bytes);
        octets.insert(octets.end(), bytes.begin(), bytes.end());
    }
    return octets;
}

bool ecMayBePoint(const EcCurve& curve, ByteView octets)
{
    if (octets.size() == 2 * curve.bytes + 1)
        return octets[0] == 4;
    return octets.size() == curve.bytes + 1 && (octets[0] == 2 || octets[0] == 3);
}

bool ecSamePoint(const EcCurve& curve, const EcPoint& point, ByteView octets)
{
    const SecretBytes whole = ecOctets(curve, point);
    if (octets.size() == whole.size())
        return std::equal(octets.begin(), octets.end(), whole.begin());
    return octets.size() == curve.bytes + 1 && octets[0] == (point.y.isOdd() ? 3 : 2)
        && std::equal(octets.begin() + 1, octets.end(), whole.begin() + 1);
}

SecretBytes ecMontgomery(const EcCurve& curve, const BigNumber& coordinate)
{
    const Group group = groupOf(curve);
    const std::size_t size = (curve.bytes + 7) / 8 * 8;
    const BigNumber r = BigNumber::powerOfTwo(static_cast<unsigned>(size * 8));
    return ((coordinate * r) % fieldPrime(group.get())).littleEndian(size);
}

EcProjected ecProjected(const EcCurve& curve, const BigNumber& x, const BigNumber& z)
{
    const BigNumber prime = fieldPrime(groupOf(curve).get());
    const BigNumber r
        = BigNumber::powerOfTwo(static_cast<unsigned>((curve.bytes + 7) / 8 * 64)) % prime;
    const BigNumber product = (x * ((z * z) % prime)) % prime;
    // Held are X·R and Z·R; their quotient X / Z² then has R once too few below.
    return {product, (product * *r.inverse(prime)) % prime};
}

namespace {

/// AlgorithmIdentifier {id-ecPublicKey, curve}
SecretBytes algorithm(const EcCurve& curve)
{
    static constexpr std::string_view ecPublicKey = "\x2a\x86\x48\xce\x3d\x02\x01"sv;
    return derElement(DerTag::Sequence,
                      {derElement(DerTag::ObjectId, asBytes(ecPublicKey)),
                       derElement(DerTag::ObjectId, asBytes(curve.oid))});
}

/// ECPrivateKey (RFC 5915) with or without its curve, and PrivateKeyInfo around the latter: each
/// as base64 lines would hold it.
void addTextForms(std::vector<DerivedValue>& derived, const EcCurve& curve, const BigNumber& d,
                  const EcPoint& point)
{
    static constexpr std::uint8_t versionOne[] = {0x02, 0x01, 0x01};
    static constexpr std::uint8_t versionZero[] = {0x02, 0x01, 0x00};
    static constexpr std::uint8_t noUnusedBits[] = {0};
    const SecretBytes octets = ecOctets(curve, point);
    const SecretBytes bits = derElement(DerTag::BitString, {noUnusedBits, octets});
    const SecretBytes publicPart = derElement(DerTag::Context1, bits);
    const SecretBytes named
        = derElement(DerTag::Context0, derElement(DerTag::ObjectId, asBytes(curve.oid)));
    const SecretBytes scalar = derElement(DerTag::OctetString, d.bigEndian(curve.bytes));
    const auto add = [&](const char* name, const SecretBytes& whole) {
        const auto at = std::search(whole.begin(), whole.end(), scalar.begin(), scalar.end());
        const auto end = static_cast<std::size_t>(at - whole.begin()) + scalar.size();
        addBase64Of(derived, name, whole, end - curve.bytes, end);
    };
    add("base64 of SEC1", derElement(DerTag::Sequence, {versionOne, scalar, named, publicPart}));
    const SecretBytes inner = derElement(DerTag::Sequence, {versionOne, scalar, publicPart});
    add("base64 of PKCS#8",
        derElement(DerTag::Sequence,
                   {versionZero, algorithm(curve), derElement(DerTag::OctetString, inner)}));
}

/// What arithmetic modulo the order makes of the number: the inverse, with which signatures are
/// made where it is the one number of a signature, and R·d for Montgomery's multiplication.
void addRelatives(std::vector<DerivedValue>& derived, const EcCurve& curve, const BigNumber& d)
{
    const BigNumber n = order(groupOf(curve).get());
    const auto add = [&](const char* name, const BigNumber& number) {
        derived.push_back({name, ValueForm::Number, number.bigEndian()});
    };
    add("order - d", n - d);
    if (const auto inverse = d.inverse(n))
        add("1 / d mod order", *inverse);
    const auto words = static_cast<unsigned>((curve.bytes + 7) / 8);
    add("R·d mod order", (d * BigNumber::powerOfTwo(64 * words)) % n);
}

} // namespace

SecretBytes ecSpki(const EcCurve& curve, const EcPoint& point)
{
    static constexpr std::uint8_t noUnusedBits[] = {0};
    return derElement(
        DerTag::Sequence,
        {algorithm(curve), derElement(DerTag::BitString, {noUnusedBits, ecOctets(curve, point)})});
}

PrivateKey ecPrivateKey(const EcCurve& curve, const BigNumber& d, const EcPoint& point,
                        Confidence confidence, std::string proof)
{
    PrivateKey key;
    key.name = "EC " + std::string(curve.name);
    key.confidence = confidence;
    key.proof = std::move(proof);
    key.value = d.bigEndian();
    identify(key, ecSpki(curve, point));
    addRelatives(key.derived, curve, d);
    addTextForms(key.derived, curve, d, point);
    return key;
}

} // namespace coredact
