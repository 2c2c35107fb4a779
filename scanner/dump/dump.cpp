// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/dump.h"

#include <algorithm>

namespace coredact {

std::string toText(Access access)
{
    return {access.read ? 'r' : '-', access.write ? 'w' : '-', access.execute ? 'x' : '-'};
}

std::string_view toText(RegionKind kind)
{
    switch (kind) {
    case RegionKind::Unknown:
        return "unknown";
    case RegionKind::Heap:
        return "heap";
    case RegionKind::Stack:
        return "stack";
    case RegionKind::File:
        return "file";
    case RegionKind::Anonymous:
        return "anonymous";
    case RegionKind::Vdso:
        return "vdso";
    case RegionKind::Structure:
        return "structure";
    }
    return "unknown";
}

std::string placeName(const Dump& dump, std::uint64_t fileOffset)
{
    const auto holds = [&](const auto& part) { return part.file.contains(fileOffset); };
    const auto field = std::find_if(dump.fields.begin(), dump.fields.end(), holds);
    if (field != dump.fields.end())
        return field->name;
    const auto segment = std::find_if(dump.segments.begin(), dump.segments.end(), holds);
    if (segment != dump.segments.end())
        return segment->name.empty() ? std::string(toText(segment->kind)) : segment->name;
    const bool structural
        = std::any_of(dump.structure.begin(), dump.structure.end(),
                      [&](const FileRange& range) { return range.contains(fileOffset); });
    return structural ? "structure" : "file";
}

std::vector<FileRange> normalised(std::vector<FileRange> ranges)
{
    std::sort(ranges.begin(), ranges.end());
    std::vector<FileRange> joined;
    for (const FileRange& range : ranges) {
        if (!joined.empty() && (joined.back().overlaps(range) || joined.back().touches(range))) {
            const std::uint64_t last = std::max(joined.back().last(), range.last());
            joined.back() = *FileRange::between(joined.back().first(), last);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

} // namespace coredact
