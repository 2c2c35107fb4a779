// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/morefills.h"

#include <algorithm>

namespace coredact {

namespace {

/// Whether a fill stands so near that a rule may look at both.
bool isNearFill(const FileRange& place, std::span<const Edit> edits)
{
    constexpr std::uint64_t reach = 512;
    const std::uint64_t first = place.first() - std::min(place.first(), reach);
    const auto edit = std::lower_bound(
        edits.begin(), edits.end(), first,
        [](const Edit& one, std::uint64_t offset) { return one.range.last() < offset; });
    return edit != edits.end() && edit->range.first() <= place.last() + reach;
}

/// Whether all that is wrong with a copy is what its scan finds right beside fills, and values.
bool needsOnlyMoreFills(const VerificationReport& report, std::span<const Edit> edits)
{
    return !report.passed()
        && std::all_of(
            report.violations.begin(), report.violations.end(),
            [](const Violation& one) { return one.check == "rescan" || one.check == "values"; })
        && std::all_of(report.foundAgain.begin(), report.foundAgain.end(),
                       [&](const FileRange& place) { return isNearFill(place, edits); });
}

} // namespace

bool MoreFills::take(const VerificationReport& report, std::span<const Edit> edits)
{
    constexpr int mostCopies = 5;
    if (++m_copies == mostCopies || !needsOnlyMoreFills(report, edits))
        return false;
    std::vector<FileRange> places = m_places;
    places.insert(places.end(), report.foundAgain.begin(), report.foundAgain.end());
    places.insert(places.end(), report.left.begin(), report.left.end());
    places = normalised(std::move(places));
    if (places == m_places)
        return false;
    m_places = std::move(places);
    return true;
}

} // namespace coredact
