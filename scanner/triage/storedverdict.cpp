// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/storedverdict.h"

#include <algorithm>
#include <unordered_map>

namespace coredact {

namespace {

/// Findings by one of their places, so that many verdicts meet many findings in linear time.
class FindingsByPlace {
public:
    explicit FindingsByPlace(std::span<const Finding> findings)
    {
        for (const Finding& finding : findings)
            for (const Occurrence& occurrence : finding.occurrences)
                for (const Piece& piece : occurrence.pieces)
                    m_findings.emplace(piece.file.first(), &finding);
    }

    /// The finding of `rule` that has a piece at `place`, or nullptr.
    const Finding* find(std::string_view rule, const FileRange& place) const
    {
        const auto [begin, end] = m_findings.equal_range(place.first());
        for (auto it = begin; it != end; ++it)
            if (it->second->rule == rule && holds(*it->second, place))
                return it->second;
        return nullptr;
    }

private:
    static bool holds(const Finding& finding, const FileRange& place)
    {
        for (const Occurrence& occurrence : finding.occurrences)
            for (const Piece& piece : occurrence.pieces)
                if (piece.file == place)
                    return true;
        return false;
    }

    std::unordered_multimap<std::uint64_t, const Finding*> m_findings;
};

} // namespace

StoredVerdict storedVerdict(const Finding& finding, const Decision& decision)
{
    StoredVerdict stored {finding.id, finding.rule, std::nullopt, decision};
    if (!finding.occurrences.empty() && !finding.occurrences.front().pieces.empty())
        stored.place = finding.occurrences.front().pieces.front().file;
    return stored;
}

AdoptedVerdicts adopt(std::span<const StoredVerdict> verdicts, std::span<const Finding> findings)
{
    const FindingsByPlace places(findings);
    std::unordered_map<std::string_view, const Finding*> byId;
    for (const Finding& finding : findings)
        byId.emplace(finding.id, &finding);
    AdoptedVerdicts adopted;
    for (const StoredVerdict& verdict : verdicts) {
        const Finding* finding = nullptr;
        if (!verdict.rule.empty() && verdict.place) {
            finding = places.find(verdict.rule, *verdict.place);
        } else if (const auto known = byId.find(verdict.finding); known != byId.end()) {
            const bool sameRule = verdict.rule.empty() || verdict.rule == known->second->rule;
            finding = sameRule ? known->second : nullptr;
        }
        if (finding)
            adopted.triage.decisions[finding->id] = verdict.decision;
        else
            adopted.unmatched.push_back(verdict);
    }
    return adopted;
}

} // namespace coredact
