// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/range.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <vector>

namespace coredact {

/// A part of a range, and the index of the range that it belongs to.
template <typename RangeType>
struct Claim {
    RangeType range;
    std::size_t owner;
};

/// Divides what `ranges` cover into disjoint parts, sorted, each owned by the first listed range
/// that covers it. Neighbouring parts have different owners. O(n log n), at most 2n - 1 parts.
template <typename RangeType>
std::vector<Claim<RangeType>> firstClaims(const std::vector<RangeType>& ranges)
{
    std::vector<std::size_t> byStart(ranges.size());
    for (std::size_t i = 0; i < byStart.size(); ++i)
        byStart[i] = i;
    std::sort(byStart.begin(), byStart.end(), [&](std::size_t a, std::size_t b) {
        return ranges[a].first() != ranges[b].first() ? ranges[a].first() < ranges[b].first()
                                                      : a < b;
    });

    std::vector<Claim<RangeType>> claims;
    // The ranges that have begun; those that have ended are dropped when they come to the top.
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> begun;
    std::uint64_t position = 0;
    for (auto next = byStart.begin(); next != byStart.end() || !begun.empty();) {
        if (begun.empty())
            position = ranges[*next].first();
        while (next != byStart.end() && ranges[*next].first() <= position)
            begun.push(*next++);
        const std::size_t owner = begun.top();
        if (ranges[owner].last() < position) {
            begun.pop();
            continue;
        }
        // The owner holds until it ends, or until an earlier listed range begins.
        std::uint64_t last = ranges[owner].last();
        while (next != byStart.end() && ranges[*next].first() <= last) {
            if (*next < owner) {
                last = ranges[*next].first() - 1;
                break;
            }
            begun.push(*next++);
        }
        claims.push_back({*RangeType::between(position, last), owner});
        if (last == std::numeric_limits<std::uint64_t>::max())
            break;
        position = last + 1;
    }
    return claims;
}

/// The claim that holds `position`, or nullptr. `claims` as `firstClaims` gives them.
template <typename RangeType>
const Claim<RangeType>* claimAt(const std::vector<Claim<RangeType>>& claims,
                                std::uint64_t position)
{
    const auto after = std::upper_bound(
        claims.begin(), claims.end(), position,
        [](std::uint64_t value, const auto& claim) { return value < claim.range.first(); });
    if (after == claims.begin() || !std::prev(after)->range.contains(position))
        return nullptr;
    return &*std::prev(after);
}

} // namespace coredact
