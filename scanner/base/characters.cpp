// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/characters.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace coredact {

namespace {

using Range = std::pair<std::uint32_t, std::uint32_t>;

/// Letters of the alphabets and syllabaries in use, and Chinese characters.
constexpr std::array<Range, 21> letters {{
    {0xaa, 0xaa},     {0xb5, 0xb5},     {0xba, 0xba},     {0xc0, 0xd6},     {0xd8, 0xf6},
    {0xf8, 0x24f},    {0x300, 0x36f},   {0x370, 0x373},   {0x37b, 0x37d},   {0x386, 0x52f},
    {0x531, 0x587},   {0x591, 0x5ea},   {0x620, 0x6d3},   {0x900, 0xdff},   {0xe01, 0xe4e},
    {0x10a0, 0x10ff}, {0x1e00, 0x1fff}, {0x3041, 0x30ff}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3},
    {0xff21, 0xff5a},
}};

constexpr std::array<Range, 12> signs {{
    {0xa1, 0xac},
    {0xae, 0xbf},
    {0xd7, 0xd7},
    {0xf7, 0xf7},
    {0x660, 0x669},
    {0x2010, 0x2027},
    {0x2030, 0x205e},
    {0x20a0, 0x20c0},
    {0x2100, 0x214f},
    {0x2190, 0x27bf},
    {0x3001, 0x301f},
    {0x1f300, 0x1faff},
}};

bool isIn(std::span<const Range> ranges, std::uint32_t code)
{
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
        return code >= range.first && code <= range.second;
    });
}

constexpr bool isSurrogate(std::uint32_t code) { return code >= 0xd800 && code < 0xe000; }

bool isControl(std::uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

std::uint32_t unitAt(ByteView units, std::size_t at, std::size_t width, bool isBigEndian)
{
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < width; ++i)
        unit = unit << 8 | units[at + (isBigEndian ? i : width - 1 - i)];
    return unit;
}

} // namespace

Character characterAt(ByteView text, std::size_t at)
{
    constexpr std::array<std::uint32_t, 5> least {0, 0, 0x80, 0x800, 0x10000};
    const std::uint8_t lead = text[at];
    if (lead < 0x80)
        return {lead, 1, true};
    const Character byLatin1 {lead, 1, false};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    if (size == 1 || lead > 0xf4 || size > text.size() - at)
        return byLatin1;
    std::uint32_t code = lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((text[at + i] & 0xc0U) != 0x80)
            return byLatin1;
        code = code << 6U | (text[at + i] & 0x3fU);
    }
    return code < least[size] || code > 0x10ffff || isSurrogate(code)
        ? byLatin1
        : Character {code, size, true};
}

bool isForeignLetter(std::uint32_t code) { return isIn(letters, code); }

bool isForeignSign(std::uint32_t code) { return isIn(signs, code); }

bool isAscii(ByteView text)
{
    return std::all_of(text.begin(), text.end(), [](std::uint8_t byte) { return byte < 0x80; });
}

bool isWritten(ByteView text)
{
    std::size_t ascii = 0;
    std::size_t latin1 = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        at += character.size;
        if (character.code < 0x80
                ? isControl(character.code)
                : !isForeignLetter(character.code) && !isForeignSign(character.code))
            return false;
        ascii += character.code < 0x80 ? 1 : 0;
        latin1 += character.isUtf8 ? 0 : 1;
    }
    return latin1 <= ascii;
}

void appendUtf8(SecretBytes& text, std::uint32_t code)
{
    const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<std::uint8_t>(byte)); };
    if (code < 0x80)
        return put(code);
    if (code < 0x800) {
        put(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            put(0xe0 | code >> 12);
        } else {
            put(0xf0 | code >> 18);
            put(0x80 | (code >> 12 & 0x3f));
        }
        put(0x80 | (code >> 6 & 0x3f));
    }
    put(0x80 | (code & 0x3f));
}

SecretBytes inUtf8(ByteView text)
{
    SecretBytes out;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        appendUtf8(out, character.code);
        at += character.size;
    }
    return out;
}

std::optional<SecretBytes> inLatin1(ByteView text)
{
    SecretBytes out;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        if (character.code > 0xff)
            return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(character.code));
        at += character.size;
    }
    return isAscii(out) ? std::nullopt : std::optional(std::move(out));
}

SecretBytes textOfUnits(ByteView units, std::size_t width, bool isBigEndian)
{
    SecretBytes text;
    for (std::size_t at = 0; at + width <= units.size(); at += width) {
        std::uint32_t code = unitAt(units, at, width, isBigEndian);
        if (width == 1) {
            if (code < 0x20 || code == 0x7f)
                return {};
            text.push_back(static_cast<std::uint8_t>(code));
            continue;
        }
        if (width == 2 && isSurrogate(code)) {
            at += width;
            const std::uint32_t low
                = at + width <= units.size() ? unitAt(units, at, width, isBigEndian) : 0;
            if (code >= 0xdc00 || low < 0xdc00 || !isSurrogate(low))
                return {};
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        if (isControl(code) || code > 0x10ffff || isSurrogate(code))
            return {};
        appendUtf8(text, code);
    }
    return text;
}

} // namespace coredact
