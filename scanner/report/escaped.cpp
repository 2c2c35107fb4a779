// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/report.h"

#include "scanner/report/words.h"

#include <cstdio>

namespace coredact::report {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 0; ///< 0: the first byte begins no valid UTF-8 character
};

/// The first character of `text`, which is not empty. Over-long forms, surrogates and what lies
/// past U+10FFFF are no characters (RFC 3629, section 3).
Character firstCharacter(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t size = lead >= 0xf0 && lead < 0xf5 ? 4
        : lead >= 0xe0 && lead < 0xf0                     ? 3
        : lead >= 0xc2 && lead < 0xe0                     ? 2
                                                          : 0;
    if (size == 0 || text.size() < size)
        return {};
    char32_t code = lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return {};
        code = (code << 6) | (byte(i) & 0x3fU);
    }
    const bool overLong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    if (overLong || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
        return {};
    return {code, size};
}

struct CodeRange {
    char32_t first;
    char32_t last;
};

/// Characters that steer a terminal or reorder, hide or break a line. Every range here is
/// invisible by itself; what is visible stays.
constexpr CodeRange steering[] = {
    {0x00, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x61c, 0x61c}, {0x115f, 0x1160},
    {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
    {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool steers(char32_t code)
{
    for (const CodeRange& range : steering) {
        if (range.first <= code && code <= range.last)
            return true;
    }
    return false;
}

std::string escape(char32_t code)
{
    if (code == '\n')
        return "\\n";
    if (code == '\t')
        return "\\t";
    char text[16];
    std::snprintf(text, sizeof text, code < 0x80 ? "\\x%02x" : "\\u{%x}",
                  static_cast<unsigned>(code));
    return text;
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string safe;
    safe.reserve(text.size());
    while (!text.empty()) {
        const Character next = firstCharacter(text);
        if (next.size == 0) {
            char byte[8];
            std::snprintf(byte, sizeof byte, "\\x%02x", static_cast<unsigned char>(text[0]));
            safe += byte;
            text.remove_prefix(1);
            continue;
        }
        if (steers(next.code))
            safe += escape(next.code);
        else
            safe += text.substr(0, next.size);
        text.remove_prefix(next.size);
    }
    return safe;
}

} // namespace coredact::report
