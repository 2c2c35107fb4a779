// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace coredact {

/// A run of positions: never empty, never wrapping. Ends are inclusive, so that a range can
/// reach 2^64 - 1. The tag keeps file offsets and memory addresses from mixing.
template <typename Tag>
class Range {
public:
    /// The `size` positions from `first`; nothing when that is empty or wraps past 2^64 - 1.
    static constexpr std::optional<Range> make(std::uint64_t first, std::uint64_t size)
    {
        if (size == 0 || size - 1 > std::numeric_limits<std::uint64_t>::max() - first)
            return std::nullopt;
        return Range(first, first + (size - 1));
    }

    /// All positions from `first` to `last`, both included; nothing when `last < first` or when
    /// the range is the whole of 2^64, whose size fits no 64 bits.
    static constexpr std::optional<Range> between(std::uint64_t first, std::uint64_t last)
    {
        if (last < first || (first == 0 && last == std::numeric_limits<std::uint64_t>::max()))
            return std::nullopt;
        return Range(first, last);
    }

    constexpr std::uint64_t first() const { return m_first; }
    constexpr std::uint64_t last() const { return m_last; }
    constexpr std::uint64_t size() const { return m_last - m_first + 1; }

    constexpr bool contains(std::uint64_t position) const
    {
        return m_first <= position && position <= m_last;
    }
    constexpr bool contains(const Range& other) const
    {
        return m_first <= other.m_first && other.m_last <= m_last;
    }
    constexpr bool overlaps(const Range& other) const
    {
        return m_first <= other.m_last && other.m_first <= m_last;
    }
    /// True when `next` begins right where this ends.
    constexpr bool touches(const Range& next) const
    {
        return m_last != std::numeric_limits<std::uint64_t>::max() && next.m_first == m_last + 1;
    }
    constexpr std::optional<Range> intersection(const Range& other) const
    {
        return overlaps(other) ? std::optional(Range(std::max(m_first, other.m_first),
                                                     std::min(m_last, other.m_last)))
                               : std::nullopt;
    }

    /// Sorted by first position, then by last.
    constexpr auto operator<=>(const Range&) const = default;

private:
    constexpr Range(std::uint64_t first, std::uint64_t last)
        : m_first(first)
        , m_last(last)
    {
    }

    std::uint64_t m_first;
    std::uint64_t m_last;
};

using AddressRange = Range<struct AddressTag>;
using FileRange = Range<struct FileTag>;

} // namespace coredact
