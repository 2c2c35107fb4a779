// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streams.h"

#include "scanner/base/threads.h"
#include "scanner/rules/anchorpass.h"
#include "scanner/scan/propagatematch.h"
#include "scanner/scan/streambudget.h"
#include "scanner/scan/views.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <tuple>

namespace coredact {

namespace {

/// Calls `make()` once for each thread, and what that answers with each number below `count`, in
/// rising order. Throws what a thread threw.
template <typename Make> void inParallel(std::size_t count, unsigned threads, const Make& make)
{
    if (count == 0)
        return;
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    inThreads(std::min<std::size_t>(threads, count), [&](std::size_t) {
        try {
            auto take = make();
            for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1))
                take(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
        }
    });
    if (failure)
        std::rethrow_exception(failure);
}

/// Where unpacked bytes are in their stream, told as if that were a file.
class StreamMap : public PositionMap {
public:
    explicit StreamMap(std::uint64_t begin)
        : m_begin(begin)
    {
    }
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override
    {
        return {*FileRange::make(m_begin + begin, end - begin)};
    }

private:
    std::uint64_t m_begin;
};

/// Places of unpacked bytes: no dump has them.
const Places& nowhere()
{
    static const Dump dump;
    static const Places places(dump);
    return places;
}

/// Looks into one stream after the other; one for each thread.
class StreamScanner {
public:
    StreamScanner(const RuleSet& rules, const WindowShape& shape)
        : m_shape(shape)
        , m_text(rules.newTextScanner())
    {
    }

    void look(const StreamReader::Part& part, std::string_view encoding, MatchSink& sink,
              const Window*& looked)
    {
        for (const FreshRun& run : worthyRuns(part.bytes, part.freshBegin, part.freshEnd)) {
            const std::size_t begin = run.begin - std::min(run.begin, m_shape.context);
            const std::size_t end = std::min(part.bytes.size(), run.end + m_shape.margin);
            const StreamMap map(part.position + begin);
            const Window window {part.bytes.subspan(begin, end - begin), run.begin - begin,
                                 run.end - begin, &map, encoding};
            const auto detect = [&](const Window& view) {
                looked = &view;
                for (const Detector* detector : detectors())
                    if (detector->scan && detector->seesViews)
                        detector->scan(view, sink);
                scanAnchors(view, sink);
                m_text->scan(view, sink);
            };
            detect(window);
            forEachView(window, detect, 1);
        }
    }

private:
    WindowShape m_shape;
    std::unique_ptr<TextScanner> m_text;
};

/// Gathers what is found in one stream.
class StreamSink : public MatchSink {
public:
    StreamSink(Collector& collector, const Window* const& window)
        : m_collector(collector)
        , m_window(window)
    {
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
        if (match.value.empty())
            match.value = std::move(value);
        std::vector<FileRange> whole;
        if (match.whole.begin < match.whole.end && match.whole.end <= m_window->bytes.size())
            whole = m_window->map->fileRanges(match.whole.begin, match.whole.end);
        m_collector.add(std::move(match), m_window->encoding, ranges, whole);
    }

private:
    Collector& m_collector;
    const Window* const& m_window;
};

std::string encodingIn(StreamCodec codec, const std::string& form, bool whole)
{
    std::string encoding(toText(codec));
    if (form != "raw")
        encoding += "+" + form;
    return whole ? encoding : encoding + " fragment";
}

/// For each secret that stands in one stream: whether a whole one does, and the simplest way.
using CopiesInStream = std::map<std::size_t, std::pair<bool, std::string>>;

void note(CopiesInStream& copies, std::size_t secret, bool whole, const std::string& form)
{
    const auto [it, isNew] = copies.try_emplace(secret, whole, form);
    const auto rank = [](bool isWhole, const std::string& text) {
        return std::tuple(!isWhole, text != "raw", text.size(), text);
    };
    if (!isNew && rank(whole, form) < rank(it->second.first, it->second.second))
        it->second = {whole, form};
}

} // namespace

Streams::Streams(const Source& source, const DataRuns& data, const Coverage& coverage,
                 const WindowShape& shape, const StreamLimits& limits)
    : m_source(source)
    , m_data(data)
    , m_coverage(coverage)
    , m_shape(shape)
    , m_limits(limits)
{
}

void Streams::add(std::span<const StreamStart> starts)
{
    if (starts.empty())
        return;
    const std::lock_guard lock(m_mutex);
    m_starts.insert(m_starts.end(), starts.begin(), starts.end());
}

/// Finds each start's place in memory order.
void Streams::locate()
{
    struct Part {
        FileRange file;
        std::size_t extent;
        std::uint64_t position;
    };
    std::vector<Part> parts;
    for (std::size_t i = 0; i < m_coverage.extents.size(); ++i) {
        std::uint64_t position = 0;
        for (const FileRange& piece : m_coverage.extents[i].pieces) {
            parts.push_back({piece, i, position});
            position += piece.size();
        }
    }
    std::sort(parts.begin(), parts.end(),
              [](const Part& a, const Part& b) { return a.file.first() < b.file.first(); });
    std::sort(m_starts.begin(), m_starts.end());
    m_starts.erase(std::unique(m_starts.begin(), m_starts.end()), m_starts.end());
    for (const StreamStart& start : m_starts) {
        const auto part = std::upper_bound(parts.begin(), parts.end(), start.offset,
                                           [](std::uint64_t offset, const Part& one) {
                                               return offset < one.file.first();
                                           })
            - 1;
        Stream stream;
        stream.start = start;
        stream.extent = part->extent;
        stream.position = part->position + (start.offset - part->file.first());
        m_streams.push_back(stream);
    }
    m_starts.clear();
}

