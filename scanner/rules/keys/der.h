// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"

#include <initializer_list>
#include <optional>

namespace coredact {

/// The tags that keys use (X.690 8.1.2).
enum class DerTag : std::uint8_t {
    Integer = 0x02,
    BitString = 0x03,
    OctetString = 0x04,
    Null = 0x05,
    ObjectId = 0x06,
    Sequence = 0x30,
    Context0 = 0xa0,
    Context1 = 0xa1,
    Context1Primitive = 0x81,
};

/// Where an element's content lies in the bytes it was read from, end excluded.
struct DerItem {
    std::uint8_t tag = 0;
    std::size_t begin = 0;
    std::size_t end = 0;

    std::size_t size() const { return end - begin; }
    bool is(DerTag wanted) const { return tag == static_cast<std::uint8_t>(wanted); }
};

/// Tag and length at `position`, lengths up to 65,535, in the shortest form only (DER).
/// Not checked: whether the content is there; `end` may lie past the bytes.
std::optional<DerItem> derHeader(ByteView bytes, std::size_t position);

/// Reads the elements of [begin, end) one after the other; an element that is not whole or has
/// another tag than the wanted one ends the reading: nothing is read after it.
class DerReader {
public:
    DerReader(ByteView bytes, std::size_t begin, std::size_t end)
        : m_bytes(bytes)
        , m_position(begin)
        , m_end(end < bytes.size() ? end : bytes.size())
    {
    }

    std::optional<DerItem> next(DerTag tag);
    /// The next one when it has this tag; stays in place otherwise.
    std::optional<DerItem> optional(DerTag tag);
    bool atEnd() const { return m_position >= m_end; }
    std::size_t position() const { return m_position; }

private:
    ByteView m_bytes;
    std::size_t m_position;
    std::size_t m_end;
};

/// An element with the given content.
SecretBytes derElement(DerTag tag, ByteView content);
/// A constructed element out of its parts.
SecretBytes derElement(DerTag tag, std::initializer_list<ByteView> parts);
/// A non-negative INTEGER from a big-endian magnitude.
SecretBytes derInteger(ByteView magnitude);

} // namespace coredact
