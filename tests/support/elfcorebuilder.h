// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/filebuilder.h"

#include <optional>
#include <string>

namespace coredact::test {

/// Makes ELF core files: header, program headers, notes, segments, in this order.
class ElfCoreBuilder {
public:
    struct Load {
        std::uint64_t address = 0;
        std::vector<std::uint8_t> saved;
        std::optional<std::uint64_t> memorySize; ///< of the saved bytes where it is not given
        std::uint32_t flags = 6; ///< read, write
        std::uint64_t physicalAddress = 0;
    };

    ElfCoreBuilder(Endian endian, unsigned wordSize, std::uint16_t machine)
        : m_endian(endian)
        , m_wordSize(wordSize)
        , m_machine(machine)
    {
    }

    FileBuilder part() const { return FileBuilder(m_endian); }
    unsigned wordSize() const { return m_wordSize; }
    void note(std::string_view owner, std::uint32_t type, const FileBuilder& body);
    void load(Load load) { m_loads.push_back(std::move(load)); }

    /// What odd writers do.
    bool countInSection = false; ///< PN_XNUM: the number of program headers is in section 0
    bool headersAtEnd = false; ///< program headers behind everything else
    std::size_t segmentShift = 0; ///< bytes between the notes and the first segment

    FileBuilder build() const;
    /// Where a load's bytes lie in the built file.
    std::size_t offsetOfLoad(std::size_t index) const;
    /// Where a note's body lies in the built file.
    std::size_t offsetOfNote(std::size_t index) const;

private:
    std::size_t headerSize() const { return m_wordSize == 8 ? 64 : 52; }
    std::size_t programHeaderSize() const { return m_wordSize == 8 ? 56 : 32; }
    std::size_t notesBegin() const;
    std::size_t segmentsBegin() const;
    void writeHeader(FileBuilder& file, std::size_t programHeaders, std::size_t sections) const;
    void writeProgramHeader(FileBuilder& file, std::uint32_t type, std::uint32_t flags,
                            std::uint64_t offset, std::uint64_t address, std::uint64_t physical,
                            std::uint64_t fileSize, std::uint64_t memorySize) const;
    void writeProgramHeaders(FileBuilder& file) const;

    Endian m_endian;
    unsigned m_wordSize;
    std::uint16_t m_machine;
    std::vector<std::vector<std::uint8_t>> m_notes; ///< padded, with their headers
    std::vector<std::size_t> m_noteBodies; ///< offset of each body in its note
    std::vector<Load> m_loads;
};

} // namespace coredact::test
