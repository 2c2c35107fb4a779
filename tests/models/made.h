// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"
#include "scanner/dump/dump.h"

namespace coredact::made {

inline FileRange file(std::uint64_t first, std::uint64_t size)
{
    return *FileRange::make(first, size);
}

inline Occurrence place(std::uint64_t offset, std::uint64_t size, std::string encoding = "raw")
{
    return {std::move(encoding), "[heap]", {Piece {file(offset, size), 0x7f0000000000 + offset}}};
}

inline Finding finding(std::string id, Severity severity, std::uint64_t offset,
                       std::size_t places = 1)
{
    Finding made;
    made.id = std::move(id);
    made.rule = "rule-of-" + std::to_string(static_cast<int>(severity));
    made.title = "Secret of " + std::to_string(static_cast<int>(severity));
    made.severity = severity;
    made.confidence = Confidence::Likely;
    for (std::size_t at = 0; at < places; ++at)
        made.occurrences.push_back(place(offset + 64 * at, 16));
    return made;
}

inline FindingPtr shared(Finding finding)
{
    return std::make_shared<const Finding>(std::move(finding));
}

/// A file of 64 KiB: 4 KiB of head, then heap, stack and a library, then registers at the end of
/// the head; two threads, the second crashed.
inline Dump dump()
{
    Dump made;
    made.format = "elf-core";
    made.size = 0x10000;
    made.process = {"sample", 42, "x86_64", {}, 11, 0};
    const auto segment = [&made](std::uint64_t offset, std::uint64_t size, RegionKind kind,
                                 std::string name) {
        const AddressRange memory = *AddressRange::make(0x7f0000000000 + offset, size);
        made.segments.push_back({memory, file(offset, size), {true, true, false}, kind, name});
        made.regions.push_back({memory, {true, true, false}, kind, name, size});
    };
    segment(0x1000, 0x4000, RegionKind::Heap, "[heap]");
    segment(0x5000, 0x4000, RegionKind::Stack, "[stack]");
    segment(0x9000, 0x7000, RegionKind::File, "/usr/lib/libsample.so.1");
    made.fields.push_back({"NT_FPREGSET", file(0x800, 0x200), FieldKind::VectorRegisters});
    made.modules.push_back(
        {*AddressRange::make(0x7f0000009000, 0x7000), "/usr/lib/libsample.so.1", "abcdef"});
    made.threads.push_back({1, "main", 0x7f0000009010, 0x7f0000005020, std::nullopt, {}});
    made.threads.push_back({2, "worker", 0x7f0000009020, 0x7f0000006020, 11, {}});
    made.structure.push_back(file(0, 0x800));
    return made;
}

} // namespace coredact::made
