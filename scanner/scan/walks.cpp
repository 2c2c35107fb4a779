// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/walks.h"

#include "scanner/base/memoryword.h"

#include <algorithm>

namespace coredact {

namespace {

/// What is searched through before the rounds look, so that both meet the bytes in the cache.
constexpr std::size_t stride = std::size_t {1} << 15;

std::uint32_t wordAt(const std::uint8_t* bytes) { return nativeWord<std::uint32_t>(bytes); }

} // namespace

void RoundPart::add(WalkRound& round)
{
    m_shown.push_back(&round);
    for (const WalkAnchor& anchor : round.anchors())
        m_anchors.push_back({anchor, &round});
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
    if (!m_tables) {
        std::vector<ByteAnchor> anchors;
        for (const Shown& shown : m_anchors)
            anchors.push_back({shown.anchor.value, shown.anchor.mask, shown.anchor.reach, nullptr});
        m_tables = std::make_unique<AnchorTables>(anchors);
    }
    if (window.bytes.size() < 4)
        return;
    std::size_t reach = 0;
    for (const Shown& shown : m_anchors)
        reach = std::max(reach, shown.anchor.reach);
    const std::size_t end = std::min(window.freshEnd + reach, window.bytes.size() - 3);
    const AnchorKernel kernel = anchorKernels().back().kernel;
    for (std::size_t at = window.freshBegin; at < end; at += stride) {
        m_positions.clear();
        kernel(*m_tables, window.bytes, at, std::min(end, at + stride), m_positions);
        for (const std::uint32_t position : m_positions) {
            if (m_tables->likelyBucketsAt(window.bytes.data() + position) == 0)
                continue;
            const std::uint32_t here = wordAt(window.bytes.data() + position);
            for (const auto& [anchor, round] : m_anchors)
                if ((here & wordAt(anchor.mask.data())) == wordAt(anchor.value.data())
                    && position < window.freshEnd + anchor.reach)
                    round->lookAt(window, position);
        }
    }
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