ExtentReader Streams::readerOf(const Stream& stream) const
{
    return {m_source, m_data, m_coverage.extents[stream.extent], stream.position};
}

/// The file bytes of the whole packed stream; where only its front was unpacked, the rest is now,
/// to learn where it ends.
std::vector<FileRange> Streams::memberOf(const Stream& stream, StreamReader& reader) const
{
    std::uint64_t size = stream.unpacked.consumed;
    if (stream.unpacked.end == Unpacked::End::Limit) {
        ExtentReader in = readerOf(stream);
        size = reader
                   .read(in, stream.start.codec, m_limits.measured,
                         [](const StreamReader::Part&) { return true; })
                   .consumed;
    }
    return extentPart(m_coverage.extents[stream.extent], stream.position, size);
}

void Streams::look(const RuleSet& rules, Collector& collector, unsigned threads,
                   const JobControl& control)
{
    locate();
    std::vector<std::unique_ptr<Collector>> found(m_streams.size());
    std::vector<std::vector<FileRange>> members(m_streams.size());
    StreamBudget budget(m_streams.size(), m_limits.total);
    inParallel(m_streams.size(), threads, [&] {
        return [&, reader = StreamReader(m_shape),
                scanner = StreamScanner(rules, m_shape)](std::size_t i) mutable {
            Stream& stream = m_streams[i];
            if (control.cancelled() || budget.isSpent())
                return;
            auto inside = std::make_unique<Collector>(nowhere(), rules, FindingWatcher());
            const Window* looked = nullptr;
            StreamSink sink(*inside, looked);
            ExtentReader in = readerOf(stream);
            stream.unpacked = reader.read(
                in, stream.start.codec, m_limits.stream, [&](const StreamReader::Part& part) {
                    scanner.look(part, toText(stream.start.codec), sink, looked);
                    return !control.cancelled();
                });
            budget.took(i, stream.unpacked.produced);
            if (inside->empty())
                return;
            members[i] = memberOf(stream, reader);
            found[i] = std::move(inside);
        };
    });
    if (control.cancelled())
        return;
    const std::size_t taken = settle();
    for (std::size_t i = 0; i < taken; ++i)
        if (found[i])
            collector.addStream(*found[i], members[i]);
    m_streams.resize(taken);
    std::erase_if(m_streams, [](const Stream& stream) { return stream.unpacked.produced == 0; });
}

/// How many streams, from the first on, the total allows, whichever thread was faster. Tells of
/// what was left out.
std::size_t Streams::settle()
{
    std::uint64_t sum = 0;
    std::size_t taken = 0;
    for (; taken < m_streams.size() && sum <= m_limits.total; ++taken) {
        const auto& [start, extent, position, unpacked] = m_streams[taken];
        sum += unpacked.produced;
        const std::string name = "a compressed stream (" + std::string(toText(start.codec)) + ") ";
        if (unpacked.end == Unpacked::End::Limit)
            m_incomplete.push_back({start.offset, 0,
                                    name + "gives more than "
                                        + std::to_string(m_limits.stream >> 20)
                                        + " MiB; the rest was not looked at"});
        if (unpacked.end == Unpacked::End::TooWide)
            m_incomplete.push_back(
                {start.offset, 0, name + "needs more memory than it is given; not unpacked"});
    }
    if (taken < m_streams.size())
        m_incomplete.push_back({m_streams[taken].start.offset, 0,
                                std::to_string(m_streams.size() - taken)
                                    + " compressed streams from here on were not unpacked: those "
                                      "before give more than "
                                    + std::to_string(m_limits.total >> 30) + " GiB"});
    return taken;
}

std::vector<Copy> Streams::copiesOf(std::span<const SecretValue> values, unsigned threads,
                                    const JobControl& control) const
{
    if (m_streams.empty())
        return {};
    const FormIndex index(formsOf(values));
    if (index.forms().empty())
        return {};
    WindowShape shape;
    shape.margin = (index.longest() + 16 + 4095) / 4096 * 4096;
    shape.context = shape.margin;
    std::vector<std::vector<Copy>> copies(m_streams.size());
    inParallel(m_streams.size(), threads, [&] {
        return
            [&, reader = StreamReader(shape), matcher = FormMatcher(index)](std::size_t i) mutable {
                const Stream& stream = m_streams[i];
                CopiesInStream inside;
                ExtentReader in = readerOf(stream);
                reader.read(in, stream.start.codec, m_limits.stream,
                            [&](const StreamReader::Part& part) {
                                for (const FormCopy& copy :
                                     matcher.find(part.bytes, part.freshBegin, part.freshEnd)) {
                                    const SecretForm& form = index.forms()[copy.form];
                                    for (const std::size_t secret : form.secrets)
                                        note(inside, secret, copy.whole, form.encoding);
                                }
                                return !control.cancelled();
                            });
                if (inside.empty())
                    return;
                const std::vector<FileRange> member = memberOf(stream, reader);
                for (const auto& [secret, how] : inside)
                    copies[i].push_back(
                        {secret, encodingIn(stream.start.codec, how.second, how.first), member});
            };
    });
    std::vector<Copy> all;
    for (std::vector<Copy>& some : copies)
        std::move(some.begin(), some.end(), std::back_inserter(all));
    return all;
}

} // namespace coredact
