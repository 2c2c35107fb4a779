// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/pemtext.h"

#include "scanner/rules/keys/anchors.h"
#include "scanner/rules/keys/base64.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

using namespace std::string_view_literals;

/// How many bytes at `at` are one break between base64 characters; 0 when there is none.
std::size_t breakAt(ByteView bytes, std::size_t at)
{
    switch (bytes[at]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return 1;
    case '\\': {
        // \n, \\n, \r, \t: written out, perhaps escaped once more for each level of quoting.
        std::size_t letter = at;
        while (letter < bytes.size() && letter - at < 8 && bytes[letter] == '\\')
            ++letter;
        if (letter < bytes.size()
            && (bytes[letter] == 'n' || bytes[letter] == 'r' || bytes[letter] == 't'
                || bytes[letter] == '\n'))
            return letter - at + 1;
        for (const auto escape : {"u000a"sv, "u000A"sv, "u000d"sv, "u000D"sv})
            if (standsAt(bytes, letter, escape))
                return letter - at + escape.size();
        return 0;
    }
    case '&':
        for (const auto entity : {"&#10;"sv, "&#13;"sv, "&#xA;"sv, "&#xa;"sv, "&#xD;"sv, "&#xd;"sv})
            if (standsAt(bytes, at, entity))
                return entity.size();
        return 0;
    case '%':
        for (const auto escape : {"%0A"sv, "%0a"sv, "%0D"sv, "%0d"sv, "%20"sv})
            if (standsAt(bytes, at, escape))
                return escape.size();
        return 0;
    default:
        return 0;
    }
}

/// Characters of the alphabet that URLs and JSON write in another way.
struct Escaped {
    std::string_view written;
    std::uint8_t character;
};
constexpr std::array escapes {
    Escaped {"%2B", '+'}, Escaped {"%2b", '+'},     Escaped {"%2F", '/'},
    Escaped {"%2f", '/'}, Escaped {"%3D", '='},     Escaped {"%3d", '='},
    Escaped {"\\/", '/'}, Escaped {"\\u002b", '+'}, Escaped {"\\u003d", '='}};

struct Letter {
    std::uint8_t character = 0;
    std::size_t size = 0; ///< 0: no letter
};

Letter letterAt(ByteView bytes, std::size_t at)
{
    const std::uint8_t byte = bytes[at];
    if (isBase64(byte) || byte == '=')
        return {byte, 1};
    if (byte == '%' || byte == '\\')
        for (const Escaped& escape : escapes)
            if (standsAt(bytes, at, escape.written))
                return {escape.character, escape.written.size()};
    return {};
}

/// A header line of RFC 1421 or PGP ("DEK-Info: ..."), up to its line break; 0 when it is none.
std::size_t headerAt(ByteView bytes, std::size_t at, std::size_t limit)
{
    std::size_t end = at;
    while (end < limit && (isBase64(bytes[end]) || bytes[end] == '-'))
        ++end;
    if (end == at || end - at > 32 || end + 1 >= limit || bytes[end] != ':'
        || bytes[end + 1] != ' ')
        return 0;
    ++end;
    while (end < limit && (bytes[end] == ' ' || breakAt(bytes, end) == 0))
        ++end;
    return end - at;
}

/// Reads "BEGIN " or "END " and what follows up to the dashes; spaces may be percent-encoded.
struct Label {
    std::string text;
    std::size_t end = 0; ///< after the closing dashes; 0: no label
};

