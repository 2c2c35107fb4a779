// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

#include <bit>
#include <string>
#include <string_view>

namespace coredact {

enum class ByteOrder { Little, Big };

/// The bytes [offset, offset + size) of `bytes`, or nothing when they do not all exist.
std::optional<ByteView> slice(ByteView bytes, std::uint64_t offset, std::uint64_t size);

/// Reads fields one after the other. The first read past the end makes the reader fail, and
/// every later read gives zero: read a record's fields without a check each, then ask `ok()`.
/// Knows the file offset of its first byte, so that errors can name positions in the file.
class ByteReader {
public:
    ByteReader(ByteView bytes, ByteOrder order, std::uint64_t fileOffset = 0)
        : m_bytes(bytes)
        , m_order(order)
        , m_fileOffset(fileOffset)
    {
    }

    std::uint8_t u8();
    std::uint16_t u16();
    std::uint32_t u32();
    std::uint64_t u64();
    /// An unsigned of 1, 2, 4 or 8 bytes.
    std::uint64_t word(std::size_t size);
    ByteView bytes(std::uint64_t size);
    /// Text up to a NUL, which is read too, or up to the end where there is none.
    std::string_view text();
    void skip(std::uint64_t size);
    /// Goes on at `position` (from the reader's first byte); fails when that is past the end.
    void seek(std::uint64_t position);

    bool ok() const { return m_ok; }
    std::uint64_t position() const { return m_position; }
    /// Where the next byte lies in the file.
    std::uint64_t fileOffset() const { return m_fileOffset + m_position; }
    std::uint64_t left() const { return m_bytes.size() - m_position; }
    /// True when `count` records of `size` bytes are left; ask before looping over a count.
    bool holds(std::uint64_t count, std::uint64_t size) const
    {
        return size == 0 || count <= left() / size;
    }

    /// "the file ends inside WHAT", with the offset where it happened.
    Error truncated(std::string_view what) const;

private:
    bool take(std::uint64_t size);

    ByteView m_bytes;
    ByteOrder m_order;
    std::uint64_t m_fileOffset;
    std::uint64_t m_position = 0;
    bool m_ok = true;
};

} // namespace coredact
