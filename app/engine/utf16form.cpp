// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/bytesearch.h"

namespace coredact::engine {
namespace {

/// Takes one code point off the front of a UTF-8 text.
std::optional<std::uint32_t> takeCodePoint(ByteView& text)
{
    const std::uint8_t first = text[0];
    const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || text.size() < size)
        return std::nullopt;
    constexpr std::uint8_t headBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    std::uint32_t point = first & headBits[size];
    for (std::size_t i = 1; i < size; ++i) {
        if ((text[i] & 0xc0) != 0x80)
            return std::nullopt;
        point = (point << 6) | (text[i] & 0x3fU);
    }
    text = text.subspan(size);
    return point;
}

} // namespace

std::optional<std::vector<std::uint8_t>> utf16FormOf(ByteView text)
{
    std::vector<std::uint8_t> wide;
    const auto add = [&](std::uint32_t unit) {
        wide.push_back(static_cast<std::uint8_t>(unit));
        wide.push_back(static_cast<std::uint8_t>(unit >> 8));
    };
    while (!text.empty()) {
        const auto point = takeCodePoint(text);
        if (!point)
            return std::nullopt;
        if (*point >= 0x10000) {
            add(0xd800 + ((*point - 0x10000) >> 10));
            add(0xdc00 + ((*point - 0x10000) & 0x3ff));
        } else {
            add(*point);
        }
    }
    return wide;
}

} // namespace coredact::engine
