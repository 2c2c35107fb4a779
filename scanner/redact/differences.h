// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/jobcontrol.h"
#include "scanner/io/source.h"

namespace coredact {

/// Where two files of one size hold different bytes.
struct Differences {
    /// Sorted, disjoint and not touching: each byte in them differs, and no other does.
    std::vector<FileRange> ranges;
    bool complete = true; ///< false: there are more than `mostDifferences`
};

constexpr std::size_t mostDifferences = 500'000;

/// Compares byte by byte, in windows; what is a hole in both is not read. ErrorCode::Usage for
/// files of different sizes.
Result<Differences> differencesBetween(const Source& one, const Source& other,
                                       const JobControl& control);

} // namespace coredact
