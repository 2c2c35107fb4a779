// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/coverage.h"
#include "scanner/rules/detector.h"

#include <functional>

namespace coredact {

/// Some bytes of a dump in memory order. The first `fresh` are this chunk's own; the rest belong
/// to the next one and are there for what begins in the fresh part.
struct StreamChunk {
    ByteView bytes;
    std::size_t fresh = 0;
    std::optional<std::uint64_t> address; ///< of the first byte, where it is memory
    std::uint64_t fileOffset = 0; ///< of the first byte
    std::vector<FileRange> pieces; ///< what the bytes were read from, in their order

    /// Bytes up to the first position whose address (or file offset) is a multiple of `alignment`.
    std::size_t alignedBegin(std::size_t alignment) const
    {
        const std::uint64_t place = address.value_or(fileOffset) % alignment;
        return static_cast<std::size_t>((alignment - place) % alignment);
    }
    /// The file bytes of [begin, end); end must not lie past the bytes.
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const;
};

/// Reads the whole dump once, extent by extent, in chunks of bounded size with `overlap` bytes
/// of what follows. Holes and chunks of one repeated byte are passed over. Stops when the job is
/// cancelled or a read fails.
Status forEachChunk(const WalkContext& context, std::size_t overlap,
                    const std::function<void(const StreamChunk&)>& look);

} // namespace coredact
