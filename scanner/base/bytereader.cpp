// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/bytereader.h"

#include <algorithm>

namespace coredact {

std::optional<ByteView> slice(ByteView bytes, std::uint64_t offset, std::uint64_t size)
{
    if (offset > bytes.size() || size > bytes.size() - offset)
        return std::nullopt;
    return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

bool ByteReader::take(std::uint64_t size)
{
    if (!m_ok || size > left()) {
        m_ok = false;
        return false;
    }
    m_position += size;
    return true;
}

std::uint64_t ByteReader::word(std::size_t size)
{
    if (size > 8 || !take(size)) {
        m_ok = false;
        return 0;
    }
    const ByteView field = m_bytes.subspan(static_cast<std::size_t>(m_position) - size, size);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = (value << 8) | field[m_order == ByteOrder::Big ? i : size - 1 - i];
    return value;
}

std::uint8_t ByteReader::u8()
{
    return static_cast<std::uint8_t>(word(1));
}
std::uint16_t ByteReader::u16()
{
    return static_cast<std::uint16_t>(word(2));
}
std::uint32_t ByteReader::u32()
{
    return static_cast<std::uint32_t>(word(4));
}
std::uint64_t ByteReader::u64()
{
    return word(8);
}

ByteView ByteReader::bytes(std::uint64_t size)
{
    if (!take(size))
        return {};
    return m_bytes.subspan(static_cast<std::size_t>(m_position - size),
                           static_cast<std::size_t>(size));
}

std::string_view ByteReader::text()
{
    if (!m_ok)
        return {};
    const ByteView rest = m_bytes.subspan(static_cast<std::size_t>(m_position));
    const auto end = std::find(rest.begin(), rest.end(), std::uint8_t {0});
    const auto length = static_cast<std::size_t>(end - rest.begin());
    m_position += length + (end == rest.end() ? 0 : 1);
    return asText(rest.first(length));
}

void ByteReader::skip(std::uint64_t size)
{
    take(size);
}

void ByteReader::seek(std::uint64_t position)
{
    if (!m_ok || position > m_bytes.size())
        m_ok = false;
    else
        m_position = position;
}

Error ByteReader::truncated(std::string_view what) const
{
    return {ErrorCode::Truncated, "the file ends inside " + std::string(what), fileOffset()};
}

} // namespace coredact
