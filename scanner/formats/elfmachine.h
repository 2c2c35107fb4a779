// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/formats/elfheader.h"

#include <string>

namespace coredact {

/// Where NT_PRSTATUS of one machine keeps what matters. From Linux `elfcore.h` and each
/// architecture's `elf_gregset_t`.
struct StatusLayout {
    std::uint16_t machine;
    unsigned wordSize; ///< of the file's class
    bool newAbi; ///< MIPS n32: 64-bit registers in 32-bit files
    std::string_view architecture;
    std::uint64_t pidOffset;
    std::uint64_t registersOffset;
    unsigned registerSize;
    std::string_view pc;
    std::string_view sp;
    std::string_view registers; ///< as `namedRegisters` takes them
};

/// The layout of a core file's machine, or nullptr for one that is not known. MIPS n32 is told
/// by the size of its NT_PRSTATUS, since cores have no e_flags.
const StatusLayout* statusLayout(const ElfHeader& header, std::uint64_t statusSize = 0);

/// "x86_64", "ppc64le"; "machine 123" for one that is not known.
std::string architectureName(const ElfHeader& header);

} // namespace coredact
