// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/searchwindows.h"

#include <algorithm>

namespace coredact::engine {
namespace {

/// Where a place may begin: in data, or so shortly before data that its end lies there.
Result<std::vector<FileRange>> placesToStart(const Source& source, std::uint64_t longest,
                                             FileRange asked)
{
    std::vector<FileRange> places;
    std::uint64_t at = asked.first();
    while (at <= asked.last() + (longest - 1)) {
        const auto run = source.nextData(at);
        if (!run)
            return run.error();
        if (!*run)
            break;
        const std::uint64_t before = std::min((*run)->first(), longest - 1);
        const auto wide = FileRange::between((*run)->first() - before, (*run)->last());
        if (const auto part = wide ? wide->intersection(asked) : std::nullopt)
            places.push_back(*part);
        if ((*run)->last() >= source.size() - 1)
            break;
        at = (*run)->last() + 1;
    }
    return normalised(std::move(places));
}

std::vector<FileRange> windowsOf(const std::vector<FileRange>& places)
{
    std::vector<FileRange> windows;
    for (const FileRange& place : places)
        for (std::uint64_t done = 0; done < place.size(); done += SearchWindows::size)
            windows.push_back(*FileRange::make(place.first() + done,
                                               std::min(SearchWindows::size, place.size() - done)));
    return windows;
}

} // namespace

SearchWindows::SearchWindows(std::vector<FileRange> windows)
    : m_windows(std::move(windows))
{
    for (const FileRange& window : m_windows)
        m_bytes += window.size();
}

Result<SearchWindows> SearchWindows::make(const Source& source, const protocol::Search& search,
                                          std::uint64_t longest, Holes holes)
{
    const auto asked = search.backwards
        ? FileRange::between(0, std::min(search.from, source.size() - 1))
        : FileRange::between(search.from, source.size() - 1);
    std::vector<FileRange> places {*asked};
    if (holes == Holes::Not) {
        auto there = placesToStart(source, longest, *asked);
        if (!there)
            return there.error();
        places = std::move(*there);
    }
    std::vector<FileRange> windows = windowsOf(places);
    if (search.backwards)
        std::reverse(windows.begin(), windows.end());
    return SearchWindows(std::move(windows));
}

} // namespace coredact::engine
