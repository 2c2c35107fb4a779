// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"

namespace coredact::test {

inline Occurrence occurrence(std::vector<FileRange> ranges, std::string encoding = "raw")
{
    Occurrence place {std::move(encoding), "file", {}};
    for (const FileRange& range : ranges)
        place.pieces.push_back({range, std::nullopt});
    return place;
}

inline Finding finding(std::string id, std::vector<Occurrence> occurrences,
                       std::string rule = "some-token")
{
    Finding made;
    made.id = std::move(id);
    made.rule = std::move(rule);
    made.title = "Some token";
    made.occurrences = std::move(occurrences);
    return made;
}

} // namespace coredact::test
