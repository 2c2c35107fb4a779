// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagateencodings.h"

#include "scanner/base/characters.h"

#include <algorithm>
#include <array>
#include <functional>

namespace coredact {

namespace {

constexpr std::string_view lowerDigits = "0123456789abcdef";
constexpr std::string_view upperDigits = "0123456789ABCDEF";
constexpr std::size_t shortestRun = 8; ///< bytes of the value

std::string hexDigits(std::uint8_t byte, std::string_view digits)
{
    return {digits[byte >> 4U], digits[byte & 15U]};
}

/// What stands before each byte's digits, and between one byte and the next.
struct ListStyle {
    std::string_view before;
    std::string_view between;

    /// How long a byte is with so many digits.
    std::size_t written(std::size_t digits) const
    {
        return digits + before.size() + between.size();
    }
};

/// A form with a text for each byte. `textOf(byte)`: what stands for it, the same with every call.
template <typename TextOf>
SecretForm listForm(const SecretForm& raw, std::string encoding, const ListStyle& style,
                    TextOf textOf)
{
    const std::size_t count = raw.bytes.size();
    std::size_t size = count * style.written(0) - style.between.size();
    for (const std::uint8_t byte : raw.bytes)
        size += textOf(byte).size();
    SecretForm form = emptyLike(raw, std::move(encoding), 0);
    form.bytes.resize(size);
    form.origin.resize(size);
    auto to = form.bytes.begin();
    auto origin = form.origin.begin();
    for (std::size_t i = 0; i < count; ++i) {
        const auto begin = to;
        if (i != 0)
            to = std::copy(style.between.begin(), style.between.end(), to);
        to = std::copy(style.before.begin(), style.before.end(), to);
        const std::string_view text = textOf(raw.bytes[i]);
        to = std::copy(text.begin(), text.end(), to);
        origin = std::fill_n(origin, to - begin, raw.origin[i]);
    }
    form.partsAlike = true;
    return form;
}

/// What stands for each byte, for all of them.
class ByteTexts {
public:
    template <typename Write> explicit ByteTexts(Write write)
    {
        for (unsigned byte = 0; byte < 256; ++byte)
            m_texts[byte] = write(static_cast<std::uint8_t>(byte));
    }
    std::string_view operator()(std::uint8_t byte) const { return m_texts[byte]; }

private:
    std::array<std::string, 256> m_texts;
};

SecretForm hexForm(const SecretForm& raw, std::string_view digits, const ListStyle& style)
{
    static const ByteTexts lower([](std::uint8_t byte) { return hexDigits(byte, lowerDigits); });
    static const ByteTexts upper([](std::uint8_t byte) { return hexDigits(byte, upperDigits); });
    SecretForm form = listForm(raw, "hex", style, std::cref(digits == lowerDigits ? lower : upper));
    form.shortest = shortestRun * style.written(2) - style.between.size();
    return form;
}

SecretForm decimalForm(const SecretForm& raw, bool negatives, const ListStyle& style)
{
    static const ByteTexts numbers([](std::uint8_t byte) { return std::to_string(byte); });
    static const ByteTexts signedNumbers(
        [](std::uint8_t byte) { return std::to_string(static_cast<std::int8_t>(byte)); });
    SecretForm form
        = listForm(raw, "decimal", style, std::cref(negatives ? signedNumbers : numbers));
    // Most numbers have two or three digits.
    form.shortest = shortestRun * style.written(2) - style.between.size();
    return form;
}

/// Three digits of octal for each byte, as C's strings and PostgreSQL have them.
SecretForm octalForm(const SecretForm& raw)
{
    static const ByteTexts octal([](std::uint8_t byte) {
        std::string text;
        for (const unsigned shift : {6U, 3U, 0U})
            text += static_cast<char>('0' + (byte >> shift & 7U));
        return text;
    });
    SecretForm form = listForm(raw, "octal", {"\\", ""}, std::cref(octal));
    form.shortest = shortestRun * 4;
    return form;
}

/// Adds a form where some bytes are written as `escape` says; "" leaves a byte as it is. Where all
/// are left, there is no such form.
template <typename Escape>
void addEscaped(std::vector<SecretForm>& forms, const SecretForm& raw, std::string encoding,
                Escape escape)
{
    if (std::all_of(raw.bytes.begin(), raw.bytes.end(),
                    [&](std::uint8_t byte) { return escape(byte).empty(); }))
        return;
    SecretForm form = emptyLike(raw, std::move(encoding), raw.bytes.size());
    for (std::size_t i = 0; i < raw.bytes.size(); ++i) {
        const std::string escaped = escape(raw.bytes[i]);
        if (escaped.empty())
            append(form, raw.bytes[i], raw.origin[i]);
        else
            append(form, escaped, raw.origin[i]);
    }
    // Where most bytes are escaped, few characters say little.
    if (form.bytes.size() >= 2 * raw.bytes.size())
        form.shortest = 2 * shortestRun;
    forms.push_back(std::move(form));
}

/// The same for a text of which `escapeOf` writes each character; "" leaves one as it is. What
/// stands for a character writes its bytes one after the other.
template <typename Escape>
SecretForm charactersForm(const SecretForm& raw, std::string encoding, Escape escapeOf)
{
    SecretForm form = emptyLike(raw, std::move(encoding), raw.bytes.size());
    for (std::size_t at = 0; at < raw.bytes.size();) {
        const Character character = characterAt(raw.bytes, at);
        const std::string escaped = escapeOf(character.code);
        const std::size_t written = escaped.empty() ? character.size : escaped.size();
        for (std::size_t i = 0; i < written; ++i)
            append(form,
                   escaped.empty() ? raw.bytes[at + i] : static_cast<std::uint8_t>(escaped[i]),
                   raw.origin[at + i * character.size / written]);
        at += character.size;
    }
    if (form.bytes.size() >= 2 * raw.bytes.size())
        form.shortest = 2 * shortestRun;
    return form;
}

std::string hexNumber(std::uint32_t number, std::size_t digits, std::string_view alphabet)
{
    std::string text(digits, '0');
    for (std::size_t i = digits; i-- > 0; number >>= 4U)
        text[i] = alphabet[number & 15U];
    return text;
}

/// \uXXXX of UTF-16's units, as JSON, Java and JavaScript have them.
std::string unicodeEscape(std::uint32_t code, std::string_view digits)
{
    const auto unit = [&](std::uint32_t value) { return "\\u" + hexNumber(value, 4, digits); };
    if (code < 0x10000)
        return unit(code);
    return unit(0xd800 + ((code - 0x10000) >> 10U)) + unit(0xdc00 + ((code - 0x10000) & 0x3ffU));
}

/// `kept`: characters that stand as they are besides letters and digits.
std::string percent(std::uint8_t byte, std::string_view digits, std::string_view kept)
{
    const bool letterOrDigit
        = (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z');
    if (letterOrDigit || kept.find(static_cast<char>(byte)) != std::string_view::npos)
        return {};
    return "%" + hexDigits(byte, digits);
}

/// How a JSON encoder writes what need not be escaped.
struct JsonStyle {
    std::string_view escaped; ///< as \u00..
    std::string_view digits;
    bool slash; ///< "/" as "\/"
};

std::string json(std::uint8_t byte, const JsonStyle& style)
{
    const auto unicode = [&] { return "\\u00" + hexDigits(byte, style.digits); };
    if (style.escaped.find(static_cast<char>(byte)) != std::string_view::npos)
        return unicode();
    switch (byte) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '/':
        return style.slash ? "\\/" : "";
    default:
        return byte < 0x20 ? unicode() : "";
    }
}

/// How an XML or HTML encoder writes the two quotes, and the line feed where it stands in an
/// attribute.
struct XmlStyle {
    std::string_view quote;
    std::string_view apostrophe;
    std::string_view lineFeed;
};

/// How a character that ASCII does not have is written by number.
enum class Numbered { Decimal, SmallHex, CapitalHex };

std::string reference(std::uint32_t code, Numbered numbered)
{
    if (numbered == Numbered::Decimal)
        return "&#" + std::to_string(code) + ";";
    const std::size_t digits = code < 0x100 ? 2 : code < 0x1000 ? 3 : code < 0x10000 ? 4 : 5;
    return "&#x"
        + hexNumber(code, digits, numbered == Numbered::SmallHex ? lowerDigits : upperDigits) + ";";
}

std::string xml(std::uint8_t byte, const XmlStyle& style)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return std::string(style.quote);
    case '\'':
        return std::string(style.apostrophe);
    case '\n':
        return std::string(style.lineFeed);
    default:
        return {};
    }
}

