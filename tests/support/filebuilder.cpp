// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/filebuilder.h"

namespace coredact::test {

FileBuilder& FileBuilder::word(unsigned size, std::uint64_t value)
{
    m_bytes.resize(m_bytes.size() + size);
    set(m_bytes.size() - size, size, value);
    return *this;
}

FileBuilder& FileBuilder::bytes(const std::vector<std::uint8_t>& more)
{
    m_bytes.insert(m_bytes.end(), more.begin(), more.end());
    return *this;
}

FileBuilder& FileBuilder::text(std::string_view letters, std::size_t size)
{
    m_bytes.insert(m_bytes.end(), letters.begin(), letters.end());
    return fill(size > letters.size() ? size - letters.size() : 0);
}

FileBuilder& FileBuilder::wide(std::string_view letters)
{
    for (const char letter : letters)
        u16(static_cast<unsigned char>(letter));
    return *this;
}

FileBuilder& FileBuilder::fill(std::size_t count, std::uint8_t value)
{
    m_bytes.resize(m_bytes.size() + count, value);
    return *this;
}

FileBuilder& FileBuilder::alignTo(std::size_t step)
{
    return fill((step - m_bytes.size() % step) % step);
}

void FileBuilder::set(std::size_t offset, unsigned size, std::uint64_t value)
{
    for (unsigned i = 0; i < size; ++i) {
        const unsigned shift = 8 * (m_endian == Endian::Little ? i : size - 1 - i);
        m_bytes.at(offset + i) = static_cast<std::uint8_t>(value >> shift);
    }
}

} // namespace coredact::test
