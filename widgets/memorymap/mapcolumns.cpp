// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/memorymap/mapcolumns.h"

#include <algorithm>
#include <tuple>

namespace coredact {

namespace {

constexpr double leastWidth = 1e-9; ///< a double holds about 15 digits
constexpr double roomForEdge = 4; ///< pixels of a block

/// Smaller is painted over larger.
auto rank(Severity severity, Verdict verdict)
{
    return std::tuple(severity, verdict == Verdict::Keep ? 2 : verdict == Verdict::Redact ? 1 : 0);
}

void addBlocks(const MapScale& scale, const MapWindow& window, std::vector<MapColumn>& columns)
{
    const auto pixels = static_cast<double>(columns.size());
    const auto& blocks = scale.blocks();
    auto block = std::partition_point(blocks.begin(), blocks.end(), [&](const MapBlock& before) {
        return before.begin + before.width < window.begin;
    });
    // Of the blocks that share a column, the one with most of it gives the colour.
    std::vector<double> shares(columns.size(), 0);
    for (; block != blocks.end() && block->begin <= window.begin + window.width; ++block) {
        const double left = window.xOf(block->begin, pixels);
        const double right = window.xOf(block->begin + block->width, pixels);
        const auto first = static_cast<std::size_t>(std::clamp(left, 0.0, pixels - 1));
        const auto last = static_cast<std::size_t>(std::clamp(right, 0.0, pixels - 1));
        for (std::size_t x = first; x <= last; ++x) {
            const auto at = static_cast<double>(x);
            const double share = std::min(right, at + 1) - std::max(left, at);
            if (share <= shares[x] && columns[x].block)
                continue;
            if (share <= 0)
                continue;
            shares[x] = share;
            columns[x].block = true;
            columns[x].saved = block->saved;
            columns[x].kind = block->kind;
            columns[x].edge = x == first && left >= 0 && right - left >= roomForEdge;
        }
    }
}

void addTicks(const std::vector<PlacedTick>& ticks, const MapWindow& window,
              std::vector<MapColumn>& columns)
{
    const auto pixels = static_cast<double>(columns.size());
    auto tick = std::partition_point(ticks.begin(), ticks.end(), [&](const PlacedTick& before) {
        return before.position < window.begin;
    });
    for (; tick != ticks.end() && tick->position <= window.begin + window.width; ++tick) {
        const double x = std::clamp(window.xOf(tick->position, pixels), 0.0, pixels - 1);
        MapColumn& column = columns[static_cast<std::size_t>(x)];
        const MapTick& what = tick->tick;
        if (column.ticks++ == 0
            || rank(what.severity, what.verdict) < rank(column.severity, column.verdict)) {
            column.severity = what.severity;
            column.verdict = what.verdict;
            column.finding = what.finding;
        }
    }
}

} // namespace

std::vector<PlacedTick> placed(const MapScale& scale, const std::vector<MapTick>& ticks)
{
    std::vector<PlacedTick> all;
    all.reserve(ticks.size());
    for (const MapTick& tick : ticks) {
        if (const auto position = scale.positionOf(tick.place))
            all.push_back({*position, tick});
    }
    std::stable_sort(all.begin(), all.end(), [](const PlacedTick& a, const PlacedTick& b) {
        return a.position < b.position;
    });
    return all;
}

MapWindow MapWindow::zoomed(double factor, double fixed) const
{
    MapWindow window;
    window.width = std::clamp(width * factor, leastWidth, 1.0);
    const double share = (fixed - begin) / width;
    window.begin = std::clamp(fixed - share * window.width, 0.0, 1 - window.width);
    return window;
}

MapWindow MapWindow::moved(double by) const
{
    return {std::clamp(begin + by, 0.0, 1 - width), width};
}

std::vector<MapColumn> columnsOf(const MapScale& scale, const std::vector<PlacedTick>& ticks,
                                 const MapWindow& window, int pixels)
{
    std::vector<MapColumn> columns(static_cast<std::size_t>(std::max(pixels, 0)));
    if (columns.empty())
        return columns;
    addBlocks(scale, window, columns);
    addTicks(ticks, window, columns);
    return columns;
}

} // namespace coredact
