// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/intervalindex.h"

#include <algorithm>
#include <tuple>

namespace coredact {

IntervalIndex::IntervalIndex(std::vector<Interval> intervals)
    : m_intervals(std::move(intervals))
    , m_largestLast(m_intervals.size())
{
    std::sort(m_intervals.begin(), m_intervals.end(), [](const Interval& a, const Interval& b) {
        return std::tie(a.first, a.id) < std::tie(b.first, b.id);
    });
    build(0, m_intervals.size());
}

std::uint64_t IntervalIndex::build(std::size_t begin, std::size_t end)
{
    if (begin >= end)
        return 0;
    const std::size_t middle = begin + (end - begin) / 2;
    const std::uint64_t largest
        = std::max({m_intervals[middle].last, build(begin, middle), build(middle + 1, end)});
    m_largestLast[middle] = largest;
    return largest;
}

} // namespace coredact
