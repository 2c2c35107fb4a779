// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/bignumber.h"
#include "scanner/rules/keys/privatekey.h"

#include <span>

namespace coredact {

/// A curve that keys are met on.
struct EcCurve {
    std::string_view name; ///< "P-256"
    std::string_view sshName; ///< "nistp256", "" where SSH has none
    int nid; ///< libcrypto's number
    std::size_t bytes; ///< of a coordinate, and of a private scalar in DER
    std::string_view oid; ///< content of the OBJECT IDENTIFIER
};

/// Those that libcrypto can calculate on.
std::span<const EcCurve> ecCurves();
const EcCurve* ecCurveByOid(ByteView oid);
const EcCurve* ecCurveBySshName(std::string_view name);

/// An affine point, in coordinates of the curve's field.
struct EcPoint {
    BigNumber x;
    BigNumber y;
};

/// d·G; nothing when d is zero or not below the order.
std::optional<EcPoint> ecPublicPoint(const EcCurve& curve, const BigNumber& d);
/// Whether d is 2^(64·words) modulo the order, with which Montgomery's arithmetic begins. Nobody's
/// key: tables of the base point's multiples hold its point.
bool ecIsMontgomeryOne(const EcCurve& curve, const BigNumber& d);
/// Whether the point is on the curve.
bool ecIsPoint(const EcCurve& curve, const EcPoint& point);
/// 04 ‖ x ‖ y
SecretBytes ecOctets(const EcCurve& curve, const EcPoint& point);
/// Whether `octets` have the length and first byte of a point of this curve (SEC 1, 2.3.3),
/// uncompressed or compressed; not whether it lies on the curve.
bool ecMayBePoint(const EcCurve& curve, ByteView octets);
/// Whether `octets` (uncompressed or compressed) are this point.
bool ecSamePoint(const EcCurve& curve, const EcPoint& point, ByteView octets);
/// The coordinate as Montgomery arithmetic with 64-bit limbs holds it, and as it is.
SecretBytes ecMontgomery(const EcCurve& curve, const BigNumber& coordinate);

/// x·z² in the field: the X of a point with this Z in Jacobian coordinates, as it is and with
/// both in Montgomery form.
struct EcProjected {
    BigNumber plain;
    BigNumber montgomery;
};
EcProjected ecProjected(const EcCurve& curve, const BigNumber& x, const BigNumber& z);

SecretBytes ecSpki(const EcCurve& curve, const EcPoint& point);

/// The key with what gives it away: d, n - d, and its DER and base64 lines.
PrivateKey ecPrivateKey(const EcCurve& curve, const BigNumber& d, const EcPoint& point,
                        Confidence confidence, std::string proof);

} // namespace coredact
