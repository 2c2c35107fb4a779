// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/sexpkey.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/codec.h"
#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/numberkeys.h"
#include "scanner/rules/keys/okpkey.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>

namespace coredact {

namespace {

bool isSpace(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }
bool isDigit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

bool isToken(std::uint8_t byte)
{
    return isDigit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
        || byte == '-' || byte == '.' || byte == '_' || byte == '/' || byte == ':' || byte == '*'
        || byte == '+' || byte == '=';
}

struct Token {
    enum Kind { Open, Close, Atom, End } kind = End;
    Span span; ///< of an atom as it is written
    SecretBytes bytes; ///< what it means
};

// What libgcrypt has in memory (gcry_sexp_t) instead of parentheses and lengths in decimals.
constexpr std::uint8_t heldAtom = 1;
constexpr std::uint8_t heldOpen = 3;
constexpr std::uint8_t heldClose = 4;

/// Reads Rivest's S-expressions: canonical "3:rsa", hexadecimal "#010001#", quoted, and bare; and
/// libgcrypt's own form.
class Tokens {
public:
    Tokens(ByteView bytes, std::size_t position)
        : m_bytes(bytes.first(std::min(bytes.size(), position + maximumSexpKey)))
        , m_at(position)
    {
    }

    Token next()
    {
        while (m_at < m_bytes.size() && isSpace(m_bytes[m_at]))
            ++m_at;
        if (m_at >= m_bytes.size())
            return {};
        switch (m_bytes[m_at]) {
        case '(':
        case heldOpen:
            ++m_at;
            return {Token::Open, {}, {}};
        case ')':
        case heldClose:
            ++m_at;
            return {Token::Close, {}, {}};
        case heldAtom:
            return held();
        case '#':
            return hexadecimal();
        case '"':
            return quoted();
        default:
            return isDigit(m_bytes[m_at]) ? counted() : bare();
        }
    }

private:
    Token atom(std::size_t begin, std::size_t end)
    {
        const ByteView content = m_bytes.subspan(begin, end - begin);
        return {Token::Atom, {begin, end}, SecretBytes(content.begin(), content.end())};
    }

    Token counted()
    {
        std::size_t size = 0;
        std::size_t at = m_at;
        for (; at < m_bytes.size() && isDigit(m_bytes[at]) && size < maximumSexpKey; ++at)
            size = size * 10 + m_bytes[at] - '0';
        if (at >= m_bytes.size() || m_bytes[at] != ':')
            return bare();
        if (size > m_bytes.size() - at - 1)
            return {};
        m_at = at + 1 + size;
        return atom(at + 1, m_at);
    }

    /// The length stands in 16 bits of the machine's own order; all that has libgcrypt is
    /// little-endian these days.
    Token held()
    {
        constexpr std::size_t head = 3;
        if (m_bytes.size() - m_at < head)
            return {};
        const std::size_t size = littleWord<std::uint16_t>(m_bytes.data() + m_at + 1);
        if (size > m_bytes.size() - m_at - head)
            return {};
        const std::size_t begin = m_at + head;
        m_at = begin + size;
        return atom(begin, m_at);
    }

    Token hexadecimal()
    {
        Token token {Token::Atom, {m_at + 1, m_at + 1}, {}};
        SecretBytes digits;
        for (std::size_t at = m_at + 1; at < m_bytes.size(); ++at) {
            if (m_bytes[at] == '#') {
                token.span.end = at;
                m_at = at + 1;
                auto bytes = decodeHex(asText(digits));
                if (!bytes)
                    return {};
                token.bytes = std::move(*bytes);
                return token;
            }
            if (hexValue(static_cast<char>(m_bytes[at])))
                digits.push_back(m_bytes[at]);
            else if (!isSpace(m_bytes[at]))
                return {};
        }
        return {};
    }

    Token quoted()
    {
        const std::size_t begin = m_at + 1;
        for (std::size_t at = begin; at < m_bytes.size(); ++at)
            if (m_bytes[at] == '"') {
                m_at = at + 1;
                return atom(begin, at);
            }
        return {};
    }

