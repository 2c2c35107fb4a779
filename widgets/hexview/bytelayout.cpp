// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/bytelayout.h"

#include <algorithm>
#include <cassert>

namespace coredact {

namespace {

/// The column of a section's first byte.
unsigned leadOf(const LayoutSection& section)
{
    const std::uint64_t start
        = section.kind == LayoutSection::Kind::Memory ? section.address : section.fileOffset;
    return static_cast<unsigned>(start % bytesPerRow);
}

/// The cell of a section's byte `delta`.
std::uint64_t cellIn(const LayoutSection& section, std::uint64_t delta)
{
    return section.firstRow * bytesPerRow + leadOf(section) + delta;
}

/// The first listed of those that hold a position.
std::optional<std::uint32_t> firstListed(const IntervalIndex& index, std::uint64_t position)
{
    std::optional<std::uint32_t> first;
    index.touching(position, position, [&first](const IntervalIndex::Interval& interval) {
        if (!first || interval.id < *first)
            first = interval.id;
    });
    return first;
}

} // namespace

const LayoutSection& ByteLayout::sectionOfRow(std::uint64_t row) const
{
    assert(row < m_rowCount);
    const auto after = std::upper_bound(m_sections.begin(), m_sections.end(), row,
                                        [](std::uint64_t wanted, const LayoutSection& section) {
                                            return wanted < section.firstRow;
                                        });
    return *std::prev(after);
}

LayoutRow ByteLayout::row(std::uint64_t index) const
{
    const LayoutSection& section = sectionOfRow(index);
    LayoutRow row;
    row.section = &section;
    row.rowInSection = index - section.firstRow;
    if (!section.hasBytes())
        return row;
    const unsigned lead = leadOf(section);
    row.firstColumn = row.rowInSection == 0 ? lead : 0;
    const std::uint64_t begin = row.rowInSection == 0 ? 0 : row.rowInSection * bytesPerRow - lead;
    row.columns = static_cast<unsigned>(
        std::min<std::uint64_t>(bytesPerRow - row.firstColumn, section.size - begin));
    row.fileOffset = section.fileOffset + begin;
    if (section.kind == LayoutSection::Kind::Memory) {
        row.address = section.address + begin;
    } else if (const auto segment = firstListed(m_byOffset, row.fileOffset)) {
        const LayoutSection& owner = m_segments[*segment];
        row.address = owner.address + (row.fileOffset - owner.fileOffset);
    }
    return row;
}

std::optional<BytePlace> ByteLayout::placeAt(std::uint64_t cell) const
{
    if (cell / bytesPerRow >= m_rowCount)
        return std::nullopt;
    const LayoutRow at = row(cell / bytesPerRow);
    const auto column = static_cast<unsigned>(cell % bytesPerRow);
    if (column < at.firstColumn || column - at.firstColumn >= at.columns)
        return std::nullopt;
    const std::uint64_t delta = column - at.firstColumn;
    BytePlace place {at.fileOffset + delta, std::nullopt};
    if (at.section->kind == LayoutSection::Kind::Memory) {
        place.address = *at.address + delta;
    } else if (const LayoutSection* owner = segmentAt(place.fileOffset)) {
        place.address = owner->address + (place.fileOffset - owner->fileOffset);
    }
    return place;
}

std::optional<std::uint64_t> ByteLayout::cellOfOffset(std::uint64_t fileOffset) const
{
    if (!m_sectionOfSegment.empty()) {
        if (const auto segment = firstListed(m_byOffset, fileOffset)) {
            const LayoutSection& section = m_sections[m_sectionOfSegment[*segment]];
            return cellIn(section, fileOffset - section.fileOffset);
        }
    }
    if (const auto piece = firstListed(m_filePieces, fileOffset)) {
        const LayoutSection& section = m_sections[*piece];
        return cellIn(section, fileOffset - section.fileOffset);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> ByteLayout::cellOfAddress(std::uint64_t address) const
{
    const auto segment = firstListed(m_byAddress, address);
    if (!segment)
        return std::nullopt;
    const LayoutSection& owner = m_segments[*segment];
    if (m_sectionOfSegment.empty())
        return cellOfOffset(owner.fileOffset + (address - owner.address));
    const LayoutSection& section = m_sections[m_sectionOfSegment[*segment]];
    return cellIn(section, address - section.address);
}

std::optional<std::uint64_t> ByteLayout::byteAtOrAfter(std::uint64_t cell) const
{
    if (cell / bytesPerRow >= m_rowCount)
        return std::nullopt;
    const LayoutSection* section = &sectionOfRow(cell / bytesPerRow);
    const LayoutSection* const end = m_sections.data() + m_sections.size();
    for (; section != end; ++section) {
        if (!section->hasBytes())
            continue;
        const std::uint64_t first = section->firstRow * bytesPerRow + leadOf(*section);
        if (cell <= first)
            return first;
        if (cell - first < section->size)
            return cell;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> ByteLayout::byteAtOrBefore(std::uint64_t cell) const
{
    if (m_rowCount == 0)
        return std::nullopt;
    const std::uint64_t row = std::min(cell / bytesPerRow, m_rowCount - 1);
    auto index = static_cast<std::size_t>(&sectionOfRow(row) - m_sections.data()) + 1;
    while (index-- > 0) {
        const LayoutSection& section = m_sections[index];
        if (!section.hasBytes())
            continue;
        const std::uint64_t first = section.firstRow * bytesPerRow + leadOf(section);
        if (cell >= first)
            return std::min(cell, first + (section.size - 1));
    }
    return std::nullopt;
}

const LayoutSection* ByteLayout::segmentAt(std::uint64_t fileOffset) const
{
    const auto segment = firstListed(m_byOffset, fileOffset);
    return segment ? &m_segments[*segment] : nullptr;
}

std::vector<LayoutArea> ByteLayout::areas() const
{
    std::vector<LayoutArea> areas;
    const bool memory = !m_sectionOfSegment.empty();
    if (memory || m_segments.empty()) {
        for (const LayoutSection& section : m_sections)
            areas.push_back(
                {section.firstRow, section.rows, section.regionKind, !section.hasBytes()});
        return areas;
    }
    // File order has one section; the segments give the colours.
    areas.push_back({0, m_rowCount, RegionKind::Structure, false});
    for (const IntervalIndex::Interval& piece : m_byOffset.all()) {
        const std::uint64_t first = piece.first / bytesPerRow;
        areas.push_back(
            {first, piece.last / bytesPerRow - first + 1, m_segments[piece.id].regionKind, false});
    }
    return areas;
}

} // namespace coredact
