// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/placedmatch.h"

#include "scanner/scan/collector.h"

#include <utility>

namespace coredact {

std::optional<PlacedMatch> placed(const Match& match, const Window& window)
{
    PlacedMatch place;
    for (const Span& span : match.spans) {
        if (span.begin >= span.end || span.end > window.bytes.size())
            return std::nullopt;
        const auto part = window.map->fileRanges(span.begin, span.end);
        place.ranges.insert(place.ranges.end(), part.begin(), part.end());
        const auto bytes = window.bytes.subspan(span.begin, span.end - span.begin);
        place.value.insert(place.value.end(), bytes.begin(), bytes.end());
    }
    if (match.whole.begin < match.whole.end && match.whole.end <= window.bytes.size())
        place.whole = window.map->fileRanges(match.whole.begin, match.whole.end);
    return place;
}

void addPlaced(Collector& collector, Match match, PlacedMatch place, const Window& window)
{
    if (match.value.empty())
        match.value = std::move(place.value);
    collector.add(std::move(match), window.encoding, place.ranges, place.whole);
}

void addLeftOut(Collector& collector, std::string_view detector, const Window& window,
                std::size_t position)
{
    for (const FileRange& range : window.map->fileRanges(position, position + 1))
        collector.leaveOut(detector, range.first());
}

} // namespace coredact