    Token bare()
    {
        const std::size_t begin = m_at;
        while (m_at < m_bytes.size() && isToken(m_bytes[m_at]))
            ++m_at;
        return m_at == begin ? Token {} : atom(begin, m_at);
    }

    ByteView m_bytes;
    std::size_t m_at;
};

/// The lists of a key by their names: (n #...#) and so on.
struct Fields {
    std::string algorithm;
    std::map<std::string, Token, std::less<>> values;
    Token ciphertext; ///< of (protected MODE PARAMETERS ciphertext)

    BigNumber number(std::string_view name) const { return BigNumber::fromBigEndian(bytes(name)); }
    ByteView bytes(std::string_view name) const
    {
        const auto it = values.find(name);
        return it == values.end() ? ByteView() : ByteView(it->second.bytes);
    }
    std::string_view text(std::string_view name) const { return asText(bytes(name)); }
};

/// As deep as "(protected MODE ((sha1 SALT COUNT) IV) ciphertext)" is. What goes deeper is rows of
/// beginnings, and reading each of them to the last one would take the square of their number.
constexpr int deepestList = 3;

/// Reads one list behind its parenthesis: its name, its first atom, and its last one.
bool readList(Tokens& tokens, Fields& fields)
{
    const Token name = tokens.next();
    if (name.kind != Token::Atom || name.bytes.size() > 32)
        return false;
    Token first;
    Token last;
    for (int depth = 1; depth > 0;) {
        Token token = tokens.next();
        if (token.kind == Token::End)
            return false;
        depth += token.kind == Token::Open ? 1 : token.kind == Token::Close ? -1 : 0;
        if (depth > deepestList)
            return false;
        if (token.kind == Token::Atom && depth == 1) {
            if (first.kind == Token::End)
                first = token;
            last = std::move(token);
        }
    }
    const std::string called(asText(name.bytes));
    if (called == "protected")
        fields.ciphertext = std::move(last);
    else if (first.kind == Token::Atom)
        fields.values.emplace(called, std::move(first));
    return true;
}

/// "rsa (n ...) (e ...) ...": a list that breaks off keeps what was read before.
std::optional<Fields> readFields(Tokens& tokens)
{
    Fields fields;
    const Token algorithm = tokens.next();
    if (algorithm.kind != Token::Atom || algorithm.bytes.size() > 16)
        return std::nullopt;
    fields.algorithm = asText(algorithm.bytes);
    while (tokens.next().kind == Token::Open)
        if (!readList(tokens, fields))
            break;
    return fields;
}

/// libgcrypt's names of curves are ours, but for "NIST P-256" and so on, and one more.
std::string_view curveName(std::string_view name)
{
    constexpr std::string_view nist = "NIST ";
    if (name == "sm2p256v1")
        return "SM2";
    return name.starts_with(nist) ? name.substr(nist.size()) : name;
}

std::optional<PrivateKey> okpKey(const Fields& fields, std::uint8_t oidEnd, bool reversed)
{
    const std::array<std::uint8_t, 3> oid {0x2b, 0x65, oidEnd};
    const OkpKind* kind = okpKindByOid(oid);
    const BigNumber number = fields.number("d");
    if (number.bytes() > kind->bytes || number.bits() < 128)
        return std::nullopt;
    SecretBytes secret = number.bigEndian(kind->bytes);
    if (reversed)
        std::reverse(secret.begin(), secret.end());
    ByteView half = fields.bytes("q");
    if (half.size() == kind->bytes + 1 && half[0] == 0x40)
        half = half.subspan(1);
    return okpPrivateKey(*kind, secret, half);
}

std::optional<PrivateKey> curveKey(const Fields& fields)
{
    const std::string_view name = fields.text("curve");
    if (name == "Ed25519" || name == "Ed448")
        return okpKey(fields, name == "Ed448" ? 0x71 : 0x70, false);
    if (name == "Curve25519" || name == "X448")
        return okpKey(fields, name == "X448" ? 0x6f : 0x6e, name == "Curve25519");
    for (const EcCurve& curve : ecCurves()) {
        if (curve.name != curveName(name))
            continue;
        const BigNumber d = fields.number("d");
        return d.bytes() <= curve.bytes
            ? ecKeyOf(curve, d.bigEndian(curve.bytes), fields.bytes("q"))
            : std::nullopt;
    }
    return std::nullopt;
}

std::optional<PrivateKey> keyOf(const Fields& fields)
{
    if (fields.algorithm == "rsa")
        return rsaKeyOf(fields.number("n"), fields.number("e"), fields.number("d"),
                        fields.number("p"), fields.number("q"));
    if (fields.algorithm == "dsa" || fields.algorithm == "elg")
        return logKeyOf(fields.algorithm == "dsa" ? "DSA" : "ElGamal",
                        {fields.number("p"), fields.number("q"), fields.number("g"),
                         fields.number("y"), fields.number("x")});
    return curveKey(fields);
}

/// What gpg calls an RSA key by: SHA-1 of the modulus.
std::optional<Identity> keygrip(const Fields& fields)
{
    const ByteView n = fields.bytes("n");
    if (fields.algorithm != "rsa" || n.empty())
        return std::nullopt;
    std::array<std::uint8_t, 20> digest {};
    std::size_t size = 0;
    EVP_Q_digest(nullptr, "SHA1", nullptr, n.data(), n.size(), digest.data(), &size);
    std::string text = toHex(digest);
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return static_cast<char>(letter >= 'a' ? letter - 'a' + 'A' : letter);
    });
    return Identity {"keygrip", std::move(text)};
}

