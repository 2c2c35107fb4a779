// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace coredact {

/// A place on the map: an address, or a byte of the file that is not memory.
struct MapPlace {
    std::optional<std::uint64_t> address;
    std::uint64_t fileOffset = 0; ///< meant only where there is no address

    bool operator==(const MapPlace&) const = default;
};

/// A run of the map: memory, or bytes of the file outside memory.
struct MapBlock {
    bool memory = true;
    std::uint64_t first = 0; ///< address, or file offset
    std::uint64_t last = 0; ///< included
    RegionKind kind = RegionKind::Unknown;
    Access access;
    std::string name;
    bool saved = true; ///< some of it is in the dump
    double begin = 0; ///< on the scale
    double width = 0;
};

/// Lays the address space out on a line from 0 to 1. A block's width grows with the square root
/// of its size, so that a heap of 200 KiB shows beside a mapping of 2 GiB; inside a block the
/// scale is even. Gaps are narrow, whatever their size. Bytes of the file that are not memory come
/// first. Blocks are sorted and disjoint; look-ups are O(log n). Immutable.
class MapScale {
public:
    MapScale() = default;
    explicit MapScale(const Dump& dump);

    const std::vector<MapBlock>& blocks() const { return m_blocks; }
    /// The block under a position of the scale; null in gaps.
    const MapBlock* blockAt(double position) const;
    /// The block that holds a place; null where none does.
    const MapBlock* blockOf(const MapPlace& place) const;
    /// Where a place lies on the scale; nothing where it is in no block.
    std::optional<double> positionOf(const MapPlace& place) const;
    /// The place at a position; in a gap, the begin of the next block. Nothing without blocks.
    std::optional<MapPlace> placeAt(double position) const;

private:
    void addFileParts(const Dump& dump);
    void addMemory(const Dump& dump);
    void layOut();

    std::vector<MapBlock> m_blocks; ///< file parts by offset, then memory by address
    std::size_t m_fileParts = 0;
};

} // namespace coredact