Label labelAt(ByteView bytes, std::size_t at, std::string_view word, std::size_t dashes)
{
    Label label;
    for (; at < bytes.size() && label.text.size() < 64; ++at) {
        const std::uint8_t byte = bytes[at];
        if (byte == '-') {
            if (label.text.ends_with(' '))
                label.text.pop_back();
            if (!standsAt(bytes, at, std::string(dashes, '-')) || !label.text.starts_with(word))
                return label;
            label.text.erase(0, word.size());
            label.end = at + dashes;
            return label;
        }
        if (byte == '%' && standsAt(bytes, at, "%20")) {
            label.text += ' ';
            at += 2;
        } else if (byte == ' ' || byte == '+') {
            label.text += ' ';
        } else if ((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9')) {
            label.text += static_cast<char>(byte);
        } else {
            return label;
        }
    }
    return label;
}

/// Reads body characters and breaks from `at` on into `text`; where it ended.
std::size_t readBody(ByteView bytes, std::size_t at, std::size_t limit, PemText& text)
{
    text.body = {at, at};
    bool padded = false;
    while (at < limit) {
        if (const Letter letter = letterAt(bytes, at); letter.size != 0) {
            padded = padded || letter.character == '=';
            if (!padded)
                text.characters.push_back(letter.character);
            if (text.body.end == text.body.begin)
                text.body.begin = at;
            at += letter.size;
            text.body.end = at;
        } else if (const std::size_t size = breakAt(bytes, at); size != 0) {
            at += size;
        } else {
            break;
        }
    }
    return at;
}

std::size_t skipBreaks(ByteView bytes, std::size_t at, std::size_t limit)
{
    while (at < limit) {
        const std::size_t size = breakAt(bytes, at);
        if (size == 0)
            break;
        at += size;
    }
    return at;
}

/// Words of a text before the lines are letters of base64 too: where spaces break lines, only a
/// line of this many is one.
constexpr std::size_t leastBeforeSpace = 16;

/// Where the letters begin that end at `end`.
std::size_t lettersBefore(ByteView bytes, std::size_t end, std::size_t limit)
{
    while (end > limit && (isBase64(bytes[end - 1]) || bytes[end - 1] == '='))
        --end;
    return end;
}

/// The break between lines that ends in the letters [begin, end) or before them: an escape ends
/// with letters. Empty when there is none.
Span breakBefore(ByteView bytes, std::size_t begin, std::size_t end, std::size_t limit)
{
    constexpr std::size_t widest = 13; // eight backslashes and u000a
    for (std::size_t at = begin - std::min(begin - limit, widest); at < begin; ++at)
        if (const std::size_t size = breakAt(bytes, at); at + size >= begin && at + size <= end)
            return {at, at + size};
    return {begin, begin};
}

/// Where the lines of base64 begin that end at `end`.
std::size_t linesBefore(ByteView bytes, std::size_t end, std::size_t limit)
{
    std::size_t begin = end;
    bool afterSpace = false;
    for (std::size_t at = end; at > limit;) {
        const Span gap = breakBefore(bytes, lettersBefore(bytes, at, limit), at, limit);
        const std::size_t letters = at - gap.end;
        if (letters != 0 && afterSpace && letters < leastBeforeSpace)
            break;
        if (letters != 0)
            begin = gap.end;
        if (gap.begin == gap.end)
            break;
        afterSpace = bytes[gap.begin] == ' ';
        at = gap.begin;
    }
    return begin;
}

/// Whether a key that begins within reach ends at the END line at `position`.
bool hasBegin(ByteView bytes, std::size_t position, std::size_t body)
{
    const std::size_t limit = position - std::min(position, maximumPem);
    for (std::size_t at = body; at-- > limit;) {
        if (!standsAt(bytes, at, "-----BEGIN "))
            continue;
        const auto text = readPem(bytes, at);
        return text && text->body.end >= body;
    }
    return false;
}

} // namespace

std::optional<PemText> readPem(ByteView bytes, std::size_t position)
{
    const std::size_t limit = std::min(bytes.size(), position + maximumPem);
    // ssh.com writes four dashes and a space.
    const bool wide = standsAt(bytes, position, "-----");
    const std::size_t dashes = wide ? 5 : 4;
    const Label begin = labelAt(bytes, position + dashes, wide ? "BEGIN " : " BEGIN ", dashes);
    if (begin.end == 0 || begin.text.find("PRIVATE KEY") == std::string::npos)
        return std::nullopt;
    PemText text;
    text.label = begin.text;
    text.encrypted = begin.text.find("ENCRYPTED") != std::string::npos;
    std::size_t at = skipBreaks(bytes, begin.end, limit);
    while (const std::size_t size = headerAt(bytes, at, limit)) {
        text.encrypted = text.encrypted
            || asText(bytes.subspan(at, size)).find("ENCRYPTED") != std::string_view::npos;
        at = skipBreaks(bytes, at + size, limit);
    }
    at = readBody(bytes, at, limit, text);
    if (standsAt(bytes, at, std::string(dashes, '-'))) {
        const Label end = labelAt(bytes, at + dashes, wide ? "END " : " END ", dashes);
        text.closed = end.end != 0 && end.text == text.label;
    }
    if (text.characters.size() < (text.closed ? 16U : 40U))
        return std::nullopt;
    return text;
}

PemText readPemBody(ByteView bytes, std::size_t position)
{
    PemText text;
    readBody(bytes, position, std::min(bytes.size(), position + maximumPem), text);
    return text;
}

std::optional<PemText> readPemBefore(ByteView bytes, std::size_t position)
{
    const Label end = labelAt(bytes, position + 5, "END ", 5);
    if (end.end == 0 || end.text.find("PRIVATE KEY") == std::string::npos)
        return std::nullopt;
    const std::size_t limit = position - std::min(position, maximumPem);
    PemText text;
    const std::size_t begin = linesBefore(bytes, position, limit);
    if (begin == position || readBody(bytes, begin, position, text) != position
        || hasBegin(bytes, position, begin))
        return std::nullopt;
    text.label = end.text;
    text.encrypted = end.text.find("ENCRYPTED") != std::string::npos;
    return text;
}

} // namespace coredact
