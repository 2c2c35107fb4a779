// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/elfcorestate.h"
#include "scanner/formats/elfimage.h"

#include <set>

namespace coredact {

namespace {

constexpr std::uint64_t LongestPath = 4096;
constexpr std::uint64_t MostDynamicRows = 512;
constexpr std::uint64_t DebugRow = 21; ///< DT_DEBUG: the address of r_debug

/// The dynamic linker's list of what it has mapped: AT_PHDR, PT_DYNAMIC, DT_DEBUG, r_debug,
/// link_map (gABI, and glibc's and musl's <link.h>, which agree on these fields).
class LinkMapReader {
public:
    LinkMapReader(DumpBuilder& builder, ElfCoreState& state, const AddressSpace& memory)
        : m_builder(builder)
        , m_state(state)
        , m_memory(memory)
        , m_wordSize(state.header.wordSize)
    {
    }

    void read()
    {
        const auto program = programRange();
        if (!program)
            return;
        m_state.linked.push_back({*program, text(m_state.auxiliaryValue(auxiliary::ProgramName))});
        // r_debug: a version, padded to a word, then the first link_map.
        const std::uint64_t debug = debugAddress();
        std::uint64_t link = debug == 0 ? 0 : words(debug, 2).at(1);
        std::set<std::uint64_t> seen;
        while (link != 0 && seen.insert(link).second
               && !m_builder.full(seen.size(), limits::Modules, 0, "linked objects"))
            link = addLinked(words(link, 4));
    }

private:
    /// Where the program's headers are not saved (qemu-user saves no code), what is mapped at
    /// their address.
    std::optional<AddressRange> programRange()
    {
        const auto image = programImage(m_builder, m_state, m_memory);
        if (image)
            return image;
        const std::uint64_t headers = m_state.auxiliaryValue(auxiliary::ProgramHeaders);
        for (const CoreLoad& load : m_state.loads)
            if (headers != 0 && load.memory.contains(headers))
                return load.memory;
        return std::nullopt;
    }

    std::string text(std::uint64_t address)
    {
        if (address == 0)
            return {};
        const SecretBytes bytes = m_builder.readMemory(m_memory, address, LongestPath);
        return std::string(m_state.header.reader(bytes).text());
    }

    /// Zeros where they are not saved.
    std::vector<std::uint64_t> words(std::uint64_t address, std::size_t count)
    {
        const SecretBytes bytes = m_builder.readMemory(m_memory, address, count * m_wordSize);
        ByteReader in = m_state.header.reader(bytes);
        std::vector<std::uint64_t> values(count, 0);
        for (std::uint64_t& value : values)
            value = in.left() >= m_wordSize ? in.word(m_wordSize) : 0;
        return values;
    }

    std::uint64_t debugAddress()
    {
        const std::uint64_t dynamic = programDynamic(m_builder, m_state, m_memory);
        for (std::uint64_t i = 0; dynamic != 0 && i < MostDynamicRows; ++i) {
            const auto row = words(dynamic + i * 2 * m_wordSize, 2);
            if (row[0] == 0)
                return 0;
            if (row[0] == DebugRow)
                return row[1];
        }
        return 0;
    }

    /// link_map: l_addr, l_name, l_ld, l_next. Gives the next one's address.
    std::uint64_t addLinked(const std::vector<std::uint64_t>& link)
    {
        const bool vdso = link[0] == m_state.auxiliaryValue(auxiliary::Vdso);
        const auto image = vdso ? std::nullopt : readElfImage(m_builder, m_memory, link[0]);
        const auto range
            = image ? imageRange(image->programHeaders, image->bias, PageSize) : std::nullopt;
        // The first one is the program itself, without a name.
        if (range && !m_state.linked.front().memory.overlaps(*range))
            m_state.linked.push_back({*range, text(link[1])});
        return link[3];
    }

    static constexpr std::uint64_t PageSize = 4096;

    DumpBuilder& m_builder;
    ElfCoreState& m_state;
    const AddressSpace& m_memory;
    unsigned m_wordSize;
};

} // namespace

void readLinkMap(DumpBuilder& builder, ElfCoreState& state, const AddressSpace& memory)
{
    if (state.files.empty() && !state.kernelMemory)
        LinkMapReader(builder, state, memory).read();
}

} // namespace coredact
