// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/addressspace.h"
#include "scanner/formats/dumpbuilder.h"

#include <functional>
#include <map>

namespace coredact {

/// One row of the stream directory. The size is as the file says; reading clips it.
struct MinidumpStream {
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// A run of memory that a stream refers to.
struct MinidumpMemory {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

/// Where a thread's saved registers lie.
struct MinidumpContext {
    std::uint64_t threadId = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// MINIDUMP_EXCEPTION_STREAM.
struct MinidumpException {
    std::uint64_t threadId = 0;
    std::uint32_t code = 0;
    std::optional<std::uint64_t> faultAddress;
    MinidumpContext context;
};

/// What the parts of the minidump reader hand on to each other.
struct MinidumpState {
    ByteOrder order = ByteOrder::Little;
    std::optional<std::uint16_t> processor; ///< MINIDUMP_SYSTEM_INFO.ProcessorArchitecture
    std::uint32_t platform = 0; ///< PlatformId
    std::vector<MinidumpMemory> memory; ///< MemoryList, Memory64List
    std::vector<std::uint64_t> tebs; ///< addresses of the threads' environment blocks
    std::vector<MinidumpMemory> stacks; ///< one for each thread, in order; may be empty
    std::vector<MinidumpContext> contexts; ///< one for each thread, in order
    std::optional<MinidumpException> exception;
    std::map<std::uint64_t, std::string> threadNames;
    std::vector<Region> regions; ///< MemoryInfoList, or LinuxMaps
    std::string statusName; ///< the process's name in LinuxProcStatus, cut to 15 bytes

    ByteReader reader(ByteView bytes, std::uint64_t fileOffset = 0) const
    {
        return {bytes, order, fileOffset};
    }
};

namespace platform {
constexpr std::uint32_t WindowsNt = 2;
constexpr std::uint32_t MacOs = 0x8101;
constexpr std::uint32_t Ios = 0x8102;
}

/// A table inside a stream.
struct MinidumpTable {
    std::uint64_t first = 0; ///< of the first row, from the stream's start
    std::uint64_t count = 0;
    std::uint64_t stride = 0; ///< bytes from row to row
    std::uint64_t rowSize = 0; ///< bytes of a row that are read; at most the stride
    std::string_view what; ///< "the module list"
};

/// Calls `visit` for each row that lies in the stream and in the file, and marks the stream up to
/// the last one as structure. Rows that are missing are told. A stride below the row's size is
/// told, and nothing is read.
void forEachRow(DumpBuilder& builder, const MinidumpState& state, const MinidumpStream& stream,
                MinidumpTable table, const std::function<void(ByteReader&)>& visit);

/// For lists that begin with a 32-bit count. Some writers put four bytes of padding behind it:
/// then the stream is that much larger than its rows.
void forEachListed(DumpBuilder& builder, const MinidumpState& state, const MinidumpStream& stream,
                   std::uint64_t rowSize, std::string_view what,
                   const std::function<void(ByteReader&)>& visit);

/// A MINIDUMP_STRING (32-bit byte length, UTF-16) as UTF-8; its text becomes a field. "" for
/// offset 0, which means none.
std::string readMinidumpString(DumpBuilder& builder, const MinidumpState& state,
                               std::uint64_t offset, std::string field);

/// One thread's registers, and the fields of its saved state. minidumpcontext.cpp
void readContext(DumpBuilder& builder, const MinidumpState& state, const MinidumpContext& context,
                 Thread& thread);
/// "x86_64", and 4 or 8; by the number of SystemInfo.
std::string processorName(std::uint16_t processor);
unsigned processorWordSize(std::uint16_t processor);

using MinidumpStreamReader = void (*)(DumpBuilder&, MinidumpState&, const MinidumpStream&);

// Each in the source file that is named after its subject.
void readThreadList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readThreadExList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readThreadNames(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readException(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void finishThreads(DumpBuilder& builder, MinidumpState& state);

void readModuleList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readUnloadedModules(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);

void readMemoryList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readMemory64List(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readMemoryInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void addSegments(DumpBuilder& builder, const MinidumpState& state);
void nameRegions(DumpBuilder& builder, MinidumpState& state);

/// Command line, environment, paths in the memory of a Windows process, where they are saved.
void readProcessParameters(DumpBuilder& builder, const MinidumpState& state);

void readSystemInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readMiscInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readHandles(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readAssertion(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);

void readLinuxCommandLine(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readLinuxEnvironment(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readLinuxStatus(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readLinuxMaps(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);
void readLinuxLinkMap(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);

void readCrashpadInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream);

} // namespace coredact
