// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/walks.h"

namespace coredact {

void RoundPart::add(WalkRound& round)
{
    m_shown.push_back(&round);
    for (const Anchor& anchor : round.anchors()) {
        m_anchors.push_back(anchor);
        m_told.push_back(&round);
    }
}

void RoundPart::look(const Window& window, const std::vector<FileRange>* crossing)
{
    if (crossing)
        return;
    if (!m_anchors.empty())
        searchAnchors(window);
    for (WalkRound* round : m_shown)
        round->look(window);
}

void RoundPart::searchAnchors(const Window& window)
{
    if (!m_search)
        m_search.emplace(m_anchors);
    m_search->in(window, [&](std::size_t number, std::size_t position) {
        m_told[number]->lookAt(window, position);
    });
}

Walks::Walks(const WalkContext& context)
    : m_context(context)
{
    for (const Detector* detector : detectors())
        if (detector->newWalk)
            add(detector->name, detector->newWalk(context.dump));
}

void Walks::add(std::string_view name, std::unique_ptr<Walk> walk)
{
    if (walk)
        walk->begin(m_context);
    m_walks.push_back({name, std::move(walk), false});
}

std::vector<std::unique_ptr<RoundPart>> Walks::newRound(unsigned threads)
{
    std::vector<std::unique_ptr<RoundPart>> parts(threads);
    for (auto& part : parts)
        part = std::make_unique<RoundPart>();
    bool any = false;
    for (auto& [name, walk, leftOut] : m_walks)
        for (auto& part : parts) {
            part->m_rounds.push_back(walk ? walk->newRound() : nullptr);
            if (WalkRound* round = part->m_rounds.back().get())
                part->add(*round);
            any = any || !part->empty();
        }
    if (!any)
        parts.clear();
    return parts;
}

void Walks::endRound(std::span<const std::unique_ptr<RoundPart>> parts, MatchSink& sink)
{
    for (std::size_t i = 0; i < m_walks.size(); ++i)
        if (parts.front()->m_rounds[i])
            endRound(m_walks[i], i, parts, sink);
        else
            m_walks[i].walk.reset();
}

void Walks::endRound(Named& named, std::size_t number,
                     std::span<const std::unique_ptr<RoundPart>> parts, MatchSink& sink)
{
    WalkRound& gathered = *parts.front()->m_rounds[number];
    for (const auto& part : parts.subspan(1)) {
        gathered.join(*part->m_rounds[number]);
        named.leftOut = named.leftOut || part->m_rounds[number]->hasLeftOut();
    }
    const Status status = named.walk->endRound(gathered, m_context, sink);
    named.leftOut = named.leftOut || gathered.hasLeftOut() || named.walk->leftOut();
    if (!status) {
        m_failures.push_back(status.error());
        named.walk.reset();
    }
}

std::vector<std::string_view> Walks::full() const
{
    std::vector<std::string_view> names;
    for (const Named& named : m_walks)
        if (named.leftOut)
            names.push_back(named.name);
    return names;
}

} // namespace coredact
