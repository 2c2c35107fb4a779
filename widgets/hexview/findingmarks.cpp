// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/findingmarks.h"

#include <algorithm>

namespace coredact {

std::vector<HexMark> hexMarksOf(const Marks& marks, const Verdicts& verdicts)
{
    std::vector<HexMark> all;
    all.reserve(marks.all().size());
    for (const Mark& mark : marks.all()) {
        const Finding& finding = *marks.findings()[mark.finding];
        all.push_back({mark.file, mark.finding, mark.severity,
                       verdicts.decisionFor(finding.id).verdict, mark.first, true});
    }
    return all;
}

std::vector<HexMark> hexMarksOfCopy(const std::vector<HexMark>& marks,
                                    const std::vector<FileRange>& overwritten)
{
    std::vector<HexMark> left;
    for (const HexMark& mark : marks) {
        std::uint64_t from = mark.file.first();
        const auto add = [&](std::uint64_t last) {
            HexMark part = mark;
            part.file = *FileRange::between(from, last);
            part.first = mark.first && from == mark.file.first() && last == mark.file.last();
            left.push_back(part);
        };
        auto range = std::lower_bound(
            overwritten.begin(), overwritten.end(), from,
            [](const FileRange& one, std::uint64_t offset) { return one.last() < offset; });
        for (; range != overwritten.end() && range->first() <= mark.file.last(); ++range) {
            if (range->first() > from)
                add(range->first() - 1);
            if (range->last() >= mark.file.last()) {
                from = 0;
                break;
            }
            from = range->last() + 1;
        }
        if (from >= mark.file.first() && from <= mark.file.last())
            add(mark.file.last());
    }
    return left;
}

} // namespace coredact
