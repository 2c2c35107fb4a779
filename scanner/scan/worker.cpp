// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/worker.h"

#include "scanner/rules/anchorpass.h"
#include "scanner/scan/placedmatch.h"
#include "scanner/scan/views.h"

#include <algorithm>

namespace coredact {

namespace {

/// Passes a window's matches on to the collector, as places in the file.
class WindowSink : public MatchSink {
public:
    WindowSink(Collector& collector, TokenHarvest& tokens)
        : m_collector(collector)
        , m_tokens(tokens)
    {
    }

    /// From now on matches are of this window. `crossing`: file ranges before and after a seam
    /// that a match must touch both, or nullptr.
    void look(const Window& window, const std::vector<FileRange>* crossing)
    {
        m_window = &window;
        m_crossing = crossing;
    }

    void add(Match match) override
    {
        auto place = placed(match, *m_window);
        if (!place || (m_crossing && !crosses(place->ranges)))
            return;
        if (match.rule->id == "http-session-cookie")
            m_tokens.see(place->value);
        if ((match.rule->id == "jwt" || match.rule->id == "fernet-token")
            && match.matched.end <= m_window->bytes.size())
            m_tokens.see(m_window->bytes.subspan(match.matched.begin,
                                                 match.matched.end - match.matched.begin));
        addPlaced(m_collector, std::move(match), std::move(*place), *m_window);
    }

    void leaveOut(std::string_view detector, std::size_t position) override
    {
        addLeftOut(m_collector, detector, *m_window, position);
    }

private:
    bool crosses(const std::vector<FileRange>& ranges) const
    {
        // The two sides; what lies beyond the second need not be touched.
        return std::all_of(
            m_crossing->begin(), m_crossing->begin() + 2, [&](const FileRange& side) {
                return std::any_of(ranges.begin(), ranges.end(),
                                   [&](const FileRange& range) { return range.overlaps(side); });
            });
    }

    Collector& m_collector;
    TokenHarvest& m_tokens;
    const Window* m_window = nullptr;
    const std::vector<FileRange>* m_crossing = nullptr;
};

class ScanPart : public PassPart {
public:
    ScanPart(const RuleSet& rules, Collector& collector, Streams& streams, TokenHarvest& tokens)
        : m_streams(streams)
        , m_text(rules.newTextScanner())
        , m_sink(collector, tokens)
    {
    }

    void look(const Window& window, const std::vector<FileRange>* crossing) override
    {
        detect(window, crossing, Reading::Raw);
        forEachView(window, [&](const Window& view) {
            detect(view, crossing, Reading::View);
            if (!crossing && readingsOf(view.encoding) < deepestReading)
                m_streams.add(m_finder.find(view, view.encoding));
        });
        if (!crossing)
            m_streams.add(m_finder.find(window));
    }

private:
    enum class Reading { Raw, View };

    void detect(const Window& window, const std::vector<FileRange>* crossing, Reading reading)
    {
        m_sink.look(window, crossing);
        for (const Detector* detector : detectors())
            if (detector->scan && (reading == Reading::Raw || detector->seesViews))
                detector->scan(window, m_sink);
        scanAnchors(window, m_sink);
        m_text->scan(window, m_sink);
    }

    Streams& m_streams;
    std::unique_ptr<TextScanner> m_text;
    WindowSink m_sink;
    StreamFinder m_finder;
};

} // namespace

std::unique_ptr<PassPart> makeScanPart(const RuleSet& rules, Collector& collector, Streams& streams,
                                       TokenHarvest& tokens)
{
    return std::make_unique<ScanPart>(rules, collector, streams, tokens);
}

} // namespace coredact
