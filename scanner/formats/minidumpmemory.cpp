// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/minidumpstate.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace coredact {

namespace {

constexpr std::uint64_t DescriptorSize = 16;
constexpr std::uint64_t InfoSize = 48;

bool add(DumpBuilder& builder, MinidumpState& state, const MinidumpMemory& memory,
         std::uint64_t offset)
{
    if (builder.full(state.memory.size(), limits::Segments, offset, "runs of memory"))
        return false;
    if (memory.size != 0)
        state.memory.push_back(memory);
    return true;
}

/// PAGE_... of winnt.h.
Access accessOf(std::uint32_t protection)
{
    switch (protection & 0xff) {
    case 0x02:
        return {true, false, false};
    case 0x04:
    case 0x08:
        return {true, true, false};
    case 0x10:
        return {false, false, true};
    case 0x20:
        return {true, false, true};
    case 0x40:
    case 0x80:
        return {true, true, true};
    default:
        return {};
    }
}

} // namespace

void readMemoryList(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    forEachListed(builder, state, stream, DescriptorSize, "the memory list", [&](ByteReader& row) {
        const std::uint64_t offset = row.fileOffset();
        MinidumpMemory memory;
        memory.address = row.u64();
        memory.size = row.u32();
        memory.offset = row.u32();
        add(builder, state, memory, offset);
    });
}

void readMemory64List(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    const SecretBytes head = builder.read(stream.offset, 16);
    ByteReader in = state.reader(head, stream.offset);
    const std::uint64_t count = in.u64();
    // The runs lie one behind the other from here on; the place may be odd (Wine's is).
    std::uint64_t next = in.u64();
    std::uint64_t missing = 0;
    forEachRow(builder, state, stream, {16, count, DescriptorSize, DescriptorSize,
                                        "the 64-bit memory list"},
               [&](ByteReader& row) {
                   const std::uint64_t offset = row.fileOffset();
                   MinidumpMemory memory;
                   memory.address = row.u64();
                   const std::uint64_t size = row.u64();
                   const std::uint64_t left = builder.dump.size - std::min(next, builder.dump.size);
                   memory.size = std::min(size, left);
                   memory.offset = next;
                   missing += size > left ? 1 : 0;
                   add(builder, state, memory, offset);
                   next += memory.size;
               });
    if (missing != 0)
        builder.diagnose(builder.dump.size,
                         "the file is cut off: " + std::to_string(missing)
                             + " runs of memory reach past its end",
                         true);
}

void readMemoryInfo(DumpBuilder& builder, MinidumpState& state, const MinidumpStream& stream)
{
    constexpr std::uint32_t Free = 0x10000;
    constexpr std::uint32_t Image = 0x1000000;
    constexpr std::uint32_t Mapped = 0x40000;
    const SecretBytes head = builder.read(stream.offset, 16);
    ByteReader in = state.reader(head, stream.offset);
    const std::uint64_t first = in.u32();
    const std::uint64_t stride = in.u32();
    const std::uint64_t count = in.u64();
    forEachRow(builder, state, stream, {first, count, stride, InfoSize, "the memory info list"},
               [&](ByteReader& row) {
                   const std::uint64_t offset = row.fileOffset();
                   const std::uint64_t base = row.u64();
                   row.skip(16); // AllocationBase, AllocationProtect
                   const std::uint64_t size = row.u64();
                   const std::uint32_t memoryState = row.u32();
                   const std::uint32_t protection = row.u32();
                   const std::uint32_t type = row.u32();
                   const auto memory = AddressRange::make(base, size);
                   if (!memory || memoryState == Free
                       || builder.full(state.regions.size(), limits::Regions, offset, "regions"))
                       return;
                   const bool file = type == Image || type == Mapped;
                   state.regions.push_back({*memory, accessOf(protection),
                                            file ? RegionKind::File : RegionKind::Anonymous,
                                            {}, 0});
               });
}

void addSegments(DumpBuilder& builder, const MinidumpState& state)
{
    using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;
    std::set<Key> known;
    std::uint64_t cut = 0;
    const auto addOnce = [&](const MinidumpMemory& memory) {
        // The header lies at 0: a description with that place only tells what was there.
        if (memory.size == 0 || memory.offset == 0
            || !known.insert({memory.address, memory.size, memory.offset}).second)
            return;
        const std::uint64_t size = builder.dump.size;
        if (memory.offset > size || memory.size > size - memory.offset)
            ++cut;
        builder.segment(memory.address, memory.size, memory.offset, {true, false, false});
    };
    for (const MinidumpMemory& memory : state.memory)
        addOnce(memory);
    // Most writers list stacks among the memory too; some do not.
    for (const MinidumpMemory& stack : state.stacks)
        addOnce(stack);
    if (cut != 0)
        builder.diagnose(builder.dump.size,
                         std::to_string(cut) + " runs of memory reach past the end of the file",
                         true);
}

} // namespace coredact
