// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/gaps.h"

namespace coredact {

std::vector<FileRange> gapsBetween(const std::vector<FileRange>& parts, std::uint64_t size)
{
    std::vector<FileRange> gaps;
    std::uint64_t next = 0;
    for (const FileRange& part : parts) {
        if (part.first() >= size)
            break;
        if (part.first() > next)
            gaps.push_back(*FileRange::between(next, part.first() - 1));
        next = part.last() + 1;
    }
    if (next < size)
        gaps.push_back(*FileRange::between(next, size - 1));
    return gaps;
}

} // namespace coredact
