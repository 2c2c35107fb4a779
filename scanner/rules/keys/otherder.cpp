// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/otherder.h"

#include "scanner/rules/keys/numberkeys.h"

#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

ByteView content(ByteView bytes, const DerItem& item)
{
    return bytes.subspan(item.begin, item.size());
}

BigNumber number(ByteView bytes, const DerItem& item)
{
    return BigNumber::fromBigEndian(content(bytes, item));
}

/// The next INTEGER of at most 16,384 bits.
std::optional<DerItem> nextNumber(ByteView bytes, DerReader& reader)
{
    const auto item = reader.next(DerTag::Integer);
    if (!item || item->size() == 0 || item->size() > 2049 || bytes[item->begin] >= 0x80)
        return std::nullopt;
    return item;
}

std::optional<DerKey> keyOf(DerFamily family, std::optional<PrivateKey> key, const DerItem& secret)
{
    if (!key)
        return std::nullopt;
    return DerKey {family, std::move(*key), {{secret.begin, secret.end}}};
}

struct Scheme {
    std::string_view oidEnd; ///< after 2.16.840.1.101.3.4
    std::string_view name;
};

constexpr std::string_view nistAlgorithms = "\x60\x86\x48\x01\x65\x03\x04"sv;
constexpr std::array schemes {
    Scheme {"\x03\x11"sv, "ML-DSA-44"},  Scheme {"\x03\x12"sv, "ML-DSA-65"},
    Scheme {"\x03\x13"sv, "ML-DSA-87"},  Scheme {"\x04\x01"sv, "ML-KEM-512"},
    Scheme {"\x04\x02"sv, "ML-KEM-768"}, Scheme {"\x04\x03"sv, "ML-KEM-1024"},
};

std::string_view schemeName(ByteView oid)
{
    const std::string_view text = asText(oid);
    if (!text.starts_with(nistAlgorithms) || text.size() != nistAlgorithms.size() + 2)
        return {};
    const std::string_view end = text.substr(nistAlgorithms.size());
    for (const Scheme& scheme : schemes)
        if (scheme.oidEnd == end)
            return scheme.name;
    return end[0] == 3 && end[1] >= 20 && end[1] <= 31 ? "SLH-DSA"sv : ""sv;
}

constexpr std::string_view pkcs5 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05"sv;
constexpr std::string_view pkcs12Pbe = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"sv;

/// "PBES2, PBKDF2 with 2048 rounds"; empty when it is no scheme of passwords.
std::string passwordScheme(ByteView bytes, const DerItem& algorithm)
{
    DerReader reader(bytes, algorithm.begin, algorithm.end);
    const auto oid = reader.next(DerTag::ObjectId);
    const auto parameters = reader.next(DerTag::Sequence);
    if (!oid || !parameters)
        return {};
    const std::string_view id = asText(content(bytes, *oid));
    if (id.starts_with(pkcs12Pbe) && id.size() == pkcs12Pbe.size() + 1)
        return "PKCS#12 PBE";
    if (!id.starts_with(pkcs5) || id.size() != pkcs5.size() + 1)
        return {};
    if (id.back() != 0x0d)
        return "PBES1";
    DerReader inner(bytes, parameters->begin, parameters->end);
    const auto derivation = inner.next(DerTag::Sequence);
    if (!derivation || !inner.next(DerTag::Sequence))
        return {};
    DerReader function(bytes, derivation->begin, derivation->end);
    const auto functionId = function.next(DerTag::ObjectId);
    const auto values = function.next(DerTag::Sequence);
    if (!functionId || !values)
        return {};
    if (asText(content(bytes, *functionId)) != "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"sv)
        return "PBES2";
    DerReader salted(bytes, values->begin, values->end);
    salted.next(DerTag::OctetString);
    const auto rounds = salted.next(DerTag::Integer);
    if (!rounds || rounds->size() == 0 || rounds->size() > 5)
        return "PBES2, PBKDF2";
    std::uint64_t count = 0;
    for (const std::uint8_t byte : content(bytes, *rounds))
        count = count << 8 | byte;
    return "PBES2, PBKDF2 with " + std::to_string(count) + " rounds";
}

} // namespace

