// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace coredact::test {

/// A 64-bit little-endian ELF core with one segment of memory for each block, and bytes that no
/// header mentions after the last one.
class SmallCore {
public:
    static constexpr int headerSize = 64;
    static constexpr int programHeaderSize = 56;

    SmallCore(const QList<QByteArray>& blocks, const QByteArray& slack)
    {
        m_bytes = QByteArray("\x7f"
                             "ELF\x02\x01\x01",
                             7)
            + QByteArray(9, '\0');
        word(4, 2); // e_type: ET_CORE
        word(62, 2); // e_machine: x86-64
        word(1, 4); // e_version
        word(0, 8); // e_entry
        word(headerSize, 8); // e_phoff
        word(0, 8); // e_shoff
        word(0, 4); // e_flags
        word(headerSize, 2); // e_ehsize
        word(programHeaderSize, 2); // e_phentsize
        word(static_cast<quint64>(blocks.size()), 2); // e_phnum
        word(0, 2);
        word(0, 2);
        word(0, 2);
        qsizetype offset = headerSize + programHeaderSize * blocks.size();
        for (qsizetype i = 0; i < blocks.size(); ++i) {
            m_offsets.append(offset);
            addProgramHeader(offset, 0x10000 + 0x100000 * static_cast<quint64>(i),
                             blocks[i].size());
            offset += blocks[i].size();
        }
        for (const QByteArray& block : blocks)
            m_bytes += block;
        m_bytes += slack;
    }

    const QByteArray& bytes() const { return m_bytes; }
    /// Where block `index` lies in the file.
    qsizetype offset(qsizetype index) const { return m_offsets[index]; }

private:
    void word(quint64 value, int size)
    {
        for (int i = 0; i < size; ++i)
            m_bytes.append(static_cast<char>(value >> (8 * i) & 0xffU));
    }
    void addProgramHeader(qsizetype offset, quint64 address, qsizetype size)
    {
        word(1, 4); // p_type: PT_LOAD
        word(6, 4); // p_flags: read, write
        word(static_cast<quint64>(offset), 8); // p_offset
        word(address, 8); // p_vaddr
        word(0, 8); // p_paddr
        word(static_cast<quint64>(size), 8); // p_filesz
        word(static_cast<quint64>(size), 8); // p_memsz
        word(1, 8); // p_align
    }

    QByteArray m_bytes;
    QList<qsizetype> m_offsets;
};

} // namespace coredact::test
