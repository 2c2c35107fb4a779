// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfimage.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t MostProgramHeaders = 256;
constexpr std::uint64_t LargestNotes = 4096;
constexpr std::uint32_t TypeOfProgramHeaders = 6; ///< PT_PHDR
constexpr std::uint32_t Dynamic = 2; ///< PT_DYNAMIC
constexpr std::uint32_t BuildId = 3; ///< NT_GNU_BUILD_ID

std::vector<ProgramHeader> readTable(DumpBuilder& builder, const AddressSpace& memory,
                                     const ElfHeader& header, std::uint64_t address,
                                     std::uint64_t count)
{
    const std::uint64_t size = header.naturalEntrySize();
    count = std::min(count, MostProgramHeaders);
    const SecretBytes bytes = builder.readMemory(memory, address, count * size);
    ByteReader in = header.reader(bytes);
    std::vector<ProgramHeader> table;
    while (table.size() < count && in.left() >= size)
        table.push_back(readProgramHeader(in, header.wordSize));
    return table;
}

const ProgramHeader* firstOfType(const std::vector<ProgramHeader>& table, std::uint32_t type)
{
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const ProgramHeader& p) { return p.type == type; });
    return found == table.end() ? nullptr : &*found;
}

std::optional<std::string> buildIdIn(ByteReader in)
{
    while (in.left() >= 12) {
        const std::uint64_t nameSize = in.u32();
        const std::uint64_t bodySize = in.u32();
        const std::uint32_t type = in.u32();
        const ByteView name = in.bytes((nameSize + 3) & ~std::uint64_t {3});
        const ByteView body = in.bytes(bodySize);
        if (!in.ok())
            return std::nullopt;
        if (type == BuildId && asText(name) == std::string_view("GNU\0", 4))
            return toHex(body.first(std::min<std::size_t>(body.size(), 64)));
        in.skip(std::min(in.left(), (4 - bodySize % 4) % 4));
    }
    return std::nullopt;
}

/// The main program's table as the kernel mapped it, by AT_PHDR.
struct ProgramTable {
    std::vector<ProgramHeader> headers;
    std::uint64_t bias = 0;
};
ProgramTable programTable(DumpBuilder& builder, const ElfCoreState& state,
                          const AddressSpace& memory)
{
    const std::uint64_t address = state.auxiliaryValue(auxiliary::ProgramHeaders);
    ProgramTable table;
    table.headers = readTable(builder, memory, state.header, address,
                              state.auxiliaryValue(auxiliary::ProgramHeaderCount));
    const ProgramHeader* itself = firstOfType(table.headers, TypeOfProgramHeaders);
    const ProgramHeader* first = firstOfType(table.headers, elf::Load);
    // A static program has no PT_PHDR; its table follows the ELF header at the first load.
    if (itself)
        table.bias = address - itself->address;
    else if (first)
        table.bias = address - (first->address - first->offset + state.header.size());
    return table;
}

std::optional<AddressRange> programByFiles(const ElfCoreState& state)
{
    const std::uint64_t entry = state.auxiliaryValue(auxiliary::Entry);
    const auto holder
        = std::find_if(state.files.begin(), state.files.end(),
                       [&](const MappedFile& file) { return file.memory.contains(entry); });
    if (holder == state.files.end())
        return std::nullopt;
    AddressRange all = holder->memory;
    for (const MappedFile& file : state.files)
        if (file.path == holder->path)
            all = *AddressRange::between(std::min(all.first(), file.memory.first()),
                                         std::max(all.last(), file.memory.last()));
    return all;
}

} // namespace

std::optional<ElfImage> readElfImage(DumpBuilder& builder, const AddressSpace& memory,
                                     std::uint64_t base)
{
    const SecretBytes bytes = builder.readMemory(memory, base, 64);
    const auto header = parseElfHeader(bytes);
    if (!header || !header->complete)
        return std::nullopt;
    ElfImage image;
    image.base = base;
    image.programHeaders = readTable(builder, memory, *header, base + header->programHeaders,
                                     header->programHeaderCount);
    const ProgramHeader* first = firstOfType(image.programHeaders, elf::Load);
    image.bias = first ? base - (first->address - first->offset) : base;
    return image;
}

std::string buildIdOf(DumpBuilder& builder, const AddressSpace& memory, const ElfHeader& header,
                      const ElfImage& image)
{
    for (const ProgramHeader& notes : image.programHeaders) {
        if (notes.type != elf::Note)
            continue;
        const SecretBytes bytes = builder.readMemory(memory, image.bias + notes.address,
                                                     std::min(notes.fileSize, LargestNotes));
        if (const auto id = buildIdIn(header.reader(bytes)))
            return *id;
    }
    return {};
}

std::optional<AddressRange> imageRange(const std::vector<ProgramHeader>& table, std::uint64_t bias,
                                       std::uint64_t page)
{
    const ProgramHeader* first = firstOfType(table, elf::Load);
    if (!first)
        return std::nullopt;
    std::uint64_t begin = first->address;
    std::uint64_t end = 0;
    for (const ProgramHeader& load : table) {
        if (load.type != elf::Load)
            continue;
        begin = std::min(begin, load.address);
        end = std::max(end, load.address + load.memorySize);
    }
    begin = (begin + bias) / page * page;
    end = (end + bias + page - 1) / page * page;
    return AddressRange::between(begin, end - 1);
}

std::uint64_t programDynamic(DumpBuilder& builder, const ElfCoreState& state,
                             const AddressSpace& memory)
{
    const ProgramTable table = programTable(builder, state, memory);
    const ProgramHeader* dynamic = firstOfType(table.headers, Dynamic);
    return dynamic ? dynamic->address + table.bias : 0;
}

std::optional<AddressRange> programImage(DumpBuilder& builder, const ElfCoreState& state,
                                         const AddressSpace& memory)
{
    const ProgramTable table = programTable(builder, state, memory);
    const auto image = imageRange(
        table.headers, table.bias,
        std::max<std::uint64_t>(state.auxiliaryValue(auxiliary::PageSize), 4096));
    return image ? image : programByFiles(state);
}

} // namespace coredact
