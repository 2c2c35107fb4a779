// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/sound.h"

#include <algorithm>

namespace coredact::protocol {
namespace {

template <typename List, typename Project> bool sorted(const List& list, Project project)
{
    return std::is_sorted(list.begin(), list.end(),
                          [&](const auto& a, const auto& b) { return project(a) < project(b); });
}

/// Sorted, and no two ranges share a byte.
template <typename List, typename Project> bool disjoint(const List& list, Project project)
{
    return std::adjacent_find(list.begin(), list.end(),
                              [&](const auto& a, const auto& b) {
                                  return project(b).first() <= project(a).last();
                              })
        == list.end();
}

bool inside(const FileRange& range, std::uint64_t fileSize) { return range.last() < fileSize; }

bool inside(const Finding& finding, std::uint64_t fileSize)
{
    return std::all_of(
        finding.occurrences.begin(), finding.occurrences.end(), [&](const Occurrence& occurrence) {
            return std::all_of(occurrence.pieces.begin(), occurrence.pieces.end(),
                               [&](const Piece& piece) { return inside(piece.file, fileSize); });
        });
}

bool inside(const std::vector<Edit>& edits, std::uint64_t fileSize)
{
    return edits.empty() || inside(edits.back().range, fileSize); // they are sorted
}

bool inside(const std::vector<Conflict>& conflicts, std::uint64_t fileSize)
{
    return std::all_of(conflicts.begin(), conflicts.end(),
                       [&](const Conflict& conflict) { return inside(conflict.range, fileSize); });
}

FileRange rangeOf(const Edit& edit) { return edit.range; }

FileRange rangeOf(const KeptRange& kept) { return kept.range; }

bool disjoint(const std::vector<ClassRange>& left)
{
    return disjoint(left, [](const ClassRange& part) { return part.range; });
}

} // namespace

bool sound(const Segment& segment) { return segment.memory.size() == segment.file.size(); }

bool sound(const Dump& dump)
{
    const auto fits = [&](const auto& item) { return inside(item.file, dump.size); };
    return (dump.wordSize == 4 || dump.wordSize == 8)
        && std::all_of(dump.segments.begin(), dump.segments.end(), fits)
        && std::all_of(dump.fields.begin(), dump.fields.end(), fits)
        && sorted(dump.regions, [](const Region& region) { return region.memory.first(); })
        && disjoint(dump.structure, [](const FileRange& range) { return range; })
        && (dump.structure.empty() || inside(dump.structure.back(), dump.size));
}

bool sound(const Occurrence& occurrence) { return !occurrence.pieces.empty(); }

bool sound(const Finding& finding) { return !finding.occurrences.empty(); }

bool sound(const Opened& opened)
{
    return disjoint(opened.kept, [](const KeptRange& kept) { return rangeOf(kept); })
        && (opened.kept.empty() || inside(opened.kept.back().range, opened.dump.size));
}

bool sound(const Verify& verify)
{
    return disjoint(verify.ranges, [](const KeptRange& kept) { return rangeOf(kept); })
        && disjoint(verify.left);
}

bool sound(const Planned& planned)
{
    return disjoint(planned.edits, [](const Edit& edit) { return rangeOf(edit); });
}

bool sound(const Exported& exported)
{
    return disjoint(exported.edits, [](const Edit& edit) { return rangeOf(edit); })
        && disjoint(exported.left);
}

bool sound(const Compared& compared)
{
    return disjoint(compared.ranges, [](const FileRange& range) { return range; });
}

bool sound(const Read& read) { return read.size <= maximumRead; }

bool sound(const Bytes& bytes) { return bytes.bytes.size() <= maximumRead; }

bool sound(const Search& search)
{
    return !search.pattern.empty() && search.pattern.size() <= maximumPattern;
}

bool inside(const Event& event, std::uint64_t fileSize)
{
    if (const auto* seen = std::get_if<FindingSeen>(&event))
        return inside(seen->finding, fileSize);
    if (const auto* scanned = std::get_if<Scanned>(&event))
        return std::all_of(scanned->findings.begin(), scanned->findings.end(),
                           [&](const Finding& finding) { return inside(finding, fileSize); });
    if (const auto* found = std::get_if<SearchHit>(&event))
        return !found->range || inside(*found->range, fileSize);
    if (const auto* planned = std::get_if<Planned>(&event))
        return inside(planned->edits, fileSize) && inside(planned->conflicts, fileSize);
    if (const auto* compared = std::get_if<Compared>(&event))
        return std::all_of(compared->ranges.begin(), compared->ranges.end(),
                           [&](const FileRange& range) { return inside(range, fileSize); });
    if (const auto* exported = std::get_if<Exported>(&event))
        return inside(exported->edits, fileSize) && inside(exported->conflicts, fileSize)
            && (exported->left.empty() || inside(exported->left.back().range, fileSize));
    return true;
}

} // namespace coredact::protocol
