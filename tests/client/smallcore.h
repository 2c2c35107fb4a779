// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QByteArray>

/// Core files made by hand, field by field; nothing of it is shared with the reader.
namespace coredact::test {

inline void put(QByteArray& to, std::uint64_t value, int size)
{
    for (int i = 0; i < size; ++i)
        to.append(static_cast<char>(value >> (8 * i)));
}

/// An x86_64 core with one saved segment at 0x10000: `memory`, from offset 4096 on.
inline QByteArray smallCore(const QByteArray& memory)
{
    QByteArray core("\x7f"
                    "ELF\x02\x01\x01",
                    7);
    core.append(9, '\0');
    put(core, 4, 2); // e_type: ET_CORE
    put(core, 62, 2); // e_machine: x86_64
    put(core, 1, 4); // e_version
    put(core, 0, 8); // e_entry
    put(core, 64, 8); // e_phoff
    put(core, 0, 8); // e_shoff
    put(core, 0, 4); // e_flags
    put(core, 64, 2); // e_ehsize
    put(core, 56, 2); // e_phentsize
    put(core, 1, 2); // e_phnum
    put(core, 0, 6); // e_shentsize, e_shnum, e_shstrndx
    put(core, 1, 4); // p_type: PT_LOAD
    put(core, 6, 4); // p_flags: rw-
    put(core, 4096, 8); // p_offset
    put(core, 0x10000, 8); // p_vaddr
    put(core, 0, 8); // p_paddr
    put(core, static_cast<std::uint64_t>(memory.size()), 8); // p_filesz
    put(core, static_cast<std::uint64_t>(memory.size()), 8); // p_memsz
    put(core, 4096, 8); // p_align
    core.append(4096 - core.size(), '\0');
    return core + memory;
}

/// Bytes that look like nothing, the same every time.
inline QByteArray noise(int size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    std::uint64_t state = 0x9e3779b97f4a7c15;
    for (char& byte : bytes) {
        state = state * 6364136223846793005 + 1442695040888963407;
        byte = static_cast<char>(state >> 56);
    }
    return bytes;
}

} // namespace coredact::test
