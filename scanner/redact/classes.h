// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/io/source.h"

#include <optional>
#include <span>

namespace coredact {

/// What the bytes of a dump are, for the policy of a custom copy.
enum class DumpClass {
    Stack, ///< memory of the stacks, without what lies in it of the classes below
    Heap, ///< the allocator's first heap
    Anonymous, ///< other private memory: further heaps, zero-initialised data
    Data, ///< writable pages of files: initialised variables
    ReadOnly, ///< other pages of files
    Code, ///< pages that can be executed, and the vdso
    Loader, ///< what backtraces hang on: control blocks of threads, first pages and list of modules
    Registers, ///< general registers
    VectorRegisters, ///< floating-point and vector registers
    Arguments, ///< arguments and environment
    Notes, ///< other notes and streams, known or not
    Unclaimed, ///< what no part of the file claims
};

/// In a custom copy: Scan as in any copy; Keep: nothing of it changes, whatever is found in it;
/// Fill: all of it is overwritten.
enum class ClassUse { Scan, Keep, Fill };

std::span<const DumpClass> dumpClasses(); ///< all, in their order
std::string_view toText(DumpClass kind); ///< "stack", "read-only", ...
std::string_view toText(ClassUse use); ///< "scan", "keep", "fill"
std::optional<DumpClass> dumpClassFrom(std::string_view text);
std::optional<ClassUse> classUseFrom(std::string_view text);

struct ClassChoice {
    DumpClass kind = DumpClass::Stack;
    ClassUse use = ClassUse::Scan;

    bool operator==(const ClassChoice&) const = default;
};

/// What becomes of a class; one that was not chosen for is scanned.
ClassUse useOf(std::span<const ClassChoice> choices, DumpClass kind);

/// What a debugger can no more do when a class is filled, as a sentence; "" where backtraces do
/// not need it.
std::string_view costOfFilling(DumpClass kind);
/// Whether the library that keeps the threads is part of the program, so that a debugger reads of
/// them in the program's own data. Told by the modules of an ELF core.
bool keepsThreadsInOwnData(const Dump& dump);
/// The same for one dump, of which more may be known: a static program's data cost something too.
std::string_view costOfFilling(DumpClass kind, const Dump& dump);

struct ClassRange {
    FileRange range;
    DumpClass kind = DumpClass::Stack;

    bool operator==(const ClassRange&) const = default;
};

/// What of a class a plan leaves and overwrites.
struct ClassShare {
    DumpClass kind = DumpClass::Stack;
    ClassUse use = ClassUse::Scan;
    std::uint64_t bytes = 0; ///< of the class that the file holds; its holes do not count
    std::uint64_t places = 0; ///< of secrets that were found in a kept class, and stay

    bool operator==(const ClassShare&) const = default;
};

/// The class of every byte that is neither structure nor in a hole of the file: sorted, disjoint.
/// Where parts overlap, arguments come before fields, those before loader data and stacks, and
/// those before the memory around them.
Result<std::vector<ClassRange>> classRanges(const Source& source, const Dump& dump);

} // namespace coredact
