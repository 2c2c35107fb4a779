// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/claims.h"
#include "scanner/formats/minidumpstate.h"

namespace coredact {

namespace {

template <typename Things>
std::vector<Claim<AddressRange>> claimsOf(const Things& things)
{
    std::vector<AddressRange> ranges;
    ranges.reserve(things.size());
    for (const auto& thing : things)
        ranges.push_back(thing.memory);
    return firstClaims(ranges);
}

/// Without a stream that tells of regions, modules and saved memory are what is known.
std::vector<Region> regionsFromContent(const Dump& dump)
{
    std::vector<Region> regions;
    for (const Module& module : dump.modules)
        regions.push_back({module.memory, {}, RegionKind::File, module.name, 0});
    const auto modules = claimsOf(regions);
    for (const Segment& segment : dump.segments)
        if (!claimAt(modules, segment.memory.first()))
            regions.push_back({segment.memory, segment.access, RegionKind::Unknown, {}, 0});
    return regions;
}

void nameByModules(std::vector<Region>& regions, const Dump& dump)
{
    const auto modules = claimsOf(dump.modules);
    for (Region& region : regions) {
        const auto* module = claimAt(modules, region.memory.first());
        if (module && region.name.empty()) {
            region.kind = RegionKind::File;
            region.name = dump.modules[module->owner].name;
        }
    }
}

} // namespace

void nameRegions(DumpBuilder& builder, MinidumpState& state)
{
    Dump& dump = builder.dump;
    std::vector<Region> regions
        = state.regions.empty() ? regionsFromContent(dump) : std::move(state.regions);
    nameByModules(regions, dump);
    const auto claims = claimsOf(regions);
    const auto nameStack = [&](std::uint64_t address, const Thread& thread) {
        const auto* claim = claimAt(claims, address);
        if (!claim || regions[claim->owner].kind == RegionKind::File
            || !regions[claim->owner].name.empty())
            return;
        regions[claim->owner].kind = RegionKind::Stack;
        regions[claim->owner].name = "[stack:" + std::to_string(thread.id) + ']';
    };
    for (std::size_t i = 0; i < dump.threads.size(); ++i) {
        if (state.stacks[i].size != 0)
            nameStack(state.stacks[i].address, dump.threads[i]);
        nameStack(dump.threads[i].sp, dump.threads[i]);
    }
    for (Segment& segment : dump.segments) {
        const auto* claim = claimAt(claims, segment.memory.first());
        if (!claim)
            continue;
        const Region& region = regions[claim->owner];
        segment.kind = region.kind;
        segment.name = region.name;
        segment.access = region.access;
    }
    dump.regions = std::move(regions);
}

} // namespace coredact
