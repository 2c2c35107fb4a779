// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"

#include <vector>

namespace coredact {

/// Bytes that belong together and are scanned as one run: memory that is contiguous by address
/// although its pieces may lie apart in the file, or a run of the file that no segment claims.
struct Extent {
    std::vector<FileRange> pieces; ///< in the order of the bytes; at least one
    std::optional<std::uint64_t> address; ///< of the first byte, where it is memory

    std::uint64_t size() const;
};

/// A join that no extent shows: bytes next to each other in the file, or in memory through a
/// segment whose bytes another extent owns. A secret may lie across it.
struct Seam {
    FileRange before; ///< its last byte is the one before the join
    FileRange after;
    std::optional<FileRange> beyond {}; ///< what follows all of `after` in turn
};

struct Coverage {
    std::vector<Extent> extents; ///< all together: each byte of the file exactly once
    std::vector<Seam> seams;
};

/// Divides the whole file: every byte is in exactly one extent, however damaged the dump is.
/// The first segment that claims a byte owns it.
Coverage coverage(const Dump& dump);

} // namespace coredact
