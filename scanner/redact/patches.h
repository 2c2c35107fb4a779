// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/minimise.h"

namespace coredact {

/// New bytes for a place of the file.
struct Patch {
    std::uint64_t offset = 0;
    std::vector<std::uint8_t> bytes;
};

/// What of an ELF core's headers must change so that only `kept` memory is described: a PT_LOAD for
/// each run of kept pages, as far as there are as many (else the runs nearest to each other are
/// joined), PT_NULL for the others; sections that describe dropped memory become SHT_NULL.
Result<std::vector<Patch>> patchesForElf(const Source& source, const std::vector<FileRange>& kept);

/// The same for a minidump: one MemoryList with a row for each kept part, as far as there is room,
/// and threads' stacks as far as they are kept. A Memory64List, in which each run begins where the
/// last one ended, becomes a MemoryList, and the header says no more that all memory is there.
Result<std::vector<Patch>> patchesForMinidump(const Source& source,
                                              const std::vector<FileRange>& kept);

} // namespace coredact
