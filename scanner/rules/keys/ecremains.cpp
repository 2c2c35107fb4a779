// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/ecremains.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/derkey.h"
#include "scanner/rules/keys/eckey.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 8;
constexpr std::size_t leastLeft = 8; ///< bytes of a scalar; what is left is looked for elsewhere

/// The octets of the public point; nothing where no [1] with a BIT STRING stands there.
std::optional<ByteView> publicOctets(ByteView bytes, std::size_t position)
{
    const auto wrapped = derHeader(bytes, position);
    if (!wrapped || !wrapped->is(DerTag::Context1) || wrapped->end > bytes.size())
        return std::nullopt;
    const auto bits = DerReader(bytes, wrapped->begin, wrapped->end).next(DerTag::BitString);
    if (!bits || bits->size() < 2 || bits->end != wrapped->end || bytes[bits->begin] != 0)
        return std::nullopt;
    return bytes.subspan(bits->begin + 1, bits->size() - 1);
}

/// The curve of the parameters that end at `end`, and where they begin.
struct Named {
    const EcCurve* curve = nullptr;
    std::size_t begin = 0;
};

std::optional<Named> nameBefore(ByteView bytes, std::size_t end)
{
    constexpr std::size_t heads = 4; // of [0] and of the OBJECT IDENTIFIER
    for (const EcCurve& curve : ecCurves()) {
        const std::size_t size = heads + curve.oid.size();
        if (end < size)
            continue;
        const std::size_t begin = end - size;
        const auto parameters = derHeader(bytes, begin);
        if (parameters && parameters->is(DerTag::Context0) && parameters->end == end
            && standsAt(bytes, begin + heads, curve.oid))
            return Named {&curve, begin};
    }
    return std::nullopt;
}

/// The point that uncompressed octets give.
EcPoint pointOf(const EcCurve& curve, ByteView octets)
{
    return {BigNumber::fromBigEndian(octets.subspan(1, curve.bytes)),
            BigNumber::fromBigEndian(octets.last(curve.bytes))};
}

bool isCompressed(ByteView octets) { return octets[0] != 4; }

/// Whether the octets are a point of the curve; of compressed ones only the form is looked at.
bool isPublicKey(const EcCurve& curve, ByteView octets)
{
    return ecMayBePoint(curve, octets)
        && (isCompressed(octets) || ecIsPoint(curve, pointOf(curve, octets)));
}

/// Whether parameters stand there that say by numbers what the curve is: the last is the cofactor.
bool numbersEndAt(ByteView bytes, std::size_t end)
{
    using namespace std::string_view_literals;
    return end >= 3 && standsAt(bytes, end - 3, "\x02\x01\x01"sv);
}

/// Without a name the point says which curve it is.
const EcCurve* curveOf(ByteView octets)
{
    if (isCompressed(octets))
        return nullptr;
    const auto curves = ecCurves();
    const auto found = std::find_if(curves.begin(), curves.end(), [&](const EcCurve& curve) {
        return isPublicKey(curve, octets);
    });
    return found == curves.end() ? nullptr : &*found;
}

/// Whether a key that is told as a whole has its scalar end there.
bool isPartOfWhole(ByteView bytes, const Span& scalar)
{
    constexpr std::size_t longestHead = 9; // SEQUENCE, version and OCTET STRING
    for (std::size_t before = 7; before <= longestHead && before <= scalar.begin; ++before) {
        const std::size_t begin = scalar.begin - before;
        if (bytes[begin] != 0x30)
            continue;
        const auto key = readDerKey(bytes, begin);
        if (key && !key->secrets.empty() && key->secrets.front().end == scalar.end)
            return true;
    }
    return false;
}

/// What stands behind the last word that is an address or a number, if any.
Span leftOf(ByteView bytes, Span scalar, std::optional<std::size_t> word)
{
    if (!word)
        return scalar;
    Span left = scalar;
    // The first one may begin before the scalar.
    const std::size_t skew = (scalar.begin % wordBytes + wordBytes - *word % wordBytes) % wordBytes;
    for (std::size_t at = scalar.begin - std::min(skew, scalar.begin); at + wordBytes <= scalar.end;
         at += wordBytes)
        if (littleWord<std::uint64_t>(bytes.data() + at) >> 48 == 0)
            left.begin = at + wordBytes;
    return left;
}

/// Of random bytes one string in thousands has as many alike.
bool mayBeScalar(ByteView left)
{
    return left.size() >= leastLeft && distinctBytes(left) >= left.size() * 3 / 4;
}

/// The key when all of the scalar is there.
std::optional<PrivateKey> wholeKey(const EcCurve& curve, ByteView scalar, ByteView octets)
{
    const BigNumber d = BigNumber::fromBigEndian(scalar);
    const auto point = ecPublicPoint(curve, d);
    if (!point || !ecSamePoint(curve, *point, octets))
        return std::nullopt;
    return ecPrivateKey(curve, d, *point, Confidence::Verified,
                        "d·G equals the public point beside it");
}

PrivateKey partOfKey(const EcCurve& curve, ByteView left, ByteView octets)
{
    PrivateKey key;
    key.name = "EC " + std::string(curve.name);
    key.proof = "its public point stands behind what is left of it";
    key.form = ValueForm::Binary;
    key.value.assign(left.begin(), left.end());
    if (!isCompressed(octets))
        identify(key, ecSpki(curve, pointOf(curve, octets)));
    return key;
}

} // namespace

std::optional<EcRemains> readEcRemains(ByteView bytes, std::size_t position,
                                       std::optional<std::size_t> word)
{
    const auto octets = publicOctets(bytes, position);
    if (!octets)
        return std::nullopt;
    const auto named = nameBefore(bytes, position);
    const EcCurve* curve = named ? named->curve : curveOf(*octets);
    const std::size_t end = named ? named->begin : position;
    if (!curve || end < curve->bytes || (!named && numbersEndAt(bytes, end))
        || !isPublicKey(*curve, *octets))
        return std::nullopt;
    const Span scalar {end - curve->bytes, end};
    if (isPartOfWhole(bytes, scalar))
        return std::nullopt;
    const ByteView all = bytes.subspan(scalar.begin, curve->bytes);
    if (auto key = wholeKey(*curve, all, *octets))
        return EcRemains {std::move(*key), scalar};
    const Span left = leftOf(bytes, scalar, word);
    const ByteView random = bytes.subspan(left.begin, left.end - left.begin);
    if (!mayBeScalar(random))
        return std::nullopt;
    return EcRemains {partOfKey(*curve, random, *octets), left};
}

} // namespace coredact
