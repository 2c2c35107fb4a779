// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/elfcorebuilder.h"
#include "tests/support/minidumpbuilder.h"

#include <string>

namespace coredact::test {

/// A small file that a reader understands without any diagnostic.
struct GoodFile {
    std::string format; ///< id of the format
    std::string name; ///< for people
    std::vector<std::uint8_t> bytes;
};

/// At least one for every format of `formats.def`; the tests of the family run over all.
std::vector<GoodFile> goodFiles();

/// A process of two threads, on x86-64: what a kernel writes of it. Addresses below.
ElfCoreBuilder sampleCore();
namespace samplecore {
constexpr std::uint64_t Program = 0x400000; ///< ELF header, program headers, build id
constexpr std::uint64_t Heap = 0x602000;
constexpr std::uint64_t Library = 0x7f0000000000; ///< its first page is not saved
constexpr std::uint64_t Vdso = 0x7ffff7fc0000;
constexpr std::uint64_t Stack = 0x7ffffffde000;
constexpr std::uint64_t ThreadStack = 0x7f1000000000;
constexpr std::uint64_t Pc = 0x400abc;
constexpr std::uint64_t Sp = Stack + 0x40;
constexpr std::uint32_t ProcessId = 4321;
constexpr std::uint32_t OtherThread = 4322;
constexpr std::uint64_t FaultAddress = 0x42;
enum Load { ProgramLoad, DataLoad, HeapLoad, LibraryLoad, ThreadStackLoad, VdsoLoad, StackLoad };
}

/// A big-endian 32-bit process of one thread (PowerPC).
ElfCoreBuilder samplePowerPcCore();

/// A NetBSD process of two threads, on amd64; the second one crashed.
ElfCoreBuilder sampleNetbsdCore();

/// A Windows process of two threads, on amd64; the second one crashed.
MinidumpBuilder sampleMinidump();
namespace sampleminidump {
constexpr std::uint32_t ProcessId = 77;
constexpr std::uint32_t FirstThread = 11;
constexpr std::uint32_t SecondThread = 12;
constexpr std::uint64_t Stack = 0x1000;
constexpr std::uint64_t Image = 0x140000000;
constexpr std::uint64_t CrashPc = Image + 0x123;
}

/// MINIDUMP_SYSTEM_INFO and an amd64 CONTEXT, for tests of their own.
FileBuilder systemInfo(const MinidumpBuilder& dump, std::uint16_t processor,
                       std::uint32_t platform);
FileBuilder amd64Context(const MinidumpBuilder& dump, std::uint64_t pc, std::uint64_t sp);

/// NT_PRSTATUS of x86-64; the other registers hold their offset in the note.
FileBuilder amd64Status(const ElfCoreBuilder& core, std::uint32_t id, std::uint16_t signal,
                        std::uint64_t pc, std::uint64_t sp);

} // namespace coredact::test
