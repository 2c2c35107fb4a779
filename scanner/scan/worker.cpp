// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/worker.h"

#include "scanner/scan/views.h"

#include <algorithm>
#include <thread>

namespace coredact {

namespace {

/// Passes a window's matches on to the collector, as places in the file.
class WindowSink : public MatchSink {
public:
    WindowSink(Collector& collector)
        : m_collector(collector)
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
        std::vector<FileRange> ranges;
        SecretBytes value;
        for (const Span& span : match.spans) {
            if (span.begin >= span.end || span.end > m_window->bytes.size())
                return;
            const auto part = m_window->map->fileRanges(span.begin, span.end);
            ranges.insert(ranges.end(), part.begin(), part.end());
            const auto bytes = m_window->bytes.subspan(span.begin, span.end - span.begin);
            value.insert(value.end(), bytes.begin(), bytes.end());
        }
        if (m_crossing && !crosses(ranges))
            return;
        if (match.value.empty())
            match.value = std::move(value);
        std::vector<FileRange> whole;
        if (match.whole.begin < match.whole.end && match.whole.end <= m_window->bytes.size())
            whole = m_window->map->fileRanges(match.whole.begin, match.whole.end);
        m_collector.add(std::move(match), m_window->encoding, ranges, whole);
    }

private:
    bool crosses(const std::vector<FileRange>& ranges) const
    {
        return std::all_of(m_crossing->begin(), m_crossing->end(), [&](const FileRange& side) {
            return std::any_of(ranges.begin(), ranges.end(),
                               [&](const FileRange& range) { return range.overlaps(side); });
        });
    }

    Collector& m_collector;
    const Window* m_window = nullptr;
    const std::vector<FileRange>* m_crossing = nullptr;
};

class Worker {
public:
    explicit Worker(SharedScan& shared)
        : m_shared(shared)
        , m_text(shared.rules.newTextScanner())
        , m_buffer(shared.shape.context + shared.shape.fresh + 2 * shared.shape.margin)
        , m_sink(shared.collector)
    {
    }

    void run()
    {
        for (;;) {
            const std::uint64_t index = m_shared.next.fetch_add(1);
            if (index >= m_shared.work.size() || m_shared.control.cancelled())
                return;
            look(m_shared.work.item(index));
        }
    }

private:
    void look(const WorkItem& item)
    {
        const bool anyData
            = std::any_of(item.pieces.begin(), item.pieces.end(), [&](const FileRange& piece) {
                  return m_shared.data.anyIn(piece);
              });
        if (anyData)
            lookAtBytes(item);
        if (item.seam == 0) {
            const std::uint64_t done
                = m_shared.done.fetch_add(item.freshEnd - item.freshBegin) + item.freshEnd
                - item.freshBegin;
            const std::lock_guard lock(m_shared.mutex);
            m_shared.control.report({"scan", done, m_shared.source.size()});
        }
    }

    void lookAtBytes(const WorkItem& item)
    {
        std::vector<Unreadable> unreadable;
        const std::size_t size
            = readItem(m_shared.source, m_shared.data, item, m_buffer.bytes(), unreadable);
        const ByteView bytes = m_buffer.bytes().first(size);
        const PieceMap map(item.pieces);
        for (const FreshRun& run : worthyRuns(bytes, item.freshBegin, item.freshEnd)) {
            // Each run sees just the context and margin that any window would give it, so that
            // what is found does not depend on where the windows begin.
            const std::size_t begin = run.begin - std::min(run.begin, m_shared.shape.context);
            const std::size_t end = std::min(size, run.end + m_shared.shape.margin);
            detect({bytes.subspan(0, end), run.begin, run.end, &map, "raw"}, item, begin);
        }
        if (!unreadable.empty()) {
            const std::lock_guard lock(m_shared.mutex);
            m_shared.unreadable.insert(m_shared.unreadable.end(), unreadable.begin(),
                                       unreadable.end());
        }
    }

    void detect(Window window, const WorkItem& item, std::size_t begin)
    {
        const CutMap cut(*window.map, begin);
        window.bytes = window.bytes.subspan(begin);
        window.freshBegin -= begin;
        window.freshEnd -= begin;
        window.map = &cut;
        const std::vector<FileRange>* crossing = item.seam != 0 ? &item.pieces : nullptr;
        detectIn(window, crossing, false);
        forEachView(window, [&](const Window& view) { detectIn(view, crossing, true); });
        if (!crossing)
            m_shared.streams.add(m_finder.find(window));
    }

    void detectIn(const Window& window, const std::vector<FileRange>* crossing, bool isView)
    {
        m_sink.look(window, crossing);
        for (const Detector* detector : detectors())
            if (detector->scan && (!isView || detector->seesViews))
                detector->scan(window, m_sink);
        m_text->scan(window, m_sink);
    }

    /// The same map for a window that begins later.
    class CutMap : public PositionMap {
    public:
        CutMap(const PositionMap& whole, std::size_t cut)
            : m_whole(whole)
            , m_cut(cut)
        {
        }
        std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override
        {
            return m_whole.fileRanges(begin + m_cut, end + m_cut);
        }

    private:
        const PositionMap& m_whole;
        std::size_t m_cut;
    };

    SharedScan& m_shared;
    std::unique_ptr<TextScanner> m_text;
    SecureBuffer m_buffer;
    WindowSink m_sink;
    StreamFinder m_finder;
};

} // namespace

void lookAtAll(SharedScan& shared, unsigned threads)
{
    const auto work = [&shared] {
        try {
            Worker(shared).run();
        } catch (...) {
            const std::lock_guard lock(shared.mutex);
            shared.failure = std::current_exception();
        }
    };
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads; ++i)
        others.emplace_back(work);
    work();
    for (std::thread& other : others)
        other.join();
    if (shared.failure)
        std::rethrow_exception(shared.failure);
}

} // namespace coredact
