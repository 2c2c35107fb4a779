// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/formats/dumpbuilder.h"
#include "scanner/formats/elfheader.h"

#include <functional>

namespace coredact {

/// One note of a PT_NOTE segment. Offsets are in the file.
struct ElfNote {
    std::string owner; ///< "CORE", "LINUX"
    std::uint32_t type = 0;
    std::uint64_t offset = 0; ///< of the note's header
    std::uint64_t bodyOffset = 0;
    std::uint64_t bodySize = 0; ///< as far as it is in the file

    bool is(std::string_view wantedOwner, std::uint32_t wantedType) const
    {
        return owner == wantedOwner && type == wantedType;
    }
};

/// Calls `visit` for each note in [offset, offset + size) of the file and marks headers and names
/// as structure. Linux pads names and bodies to 4, whatever p_align says. Notes that are all
/// zero are padding that real files have. A note that cannot be right ends the walk, with a
/// diagnostic; a body cut by the end of the file is visited as far as it goes.
void forEachNote(DumpBuilder& builder, const ElfHeader& header, std::uint64_t offset,
                 std::uint64_t size, const std::function<void(const ElfNote&)>& visit);

/// What a note's body holds, as far as its kind is known.
enum class NoteUse {
    Status, ///< NT_PRSTATUS: a thread
    ProcessInfo, ///< NT_PRPSINFO
    AuxiliaryVector,
    MappedFiles, ///< NT_FILE
    SignalInfo,
    Vectors, ///< floating point and vector registers, with control words that stay
    General, ///< other registers of a thread
    Keys, ///< pointer authentication keys
    Text,
    Structure, ///< numbers that a debugger needs and that hold no user data
    Unknown,
};

struct NoteKind {
    std::string_view owner;
    std::uint32_t type;
    std::string_view name;
    NoteUse use;
};

/// Never null: an unknown note has the use Unknown and an empty name.
const NoteKind& noteKind(const ElfNote& note);

} // namespace coredact
