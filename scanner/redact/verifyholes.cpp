// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifyholes.h"

#include "scanner/io/dataruns.h"
#include "scanner/redact/gaps.h"

#include <algorithm>

namespace coredact {

namespace {

constexpr std::uint64_t coarsest = 256U << 10; ///< bytes that a file system may allocate at once

/// The part of a hole that surely shares no unit of allocation with data.
std::optional<FileRange> inner(const FileRange& hole)
{
    const std::uint64_t first = (hole.first() + coarsest - 1) / coarsest * coarsest;
    const std::uint64_t end = (hole.last() + 1) / coarsest * coarsest;
    return first < end ? FileRange::between(first, end - 1) : std::nullopt;
}

} // namespace

Status verifyHoles(const Source& copy, const Source& original, const RedactionPlan& plan,
                   VerificationNotes& notes)
{
    std::vector<FileRange> written;
    std::vector<FileRange> expected;
    if (const Status status = addDataRuns(copy, written); !status)
        return status;
    if (const Status status = addDataRuns(original, expected); !status)
        return status;
    for (const Edit& edit : plan.edits())
        expected.push_back(edit.range);
    const bool full = gapsBetween(written, copy.size()).empty();
    std::uint64_t bytes = 0;
    std::uint64_t holes = 0;
    for (const FileRange& hole : gapsBetween(normalised(std::move(expected)), copy.size())) {
        const auto core = inner(hole);
        if (!core)
            continue;
        ++holes;
        bytes += core->size();
        const auto filled = std::lower_bound(
            written.begin(), written.end(), core->first(),
            [](const FileRange& range, std::uint64_t offset) { return range.last() < offset; });
        if (!full && filled != written.end() && filled->overlaps(*core))
            notes.violate("holes", std::max(filled->first(), core->first()),
                          "a hole of the original holds bytes in the copy");
    }
    notes.conclude("holes", "holes of the original are holes in the copy",
                   holes == 0 ? "none"
                       : full
                       ? "the file system of the copy knows no holes"
                       : counted(holes, "hole", "holes") + ", " + counted(bytes, "byte", "bytes"));
    return {};
}

} // namespace coredact
