// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of curves, made from seeds.
#pragma once

#include "detectorrun.h"

#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/okpkey.h"

#include <QtGlobal>

#include <algorithm>

namespace coredact {

/// A curve that there is.
inline const EcCurve& curveNamed(std::string_view name)
{
    for (const EcCurve& curve : ecCurves())
        if (curve.name == name)
            return curve;
    qFatal("no such curve");
}

/// As wide as the curve's order, and below it.
inline BigNumber scalarOf(const EcCurve& curve, std::uint32_t seed)
{
    auto bytes = randomBytes(curve.bytes, seed);
    bytes[0] = curve.name == "P-521" ? 1 : 0x7f;
    return BigNumber::fromBigEndian(bytes);
}

inline SecretBytes madeSecret(std::uint32_t seed, std::size_t size = 32)
{
    const auto bytes = randomBytes(size, seed);
    return {bytes.begin(), bytes.end()};
}

/// The kind whose object identifier, 1.3.101.N, ends with this.
inline const OkpKind& okpKindOf(std::uint8_t last)
{
    const std::uint8_t oid[] = {0x2b, 0x65, last};
    return *okpKindByOid(oid);
}

inline const OkpKind& x25519() { return okpKindOf(0x6e); }

/// Whether the number is searched for beside the match's value.
inline bool brings(const Match& match, const BigNumber& number)
{
    return std::any_of(match.derived.begin(), match.derived.end(), [&](const DerivedValue& value) {
        return value.form == ValueForm::Number && value.bytes == number.bigEndian();
    });
}

} // namespace coredact
