// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/writings.h"

#include <cctype>
#include <string>

namespace coredact::writings {

namespace {

constexpr std::string_view base64Digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void put(SecretBytes& text, std::string_view more)
{
    text.insert(text.end(), more.begin(), more.end());
}

void putHex(SecretBytes& text, std::uint8_t byte, bool upper)
{
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    text.push_back(static_cast<std::uint8_t>(digits[byte / 16]));
    text.push_back(static_cast<std::uint8_t>(digits[byte % 16]));
}

void addHexLists(std::vector<Listed>& lists, ByteView bytes, std::string_view before,
                 std::string_view between)
{
    for (const bool upper : {false, true}) {
        SecretBytes text;
        for (const std::uint8_t byte : bytes) {
            if (!text.empty())
                put(text, between);
            put(text, before);
            putHex(text, byte, upper);
        }
        lists.push_back({"hex", std::move(text)});
    }
}

void addDecimalList(std::vector<Listed>& lists, ByteView bytes, std::string_view before,
                    std::string_view between, bool negatives)
{
    SecretBytes text;
    for (const std::uint8_t byte : bytes) {
        if (!text.empty())
            put(text, between);
        put(text, before);
        put(text, std::to_string(negatives && byte > 127 ? byte - 256 : byte));
    }
    // The search takes no shorter ones, which would be lists of single digits.
    const std::size_t usual = 2 + before.size() + between.size();
    if (text.size() >= bytes.size() * usual - between.size())
        lists.push_back({"decimal", std::move(text)});
}

void addOctal(std::vector<Listed>& lists, ByteView bytes)
{
    SecretBytes text;
    for (const std::uint8_t byte : bytes)
        for (const int character :
             {static_cast<int>('\\'), '0' + byte / 64, '0' + byte / 8 % 8, '0' + byte % 8})
            text.push_back(static_cast<std::uint8_t>(character));
    lists.push_back({"octal", std::move(text)});
}

SecretBytes percentOf(ByteView bytes, bool upper)
{
    SecretBytes text;
    for (const std::uint8_t byte : bytes) {
        if (byte < 0x80
            && (std::isalnum(byte) != 0
                || std::string_view("-._~").find(static_cast<char>(byte))
                    != std::string_view::npos)) {
            text.push_back(byte);
        } else {
            text.push_back('%');
            putHex(text, byte, upper);
        }
    }
    return text;
}

SecretBytes jsonOf(ByteView bytes)
{
    SecretBytes text;
    for (const std::uint8_t byte : bytes) {
        if (byte == '"' || byte == '\\')
            text.push_back('\\');
        if (byte == '\n') {
            put(text, "\\n");
        } else if (byte == '\r') {
            put(text, "\\r");
        } else if (byte == '\t') {
            put(text, "\\t");
        } else if (byte < 0x20) {
            put(text, "\\u00");
            putHex(text, byte, false);
        } else {
            text.push_back(byte);
        }
    }
    return text;
}

SecretBytes xmlOf(ByteView bytes)
{
    SecretBytes text;
    for (const std::uint8_t byte : bytes) {
        if (byte == '&')
            put(text, "&amp;");
        else if (byte == '<')
            put(text, "&lt;");
        else if (byte == '>')
            put(text, "&gt;");
        else if (byte == '"')
            put(text, "&quot;");
        else if (byte == '\'')
            put(text, "&#39;");
        else
            text.push_back(byte);
    }
    return text;
}

} // namespace

SecretBytes widened(ByteView text, std::size_t unit, bool bigEndian)
{
    SecretBytes wide(text.size() * unit, 0);
    for (std::size_t i = 0; i < text.size(); ++i)
        wide[i * unit + (bigEndian ? unit - 1 : 0)] = text[i];
    return wide;
}

SecretBytes hexOf(ByteView bytes, bool upper)
{
    SecretBytes text;
    for (const std::uint8_t byte : bytes)
        putHex(text, byte, upper);
    return text;
}

SecretBytes base64Of(ByteView bytes, unsigned before, bool url)
{
    SecretBytes digits;
    std::uint32_t bits = 0;
    unsigned held = before * 8 % 6; // bits of the digit that the bytes before began
    unsigned foreign = held;
    for (const std::uint8_t byte : bytes) {
        bits = bits << 8U | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            const char digit = base64Digits[bits >> held & 63U];
            if (foreign == 0)
                digits.push_back(static_cast<std::uint8_t>(url && digit == '+'       ? '-'
                                                               : url && digit == '/' ? '_'
                                                                                     : digit));
            foreign = 0;
        }
    }
    return digits;
}

