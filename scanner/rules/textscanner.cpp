// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/textscanner.h"

#include <algorithm>

namespace coredact {

namespace {

/// Finds every place of one rule within a zone. A match is reported for *every* position where
/// one begins, also inside another: so what is found does not depend on where a search began,
/// and thus not on the windows.
class Confirmation {
public:
    Confirmation(const CompiledRule& rule, const Window& window, ByteView bytes, MatchSink& sink)
        : m_rule(rule)
        , m_window(window)
        , m_text(asText(bytes).data(), bytes.size())
        , m_sink(sink)
        , m_groups(rule.pattern.groups + 1)
    {
    }

    /// Linear in the zone: an expression is asked about a piece a few times its width at a time,
    /// and where matches lie inside one another all over, as only a text made to that end has
    /// them, the search goes on after each.
    void search(const Zone& zone)
    {
        const std::size_t width = m_rule.pattern.width;
        std::size_t allowance = 16 * (zone.end - zone.begin) + (1U << 16);
        std::size_t at = zone.begin;
        while (at < zone.end) {
            const std::size_t end = std::min(zone.end, at + 2 * width + 1024);
            re2::StringPiece whole;
            const bool found
                = (*m_rule.pattern.confirm)->Match(m_text, at, end, RE2::UNANCHORED, &whole, 1);
            const std::size_t begin = found ? offsetOf(whole) : zone.end;
            // Near the end of the piece an earlier match may be cut off; look there again.
            if (end < zone.end && begin + width > end)
                at = end - width;
            else if (found) {
                const Span match = take(begin);
                const std::size_t size = match.end - match.begin;
                at = std::max(begin + 1, allowance >= size ? match.begin : match.end);
                allowance -= std::min(allowance, size);
            } else
                return;
        }
    }

private:
    std::size_t offsetOf(const re2::StringPiece& part) const
    {
        return static_cast<std::size_t>(part.data() - m_text.data());
    }

    Span spanOf(const re2::StringPiece& part) const
    {
        if (!part.data())
            return {};
        return {offsetOf(part), offsetOf(part) + part.size()};
    }

    /// Judges what begins at `begin`, edge included; answers where the match itself is.
    Span take(std::size_t begin)
    {
        const std::size_t end = std::min(m_text.size(), begin + m_rule.pattern.width);
        std::vector<re2::StringPiece> parts(m_groups);
        if (!(*m_rule.pattern.confirm)
                 ->Match(m_text, begin, end, RE2::ANCHOR_START, parts.data(),
                         static_cast<int>(parts.size())))
            return {begin, begin};
        std::vector<Span> groups;
        for (std::size_t i = 1; i < parts.size(); ++i)
            groups.push_back(spanOf(parts[i]));
        const Span match = groups.front();
        if (m_window.fresh(match.begin)) {
            const Candidate candidate {m_window.bytes, match, secretOf(groups), groups};
            for (Match& found : judge(m_rule, candidate))
                m_sink.add(std::move(found));
        }
        return match;
    }

    Span secretOf(const std::vector<Span>& groups) const
    {
        const auto taken = [](const Span& span) { return span.begin < span.end; };
        const auto wanted = static_cast<std::size_t>(m_rule.rule.secretGroup);
        if (wanted > 0)
            return taken(groups[wanted]) ? groups[wanted] : groups.front();
        const auto first = std::find_if(groups.begin() + 1, groups.end(), taken);
        return first != groups.end() ? *first : groups.front();
    }

    const CompiledRule& m_rule;
    const Window& m_window;
    re2::StringPiece m_text;
    MatchSink& m_sink;
    std::size_t m_groups;
};

/// With what stands behind: validators look there, too.
ByteView seenByScreen(ByteView bytes, const Zone& zone)
{
    const std::size_t end = std::min(bytes.size(), zone.end + screenMargin);
    return bytes.subspan(zone.begin, end - zone.begin);
}

class Scanner : public TextScanner {
public:
    explicit Scanner(std::shared_ptr<const TextRules> rules)
        : m_rules(std::move(rules))
        , m_scratch(m_rules->prefilter)
    {
        for (const auto& rule : m_rules->rules)
            m_reach = std::max(m_reach, rule->pattern.width);
    }

    void scan(const Window& window, MatchSink& sink) override
    {
        // Whatever begins in the fresh part ends within the reach; more margin is for others.
        const std::size_t begin = window.freshBegin - std::min(window.freshBegin, contextSize);
        const std::size_t end = std::min(window.bytes.size(), window.freshEnd + m_reach);
        const ByteView bytes = window.bytes.subspan(0, end);
        m_rules->prefilter.scan(bytes.subspan(begin), m_scratch, m_zones);
        for (std::size_t i = 0; i < m_zones.size(); ++i) {
            if (m_zones[i].empty())
                continue;
            const Screen screen = m_rules->rules[i]->rule.screen;
            Confirmation confirmation(*m_rules->rules[i], window, bytes, sink);
            for (const Zone& zone : m_zones[i])
                if (const Zone place {zone.begin + begin, zone.end + begin};
                    !screen || screen(seenByScreen(window.bytes, place)))
                    confirmation.search(place);
        }
    }

private:
    std::shared_ptr<const TextRules> m_rules;
    Prefilter::Scratch m_scratch;
    std::size_t m_reach = 0;
    std::vector<std::vector<Zone>> m_zones;
};

} // namespace

std::unique_ptr<TextScanner> makeTextScanner(std::shared_ptr<const TextRules> rules)
{
    return std::make_unique<Scanner>(std::move(rules));
}

} // namespace coredact