/// A key that is not encrypted.
std::optional<SexpKey> plainKey(const Fields& fields)
{
    auto key = keyOf(fields);
    if (!key)
        return std::nullopt;
    SexpKey found;
    found.key = std::move(*key);
    for (const char* name : {"d", "p", "q", "u", "x"})
        if (const auto it = fields.values.find(std::string_view(name)); it != fields.values.end()
            && !((*name == 'p' || *name == 'q') && fields.algorithm != "rsa"))
            found.secrets.push_back(it->second.span);
    if (auto grip = keygrip(fields))
        found.key.identity = std::move(grip);
    return found;
}

} // namespace

std::optional<SexpKey> readSexpKey(ByteView bytes, std::size_t position)
{
    Tokens tokens(bytes, position);
    if (tokens.next().kind != Token::Open)
        return std::nullopt;
    const Token kind = tokens.next();
    const bool locked = asText(kind.bytes) == "protected-private-key";
    if (!locked && asText(kind.bytes) != "private-key")
        return std::nullopt;
    const auto fields
        = tokens.next().kind == Token::Open ? readFields(tokens) : std::optional<Fields>();
    if (!fields)
        return std::nullopt;
    SexpKey found;
    if (locked) {
        const Span& span = fields->ciphertext.span;
        if (fields->ciphertext.bytes.size() < 24)
            return std::nullopt;
        found.encrypted = true;
        found.key.name = "Encrypted GnuPG " + fields->algorithm;
        found.key.form = ValueForm::Binary;
        found.key.value = fields->ciphertext.bytes;
        found.secrets = {span};
    } else {
        return plainKey(*fields);
    }
    if (auto grip = keygrip(*fields))
        found.key.identity = std::move(grip);
    return found;
}

std::optional<SexpKey> readSexpRemains(ByteView bytes, std::size_t position)
{
    using namespace std::string_view_literals;
    constexpr std::string_view whole = "private-key\x03"sv;
    if (position >= whole.size() && standsAt(bytes, position - whole.size(), whole))
        return std::nullopt;
    Tokens tokens(bytes, position);
    const auto fields = readFields(tokens);
    return fields ? plainKey(*fields) : std::nullopt;
}

} // namespace coredact
