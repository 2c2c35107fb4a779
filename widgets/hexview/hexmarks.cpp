// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexmarks.h"

#include <tuple>

namespace coredact {

HexMarks::HexMarks(std::vector<HexMark> marks)
    : m_marks(std::move(marks))
{
    std::vector<IntervalIndex::Interval> intervals;
    intervals.reserve(m_marks.size());
    for (const HexMark& mark : m_marks)
        intervals.push_back(
            {mark.file.first(), mark.file.last(), static_cast<std::uint32_t>(intervals.size())});
    m_index = IntervalIndex(std::move(intervals));
}

bool HexMarks::covers(std::uint32_t one, std::uint32_t other) const
{
    const HexMark& a = m_marks[one];
    const HexMark& b = m_marks[other];
    return std::tuple(a.severity, a.file.size(), one)
        < std::tuple(b.severity, b.file.size(), other);
}

} // namespace coredact
