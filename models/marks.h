// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <span>
#include <vector>

namespace coredact {

/// A run of a finding's bytes, as the hex view, the map and the previews paint it.
struct Mark {
    FileRange file;
    std::uint32_t finding = 0; ///< index into Marks::findings()
    Severity severity = Severity::Info;
    bool first = false; ///< begins an occurrence: a public prefix may be shown here
};

/// All runs of all findings, sorted by file offset; they may overlap. Rebuilt when the findings
/// change, asked at every repaint: look-ups are O(log n) plus what is answered.
class Marks {
public:
    Marks() = default;
    explicit Marks(std::vector<FindingPtr> findings);

    std::span<const Mark> all() const { return m_marks; }
    /// Those that touch [begin, end), and some before; callers check each range.
    std::span<const Mark> near(std::uint64_t begin, std::uint64_t end) const;
    /// The most severe finding that holds the byte, or null.
    FindingPtr at(std::uint64_t offset) const;
    const std::vector<FindingPtr>& findings() const { return m_findings; }

private:
    std::vector<FindingPtr> m_findings;
    std::vector<Mark> m_marks;
    std::uint64_t m_widest = 0;
};

/// How many bytes at the beginning of a secret only say what kind it is and may be shown:
/// "ghp_", "AKIA", "eyJ"; also in UTF-16. 0 where the bytes begin with no such word.
std::size_t publicPrefix(ByteView bytes);

} // namespace coredact
