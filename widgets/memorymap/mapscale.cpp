// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/memorymap/mapscale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coredact {

namespace {

constexpr double gapShare = 0.008; ///< of the whole map, for one gap
constexpr double mostGaps = 0.25; ///< of the whole map, for all gaps together
constexpr double mostFileParts = 0.04; ///< of the whole map

double weightOf(const MapBlock& block)
{
    return std::sqrt(static_cast<double>(block.last - block.first) + 1);
}

bool follows(const MapBlock& before, const MapBlock& after)
{
    return before.last != std::numeric_limits<std::uint64_t>::max()
        && before.last + 1 == after.first;
}

/// Appends `block`, cut down to what lies after the last block; drops it when nothing does.
void appendDisjoint(std::vector<MapBlock>& blocks, std::size_t begin, MapBlock block)
{
    if (blocks.size() > begin) {
        const std::uint64_t last = blocks.back().last;
        if (block.last <= last)
            return;
        block.first = std::max(block.first, last + 1);
    }
    blocks.push_back(std::move(block));
}

} // namespace

MapScale::MapScale(const Dump& dump)
{
    addFileParts(dump);
    addMemory(dump);
    layOut();
}

void MapScale::addFileParts(const Dump& dump)
{
    std::vector<FileRange> saved;
    saved.reserve(dump.segments.size());
    for (const Segment& segment : dump.segments)
        saved.push_back(segment.file);
    std::sort(saved.begin(), saved.end());
    std::uint64_t next = 0;
    const auto add = [this](std::uint64_t first, std::uint64_t last) {
        MapBlock block;
        block.memory = false;
        block.first = first;
        block.last = last;
        block.kind = RegionKind::Structure;
        m_blocks.push_back(std::move(block));
    };
    for (const FileRange& range : saved) {
        if (range.first() > next)
            add(next, range.first() - 1);
        next = std::max(next, range.last() + 1);
    }
    if (next < dump.size)
        add(next, dump.size - 1);
    m_fileParts = m_blocks.size();
}

void MapScale::addMemory(const Dump& dump)
{
    std::vector<MapBlock> all;
    all.reserve(dump.regions.size() + dump.segments.size());
    for (const Region& region : dump.regions) {
        MapBlock block;
        block.first = region.memory.first();
        block.last = region.memory.last();
        block.kind = region.kind;
        block.access = region.access;
        block.name = region.name;
        block.saved = region.savedBytes > 0;
        all.push_back(std::move(block));
    }
    for (const Segment& segment : dump.segments) {
        MapBlock block;
        block.first = segment.memory.first();
        block.last = segment.memory.last();
        block.kind = segment.kind;
        block.access = segment.access;
        block.name = segment.name;
        all.push_back(std::move(block));
    }
    // Where a region and a segment begin together, the region comes first: it has the name.
    std::stable_sort(all.begin(), all.end(),
                     [](const MapBlock& a, const MapBlock& b) { return a.first < b.first; });
    m_blocks.reserve(m_blocks.size() + all.size());
    for (MapBlock& block : all)
        appendDisjoint(m_blocks, m_fileParts, std::move(block));
}

void MapScale::layOut()
{
    double fileWeight = 0;
    double memoryWeight = 0;
    std::size_t gaps = 0;
    for (std::size_t index = 0; index < m_blocks.size(); ++index) {
        (m_blocks[index].memory ? memoryWeight : fileWeight) += weightOf(m_blocks[index]);
        if (index > m_fileParts && !follows(m_blocks[index - 1], m_blocks[index]))
            ++gaps;
    }
    const bool both = fileWeight > 0 && memoryWeight > 0;
    const double fileShare = memoryWeight > 0 ? (fileWeight > 0 ? mostFileParts : 0) : 1;
    if (both)
        ++gaps;
    const double gapWidth
        = gaps == 0 ? 0 : std::min(gapShare, mostGaps / static_cast<double>(gaps));
    const double blockShare = 1 - gapWidth * static_cast<double>(gaps);
    double next = 0;
    for (std::size_t index = 0; index < m_blocks.size(); ++index) {
        MapBlock& block = m_blocks[index];
        const bool gapBefore = index == m_fileParts
            ? both
            : index > m_fileParts && !follows(m_blocks[index - 1], block);
        next += gapBefore ? gapWidth : 0;
        const double share = block.memory ? (1 - fileShare) / memoryWeight : fileShare / fileWeight;
        block.begin = next;
        block.width = weightOf(block) * share * blockShare;
        next += block.width;
    }
}

const MapBlock* MapScale::blockAt(double position) const
{
    const auto after = std::upper_bound(
        m_blocks.begin(), m_blocks.end(), position,
        [](double wanted, const MapBlock& block) { return wanted < block.begin; });
    if (after == m_blocks.begin())
        return nullptr;
    const MapBlock& block = *std::prev(after);
    return position <= block.begin + block.width ? &block : nullptr;
}

const MapBlock* MapScale::blockOf(const MapPlace& place) const
{
    const auto middle = m_blocks.begin() + static_cast<std::ptrdiff_t>(m_fileParts);
    const auto begin = place.address ? middle : m_blocks.begin();
    const auto end = place.address ? m_blocks.end() : middle;
    const std::uint64_t wanted = place.address.value_or(place.fileOffset);
    const auto after
        = std::upper_bound(begin, end, wanted, [](std::uint64_t at, const MapBlock& block) {
              return at < block.first;
          });
    if (after == begin || std::prev(after)->last < wanted)
        return nullptr;
    return &*std::prev(after);
}

std::optional<double> MapScale::positionOf(const MapPlace& place) const
{
    const MapBlock* block = blockOf(place);
    if (!block)
        return std::nullopt;
    const std::uint64_t at = place.address.value_or(place.fileOffset) - block->first;
    const double size = static_cast<double>(block->last - block->first) + 1;
    return block->begin + block->width * (static_cast<double>(at) / size);
}

std::optional<MapPlace> MapScale::placeAt(double position) const
{
    if (m_blocks.empty())
        return std::nullopt;
    const MapBlock* block = blockAt(position);
    if (!block) {
        const auto next = std::upper_bound(
            m_blocks.begin(), m_blocks.end(), position,
            [](double wanted, const MapBlock& other) { return wanted < other.begin; });
        block = next == m_blocks.end() ? &m_blocks.back() : &*next;
    }
    const double share
        = block->width > 0 ? std::clamp((position - block->begin) / block->width, 0.0, 1.0) : 0;
    const std::uint64_t span = block->last - block->first;
    // The product may round up to 2^64, which no 64 bits hold.
    const double delta = share * static_cast<double>(span);
    const std::uint64_t at = delta >= static_cast<double>(span)
        ? block->last
        : block->first + static_cast<std::uint64_t>(delta);
    return block->memory ? MapPlace {at, 0} : MapPlace {std::nullopt, at};
}

} // namespace coredact
