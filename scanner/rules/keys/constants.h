// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace coredact {

/// The memory that the process could not write: constants of programs, no secrets of its user's.
/// Nothing where the dump does not say what could be written.
class Constants {
public:
    explicit Constants(const Dump& dump)
    {
        for (const Segment& segment : dump.segments)
            if (!segment.access.write && segment.access != Access {})
                m_ranges.push_back(segment.memory);
        std::sort(m_ranges.begin(), m_ranges.end(),
                  [](const auto& a, const auto& b) { return a.first() < b.first(); });
    }

    bool hold(std::uint64_t address) const
    {
        const auto behind = std::upper_bound(
            m_ranges.begin(), m_ranges.end(), address,
            [](std::uint64_t place, const AddressRange& range) { return place < range.first(); });
        return behind != m_ranges.begin() && std::prev(behind)->contains(address);
    }

private:
    std::vector<AddressRange> m_ranges; ///< by their first address
};

} // namespace coredact
