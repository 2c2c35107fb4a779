// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/jsonkey.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/numberkeys.h"
#include "scanner/rules/keys/okpkey.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <map>

namespace coredact {

namespace {

bool isSpace(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/// What a key has of objects inside one another. A text that is full of "kty" is read this often at
/// most, and not as often as an object is wide.
constexpr int mostInside = 64;

/// Whether a member "kty" begins with its quote at `at`.
bool isTypeMember(ByteView bytes, std::size_t at)
{
    if (!standsAt(bytes, at, "\"kty"))
        return false;
    at += 4;
    while (at < bytes.size() && bytes[at] == '\\')
        ++at;
    if (at >= bytes.size() || bytes[at++] != '"')
        return false;
    while (at < bytes.size() && isSpace(bytes[at]))
        ++at;
    return at < bytes.size() && bytes[at] == ':';
}

/// Where the object begins that `position` lies in; nothing within the caps, or where the object
/// has a "kty" before: notFound.
std::size_t objectBegin(ByteView bytes, std::size_t position)
{
    const std::size_t floor = position - std::min(position, maximumJwk);
    int depth = 0;
    for (std::size_t at = position; at-- > floor && depth <= mostInside;) {
        if (bytes[at] == '}')
            ++depth;
        else if (bytes[at] == '{' && depth-- == 0)
            return at;
        else if (bytes[at] == 0 || (depth == 0 && isTypeMember(bytes, at)))
            return notFound;
    }
    return notFound;
}

/// The strings of an object by their names, up to its end or where it breaks off. A number, an
/// array or an inner object is passed over.
class Members {
public:
    /// `quote`: as it is written, with its escapes.
    Members(ByteView bytes, std::size_t begin, std::string_view quote)
        : m_bytes(bytes.first(std::min(bytes.size(), begin + maximumJwk)))
    {
        std::size_t at = begin + 1;
        int depth = 1;
        while (at < m_bytes.size() && depth > 0 && depth <= mostInside) {
            if (isQuote(at, quote)) {
                at = depth == 1 ? takeMember(at, quote) : skipString(at, quote);
                continue;
            }
            if (m_bytes[at] == 0)
                return;
            depth += m_bytes[at] == '{' ? 1 : m_bytes[at] == '}' ? -1 : 0;
            ++at;
        }
    }

    bool has(std::string_view name) const { return m_spans.contains(name); }
    Span span(std::string_view name) const { return m_spans.find(name)->second; }
    std::string_view text(std::string_view name) const
    {
        const auto it = m_spans.find(name);
        return it == m_spans.end()
            ? std::string_view()
            : asText(m_bytes.subspan(it->second.begin, it->second.end - it->second.begin));
    }
    SecretBytes bytes(std::string_view name) const
    {
        const ByteView written = asBytes(text(name));
        SecretBytes characters(written.begin(), written.end());
        std::replace(characters.begin(), characters.end(), std::uint8_t {'-'}, std::uint8_t {'+'});
        std::replace(characters.begin(), characters.end(), std::uint8_t {'_'}, std::uint8_t {'/'});
        return decodeBase64(characters);
    }
    BigNumber number(std::string_view name) const { return BigNumber::fromBigEndian(bytes(name)); }

private:
    bool isQuote(std::size_t at, std::string_view quote) const
    {
        return m_bytes[at] == static_cast<std::uint8_t>(quote.front())
            && standsAt(m_bytes, at, quote);
    }

    std::size_t endOfString(std::size_t begin, std::string_view quote) const
    {
        for (std::size_t at = begin; at < m_bytes.size(); ++at)
            if (isQuote(at, quote))
                return at;
        return m_bytes.size();
    }

    std::size_t skipString(std::size_t at, std::string_view quote) const
    {
        return endOfString(at + quote.size(), quote) + quote.size();
    }

    std::size_t takeMember(std::size_t at, std::string_view quote)
    {
        const Span name {at + quote.size(), endOfString(at + quote.size(), quote)};
        at = name.end + quote.size();
        while (at < m_bytes.size() && isSpace(m_bytes[at]))
            ++at;
        if (at >= m_bytes.size() || m_bytes[at] != ':')
            return at;
        ++at;
        while (at < m_bytes.size() && isSpace(m_bytes[at]))
            ++at;
        if (!standsAt(m_bytes, at, quote))
            return at;
        const Span value {at + quote.size(), endOfString(at + quote.size(), quote)};
        if (value.end >= m_bytes.size())
            return value.end;
        m_spans.emplace(asText(m_bytes.subspan(name.begin, name.end - name.begin)), value);
        return value.end + quote.size();
    }

    ByteView m_bytes;
    std::map<std::string, Span, std::less<>> m_spans;
};

/// "crv": the names of RFC 7518, 8037 and 8812.
const EcCurve* curveOf(std::string_view name)
{
    for (const EcCurve& curve : ecCurves())
        if (curve.name == name)
            return &curve;
    return nullptr;
}

const OkpKind* kindOf(std::string_view name)
{
    for (std::uint8_t last = 0x6e; last <= 0x71; ++last) {
        const std::array<std::uint8_t, 3> oid {0x2b, 0x65, last};
        const OkpKind* kind = okpKindByOid(oid);
        if (kind && kind->name == name)
            return kind;
    }
    return nullptr;
}

std::optional<PrivateKey> curveKey(const Members& members)
{
    const EcCurve* curve = curveOf(members.text("crv"));
    const SecretBytes d = members.bytes("d");
    if (!curve || d.size() > curve->bytes || d.size() + 4 < curve->bytes)
        return std::nullopt;
    SecretBytes octets {4};
    for (const char* name : {"x", "y"}) {
        const SecretBytes coordinate = members.bytes(name);
        octets.insert(octets.end(), coordinate.begin(), coordinate.end());
    }
    return ecKeyOf(*curve, d, octets);
}

std::optional<PrivateKey> okpKey(const Members& members)
{
    const OkpKind* kind = kindOf(members.text("crv"));
    const SecretBytes d = members.bytes("d");
    if (!kind || d.size() != kind->bytes)
        return std::nullopt;
    return okpPrivateKey(*kind, d, members.bytes("x"));
}

std::optional<PrivateKey> octetKey(const Members& members)
{
    PrivateKey key;
    key.value = members.bytes("k");
    if (key.value.size() < 8 || key.value.size() > 1024)
        return std::nullopt;
    key.name = std::to_string(key.value.size() * 8) + "-bit symmetric";
    key.form = ValueForm::Binary;
    return key;
}

/// RFC 7638: SHA-256 over the members that a public key must have.
Identity thumbprint(const Members& members, std::initializer_list<const char*> names)
{
    std::string text;
    for (const char* name : names)
        text += (text.empty() ? "{\"" : ",\"") + std::string(name) + "\":\""
            + std::string(members.text(name)) + '"';
    text += '}';
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest {};
    SHA256(asBytes(text).data(), text.size(), digest.data());
    std::string shown(asText(encodeBase64(digest)));
    std::replace(shown.begin(), shown.end(), '+', '-');
    std::replace(shown.begin(), shown.end(), '/', '_');
    while (shown.ends_with('='))
        shown.pop_back();
    return {"jwk-thumbprint", std::move(shown)};
}

std::optional<PrivateKey> keyOf(const Members& members)
{
    const std::string_view type = members.text("kty");
    if (type == "oct" && members.has("k"))
        return octetKey(members);
    if (!members.has("d"))
        return std::nullopt;
    std::optional<PrivateKey> key;
    if (type == "RSA") {
        key = rsaKeyOf(members.number("n"), members.number("e"), members.number("d"),
                       members.number("p"), members.number("q"));
        if (key)
            key->identity = thumbprint(members, {"e", "kty", "n"});
    } else if (type == "EC") {
        key = curveKey(members);
        if (key)
            key->identity = thumbprint(members, {"crv", "kty", "x", "y"});
    } else if (type == "OKP") {
        key = okpKey(members);
        if (key)
            key->identity = thumbprint(members, {"crv", "kty", "x"});
    }
    return key;
}

} // namespace

std::optional<JsonKey> readJwk(ByteView bytes, std::size_t position)
{
    std::size_t quote = position;
    if (quote == 0 || bytes[quote - 1] != '"')
        return std::nullopt;
    --quote;
    while (quote > 0 && position - quote < 8 && bytes[quote - 1] == '\\')
        --quote;
    const std::string written(asText(bytes.subspan(quote, position - quote)));
    const std::size_t begin = objectBegin(bytes, quote);
    if (begin == notFound || !standsAt(bytes, position + 3, written))
        return std::nullopt;
    const Members members(bytes, begin, written);
    auto key = keyOf(members);
    if (!key)
        return std::nullopt;
    JsonKey found;
    found.begin = begin;
    found.kid = members.text("kid");
    found.symmetric = members.text("kty") == "oct";
    found.key = std::move(*key);
    const auto secretNames = found.symmetric
        ? std::vector<const char*> {"k"}
        : std::vector<const char*> {"d", "p", "q", "dp", "dq", "qi"};
    for (const char* name : secretNames)
        if (members.has(name) && members.span(name).begin < members.span(name).end)
            found.secrets.push_back(members.span(name));
    return found;
}

} // namespace coredact