std::optional<DerKey> readTraditionalDsa(ByteView bytes, std::size_t position)
{
    const auto sequence = derHeader(bytes, position);
    if (!sequence || !sequence->is(DerTag::Sequence))
        return std::nullopt;
    DerReader reader(bytes, sequence->begin, sequence->end);
    reader.next(DerTag::Integer);
    std::array<DerItem, 5> items;
    for (DerItem& item : items) {
        const auto next = nextNumber(bytes, reader);
        if (!next)
            return std::nullopt;
        item = *next;
    }
    if (!reader.atEnd())
        return std::nullopt;
    const LogNumbers numbers {number(bytes, items[0]), number(bytes, items[1]),
                              number(bytes, items[2]), number(bytes, items[3]),
                              number(bytes, items[4])};
    return keyOf(DerFamily::Log, logKeyOf("DSA", numbers), items[4]);
}

std::optional<DerKey> readLogPkcs8(ByteView bytes, const DerItem& algorithm, const DerItem& wrapped)
{
    DerReader reader(bytes, algorithm.begin, algorithm.end);
    const auto oid = reader.next(DerTag::ObjectId);
    const auto domain = reader.next(DerTag::Sequence);
    const auto x = DerReader(bytes, wrapped.begin, wrapped.end).next(DerTag::Integer);
    if (!oid || !domain || !x || x->size() == 0 || x->end != wrapped.end)
        return std::nullopt;
    const std::string_view id = asText(content(bytes, *oid));
    DerReader values(bytes, domain->begin, domain->end);
    const auto p = nextNumber(bytes, values);
    const auto second = p ? nextNumber(bytes, values) : std::nullopt;
    if (!second)
        return std::nullopt;
    LogNumbers numbers {number(bytes, *p), {}, {}, {}, number(bytes, *x)};
    if (id == "\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01"sv) {
        numbers.g = number(bytes, *second);
        return keyOf(DerFamily::Log, logKeyOf("DH", numbers), *x);
    }
    const bool dsa = id == "\x2a\x86\x48\xce\x38\x04\x01"sv;
    if (!dsa && id != "\x2a\x86\x48\xce\x3e\x02\x01"sv)
        return std::nullopt;
    const auto third = nextNumber(bytes, values);
    if (!third)
        return std::nullopt;
    numbers.q = number(bytes, dsa ? *second : *third);
    numbers.g = number(bytes, dsa ? *third : *second);
    return keyOf(DerFamily::Log, logKeyOf(dsa ? "DSA" : "DH", numbers), *x);
}

std::optional<DerKey> readPqcPkcs8(ByteView bytes, ByteView oid, const DerItem& wrapped)
{
    const std::string_view name = schemeName(oid);
    // The seed alone is 32 or 64 bytes; SLH-DSA's smallest key is 64.
    if (name.empty() || wrapped.size() < 32 || wrapped.size() > 6144)
        return std::nullopt;
    PrivateKey key;
    key.name = name;
    key.form = ValueForm::Binary;
    const ByteView secret = content(bytes, wrapped);
    key.value.assign(secret.begin(), secret.end());
    key.confidence = looksRandom(secret) ? Confidence::Likely : Confidence::Possible;
    return keyOf(DerFamily::Pqc, std::move(key), wrapped);
}

std::optional<EncryptedDer> readEncryptedDer(ByteView bytes, std::size_t position)
{
    const auto sequence = derHeader(bytes, position);
    if (!sequence || !sequence->is(DerTag::Sequence) || sequence->end > bytes.size()
        || sequence->size() > maximumDerKey)
        return std::nullopt;
    DerReader reader(bytes, sequence->begin, sequence->end);
    const auto algorithm = reader.next(DerTag::Sequence);
    const auto ciphertext = reader.next(DerTag::OctetString);
    if (!algorithm || !ciphertext || !reader.atEnd() || ciphertext->size() < 32)
        return std::nullopt;
    std::string scheme = passwordScheme(bytes, *algorithm);
    if (scheme.empty() || !looksRandom(content(bytes, *ciphertext)))
        return std::nullopt;
    return EncryptedDer {std::move(scheme), {ciphertext->begin, ciphertext->end}, sequence->end};
}

} // namespace coredact
