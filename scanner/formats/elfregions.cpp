// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/claims.h"
#include "scanner/formats/elfcorestate.h"
#include "scanner/formats/elfimage.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t Vsyscall = 0xffffffffff600000;

class RegionNamer {
public:
    RegionNamer(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory)
        : m_builder(builder)
        , m_state(state)
        , m_program(state.kernelMemory ? std::nullopt : programImage(builder, state, memory))
    {
        std::vector<AddressRange> loads;
        for (const CoreLoad& load : state.loads) {
            loads.push_back(load.memory);
            m_regions.push_back({load.memory, load.access, RegionKind::Unknown, {}, 0});
        }
        m_claims = firstClaims(loads);
    }

    void name()
    {
        if (!m_state.kernelMemory) {
            nameFiles();
            nameLinkedObjects();
            nameAt(m_state.auxiliaryValue(auxiliary::Vdso), RegionKind::Vdso, "[vdso]");
            nameAt(Vsyscall, RegionKind::Vdso, "[vsyscall]");
            nameStacks();
            nameHeap();
        }
        for (std::size_t i = 0; i < m_state.loads.size(); ++i) {
            if (!m_state.loads[i].segment)
                continue;
            Segment& segment = m_builder.dump.segments[*m_state.loads[i].segment];
            segment.kind = m_regions[i].kind;
            segment.name = m_regions[i].name;
        }
        m_builder.dump.regions = std::move(m_regions);
    }

private:
    Region* regionAt(std::uint64_t address)
    {
        const auto* claim = claimAt(m_claims, address);
        return claim ? &m_regions[claim->owner] : nullptr;
    }

    /// False where nothing is saved at the address, or where the region has a name already.
    bool nameAt(std::uint64_t address, RegionKind kind, const std::string& name)
    {
        Region* region = address == 0 ? nullptr : regionAt(address);
        if (!region || region->kind == RegionKind::File || !region->name.empty())
            return false;
        region->kind = kind;
        region->name = name;
        return true;
    }

    void nameFiles()
    {
        std::vector<AddressRange> ranges;
        for (const MappedFile& file : m_state.files)
            ranges.push_back(file.memory);
        const auto files = firstClaims(ranges);
        for (Region& region : m_regions) {
            const auto* file = claimAt(files, region.memory.first());
            if (file) {
                region.kind = RegionKind::File;
                region.name = m_state.files[file->owner].path;
            } else if (!m_state.files.empty() || region.access.write) {
                region.kind = RegionKind::Anonymous;
            }
        }
        // gdb's gcore leaves out mappings whose bytes are all in the file on disk.
        for (const MappedFile& file : m_state.files)
            if (!anyLoadIn(file.memory) && m_regions.size() < limits::Regions)
                m_regions.push_back({file.memory, {}, RegionKind::File, file.path, 0});
    }

    bool anyLoadIn(const AddressRange& memory) const
    {
        const auto after = std::upper_bound(
            m_claims.begin(), m_claims.end(), memory.last(),
            [](std::uint64_t last, const auto& claim) { return last < claim.range.first(); });
        return after != m_claims.begin() && std::prev(after)->range.overlaps(memory);
    }

    void nameLinkedObjects()
    {
        std::vector<AddressRange> ranges;
        for (const LinkedObject& object : m_state.linked)
            ranges.push_back(object.memory);
        const auto objects = firstClaims(ranges);
        for (Region& region : m_regions) {
            const auto* object = claimAt(objects, region.memory.first());
            if (object && m_state.linked[object->owner].memory.contains(region.memory)) {
                region.kind = RegionKind::File;
                region.name = m_state.linked[object->owner].path;
            }
        }
    }

    void nameStacks()
    {
        const bool known
            = nameAt(m_state.auxiliaryValue(auxiliary::ProgramName), RegionKind::Stack, "[stack]")
            || nameAt(m_state.auxiliaryValue(auxiliary::Random), RegionKind::Stack, "[stack]");
        for (const Thread& thread : m_builder.dump.threads) {
            // The main thread may run on another stack: of a signal, of a goroutine.
            const bool main = thread.id == m_builder.dump.process.id && !known;
            nameAt(thread.sp, RegionKind::Stack,
                   main ? "[stack]" : "[stack:" + std::to_string(thread.id) + ']');
        }
    }

    /// Linux puts the heap above the program's data, at a distance that is made at random: up to
    /// 32 MiB, and 1 GiB on 64-bit machines other than x86. Without that randomness it begins
    /// where the zero-initialised data ends, often in the same mapping.
    void nameHeap()
    {
        const std::uint64_t reach = m_state.header.wordSize == 8 ? 0x40001000 : 0x2001000;
        if (!m_program || m_program->last() > ~std::uint64_t {0} - reach)
            return;
        auto claim = std::upper_bound(
            m_claims.begin(), m_claims.end(), m_program->last(),
            [](std::uint64_t last, const auto& c) { return last < c.range.last(); });
        for (; claim != m_claims.end(); ++claim) {
            Region& region = m_regions[claim->owner];
            if (region.kind == RegionKind::File
                || region.memory.first() > m_program->last() + reach)
                return;
            if (region.kind == RegionKind::Anonymous && region.access.write)
                break;
        }
        while (claim != m_claims.end()) {
            Region& region = m_regions[claim->owner];
            if (region.kind != RegionKind::Anonymous || !region.access.write)
                return;
            region.kind = RegionKind::Heap;
            region.name = "[heap]";
            const auto next = std::next(claim);
            if (next == m_claims.end() || !claim->range.touches(next->range))
                return;
            claim = next;
        }
    }

    DumpBuilder& m_builder;
    const ElfCoreState& m_state;
    std::optional<AddressRange> m_program;
    std::vector<Region> m_regions; ///< first those of the loads, in their order
    std::vector<Claim<AddressRange>> m_claims; ///< of the loads
};

} // namespace

void nameRegions(DumpBuilder& builder, const ElfCoreState& state, const AddressSpace& memory)
{
    RegionNamer(builder, state, memory).name();
}

} // namespace coredact
