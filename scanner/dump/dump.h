// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"
#include "scanner/base/range.h"

#include <optional>
#include <string>
#include <vector>

namespace coredact {

struct Access {
    bool read = false;
    bool write = false;
    bool execute = false;

    bool operator==(const Access&) const = default;
};

/// "rw-", as in /proc/PID/maps.
std::string toText(Access access);

enum class RegionKind { Unknown, Heap, Stack, File, Anonymous, Vdso, Structure };

std::string_view toText(RegionKind kind); ///< "heap", "stack", "file", ...

/// Memory that was saved in the file: one byte in the file for one byte of memory.
/// Invariant of the readers: both ranges have the same size, and the file range lies inside the
/// file.
struct Segment {
    AddressRange memory;
    FileRange file;
    Access access;
    RegionKind kind = RegionKind::Unknown;
    std::string name; ///< of the region it belongs to, "" where nothing is known
};

/// Memory that the process had mapped; it may have no saved bytes.
struct Region {
    AddressRange memory;
    Access access;
    RegionKind kind = RegionKind::Unknown;
    std::string name; ///< "/usr/lib/libc.so.6", "[heap]", ...
    std::uint64_t savedBytes = 0;
};

struct Module {
    AddressRange memory;
    std::string name;
    std::string buildId; ///< lower-case hex; a PDB's GUID and age for Windows
};

struct Register {
    std::string name;
    std::uint64_t value = 0;
};

struct Thread {
    std::uint64_t id = 0;
    std::string name;
    std::uint64_t pc = 0;
    std::uint64_t sp = 0;
    std::optional<std::uint32_t> signal; ///< signal or exception code, of the crashing thread
    std::vector<Register> registers; ///< general registers, in the architecture's usual order
};

struct Process {
    std::string name;
    std::uint64_t id = 0;
    std::string architecture; ///< "x86_64", "aarch64", ...
    std::string arguments; ///< as the file holds them; may hold secrets: never in a report
    std::optional<std::uint32_t> signal; ///< or exception code
    std::optional<std::uint64_t> faultAddress;
};

/// How the redaction must treat bytes outside memory.
enum class FieldKind {
    Text, ///< strings: psargs, environment, comments, file names, streams copied from /proc
    VectorRegisters, ///< FPREGSET, XSTATE, VFP, ...: wiped whole by the default policy
    GeneralRegisters, ///< callers' frames depend on them
    Random, ///< AT_RANDOM's 16 bytes: canary and pointer guard seed
    Opaque, ///< a stream or note that the reader does not know
};

/// Bytes outside memory that carry a meaning, by name.
struct Field {
    std::string name; ///< "NT_PRPSINFO.psargs", "LinuxEnviron", ...
    FileRange file;
    FieldKind kind = FieldKind::Opaque;
};

/// Something about the file that is worth telling: what was dropped, what contradicts, where.
struct Diagnostic {
    std::uint64_t offset = 0;
    std::string message; ///< English; never quotes the dump
    bool incomplete = false; ///< bytes that the file should hold are missing or were not understood

    bool operator==(const Diagnostic&) const = default;
};

/// What a reader understood of a file. Values only; nothing writes into it later.
/// Invariant: all file ranges lie inside [0, size).
struct Dump {
    std::string format; ///< id of the format: "elf-core", "minidump", "raw"
    std::uint64_t size = 0;
    ByteOrder order = ByteOrder::Little;
    unsigned wordSize = 8; ///< 4 or 8
    std::string contentType; ///< what libmagic says of the file, "" where it was not asked
    Process process;
    std::vector<Segment> segments; ///< in the file's order; overlaps in either space are normal
    std::vector<Region> regions; ///< sorted by address
    std::vector<Module> modules; ///< in the file's order
    std::vector<Thread> threads; ///< in the file's order
    std::vector<Field> fields; ///< in the file's order
    /// Values of arguments and of environment variables, without their names: personal, and no
    /// debugger needs them. Sorted, disjoint.
    std::vector<FileRange> values;
    /// Bytes that no plan may edit: headers, tables, record heads. Sorted, disjoint.
    std::vector<FileRange> structure;
    std::vector<Diagnostic> diagnostics;
};

/// The kind and name of the region or field that holds a file offset; what a report calls "region".
std::string placeName(const Dump& dump, std::uint64_t fileOffset);

/// Sorts, joins ranges that overlap or touch.
std::vector<FileRange> normalised(std::vector<FileRange> ranges);

} // namespace coredact
