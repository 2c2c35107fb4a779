// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t BlockOfHeaders = 1024;

/// The number of program headers, which lies in section header 0 where 16 bits are too few.
std::uint64_t programHeaderCount(DumpBuilder& builder, const ElfHeader& header)
{
    if (header.programHeaderCount != elf::CountElsewhere || header.sectionHeaders == 0)
        return header.programHeaderCount;
    const std::uint64_t sectionSize = header.wordSize == 8 ? 64 : 40;
    const SecretBytes section = builder.read(header.sectionHeaders, sectionSize);
    ByteReader in = header.reader(section, header.sectionHeaders);
    in.seek(header.realCountOffset());
    const std::uint64_t count = in.u32();
    if (!in.ok()) {
        builder.diagnose(header.sectionHeaders, "the number of program headers lies past the end "
                                                "of the file", true);
        return header.programHeaderCount;
    }
    if (section.size() < sectionSize)
        builder.diagnose(header.sectionHeaders, "section header 0 is cut off", true);
    builder.structure(header.sectionHeaders, sectionSize);
    return count;
}

/// How far program headers lie apart. Some writers leave e_phentsize at zero.
std::uint64_t programHeaderStride(DumpBuilder& builder, const ElfHeader& header)
{
    if (header.programHeaderSize >= header.naturalEntrySize())
        return header.programHeaderSize;
    builder.diagnose(header.wordSize == 8 ? 54 : 42, "e_phentsize is too small for its class");
    return header.naturalEntrySize();
}

class ProgramHeaderReader {
public:
    ProgramHeaderReader(DumpBuilder& builder, ElfCoreState& state)
        : m_builder(builder)
        , m_state(state)
    {
    }

    std::vector<NoteSegment> read()
    {
        readTable();
        // gdb's gcore describes its segments a second time, as sections.
        m_builder.structure(m_state.header.sectionHeaders,
                            m_state.header.sectionHeaderCount * m_state.header.sectionHeaderSize);
        // A machine's memory is mapped by physical address; then all virtual ones may be zero.
        m_state.kernelMemory = m_loads.size() > 1
            && std::all_of(m_loads.begin(), m_loads.end(),
                           [](const ProgramHeader& load) { return load.address == 0; });
        for (const ProgramHeader& load : m_loads)
            addLoad(load);
        if (m_cutSegments != 0) {
            m_builder.diagnose(m_builder.dump.size,
                               "the file is cut off: " + std::to_string(m_cutSegments)
                                   + " segments promise " + std::to_string(m_missingBytes)
                                   + " bytes past its end",
                               true);
        }
        return std::move(m_notes);
    }

private:
    void readTable()
    {
        const ElfHeader& header = m_state.header;
        std::uint64_t count = programHeaderCount(m_builder, header);
        const std::uint64_t stride = programHeaderStride(m_builder, header);
        const std::uint64_t size = m_builder.dump.size;
        const std::uint64_t there
            = header.programHeaders < size ? (size - header.programHeaders) / stride : 0;
        if (count > there) {
            m_builder.diagnose(header.programHeaders,
                               "the file promises " + std::to_string(count)
                                   + " program headers and holds " + std::to_string(there),
                               true);
            count = there;
        }
        if (m_builder.full(count, limits::Segments + 1, header.programHeaders, "program headers"))
            count = limits::Segments;
        m_builder.structure(header.programHeaders, count * stride);
        for (std::uint64_t done = 0; done < count; done += BlockOfHeaders)
            readBlock(header.programHeaders + done * stride,
                      std::min(BlockOfHeaders, count - done), stride);
    }

    void readBlock(std::uint64_t offset, std::uint64_t count, std::uint64_t stride)
    {
        const SecretBytes block = m_builder.read(offset, count * stride);
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto entry = slice(block, i * stride, m_state.header.naturalEntrySize());
            if (!entry)
                return;
            ByteReader in = m_state.header.reader(*entry, offset + i * stride);
            const ProgramHeader programHeader
                = readProgramHeader(in, m_state.header.wordSize);
            if (programHeader.type == elf::Load)
                m_loads.push_back(programHeader);
            else if (programHeader.type == elf::Note && programHeader.fileSize != 0)
                addNotes(programHeader);
        }
    }

    /// Counts what the program header promises past the end of the file.
    void noteMissing(std::uint64_t offset, std::uint64_t size)
    {
        const std::uint64_t end = m_builder.dump.size;
        const std::uint64_t there = offset < end ? std::min(size, end - offset) : 0;
        if (there == size)
            return;
        ++m_cutSegments;
        m_missingBytes += std::min(size - there, ~std::uint64_t {0} - m_missingBytes);
    }

    void addNotes(const ProgramHeader& notes)
    {
        noteMissing(notes.offset, notes.fileSize);
        m_notes.push_back({notes.offset, notes.fileSize});
    }

    void addLoad(const ProgramHeader& load)
    {
        const std::uint64_t address
            = m_state.kernelMemory ? load.physicalAddress : load.address;
        if (load.memorySize == 0 && load.fileSize == 0)
            return;
        // Linux always has memsz >= filesz; where a writer does not, its bytes are memory too.
        const std::uint64_t size = std::max(load.memorySize, load.fileSize);
        const auto memory = AddressRange::make(address, size);
        if (!memory) {
            m_builder.diagnose(load.offset, "a segment reaches past the last address", true);
            return;
        }
        if (m_builder.full(m_state.loads.size(), limits::Regions, load.offset, "segments"))
            return;
        CoreLoad added {*memory,
                        {(load.flags & elf::Readable) != 0, (load.flags & elf::Writable) != 0,
                         (load.flags & elf::Executable) != 0},
                        std::nullopt};
        if (load.fileSize != 0) {
            noteMissing(load.offset, load.fileSize);
            if (m_builder.segment(address, load.fileSize, load.offset, added.access))
                added.segment = m_builder.dump.segments.size() - 1;
        }
        m_state.loads.push_back(added);
    }

    DumpBuilder& m_builder;
    ElfCoreState& m_state;
    std::vector<ProgramHeader> m_loads;
    std::vector<NoteSegment> m_notes;
    std::uint64_t m_cutSegments = 0;
    std::uint64_t m_missingBytes = 0;
};

} // namespace

std::vector<NoteSegment> readProgramHeaders(DumpBuilder& builder, ElfCoreState& state)
{
    return ProgramHeaderReader(builder, state).read();
}

} // namespace coredact
