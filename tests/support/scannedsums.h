// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/io/rangesums.h"
#include "scanner/io/source.h"

#include <algorithm>

namespace coredact::test {

/// Sums of a whole file, as a scan in windows of `step` bytes leaves them.
inline RangeSums sumsOf(const Source& source, std::uint64_t step = 1U << 20)
{
    RangeSums sums;
    RangeSums::Maker maker(sums);
    for (std::uint64_t at = 0; at < source.size(); at += step) {
        const FileRange range = *FileRange::make(at, std::min(step, source.size() - at));
        const auto bytes = source.read(at, range.size());
        if (bytes)
            sums.add(range, maker.of(range, *bytes));
        else
            sums.addUnreadable(range);
    }
    sums.settle();
    return sums;
}

} // namespace coredact::test
