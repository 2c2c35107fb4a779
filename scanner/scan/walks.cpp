// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/walks.h"

#include <algorithm>

namespace coredact {

void RoundPart::look(const Window& window, const std::vector<FileRange>* crossing)
{
    if (crossing)
        return;
    for (const auto& round : m_rounds)
        if (round)
            round->look(window);
}

Walks::Walks(const Dump& dump)
{
    for (const Detector* detector : detectors())
        if (detector->newWalk)
            m_walks.push_back(detector->newWalk(dump));
}

std::vector<std::unique_ptr<RoundPart>> Walks::newRound(unsigned threads)
{
    std::vector<std::unique_ptr<RoundPart>> parts(threads);
    for (auto& part : parts)
        part = std::make_unique<RoundPart>();
    bool any = false;
    for (auto& walk : m_walks)
        for (auto& part : parts) {
            part->m_rounds.push_back(walk ? walk->newRound() : nullptr);
            any = any || part->m_rounds.back();
        }
    if (!any)
        parts.clear();
    return parts;
}

void Walks::endRound(std::span<const std::unique_ptr<RoundPart>> parts, const WalkContext& context,
                     MatchSink& sink)
{
    for (std::size_t i = 0; i < m_walks.size(); ++i) {
        WalkRound* gathered = parts.front()->m_rounds[i].get();
        if (!gathered) {
            m_walks[i].reset();
            continue;
        }
        for (const auto& part : parts.subspan(1))
            gathered->join(*part->m_rounds[i]);
        const Status status = m_walks[i]->endRound(*gathered, context, sink);
        if (!status) {
            m_failures.push_back(status.error());
            m_walks[i].reset();
        }
    }
}

} // namespace coredact
