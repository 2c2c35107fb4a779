// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"
#include "scanner/triage/triage.h"
#include "widgets/hexview/intervalindex.h"

#include <cstdint>
#include <vector>

namespace coredact {

/// A run of a finding's bytes, as it is to be painted.
struct HexMark {
    FileRange file;
    std::uint32_t finding = 0; ///< the caller's number; comes back in signals
    Severity severity = Severity::Info;
    Verdict verdict = Verdict::Pending;
    bool first = false; ///< begins an occurrence: a public prefix ("ghp_") may be shown
    bool masked = true; ///< bytes are dots unless the finding is revealed
};

/// A run of bytes that another file has otherwise.
struct HexChange {
    FileRange file;
    bool expected = true; ///< false is painted as a warning
};

/// The runs of all findings, which may overlap, by file offset. Immutable.
class HexMarks {
public:
    HexMarks() = default;
    explicit HexMarks(std::vector<HexMark> marks);

    const std::vector<HexMark>& all() const { return m_marks; } ///< as they were given
    const HexMark& at(std::uint32_t index) const { return m_marks[index]; }

    /// Calls `visit(index)` for each mark with a byte in [first, last].
    template <typename Visit>
    void touching(std::uint64_t first, std::uint64_t last, const Visit& visit) const
    {
        m_index.touching(first, last,
                         [&visit](const IntervalIndex::Interval& interval) { visit(interval.id); });
    }

    /// True when `one` is painted over `other`: the more severe, then the shorter one.
    bool covers(std::uint32_t one, std::uint32_t other) const;

private:
    std::vector<HexMark> m_marks;
    IntervalIndex m_index;
};

} // namespace coredact
