// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/elfcorebuilder.h"

namespace coredact::test {

void ElfCoreBuilder::note(std::string_view owner, std::uint32_t type, const FileBuilder& body)
{
    FileBuilder note = part();
    note.u32(owner.size() + 1); // n_namesz
    note.u32(body.size()); // n_descsz
    note.u32(type); // n_type
    note.text(owner).u8(0).alignTo(4);
    m_noteBodies.push_back(note.size());
    note.bytes(body.content()).alignTo(4);
    m_notes.push_back(note.content());
}

std::size_t ElfCoreBuilder::notesBegin() const
{
    return headerSize() + (headersAtEnd ? 0 : (m_loads.size() + 1) * programHeaderSize());
}

std::size_t ElfCoreBuilder::segmentsBegin() const
{
    std::size_t position = notesBegin();
    for (const auto& note : m_notes)
        position += note.size();
    return position + segmentShift;
}

std::size_t ElfCoreBuilder::offsetOfNote(std::size_t index) const
{
    std::size_t position = notesBegin();
    for (std::size_t i = 0; i < index; ++i)
        position += m_notes[i].size();
    return position + m_noteBodies[index];
}

std::size_t ElfCoreBuilder::offsetOfLoad(std::size_t index) const
{
    std::size_t position = segmentsBegin();
    for (std::size_t i = 0; i < index; ++i)
        position += m_loads[i].saved.size();
    return position;
}

FileBuilder ElfCoreBuilder::build() const
{
    std::size_t end = segmentsBegin();
    for (const Load& load : m_loads)
        end += load.saved.size();
    const std::size_t headersSize = (m_loads.size() + 1) * programHeaderSize();
    const std::size_t sections = end + (headersAtEnd ? headersSize : 0);

    FileBuilder file(m_endian);
    writeHeader(file, headersAtEnd ? end : headerSize(), countInSection ? sections : 0);
    if (!headersAtEnd)
        writeProgramHeaders(file);
    for (const auto& note : m_notes)
        file.bytes(note);
    file.fill(segmentShift);
    for (const Load& load : m_loads)
        file.bytes(load.saved);
    if (headersAtEnd)
        writeProgramHeaders(file);
    if (countInSection) {
        const std::size_t section = file.size();
        file.fill(m_wordSize == 8 ? 64 : 40);
        file.set(section + (m_wordSize == 8 ? 44 : 28), 4, m_loads.size() + 1); // sh_info
    }
    return file;
}

void ElfCoreBuilder::writeHeader(FileBuilder& file, std::size_t programHeaders,
                                 std::size_t sections) const
{
    file.text("\x7f" "ELF");
    file.u8(m_wordSize == 8 ? 2 : 1); // EI_CLASS
    file.u8(m_endian == Endian::Little ? 1 : 2); // EI_DATA
    file.u8(1).fill(9); // EI_VERSION, EI_OSABI, padding
    file.u16(4); // e_type: ET_CORE
    file.u16(m_machine);
    file.u32(1); // e_version
    file.word(m_wordSize, 0); // e_entry
    file.word(m_wordSize, programHeaders); // e_phoff
    file.word(m_wordSize, sections); // e_shoff
    file.u32(0); // e_flags
    file.u16(headerSize()); // e_ehsize
    file.u16(programHeaderSize()); // e_phentsize
    file.u16(countInSection ? 0xffff : m_loads.size() + 1); // e_phnum
    file.u16(countInSection ? (m_wordSize == 8 ? 64 : 40) : 0); // e_shentsize
    file.u16(countInSection ? 1 : 0); // e_shnum
    file.u16(0); // e_shstrndx
}

void ElfCoreBuilder::writeProgramHeaders(FileBuilder& file) const
{
    std::size_t notesSize = 0;
    for (const auto& note : m_notes)
        notesSize += note.size();
    writeProgramHeader(file, 4, 0, notesBegin(), 0, 0, notesSize, 0);
    std::size_t offset = segmentsBegin();
    for (const Load& load : m_loads) {
        writeProgramHeader(file, 1, load.flags, offset, load.address, load.physicalAddress,
                           load.saved.size(), load.memorySize.value_or(load.saved.size()));
        offset += load.saved.size();
    }
}

void ElfCoreBuilder::writeProgramHeader(FileBuilder& file, std::uint32_t type, std::uint32_t flags,
                                        std::uint64_t offset, std::uint64_t address,
                                        std::uint64_t physical, std::uint64_t fileSize,
                                        std::uint64_t memorySize) const
{
    file.u32(type); // p_type
    if (m_wordSize == 8)
        file.u32(flags); // p_flags
    file.word(m_wordSize, offset); // p_offset
    file.word(m_wordSize, address); // p_vaddr
    file.word(m_wordSize, physical); // p_paddr
    file.word(m_wordSize, fileSize); // p_filesz
    file.word(m_wordSize, memorySize); // p_memsz
    if (m_wordSize == 4)
        file.u32(flags);
    file.word(m_wordSize, 1); // p_align
}

} // namespace coredact::test
