// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/provisional.h"

namespace coredact {

std::map<std::string, std::string> finalNames(const std::vector<FindingPtr>& provisional,
                                              std::span<const Finding> final)
{
    using Place = std::pair<std::string_view, std::uint64_t>; // rule, first offset
    std::map<Place, std::string_view> idByPlace;
    for (const Finding& finding : final) {
        for (const Occurrence& occurrence : finding.occurrences) {
            if (!occurrence.pieces.empty())
                idByPlace.try_emplace({finding.rule, occurrence.pieces.front().file.first()},
                                      finding.id);
        }
    }
    std::map<std::string, std::string> names;
    for (const FindingPtr& finding : provisional) {
        for (const Occurrence& occurrence : finding->occurrences) {
            if (occurrence.pieces.empty())
                continue;
            const auto known
                = idByPlace.find({finding->rule, occurrence.pieces.front().file.first()});
            if (known == idByPlace.end() || known->second == finding->id)
                continue;
            names.emplace(finding->id, known->second);
            break;
        }
    }
    return names;
}

} // namespace coredact
