// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/formats/elfcorestate.h"

namespace coredact {

/// A program or library as it lies in memory. Its own headers are read from there, where the
/// dump holds them: none of it is trusted.
struct ElfImage {
    std::uint64_t base = 0; ///< address of the ELF header
    std::uint64_t bias = 0; ///< memory address minus the image's own addresses; may wrap
    std::vector<ProgramHeader> programHeaders;
};

/// The image whose ELF header is saved at `base`, or nothing.
std::optional<ElfImage> readElfImage(DumpBuilder& builder, const AddressSpace& memory,
                                     std::uint64_t base);

/// Lower-case hex of the GNU build id, "" where it is not saved.
std::string buildIdOf(DumpBuilder& builder, const AddressSpace& memory, const ElfHeader& header,
                      const ElfImage& image);

/// The addresses of all PT_LOADs in whole pages; nothing when there are none.
std::optional<AddressRange> imageRange(const std::vector<ProgramHeader>& table, std::uint64_t bias,
                                       std::uint64_t page);

/// Address of the main program's dynamic section, by AT_PHDR; 0 where it has none.
std::uint64_t programDynamic(DumpBuilder& builder, const ElfCoreState& state,
                             const AddressSpace& memory);

/// From the main program's first byte to the last one of its zero-initialised data, in whole
/// pages: by its program headers (AT_PHDR), else by the rows of NT_FILE that hold AT_ENTRY.
std::optional<AddressRange> programImage(DumpBuilder& builder, const ElfCoreState& state,
                                         const AddressSpace& memory);

} // namespace coredact