/// As in a string of C, Python or a shell's $'...'.
std::string literal(std::uint8_t byte)
{
    switch (byte) {
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '\\':
        return "\\\\";
    case '\'':
        return "\\'";
    default:
        return byte < 0x20 || byte >= 0x7f ? "\\x" + hexDigits(byte, lowerDigits) : "";
    }
}

/// The same of a character, as Python's ascii() has it.
std::string literalCharacter(std::uint32_t code)
{
    if (code < 0x100)
        return literal(static_cast<std::uint8_t>(code));
    return code < 0x10000 ? "\\u" + hexNumber(code, 4, lowerDigits)
                          : "\\U" + hexNumber(code, 8, lowerDigits);
}

/// How texts with more than ASCII are written by what keeps to ASCII: Python's and PHP's JSON; Java
/// and .NET's, and properties; HTML and XML; programs.
std::vector<SecretForm> asForeignEscapes(const SecretForm& raw)
{
    std::vector<SecretForm> forms;
    for (const JsonStyle& style : {JsonStyle {"", lowerDigits, false},
                                   {"", lowerDigits, true},
                                   {"", upperDigits, false},
                                   {"<>&'+\"`", upperDigits, false}})
        forms.push_back(charactersForm(raw, "json", [&](std::uint32_t code) {
            return code < 0x80 ? json(static_cast<std::uint8_t>(code), style)
                               : unicodeEscape(code, style.digits);
        }));
    for (const Numbered numbered : {Numbered::Decimal, Numbered::SmallHex, Numbered::CapitalHex})
        forms.push_back(charactersForm(raw, "xml", [&](std::uint32_t code) {
            return code < 0x80
                ? xml(static_cast<std::uint8_t>(code), XmlStyle {"&quot;", "&#39;", ""})
                : reference(code, numbered);
        }));
    forms.push_back(charactersForm(raw, "escaped", literalCharacter));
    return forms;
}

} // namespace

