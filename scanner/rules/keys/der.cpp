// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/der.h"

namespace coredact {

std::optional<DerItem> derHeader(ByteView bytes, std::size_t position)
{
    if (position >= bytes.size() || bytes.size() - position < 2)
        return std::nullopt;
    const std::uint8_t tag = bytes[position];
    const std::uint8_t first = bytes[position + 1];
    std::size_t begin = position + 2;
    std::size_t size = first;
    if (first >= 0x80) {
        const std::size_t count = first & 0x7fU;
        if (count == 0 || count > 2 || bytes.size() - begin < count)
            return std::nullopt;
        size = 0;
        for (std::size_t i = 0; i < count; ++i)
            size = size << 8 | bytes[begin++];
        if (size < (count == 1 ? 0x80U : 0x100U))
            return std::nullopt;
    }
    return DerItem {tag, begin, begin + size};
}

std::optional<DerItem> DerReader::next(DerTag tag)
{
    const auto item = optional(tag);
    if (!item)
        m_position = m_end;
    return item;
}

std::optional<DerItem> DerReader::optional(DerTag tag)
{
    const auto item = derHeader(m_bytes, m_position);
    if (!item || !item->is(tag) || item->end > m_end)
        return std::nullopt;
    m_position = item->end;
    return item;
}

namespace {

SecretBytes header(DerTag tag, std::size_t size)
{
    SecretBytes bytes {static_cast<std::uint8_t>(tag)};
    if (size < 0x80) {
        bytes.push_back(static_cast<std::uint8_t>(size));
    } else if (size < 0x100) {
        bytes.push_back(0x81);
        bytes.push_back(static_cast<std::uint8_t>(size));
    } else {
        bytes.push_back(0x82);
        bytes.push_back(static_cast<std::uint8_t>(size >> 8));
        bytes.push_back(static_cast<std::uint8_t>(size & 0xff));
    }
    return bytes;
}

} // namespace

SecretBytes derElement(DerTag tag, ByteView content) { return derElement(tag, {content}); }

SecretBytes derElement(DerTag tag, std::initializer_list<ByteView> parts)
{
    std::size_t size = 0;
    for (const ByteView part : parts)
        size += part.size();
    SecretBytes bytes = header(tag, size);
    for (const ByteView part : parts)
        bytes.insert(bytes.end(), part.begin(), part.end());
    return bytes;
}

SecretBytes derInteger(ByteView magnitude)
{
    static constexpr std::uint8_t zero[] = {0};
    const bool needsZero = magnitude.empty() || magnitude.front() >= 0x80;
    return derElement(DerTag::Integer, {needsZero ? ByteView(zero) : ByteView(), magnitude});
}

} // namespace coredact
