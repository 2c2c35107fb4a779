// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/roundup.h"

#include "tests/redact/planting.h"

namespace coredact::test {

/// A heap of glibc's malloc, chunk by chunk, and what lies at its end: the top chunk.
class Heap {
public:
    explicit Heap(std::uint64_t base = 0x602000, RegionKind kind = RegionKind::Heap,
                  unsigned char wordSize = 8)
        : m_base(base)
        , m_kind(kind)
        , m_word(wordSize)
    {
        head(16 - 2 * wordSize);
    }

    /// An allocation for `content`; tells where it begins in the file.
    std::uint64_t allocate(const QByteArray& content)
    {
        const qsizetype size
            = (std::max<qsizetype>(content.size() + m_word, 3 * m_word) + 15) / 16 * 16;
        m_bytes.resize(m_end + size + m_word, '\0');
        // The size of this one; the chunk before it is in use.
        word(m_end + m_word, static_cast<quint64>(size) | 1);
        const qsizetype user = m_end + 2 * m_word;
        m_bytes.replace(user, content.size(), content);
        m_end += size;
        return static_cast<std::uint64_t>(user);
    }
    /// Frees the allocation before the one at `next`: that tells the size of it, or another.
    void freeBefore(std::uint64_t next, std::uint64_t size)
    {
        const auto at = static_cast<qsizetype>(next);
        word(at - 2 * m_word, size);
        m_bytes[at - m_word] = static_cast<char>(m_bytes[at - m_word] & ~1);
    }
    /// The file ends here, though the segment is said to go on.
    void cut(std::uint64_t size) { m_cut = static_cast<qsizetype>(size); }
    /// The heap ends with its last allocation.
    void end() { m_bytes.resize(m_end); }
    void forbidWriting() { m_writable = false; }
    /// Bytes before the first chunk.
    void head(qsizetype size)
    {
        m_bytes = QByteArray(size, '\0');
        m_end = size;
    }
    void spoilSize(std::uint64_t user, quint64 size = 0xfffff1)
    {
        word(static_cast<qsizetype>(user) - m_word, size);
    }
    void close(quint64 top = 4096)
    {
        m_bytes.resize(m_end + static_cast<qsizetype>(top), '\0');
        word(m_end + m_word, top | 1);
    }

    const QByteArray& bytes() const { return m_bytes; }
    Source source() const
    {
        return *Source::fromBytes(
            view(m_bytes).first(std::size_t(m_cut < 0 ? m_bytes.size() : m_cut)));
    }
    Dump dump() const
    {
        Dump dump;
        dump.format = "elf-core";
        dump.wordSize = m_word;
        dump.size = static_cast<std::uint64_t>(m_bytes.size());
        dump.segments = {{*AddressRange::make(m_base, dump.size), range(0, dump.size),
                          Access {true, m_writable, false}, m_kind, ""}};
        return dump;
    }
    RoundedEnd rounded(std::uint64_t first, std::uint64_t size, unsigned unit = 1,
                       const std::vector<FileRange>& closed = {}) const
    {
        const std::vector<SecretEnd> ends {{range(first, size), unit}};
        return roundedUp(source(), dump(), ends, closed).front();
    }

private:
    void word(qsizetype at, quint64 value)
    {
        for (int i = 0; i < m_word; ++i)
            m_bytes[at + i] = static_cast<char>(value >> (8 * i) & 0xff);
    }

    std::uint64_t m_base;
    RegionKind m_kind;
    unsigned char m_word;
    bool m_writable = true;
    qsizetype m_cut = -1; ///< bytes of the file, where those are fewer
    QByteArray m_bytes;
    qsizetype m_end = 0;
};

} // namespace coredact::test
