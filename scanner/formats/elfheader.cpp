// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfheader.h"

namespace coredact {

std::optional<ElfHeader> parseElfHeader(ByteView bytes)
{
    const auto magic = slice(bytes, 0, 4);
    if (!magic || asText(*magic) != std::string_view("\x7f" "ELF"))
        return std::nullopt;
    const auto identification = slice(bytes, 4, 2);
    if (!identification)
        return std::nullopt;
    const std::uint8_t fileClass = (*identification)[0];
    const std::uint8_t byteOrder = (*identification)[1];
    if (fileClass < 1 || fileClass > 2 || byteOrder < 1 || byteOrder > 2)
        return std::nullopt;

    ElfHeader header;
    header.wordSize = fileClass == 2 ? 8 : 4;
    header.order = byteOrder == 2 ? ByteOrder::Big : ByteOrder::Little;
    ByteReader in = header.reader(bytes);
    in.skip(16);
    header.type = in.u16();
    header.machine = in.u16();
    in.skip(4); // e_version
    in.skip(header.wordSize); // e_entry
    header.programHeaders = in.word(header.wordSize);
    header.sectionHeaders = in.word(header.wordSize);
    in.skip(6); // e_flags, e_ehsize
    header.programHeaderSize = in.u16();
    header.programHeaderCount = in.u16();
    header.sectionHeaderSize = in.u16();
    header.sectionHeaderCount = in.u16();
    in.skip(2); // e_shstrndx
    header.complete = in.ok();
    return header;
}

ProgramHeader readProgramHeader(ByteReader& in, unsigned wordSize)
{
    ProgramHeader header;
    header.type = in.u32();
    if (wordSize == 8)
        header.flags = in.u32();
    header.offset = in.word(wordSize);
    header.address = in.word(wordSize);
    header.physicalAddress = in.word(wordSize);
    header.fileSize = in.word(wordSize);
    header.memorySize = in.word(wordSize);
    if (wordSize == 4)
        header.flags = in.u32();
    in.skip(wordSize); // p_align
    return header;
}

} // namespace coredact
