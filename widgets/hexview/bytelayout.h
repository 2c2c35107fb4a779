// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "widgets/hexview/intervalindex.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coredact {

constexpr unsigned bytesPerRow = 16;

/// A byte of the dump: where it lies in the file, and its address where it is memory.
struct BytePlace {
    std::uint64_t fileOffset = 0;
    std::optional<std::uint64_t> address;

    bool operator==(const BytePlace&) const = default;
};

/// Rows that belong together.
struct LayoutSection {
    enum class Kind {
        Memory, ///< bytes with addresses; rows begin at multiples of 16 of the address
        File, ///< bytes by file offset; rows begin at multiples of 16 of the offset
        Gap, ///< addresses that are not in the dump
        Caption, ///< a line that says that what follows is not memory
    };

    Kind kind = Kind::File;
    RegionKind regionKind = RegionKind::Unknown;
    std::uint32_t name = 0; ///< for ByteLayout::name(): of the region, or of the gap's owner
    Access access; ///< of the region, or of the gap's owner
    std::uint32_t owners = 0; ///< of a gap: how many mapped regions lie in it
    std::uint64_t address = 0; ///< Memory and Gap: the first one
    std::uint64_t fileOffset = 0; ///< Memory and File: of the first byte
    std::uint64_t size = 0; ///< in bytes; of a gap: addresses. 0 only for a caption
    std::uint64_t firstRow = 0;
    std::uint64_t rows = 0;

    bool hasBytes() const { return kind == Kind::Memory || kind == Kind::File; }
};

struct LayoutRow {
    const LayoutSection* section = nullptr;
    std::uint64_t rowInSection = 0;
    unsigned firstColumn = 0; ///< columns before it are blank
    unsigned columns = 0; ///< bytes in this row; 0 for gaps and captions
    std::uint64_t fileOffset = 0; ///< of the first byte
    std::optional<std::uint64_t> address; ///< of the first byte
};

/// A run of rows of one kind; what the overview paints.
struct LayoutArea {
    std::uint64_t firstRow = 0;
    std::uint64_t rows = 0;
    RegionKind kind = RegionKind::Unknown;
    bool gap = false;
};

/// In which order the bytes of a dump are shown, row by row. A *cell* numbers the places in the
/// rows: row * 16 + column; cells without a byte exist (gaps, ragged ends). All positions have 64
/// bits, look-ups are O(log n). Immutable; any thread; keeps nothing of the dump but names.
class ByteLayout {
public:
    /// Nothing to show.
    ByteLayout() = default;

    /// Saved memory by address, with a gap between parts that do not touch, then the bytes of
    /// the file that are not memory. Where segments overlap, each one is shown.
    static ByteLayout memoryOrder(const Dump& dump);
    /// The file from its first to its last byte.
    static ByteLayout fileOrder(const Dump& dump);

    std::uint64_t rowCount() const { return m_rowCount; }
    const std::vector<LayoutSection>& sections() const { return m_sections; }
    const std::string& name(std::uint32_t index) const { return m_names[index]; }
    std::uint64_t largestAddress() const { return m_largestAddress; }
    std::uint64_t fileSize() const { return m_fileSize; }

    LayoutRow row(std::uint64_t index) const; ///< `index` below rowCount()
    std::optional<BytePlace> placeAt(std::uint64_t cell) const;
    /// The cell of a byte of the file; where it is shown more than once, the one of the segment
    /// that is listed first in the dump.
    std::optional<std::uint64_t> cellOfOffset(std::uint64_t fileOffset) const;
    /// The cell of an address, as cellOfOffset; nothing when it was not saved.
    std::optional<std::uint64_t> cellOfAddress(std::uint64_t address) const;
    /// The first cell with a byte at or after `cell`; the last at or before it.
    std::optional<std::uint64_t> byteAtOrAfter(std::uint64_t cell) const;
    std::optional<std::uint64_t> byteAtOrBefore(std::uint64_t cell) const;
    /// The segment that owns a byte of the file, by its name and kind; null for other bytes.
    const LayoutSection* segmentAt(std::uint64_t fileOffset) const;
    std::vector<LayoutArea> areas() const;

private:
    friend class LayoutBuilder;

    const LayoutSection& sectionOfRow(std::uint64_t row) const;

    std::vector<LayoutSection> m_sections; ///< in display order
    std::vector<LayoutSection> m_segments; ///< in the dump's order, for look-ups; rows unset
    std::vector<std::string> m_names {std::string()};
    IntervalIndex m_byOffset; ///< of m_segments
    IntervalIndex m_byAddress; ///< of m_segments
    std::vector<std::uint32_t> m_sectionOfSegment; ///< memory order only
    IntervalIndex m_filePieces; ///< sections of kind File, by offset
    std::uint64_t m_rowCount = 0;
    std::uint64_t m_fileSize = 0;
    std::uint64_t m_largestAddress = 0;
};

} // namespace coredact
