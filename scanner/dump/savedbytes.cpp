// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/savedbytes.h"

#include <algorithm>

namespace coredact {

namespace {

/// Disjoint runs of saved memory with the number of saved bytes before each.
class SavedMemory {
public:
    explicit SavedMemory(std::span<const Segment> segments)
    {
        std::vector<AddressRange> memory;
        memory.reserve(segments.size());
        for (const Segment& segment : segments)
            memory.push_back(segment.memory);
        std::sort(memory.begin(), memory.end());
        std::uint64_t before = 0;
        for (const AddressRange& range : memory) {
            if (!m_runs.empty() && m_runs.back().memory.overlaps(range)) {
                AddressRange& last = m_runs.back().memory;
                before -= last.size();
                last = *AddressRange::between(last.first(), std::max(last.last(), range.last()));
            } else {
                m_runs.push_back({range, before});
            }
            before += m_runs.back().memory.size();
        }
    }

    /// Saved bytes at addresses up to `address`, included.
    std::uint64_t upTo(std::uint64_t address) const
    {
        const auto after = std::upper_bound(
            m_runs.begin(), m_runs.end(), address,
            [](std::uint64_t value, const Run& run) { return value < run.memory.first(); });
        if (after == m_runs.begin())
            return 0;
        const Run& run = *std::prev(after);
        return run.before + (std::min(address, run.memory.last()) - run.memory.first()) + 1;
    }

private:
    struct Run {
        AddressRange memory;
        std::uint64_t before;
    };
    std::vector<Run> m_runs;
};

} // namespace

void countSavedBytes(std::span<Region> regions, std::span<const Segment> segments)
{
    const SavedMemory saved(segments);
    for (Region& region : regions) {
        const std::uint64_t first = region.memory.first();
        const std::uint64_t below = first == 0 ? 0 : saved.upTo(first - 1);
        region.savedBytes = saved.upTo(region.memory.last()) - below;
    }
}

} // namespace coredact