std::vector<SecretForm> asHex(const SecretForm& raw)
{
    return {hexForm(raw, lowerDigits, {"", ""}), hexForm(raw, upperDigits, {"", ""})};
}

std::vector<SecretForm> asByteLists(const SecretForm& raw)
{
    static constexpr std::array<ListStyle, 12> styles {{
        {"", " "},
        {"", ":"},
        {"", "-"},
        {"", ","},
        {"", ", "},
        {"\\x", ""},
        {"%", ""},
        {"\\u00", ""},
        {"&#x", ";"},
        {"0x", ","},
        {"0x", ", "},
        {"0x", " "},
    }};
    std::vector<SecretForm> forms;
    for (const std::string_view digits : {lowerDigits, upperDigits})
        for (const ListStyle& style : styles)
            forms.push_back(hexForm(raw, digits, style));
    for (const std::string_view between : {",", ", ", " "})
        forms.push_back(decimalForm(raw, false, {"", between}));
    for (const std::string_view between : {",", ", "})
        forms.push_back(decimalForm(raw, true, {"", between}));
    forms.push_back(decimalForm(raw, false, {"&#", ";"}));
    forms.push_back(octalForm(raw));
    return forms;
}

std::vector<SecretForm> asEscapedBytes(const SecretForm& raw)
{
    std::vector<SecretForm> forms;
    for (const std::string_view digits : {upperDigits, lowerDigits}) // RFC 3986
        addEscaped(forms, raw, "percent",
                   [&](std::uint8_t byte) { return percent(byte, digits, "-._~"); });
    addEscaped(forms, raw, "escaped", literal);
    return forms;
}

std::vector<SecretForm> asEscapes(const SecretForm& raw)
{
    std::vector<SecretForm> forms = asEscapedBytes(raw);
    // JavaScript's encodeURIComponent; and what leaves the separators of a URL alone.
    for (const std::string_view kept : {"-._~!*'()", "-._~!*'()/:@,;$&=+?"})
        for (const std::string_view digits : {upperDigits, lowerDigits})
            addEscaped(forms, raw, "percent",
                       [&](std::uint8_t byte) { return percent(byte, digits, kept); });
    // RFC 8259; PHP; Go; Gson; .NET.
    for (const JsonStyle& style : {JsonStyle {"", lowerDigits, false},
                                   {"", lowerDigits, true},
                                   {"<>&", lowerDigits, false},
                                   {"<>&'=", lowerDigits, false},
                                   {"<>&'+\"`", upperDigits, false}})
        addEscaped(forms, raw, "json", [&](std::uint8_t byte) { return json(byte, style); });
    for (const XmlStyle& style : {XmlStyle {"&quot;", "&#39;", ""},
                                  {"&quot;", "&apos;", ""},
                                  {"&#34;", "&#39;", ""},
                                  {"&quot;", "&#x27;", ""},
                                  {"&quot;", "&apos;", "&#10;"},
                                  {"&quot;", "&apos;", "&#xA;"},
                                  {"&quot;", "&#39;", "&#xa;"}})
        addEscaped(forms, raw, "xml", [&](std::uint8_t byte) { return xml(byte, style); });
    if (!isAscii(raw.bytes)) {
        std::vector<SecretForm> foreign = asForeignEscapes(raw);
        std::move(foreign.begin(), foreign.end(), std::back_inserter(forms));
    }
    return forms;
}

} // namespace coredact