std::vector<Listed> listsOf(ByteView bytes)
{
    std::vector<Listed> lists;
    for (const std::string_view between : {" ", ":", "-", ",", ", "})
        addHexLists(lists, bytes, "", between);
    for (const std::string_view before : {"\\x", "%", "\\u00"})
        addHexLists(lists, bytes, before, "");
    addHexLists(lists, bytes, "&#x", ";");
    for (const std::string_view between : {",", ", ", " "}) {
        addHexLists(lists, bytes, "0x", between);
        addDecimalList(lists, bytes, "", between, false);
    }
    for (const std::string_view between : {",", ", "})
        addDecimalList(lists, bytes, "", between, true);
    addDecimalList(lists, bytes, "&#", ";", false);
    addOctal(lists, bytes);
    return lists;
}

const std::vector<Escaped>& escapes()
{
    static const std::vector<Escaped> known {
        {"percent", [](ByteView bytes) { return percentOf(bytes, true); }, true},
        {"percent", [](ByteView bytes) { return percentOf(bytes, false); }, true},
        {"json", jsonOf, false},
        {"xml", xmlOf, false},
    };
    return known;
}

std::vector<Symbol> symbolsOf(ByteView text)
{
    std::vector<Symbol> symbols;
    for (std::size_t at = 0; at < text.size();) {
        Symbol symbol {text[at], at, 1};
        std::size_t more = text[at] < 0xc2 ? 0 : text[at] < 0xe0 ? 1 : text[at] < 0xf0 ? 2 : 3;
        if (text[at] > 0xf4 || at + more >= text.size())
            more = 0;
        std::uint32_t code = more == 0 ? 0 : text[at] & (0x3fU >> more);
        for (std::size_t i = 1; i <= more; ++i) {
            if (text[at + i] / 64 != 2)
                more = 0;
            else
                code = code * 64 + text[at + i] % 64;
        }
        if (more > 0)
            symbol = {code, at, more + 1};
        symbols.push_back(symbol);
        at += symbol.size;
    }
    return symbols;
}

SecretBytes unitsOf(std::span<const Symbol> symbols, std::size_t unit, bool bigEndian)
{
    SecretBytes bytes;
    const auto put = [&](std::uint32_t value) {
        for (std::size_t i = 0; i < unit; ++i)
            bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (bigEndian ? unit - 1 - i : i)));
    };
    for (const Symbol& symbol : symbols) {
        if (unit == 2 && symbol.code > 0xffff) {
            put(0xd7c0 + symbol.code / 0x400);
            put(0xdc00 + symbol.code % 0x400);
        } else {
            put(symbol.code);
        }
    }
    return bytes;
}

SecretBytes jsonOf(std::span<const Symbol> symbols, bool upper)
{
    SecretBytes text;
    for (const Symbol& symbol : symbols) {
        if (symbol.code < 0x80) {
            const auto byte = static_cast<std::uint8_t>(symbol.code);
            put(text, asText(jsonOf(ByteView(&byte, 1))));
            continue;
        }
        const SecretBytes units = unitsOf(std::span(&symbol, 1), 2, true);
        for (std::size_t i = 0; i < units.size(); i += 2) {
            put(text, "\\u");
            putHex(text, units[i], upper);
            putHex(text, units[i + 1], upper);
        }
    }
    return text;
}

SecretBytes pythonDigits(ByteView number)
{
    SecretBytes digits;
    std::uint64_t bits = 0;
    unsigned held = 0;
    const auto put = [&] {
        for (unsigned shift = 0; shift < 32; shift += 8)
            digits.push_back(static_cast<std::uint8_t>((bits & 0x3fffffffU) >> shift));
        bits >>= 30U;
        held -= 30;
    };
    for (std::size_t i = number.size(); i > 0; --i) {
        bits += std::uint64_t(number[i - 1]) << held;
        held += 8;
        if (held >= 30)
            put();
    }
    if (bits != 0) {
        held = 30;
        put();
    }
    return digits;
}

} // namespace coredact::writings
