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

FindingPtr Provisional::named(const Finding& finding)
{
    auto named = std::make_shared<Finding>(finding);
    if (named->id.empty()) {
        Place place {finding.rule, {}, m_all.size(), 0}; // nobody else's
        if (!finding.occurrences.empty() && !finding.occurrences.front().pieces.empty()) {
            const Occurrence& first = finding.occurrences.front();
            const FileRange bytes = first.pieces.front().file;
            place = {finding.rule, first.encoding, bytes.first(), bytes.size()};
        }
        const std::string fresh = "seen" + std::to_string(m_names.size() + 1);
        named->id = m_names.try_emplace(place, fresh).first->second;
    }
    m_all.push_back(named);
    return named;
}

void Provisional::clear()
{
    m_names.clear();
    m_all.clear();
}

} // namespace coredact
