// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace coredact::test {

/// A file whose bytes begin at `base`.
class ShiftMap : public PositionMap {
public:
    explicit ShiftMap(std::size_t base)
        : m_base(base)
    {
    }
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override
    {
        return {*FileRange::make(m_base + begin, end - begin)};
    }

private:
    std::size_t m_base;
};

/// A match as a place in the whole text.
struct Found {
    std::string rule;
    std::size_t begin = 0;
    std::size_t end = 0;
    Confidence confidence = Confidence::Possible;
    std::string encoding;

    bool operator==(const Found&) const = default;
    auto operator<=>(const Found& other) const
    {
        return std::tie(begin, end, rule, encoding)
            <=> std::tie(other.begin, other.end, other.rule, other.encoding);
    }
};

/// Turns matches into places.
class FoundSink : public MatchSink {
public:
    void look(const Window& window) { m_window = &window; }
    void add(Match match) override
    {
        const auto first
            = m_window->map->fileRanges(match.spans.front().begin, match.spans.front().end);
        const auto last
            = m_window->map->fileRanges(match.spans.back().begin, match.spans.back().end);
        found.push_back({match.rule->id, static_cast<std::size_t>(first.front().first()),
                         static_cast<std::size_t>(last.back().last() + 1), match.confidence,
                         std::string(m_window->encoding)});
        matches.push_back(std::move(match));
    }

    std::vector<Found> found;
    std::vector<Match> matches;

private:
    const Window* m_window = nullptr;
};

/// The shape of the windows that a text is cut into.
struct Cut {
    std::size_t fresh = 1U << 20;
    std::size_t context = 512;
    std::size_t margin = 1U << 16;
    std::size_t first = 0; ///< fresh bytes of the first window, where not like all others
};

/// Calls `visit` with the windows of a text.
template <typename Visit>
void forEachWindow(std::string_view text, const Cut& cut, const Visit& visit)
{
    std::size_t fresh = 0;
    for (std::size_t begin = 0; begin < text.size(); begin += fresh) {
        const std::size_t context = std::min(begin, cut.context);
        const std::size_t wanted = begin == 0 && cut.first > 0 ? cut.first : cut.fresh;
        fresh = std::min(wanted, text.size() - begin);
        const ShiftMap map(begin - context);
        visit(Window {asBytes(text.substr(begin - context, context + fresh + cut.margin)), context,
                      context + fresh, &map, "raw"});
    }
}

/// What the rules find in a text, in the order of places.
inline std::vector<Found> scanText(const RuleSet& rules, std::string_view text, const Cut& cut = {})
{
    FoundSink sink;
    const auto scanner = rules.newTextScanner();
    forEachWindow(text, cut, [&](const Window& window) {
        sink.look(window);
        scanner->scan(window, sink);
    });
    std::sort(sink.found.begin(), sink.found.end());
    return sink.found;
}

} // namespace coredact::test
