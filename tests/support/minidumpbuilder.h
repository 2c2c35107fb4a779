// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/filebuilder.h"

#include <utility>

namespace coredact::test {

/// Makes minidumps: header, a directory of fixed room, then what is placed, in order.
class MinidumpBuilder {
public:
    explicit MinidumpBuilder(Endian endian = Endian::Little, std::size_t mostStreams = 16)
        : m_placed(endian)
        , m_mostStreams(mostStreams)
    {
    }

    FileBuilder part() const { return FileBuilder(m_placed.endian()); }
    /// Puts bytes into the file and tells their offset (RVA).
    std::uint32_t place(const FileBuilder& bytes);
    /// Puts a MINIDUMP_STRING of ASCII letters into the file and tells its offset.
    std::uint32_t placeString(std::string_view letters);
    /// Puts a stream into the file and the directory, and tells its offset.
    std::uint32_t stream(std::uint32_t type, const FileBuilder& body);
    /// Where the next placed byte will lie.
    std::uint32_t here() const;

    FileBuilder build() const;

private:
    struct Row {
        std::uint32_t type;
        std::uint32_t size;
        std::uint32_t offset;
    };

    FileBuilder m_placed;
    std::size_t m_mostStreams;
    std::vector<Row> m_rows;
};

} // namespace coredact::test
