// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/utf16.h"

namespace coredact {

namespace {

void append(std::string& text, std::uint32_t point)
{
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80) {
        add(point);
    } else if (point < 0x800) {
        add(0xc0 | point >> 6);
        add(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        add(0xe0 | point >> 12);
        add(0x80 | (point >> 6 & 0x3f));
        add(0x80 | (point & 0x3f));
    } else {
        add(0xf0 | point >> 18);
        add(0x80 | (point >> 12 & 0x3f));
        add(0x80 | (point >> 6 & 0x3f));
        add(0x80 | (point & 0x3f));
    }
}

} // namespace

std::string utf8FromUtf16(ByteView bytes, ByteOrder order)
{
    constexpr std::uint32_t Replacement = 0xfffd;
    std::string text;
    ByteReader in(bytes, order);
    while (in.left() >= 2) {
        std::uint32_t unit = in.u16();
        if (unit == 0)
            break;
        if (unit >= 0xd800 && unit < 0xdc00) {
            ByteReader next = in;
            const std::uint32_t low = next.left() >= 2 ? next.u16() : 0;
            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                in = next;
            } else {
                unit = Replacement;
            }
        } else if (unit >= 0xdc00 && unit < 0xe000) {
            unit = Replacement;
        }
        append(text, unit);
    }
    return text;
}

} // namespace coredact
