// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/io/source.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace coredact::test {

enum class Endian { Little, Big };

/// Makes a file a field at a time. Shares nothing with the readers.
class FileBuilder {
public:
    explicit FileBuilder(Endian endian = Endian::Little)
        : m_endian(endian)
    {
    }

    FileBuilder& u8(std::uint64_t value) { return word(1, value); }
    FileBuilder& u16(std::uint64_t value) { return word(2, value); }
    FileBuilder& u32(std::uint64_t value) { return word(4, value); }
    FileBuilder& u64(std::uint64_t value) { return word(8, value); }
    /// A number of 1 to 8 bytes.
    FileBuilder& word(unsigned size, std::uint64_t value);
    FileBuilder& bytes(const std::vector<std::uint8_t>& more);
    /// The letters, and zeros behind them up to `size` bytes.
    FileBuilder& text(std::string_view letters, std::size_t size = 0);
    /// UTF-16 of ASCII letters, without a length or an end.
    FileBuilder& wide(std::string_view letters);
    FileBuilder& fill(std::size_t count, std::uint8_t value = 0);
    /// Zeros up to a multiple of `step`.
    FileBuilder& alignTo(std::size_t step);

    /// Overwrites bytes that are there already.
    void set(std::size_t offset, unsigned size, std::uint64_t value);

    std::size_t size() const { return m_bytes.size(); }
    Endian endian() const { return m_endian; }
    const std::vector<std::uint8_t>& content() const { return m_bytes; }
    Source source() const { return *Source::fromBytes(m_bytes); }

private:
    Endian m_endian;
    std::vector<std::uint8_t> m_bytes;
};

} // namespace coredact::test
