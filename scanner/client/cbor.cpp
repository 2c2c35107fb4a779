// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/cbor.h"

#include <array>
#include <limits>

namespace coredact::protocol {
namespace {

constexpr std::uint8_t falseItem = 0xf4;
constexpr std::uint8_t trueItem = 0xf5;
constexpr std::uint8_t nullItem = 0xf6;

/// Additional information of a head: values below 24 lie in the head itself, else it says that
/// 1, 2, 4 or 8 bytes follow.
constexpr std::uint8_t oneByteFollows = 24;
constexpr std::uint8_t eightBytesFollow = 27;

} // namespace

void CborWriter::head(std::uint8_t type, std::uint64_t value)
{
    std::array<std::uint8_t, 9> bytes = {};
    const auto major = static_cast<std::uint8_t>(type << 5);
    if (value < oneByteFollows) {
        m_bytes.push_back(static_cast<std::uint8_t>(major | value));
        return;
    }
    std::uint8_t information = oneByteFollows;
    std::size_t size = 1;
    while (size < 8 && value >> (8 * size) != 0) {
        size *= 2;
        ++information;
    }
    bytes[0] = static_cast<std::uint8_t>(major | information);
    for (std::size_t i = 0; i < size; ++i)
        bytes[1 + i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.begin() + 1 + static_cast<long>(size));
}

void CborWriter::signedNumber(std::int64_t value)
{
    if (value < 0)
        head(1, ~static_cast<std::uint64_t>(value));
    else
        head(0, static_cast<std::uint64_t>(value));
}

void CborWriter::bytes(ByteView value)
{
    head(2, value.size());
    m_bytes.insert(m_bytes.end(), value.begin(), value.end());
}

void CborWriter::boolean(bool value)
{
    m_bytes.push_back(value ? trueItem : falseItem);
}

void CborWriter::null()
{
    m_bytes.push_back(nullItem);
}

void CborReader::fail(std::string_view why)
{
    if (!ok())
        return;
    m_failure = why;
    m_failedAt = m_reader.position();
}

Error CborReader::error() const
{
    return {ErrorCode::Malformed, "the message cannot be understood: " + m_failure, m_failedAt};
}

std::uint64_t CborReader::head(std::uint8_t type, std::string_view wanted)
{
    const std::uint8_t first = ok() ? m_reader.u8() : std::uint8_t {0};
    const std::uint8_t information = first & 0x1f;
    if (first >> 5 != type || information > eightBytesFollow)
        fail(wanted);
    std::uint64_t value = information;
    if (information >= oneByteFollows)
        value = m_reader.word(std::size_t {1} << ((information - oneByteFollows) & 3U));
    if (!m_reader.ok())
        fail("it ends too early");
    return ok() ? value : 0;
}

std::uint64_t CborReader::number()
{
    return head(0, "a number was expected");
}

std::int64_t CborReader::signedNumber()
{
    ByteReader ahead = m_reader;
    const bool negative = ok() && ahead.u8() >> 5 == 1;
    const std::uint64_t value = head(negative ? 1 : 0, "a number was expected");
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        fail("a number is too large");
    if (!ok())
        return 0;
    return negative ? -1 - static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

ByteView CborReader::bytes()
{
    const std::uint64_t size = head(2, "bytes were expected");
    const ByteView value = ok() ? m_reader.bytes(size) : ByteView();
    if (!m_reader.ok())
        fail("it ends too early");
    return value;
}

std::uint64_t CborReader::list()
{
    const std::uint64_t count = head(4, "a list was expected");
    if (!m_reader.holds(count, 1))
        fail("a list is longer than the message");
    else if (count > maximumItems - m_items)
        fail("it has too many items");
    if (!ok())
        return 0;
    m_items += count;
    return count;
}

bool CborReader::boolean()
{
    const std::uint8_t item = ok() ? m_reader.u8() : falseItem;
    if (!m_reader.ok() || (item != trueItem && item != falseItem))
        fail("true or false was expected");
    return ok() && item == trueItem;
}

bool CborReader::takeNull()
{
    ByteReader ahead = m_reader;
    if (!ok() || ahead.u8() != nullItem || !ahead.ok())
        return false;
    m_reader = ahead;
    return true;
}

} // namespace coredact::protocol
