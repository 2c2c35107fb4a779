// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"

namespace coredact {

namespace elf {
constexpr std::uint16_t TypeCore = 4;
constexpr std::uint64_t CountElsewhere = 0xffff; ///< PN_XNUM
constexpr std::uint32_t Load = 1;
constexpr std::uint32_t Note = 4;
constexpr std::uint32_t Executable = 1;
constexpr std::uint32_t Writable = 2;
constexpr std::uint32_t Readable = 4;
}

/// The ELF header of a file or of an image in memory, in either class and byte order.
/// Not checked: any offset, size or count; e_version and e_ehsize are not looked at, since real
/// writers leave them odd (VirtualBox writes EI_VERSION 0, QEMU 7.2 an e_ehsize of 8).
struct ElfHeader {
    ByteOrder order = ByteOrder::Little;
    unsigned wordSize = 8; ///< 4 or 8
    std::uint16_t type = 0;
    std::uint16_t machine = 0;
    std::uint64_t programHeaders = 0; ///< offset
    std::uint64_t programHeaderSize = 0;
    std::uint64_t programHeaderCount = 0;
    std::uint64_t sectionHeaders = 0; ///< offset
    std::uint64_t sectionHeaderSize = 0;
    std::uint64_t sectionHeaderCount = 0;
    bool complete = false; ///< false: the bytes end inside the header, what is missing is zero

    /// The header's own size in the class: 52 or 64.
    std::uint64_t size() const { return wordSize == 8 ? 64 : 52; }
    /// A program header's size in the class: 32 or 56.
    std::uint64_t naturalEntrySize() const { return wordSize == 8 ? 56 : 32; }
    /// Where section header 0 keeps sh_info, the number of program headers past 65,534.
    std::uint64_t realCountOffset() const { return wordSize == 8 ? 44 : 28; }
    ByteReader reader(ByteView bytes, std::uint64_t fileOffset = 0) const
    {
        return {bytes, order, fileOffset};
    }
};

struct ProgramHeader {
    std::uint32_t type = 0;
    std::uint32_t flags = 0;
    std::uint64_t offset = 0;
    std::uint64_t address = 0;
    std::uint64_t physicalAddress = 0;
    std::uint64_t fileSize = 0;
    std::uint64_t memorySize = 0;
};

/// From a file's first bytes (64 are enough); nothing when it is no ELF header. gABI, chapter 4.
std::optional<ElfHeader> parseElfHeader(ByteView bytes);

/// The next program header of the class; `in` fails where the bytes end.
ProgramHeader readProgramHeader(ByteReader& in, unsigned wordSize);

} // namespace coredact
