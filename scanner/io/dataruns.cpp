// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/dataruns.h"

namespace coredact {

Status addDataRuns(const Source& source, std::vector<FileRange>& parts)
{
    for (std::uint64_t offset = 0; offset < source.size();) {
        const auto run = source.nextData(offset);
        if (!run)
            return run.error();
        if (!*run)
            break;
        parts.push_back(**run);
        offset = (*run)->last() + 1;
    }
    return {};
}

} // namespace coredact
