// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/io/source.h"

#include <optional>

namespace coredact {

/// Walks the allocations of glibc's malloc in one segment, from its beginning: its heaps are
/// chunks without gaps, each with its size before it. Where the sizes contradict each other the
/// walk ends, and nothing is known of what follows.
class MallocChunks {
public:
    MallocChunks(const Source& source, const Dump& dump, const Segment& segment);

    /// The bytes that a program may use of the chunk that holds the address, or nothing. The
    /// addresses must be asked for in ascending order.
    std::optional<AddressRange> usableAround(std::uint64_t address);

private:
    /// Bytes of the two words that a chunk begins with.
    std::uint64_t headSize() const { return 2 * std::uint64_t {m_word}; }
    struct Head {
        std::uint64_t previous = 0; ///< size of the chunk before, where that is free
        std::uint64_t size = 0;
        bool previousInUse = false;
    };

    std::optional<Head> headAt(std::uint64_t chunk);
    std::optional<Head> next(std::uint64_t chunk, const Head& head);
    bool startsAt(std::uint64_t chunk, unsigned enough);
    void findStart();
    bool isEnd(std::uint64_t chunk) const;

    const Source& m_source;
    const Segment& m_segment;
    ByteOrder m_order;
    unsigned m_word;
    std::optional<std::uint64_t> m_chunk; ///< where the walk is
    Head m_head; ///< of that chunk
    std::uint64_t m_windowAt = 0; ///< address of the bytes that were read last
    std::vector<std::uint8_t> m_window;
};

} // namespace coredact
