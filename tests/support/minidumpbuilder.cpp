// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/minidumpbuilder.h"

namespace coredact::test {

std::uint32_t MinidumpBuilder::here() const
{
    return static_cast<std::uint32_t>(32 + 12 * m_mostStreams + m_placed.size());
}

std::uint32_t MinidumpBuilder::place(const FileBuilder& bytes)
{
    const std::uint32_t offset = here();
    m_placed.bytes(bytes.content());
    return offset;
}

std::uint32_t MinidumpBuilder::placeString(std::string_view letters)
{
    return place(part().u32(2 * letters.size()).wide(letters).u16(0));
}

std::uint32_t MinidumpBuilder::stream(std::uint32_t type, const FileBuilder& body)
{
    const std::uint32_t offset = place(body);
    m_rows.push_back({type, static_cast<std::uint32_t>(body.size()), offset});
    return offset;
}

FileBuilder MinidumpBuilder::build() const
{
    FileBuilder file = part();
    file.u32(0x504d444d); // Signature: "MDMP" in the file's byte order
    file.u32(0xa793); // Version
    file.u32(m_rows.size()); // NumberOfStreams
    file.u32(32); // StreamDirectoryRva
    file.u32(0).u32(0).u64(0); // CheckSum, TimeDateStamp, Flags
    for (const Row& row : m_rows)
        file.u32(row.type).u32(row.size).u32(row.offset);
    file.fill(12 * (m_mostStreams - m_rows.size()));
    file.bytes(m_placed.content());
    return file;
}

} // namespace coredact::test
