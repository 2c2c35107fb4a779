// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace coredact {

/// Ranges that may overlap, and which of them touch a given range: a balanced tree laid out in
/// one sorted array. Building is O(n log n), asking O(log n) plus what is answered. Immutable.
class IntervalIndex {
public:
    struct Interval {
        std::uint64_t first = 0;
        std::uint64_t last = 0; ///< included; not below `first`
        std::uint32_t id = 0;
    };

    IntervalIndex() = default;
    explicit IntervalIndex(std::vector<Interval> intervals);

    /// Sorted by first, then by id.
    std::span<const Interval> all() const { return m_intervals; }

    /// Calls `visit(const Interval&)` for each that shares a position with [first, last], in
    /// sorted order.
    template <typename Visit>
    void touching(std::uint64_t first, std::uint64_t last, const Visit& visit) const
    {
        walk(0, m_intervals.size(), first, last, visit);
    }

private:
    std::uint64_t build(std::size_t begin, std::size_t end);

    template <typename Visit>
    void walk(std::size_t begin, std::size_t end, std::uint64_t first, std::uint64_t last,
              const Visit& visit) const
    {
        if (begin >= end)
            return;
        const std::size_t middle = begin + (end - begin) / 2;
        if (m_largestLast[middle] < first)
            return;
        walk(begin, middle, first, last, visit);
        const Interval& here = m_intervals[middle];
        if (here.first > last)
            return;
        if (here.last >= first)
            visit(here);
        walk(middle + 1, end, first, last, visit);
    }

    std::vector<Interval> m_intervals;
    std::vector<std::uint64_t> m_largestLast; ///< of the subtree whose root is at this place
};

} // namespace coredact
