// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/bytelayout.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace coredact {

namespace {

/// A gap's box needs more room than a line of bytes.
constexpr std::uint64_t rowsOfGap = 2;

std::uint64_t rowsFor(std::uint64_t start, std::uint64_t size)
{
    const std::uint64_t inFirst = std::min(size, bytesPerRow - start % bytesPerRow);
    const std::uint64_t rest = size - inFirst;
    return 1 + rest / bytesPerRow + (rest % bytesPerRow == 0 ? 0 : 1);
}

} // namespace

/// Fills a layout, section by section.
class LayoutBuilder {
public:
    explicit LayoutBuilder(const Dump& dump)
        : m_dump(dump)
    {
        m_layout.m_fileSize = dump.size;
        std::vector<IntervalIndex::Interval> offsets;
        std::vector<IntervalIndex::Interval> addresses;
        for (const Segment& segment : dump.segments) {
            const auto id = static_cast<std::uint32_t>(m_layout.m_segments.size());
            m_layout.m_segments.push_back(sectionFor(segment));
            offsets.push_back({segment.file.first(), segment.file.last(), id});
            addresses.push_back({segment.memory.first(), segment.memory.last(), id});
            m_layout.m_largestAddress = std::max(m_layout.m_largestAddress, segment.memory.last());
        }
        m_layout.m_byOffset = IntervalIndex(std::move(offsets));
        m_layout.m_byAddress = IntervalIndex(std::move(addresses));
    }

    ByteLayout memoryOrder() &&
    {
        const auto byAddress = m_layout.m_byAddress.all();
        m_layout.m_sectionOfSegment.resize(byAddress.size());
        std::optional<std::uint64_t> last; // the largest address so far
        for (const IntervalIndex::Interval& segment : byAddress) {
            if (last && segment.first > *last && segment.first - *last > 1)
                addGap(*last + 1, segment.first - 1);
            last = std::max(last.value_or(0), segment.last);
            m_layout.m_sectionOfSegment[segment.id]
                = static_cast<std::uint32_t>(m_layout.m_sections.size());
            add(m_layout.m_segments[segment.id]);
        }
        addFileOnlyParts();
        return std::move(*this).finish();
    }

    ByteLayout fileOrder() &&
    {
        addFilePart(0, m_dump.size);
        return std::move(*this).finish();
    }

private:
    std::uint32_t nameIndex(const std::string& name)
    {
        if (name.empty())
            return 0;
        const auto [at, fresh]
            = m_nameIndices.emplace(name, static_cast<std::uint32_t>(m_layout.m_names.size()));
        if (fresh)
            m_layout.m_names.push_back(name);
        return at->second;
    }

    LayoutSection sectionFor(const Segment& segment)
    {
        LayoutSection section;
        section.kind = LayoutSection::Kind::Memory;
        section.regionKind = segment.kind;
        section.name = nameIndex(segment.name);
        section.access = segment.access;
        section.address = segment.memory.first();
        section.fileOffset = segment.file.first();
        section.size = segment.file.size();
        section.rows = rowsFor(section.address, section.size);
        return section;
    }

    void add(LayoutSection section)
    {
        section.firstRow = m_layout.m_rowCount;
        m_layout.m_rowCount += section.rows;
        m_layout.m_sections.push_back(section);
    }

    void addGap(std::uint64_t first, std::uint64_t last)
    {
        LayoutSection gap;
        gap.kind = LayoutSection::Kind::Gap;
        gap.address = first;
        gap.size = last - first + 1;
        gap.rows = rowsOfGap;
        const auto& regions = m_dump.regions;
        auto region
            = std::partition_point(regions.begin(), regions.end(), [first](const Region& before) {
                  return before.memory.last() < first;
              });
        for (; region != regions.end() && region->memory.first() <= last; ++region) {
            if (gap.owners++ > 0)
                continue;
            gap.name = nameIndex(region->name);
            gap.access = region->access;
            gap.regionKind = region->kind;
        }
        add(gap);
    }

    void addFilePart(std::uint64_t offset, std::uint64_t size)
    {
        if (size == 0)
            return;
        LayoutSection part;
        part.kind = LayoutSection::Kind::File;
        part.regionKind = RegionKind::Structure;
        part.fileOffset = offset;
        part.size = size;
        part.rows = rowsFor(offset, size);
        m_filePieces.push_back(
            {offset, offset + (size - 1), static_cast<std::uint32_t>(m_layout.m_sections.size())});
        add(part);
    }

    void addFileOnlyParts()
    {
        const auto byOffset = m_layout.m_byOffset.all();
        std::uint64_t next = 0; // the first byte that no segment has claimed so far
        if (!byOffset.empty()) {
            LayoutSection caption;
            caption.kind = LayoutSection::Kind::Caption;
            caption.rows = rowsOfGap;
            add(caption);
        }
        for (const IntervalIndex::Interval& segment : byOffset) {
            if (segment.first > next)
                addFilePart(next, segment.first - next);
            if (segment.last >= m_dump.size || segment.last + 1 >= m_dump.size) {
                next = m_dump.size;
                break;
            }
            next = std::max(next, segment.last + 1);
        }
        if (next < m_dump.size)
            addFilePart(next, m_dump.size - next);
        if (m_filePieces.empty() && !m_layout.m_sections.empty()
            && m_layout.m_sections.back().kind == LayoutSection::Kind::Caption) {
            m_layout.m_rowCount -= m_layout.m_sections.back().rows;
            m_layout.m_sections.pop_back();
        }
    }

    ByteLayout finish() &&
    {
        m_layout.m_filePieces = IntervalIndex(std::move(m_filePieces));
        return std::move(m_layout);
    }

    const Dump& m_dump;
    ByteLayout m_layout;
    std::vector<IntervalIndex::Interval> m_filePieces;
    std::unordered_map<std::string, std::uint32_t> m_nameIndices;
};

ByteLayout ByteLayout::memoryOrder(const Dump& dump) { return LayoutBuilder(dump).memoryOrder(); }

ByteLayout ByteLayout::fileOrder(const Dump& dump) { return LayoutBuilder(dump).fileOrder(); }

} // namespace coredact
