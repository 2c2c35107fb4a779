// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/addressspace.h"
#include "scanner/formats/elfnotes.h"

#include <map>
#include <vector>

namespace coredact {

/// A PT_LOAD: memory that the process had mapped, and how much of it is in the file.
struct CoreLoad {
    AddressRange memory;
    Access access;
    std::optional<std::size_t> segment; ///< index in Dump::segments, where bytes are saved
};

/// A row of NT_FILE.
struct MappedFile {
    AddressRange memory;
    std::uint64_t fileOffset = 0; ///< bytes
    std::string path;
};

/// A program or library that the dynamic linker has mapped.
struct LinkedObject {
    AddressRange memory;
    std::string path;
};

/// What the parts of the ELF core reader hand on to each other.
struct ElfCoreState {
    ElfHeader header;
    std::vector<CoreLoad> loads; ///< in the file's order
    std::vector<MappedFile> files; ///< in the note's order
    std::vector<LinkedObject> linked; ///< the program first; only where there is no NT_FILE
    std::map<std::uint64_t, std::uint64_t> auxiliary; ///< AT_... -> value
    SecretBytes auxiliaryBytes; ///< NT_AUXV as it lies in the file
    std::uint64_t signalThread = 0; ///< where a BSD's PROCINFO tells it
    bool kernelMemory = false; ///< a machine's memory, not a process's

    /// The value of an auxiliary vector's row; 0 where there is none.
    std::uint64_t auxiliaryValue(std::uint64_t type) const
    {
        const auto row = auxiliary.find(type);
        return row == auxiliary.end() ? 0 : row->second;
    }
};

namespace auxiliary {
constexpr std::uint64_t ProgramHeaders = 3;
constexpr std::uint64_t ProgramHeaderSize = 4;
constexpr std::uint64_t ProgramHeaderCount = 5;
constexpr std::uint64_t PageSize = 6;
constexpr std::uint64_t Entry = 9;
constexpr std::uint64_t Platform = 15;
constexpr std::uint64_t Random = 25;
constexpr std::uint64_t ProgramName = 31;
constexpr std::uint64_t Vdso = 33;
}

/// Reads program headers: adds segments, loads, and the places of the notes. elfsegments.cpp
struct NoteSegment {
    std::uint64_t offset;
    std::uint64_t size;
};
std::vector<NoteSegment> readProgramHeaders(DumpBuilder& builder, ElfCoreState& state);

/// NT_PRSTATUS and the register notes that follow it. elfthreads.cpp
void readThread(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note);
void addVectorRegisters(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note,
                        std::string_view name);
/// "NT_FPREGSET, thread 17": register notes belong to the thread that came before them.
std::string threadFieldName(const DumpBuilder& builder, std::string_view name);

/// The notes about the process as a whole. elfprocess.cpp
void readProcessInfo(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note);
void readSignalInfo(DumpBuilder& builder, const ElfCoreState& state, const ElfNote& note);
void readAuxiliaryVector(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note);
void readMappedFiles(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note);

/// The notes of NetBSD, OpenBSD and FreeBSD; false for another owner's. elfbsd.cpp
bool readBsdNote(DumpBuilder& builder, ElfCoreState& state, const ElfNote& note);

/// Arguments, environment and AT_RANDOM in the main stack. elfstack.cpp
void readInitialStack(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory);

/// What is mapped from files, where no NT_FILE tells: cores of qemu-user, and of processes with
/// very many mappings. elflinkmap.cpp
void readLinkMap(DumpBuilder& builder, ElfCoreState& state, const AddressSpace& memory);

/// Regions with kinds and names, also for the segments. elfregions.cpp
void nameRegions(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory);

/// Mapped images with their build ids. elfmodules.cpp
void findModules(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory);

} // namespace coredact
