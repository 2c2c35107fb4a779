// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytereader.h"
#include "scanner/io/source.h"

#include <optional>
#include <vector>

namespace coredact {

/// The parts of a minidump that describe memory, as far as the file holds them whole: what is cut
/// off or does not fit is left out, as the reader leaves it out.
struct MinidumpLists {
    enum StreamType : std::uint32_t {
        Unused = 0,
        ThreadList = 3,
        MemoryList = 5,
        ThreadExList = 8,
        Memory64List = 9,
    };
    struct Stream {
        std::uint64_t at = 0; ///< offset of its row in the directory
        std::uint32_t type = Unused;
        std::uint64_t size = 0;
        std::uint64_t offset = 0;
        std::uint64_t rows = 0; ///< offset of the first row
    };
    /// A run of memory that a row describes.
    struct Run {
        std::uint64_t at; ///< offset of the description: address, size, place
        std::uint64_t address;
        FileRange file;
    };
    struct Thread {
        std::uint64_t block = 0; ///< address of its environment block (TEB)
        std::vector<Run> runs; ///< its stack; its backing store
    };

    ByteOrder order = ByteOrder::Little;
    std::optional<Stream> memoryList;
    std::optional<Stream> memory64List;
    std::vector<Run> runs; ///< of both lists
    std::vector<Thread> threads;

    /// Nothing where it is no minidump.
    static Result<MinidumpLists> read(const Source& source);
};

} // namespace coredact
