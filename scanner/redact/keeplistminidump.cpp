// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/keeplist.h"

#include "scanner/dump/addressspace.h"
#include "scanner/redact/minidumplists.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t redZone = 128; ///< below the stack pointer, in use on x86-64
/// The part of a TEB that says where the stack is and whose thread it is. What lies behind it are
/// slots and buffers of the program.
constexpr std::uint64_t blockSize = 0x100;
constexpr std::uint64_t pageSize = 4096;
/// Writers save a little around each instruction pointer.
constexpr std::uint64_t aroundCode = 256;

class MinidumpKeepList {
public:
    MinidumpKeepList(const Dump& dump, const MinidumpLists& lists)
        : m_dump(dump)
        , m_lists(lists)
        , m_memory(dump.segments)
    {
    }

    std::vector<KeptRange> take()
    {
        for (const Thread& thread : m_dump.threads) {
            addStack(thread);
            addCode(thread);
        }
        for (const MinidumpLists::Thread& thread : m_lists.threads)
            if (thread.block != 0)
                addMemory(thread.block, blockSize, "thread control block");
        for (const Module& module : m_dump.modules)
            addModule(module);
        return mergedRanges(std::move(m_kept));
    }

private:
    void addMemory(std::uint64_t address, std::uint64_t size, std::string_view what)
    {
        for (const FileRange& range : m_memory.fileRanges(address, size))
            m_kept.push_back({range, std::string(what)});
    }

    /// Each stack is a run of its own; it may be listed as such with its thread.
    void addStack(const Thread& thread)
    {
        const Segment* segment = m_memory.segmentAt(thread.sp);
        if (!segment || segment->kind == RegionKind::File)
            return;
        const std::uint64_t first
            = thread.sp - std::min(redZone, thread.sp - segment->memory.first());
        addMemory(first, segment->memory.last() - first + 1, "stack");
    }

    void addCode(const Thread& thread)
    {
        const bool known
            = std::any_of(m_dump.modules.begin(), m_dump.modules.end(),
                          [&](const Module& one) { return one.memory.contains(thread.pc); });
        const Segment* segment = known ? m_memory.segmentAt(thread.pc) : nullptr;
        if (!segment)
            return;
        const std::uint64_t before = std::min(aroundCode, thread.pc - segment->memory.first());
        const std::uint64_t behind = std::min(aroundCode - 1, segment->memory.last() - thread.pc);
        addMemory(thread.pc - before, before + behind + 1, "modules");
    }

    /// Its headers, and the pages of which the dump says that nothing writes to them.
    void addModule(const Module& module)
    {
        addMemory(module.memory.first(), std::min(pageSize, module.memory.size()), "modules");
        for (const Region& region : m_dump.regions) {
            const bool readOnly
                = !region.access.write && (region.access.read || region.access.execute);
            const auto shared = region.memory.intersection(module.memory);
            if (readOnly && region.kind == RegionKind::File && shared)
                addSaved(*shared);
        }
    }

    /// What of it is saved, whether its beginning is or not.
    void addSaved(const AddressRange& memory)
    {
        for (const Segment& segment : m_dump.segments)
            if (const auto shared = segment.memory.intersection(memory))
                addMemory(shared->first(), shared->size(), "modules");
    }

    const Dump& m_dump;
    const MinidumpLists& m_lists;
    AddressSpace m_memory;
    std::vector<KeptRange> m_kept;
};

} // namespace

std::vector<KeptRange> minidumpMemoryToKeep(const Source& source, const Dump& dump)
{
    const auto lists = MinidumpLists::read(source);
    return lists ? MinidumpKeepList(dump, *lists).take() : std::vector<KeptRange>();
}

} // namespace coredact
