// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/derkey.h"

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/otherder.h"
#include "scanner/rules/keys/rsader.h"

namespace coredact {

namespace {

using namespace std::string_view_literals;

ByteView content(ByteView bytes, const DerItem& item)
{
    return bytes.subspan(item.begin, item.size());
}

/// An EC key before its proof: the scalar and the public point where there is one.
struct EcParts {
    DerItem scalar;
    ByteView octets;
};

PrivateKey provenEcKey(ByteView bytes, const EcParts& parts, const EcCurve* named, bool& sound)
{
    const BigNumber d = BigNumber::fromBigEndian(content(bytes, parts.scalar));
    // Libraries hold the fixed beginnings as constants, with anything behind them.
    const bool random = looksRandom(content(bytes, parts.scalar));
    const EcCurve* fallback = nullptr;
    std::optional<EcPoint> fallbackPoint;
    for (const EcCurve& curve : ecCurves()) {
        // Some writers leave out leading zeros.
        const std::size_t missing = curve.bytes - parts.scalar.size();
        if ((named && named != &curve) || missing > (named ? 4U : 0U))
            continue;
        // A point costs as much as reading megabytes, and beginnings stand in rows of thousands.
        const bool mayProve = ecMayBePoint(curve, parts.octets);
        if (!mayProve && (fallback || !random))
            continue;
        const auto point = ecPublicPoint(curve, d);
        if (!point)
            continue;
        if (mayProve && ecSamePoint(curve, *point, parts.octets))
            return ecPrivateKey(curve, d, *point, Confidence::Verified,
                                "d·G equals the public point beside it");
        if (!fallback) {
            fallback = &curve;
            fallbackPoint = point;
        }
    }
    sound = fallback != nullptr && random;
    if (!sound)
        return {};
    return ecPrivateKey(*fallback, d, *fallbackPoint, Confidence::Likely, {});
}

/// ECPrivateKey (RFC 5915) after its version.
std::optional<DerKey> readSec1(ByteView bytes, DerReader reader, const EcCurve* curve)
{
    const auto scalar = reader.next(DerTag::OctetString);
    if (!scalar || scalar->size() < 20 || scalar->size() > 66)
        return std::nullopt;
    EcParts parts {*scalar, {}};
    if (const auto parameters = reader.optional(DerTag::Context0)) {
        const auto oid
            = DerReader(bytes, parameters->begin, parameters->end).next(DerTag::ObjectId);
        const EcCurve* own = oid ? ecCurveByOid(content(bytes, *oid)) : nullptr;
        if (!own)
            return std::nullopt;
        curve = own;
    }
    if (const auto wrapped = reader.optional(DerTag::Context1)) {
        const auto bits = DerReader(bytes, wrapped->begin, wrapped->end).next(DerTag::BitString);
        if (bits && bits->size() > 1)
            parts.octets = content(bytes, *bits).subspan(1);
    }
    bool sound = true;
    DerKey key {
        DerFamily::Ec, provenEcKey(bytes, parts, curve, sound), {{scalar->begin, scalar->end}}};
    return sound ? std::optional(std::move(key)) : std::nullopt;
}

/// OneAsymmetricKey (RFC 8410) after its algorithm.
std::optional<DerKey> readOkp(ByteView bytes, DerReader outer, const DerItem& wrapped,
                              const OkpKind& kind)
{
    const auto secret = DerReader(bytes, wrapped.begin, wrapped.end).next(DerTag::OctetString);
    if (!secret || secret->size() != kind.bytes || secret->end != wrapped.end)
        return std::nullopt;
    ByteView publicHalf;
    outer.optional(DerTag::Context0);
    if (const auto bits = outer.optional(DerTag::Context1Primitive); bits && bits->size() > 1)
        publicHalf = content(bytes, *bits).subspan(1);
    PrivateKey key = okpPrivateKey(kind, content(bytes, *secret), publicHalf);
    if (key.confidence == Confidence::Possible)
        return std::nullopt; // no key behind a library's constant
    return DerKey {DerFamily::Okp, std::move(key), {{secret->begin, secret->end}}};
}

std::optional<DerKey> readInner(ByteView bytes, const DerItem& wrapped, const EcCurve* curve)
{
    const auto sequence = derHeader(bytes, wrapped.begin);
    if (!sequence || !sequence->is(DerTag::Sequence))
        return std::nullopt;
    DerReader reader(bytes, sequence->begin, sequence->end);
    const auto version = reader.next(DerTag::Integer);
    return version ? readSec1(bytes, reader, curve) : std::nullopt;
}

/// The OBJECT IDENTIFIERs of an AlgorithmIdentifier; the second is empty where there is none.
struct Algorithm {
    ByteView id;
    ByteView parameter;
};

std::optional<Algorithm> readAlgorithm(ByteView bytes, const DerItem& item)
{
    DerReader reader(bytes, item.begin, item.end);
    const auto id = reader.next(DerTag::ObjectId);
    if (!id)
        return std::nullopt;
    Algorithm algorithm {content(bytes, *id), {}};
    if (const auto parameter = reader.optional(DerTag::ObjectId))
        algorithm.parameter = content(bytes, *parameter);
    return algorithm;
}

/// PrivateKeyInfo (RFC 5958) after its version. The content of an RSA key may end too early.
std::optional<DerKey> readPkcs8(ByteView bytes, DerReader reader, const DerItem& algorithmItem)
{
    const auto algorithm = readAlgorithm(bytes, algorithmItem);
    if (!algorithm)
        return std::nullopt;
    const std::string_view id = asText(algorithm->id);
    const auto wrapped = derHeader(bytes, reader.position());
    if (!wrapped || !wrapped->is(DerTag::OctetString))
        return std::nullopt;
    if (id == "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv
        || id == "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"sv)
        return readPkcs1(bytes, wrapped->begin);
    if (!reader.next(DerTag::OctetString))
        return std::nullopt;
    if (id == "\x2a\x86\x48\xce\x3d\x02\x01"sv) {
        const EcCurve* curve = ecCurveByOid(algorithm->parameter);
        return curve ? readInner(bytes, *wrapped, curve) : std::nullopt;
    }
    if (const OkpKind* kind = okpKindByOid(algorithm->id))
        return readOkp(bytes, reader, *wrapped, *kind);
    if (auto pqc = readPqcPkcs8(bytes, algorithm->id, *wrapped))
        return pqc;
    return readLogPkcs8(bytes, algorithmItem, *wrapped);
}

} // namespace

std::optional<DerKey> readDerKey(ByteView bytes, std::size_t position)
{
    const auto sequence = derHeader(bytes, position);
    if (!sequence || !sequence->is(DerTag::Sequence) || sequence->size() < 32
        || sequence->size() > maximumDerKey)
        return std::nullopt;
    DerReader reader(bytes, sequence->begin, sequence->end);
    const auto version = reader.next(DerTag::Integer);
    if (!version || version->size() != 1 || bytes[version->begin] > 1)
        return std::nullopt;
    const auto second = derHeader(bytes, reader.position());
    if (!second)
        return std::nullopt;
    if (second->is(DerTag::Integer)) {
        auto rsa = readPkcs1(bytes, position);
        return rsa ? std::move(rsa) : readTraditionalDsa(bytes, position);
    }
    if (second->is(DerTag::OctetString))
        return bytes[version->begin] == 1 ? readSec1(bytes, reader, nullptr) : std::nullopt;
    const auto algorithm = reader.next(DerTag::Sequence);
    return algorithm ? readPkcs8(bytes, reader, *algorithm) : std::nullopt;
}

} // namespace coredact
