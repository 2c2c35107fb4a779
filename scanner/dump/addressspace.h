// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/io/source.h"

#include <span>

namespace coredact {

/// The saved memory of a dump, by address, and back. Built once from the segments; look-ups are
/// O(log n) for 131,072 segments. Where segments overlap in memory, reading takes the first
/// listed one. Immutable; any thread. The segments must outlive it.
class AddressSpace {
public:
    explicit AddressSpace(std::span<const Segment> segments);

    /// The file bytes of [address, address + size), in memory order, as far as they are saved
    /// without a gap; touching segments are crossed. Empty when the first byte is not saved.
    std::vector<FileRange> fileRanges(std::uint64_t address, std::uint64_t size) const;
    /// Reads as much of [address, address + target.size()) as is saved without a gap.
    Result<std::uint64_t> read(const Source& source, std::uint64_t address,
                               MutableByteView target) const;
    /// An address whose byte lies at `fileOffset` (the first listed segment's).
    std::optional<std::uint64_t> addressOf(std::uint64_t fileOffset) const;
    /// The segment that reading `address` takes, or nullptr.
    const Segment* segmentAt(std::uint64_t address) const;

private:
    struct Run {
        AddressRange memory;
        std::uint64_t fileOffset;
        std::size_t segment;
    };
    struct FileRun {
        FileRange file;
        std::uint64_t address;
    };

    std::span<const Segment> m_segments;
    std::vector<Run> m_runs; ///< disjoint, sorted by address
    std::vector<FileRun> m_fileRuns; ///< disjoint, sorted by file offset
};

} // namespace coredact
