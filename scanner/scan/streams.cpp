// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streams.h"

#include "scanner/base/threads.h"
#include "scanner/rules/anchorpass.h"
#include "scanner/scan/placedmatch.h"
#include "scanner/scan/propagatematch.h"
#include "scanner/scan/storedbytes.h"
#include "scanner/scan/streambudget.h"
#include "scanner/scan/textfeed.h"
#include "scanner/scan/views.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace coredact {

namespace {

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

    /// Adds the streams that show in it to those inside `stream`.
    void look(const StreamReader::Part& part, std::string_view encoding, MatchSink& sink,
              const Window*& looked, StreamTree& stream)
    {
        const int readings = readingsOf(encoding);
        const auto findInside = [&](const Window& window) {
            if (readingsOf(window.encoding) >= deepestReading)
                return;
            const std::string_view wrapping
                = window.encoding.substr(std::min(window.encoding.size(), encoding.size() + 1));
            for (const StreamStart& start : m_finder.find(window, wrapping))
                addInside(stream, start);
        };
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
            const auto take = [&](const Window& view) {
                detect(view);
                findInside(view);
            };
            take(window);
            forEachView(window, take, readings);
        }
    }

private:
    WindowShape m_shape;
    std::unique_ptr<TextScanner> m_text;
    StreamFinder m_finder;
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
        if (auto place = placed(match, *m_window))
            addPlaced(m_collector, std::move(match), std::move(*place), *m_window);
    }

    void leaveOut(std::string_view detector, std::size_t position) override
    {
        addLeftOut(m_collector, detector, *m_window, position);
    }

private:
    Collector& m_collector;
    const Window* const& m_window;
};

/// Where a stream stands in the one around it.
FileRange placeOf(const StreamTree& stream)
{
    return *FileRange::make(stream.start.offset,
                            std::max<std::uint64_t>(stream.unpacked.consumed, 1));
}

/// Gathers what is found in a stream and in those inside it, each of which stands for its packed
/// bytes in the one around it.
class FindingVisitor final : public StreamVisitor {
public:
    FindingVisitor(StreamScanner& scanner, const RuleSet& rules, const JobControl& control)
        : m_scanner(scanner)
        , m_rules(rules)
        , m_control(control)
    {
        enter();
    }

    bool look(StreamTree& stream, const StreamReader::Part& part,
              const std::string& encoding) override
    {
        StreamSink sink(*m_found.back(), m_looked);
        m_scanner.look(part, encoding, sink, m_looked, stream);
        return !m_control.cancelled();
    }
    void enter() override
    {
        m_found.push_back(std::make_unique<Collector>(nowhere(), m_rules, FindingWatcher()));
    }
    void leave(const StreamTree& stream) override
    {
        const auto inner = std::move(m_found.back());
        m_found.pop_back();
        m_found.back()->addStream(*inner, std::array {placeOf(stream)});
    }
    std::unique_ptr<Collector> found() { return std::move(m_found.front()); }

private:
    StreamScanner& m_scanner;
    const RuleSet& m_rules;
    const JobControl& m_control;
    const Window* m_looked = nullptr;
    std::vector<std::unique_ptr<Collector>> m_found; ///< of the stream at hand and those around it
};

/// For each secret that stands in one stream: whether a whole one does, and the simplest way.
using CopiesInStream = std::map<std::size_t, std::pair<bool, std::string>>;

void note(CopiesInStream& copies, std::size_t secret, bool whole, const std::string& encoding)
{
    const auto [it, isNew] = copies.try_emplace(secret, whole, encoding);
    const auto rank = [](bool isWhole, const std::string& text) {
        return std::tuple(!isWhole, text.size(), text);
    };
    if (!isNew && rank(whole, encoding) < rank(it->second.first, it->second.second))
        it->second = {whole, encoding};
}

/// Searches a stream and those inside it for values.
class CopyVisitor : public StreamVisitor {
public:
    CopyVisitor(const FormIndex& index, FormMatcher& matcher, const JobControl& control)
        : m_index(index)
        , m_matcher(matcher)
        , m_control(control)
    {
    }

    bool look(StreamTree& /*stream*/, const StreamReader::Part& part,
              const std::string& encoding) override
    {
        for (const FormCopy& copy : m_matcher.find(part.bytes, part.freshBegin, part.freshEnd)) {
            const SecretForm& form = m_index.forms()[copy.form];
            for (const std::size_t secret : form.secrets)
                note(copies, secret, copy.whole,
                     form.encoding == "raw" ? encoding : encoding + "+" + form.encoding);
            if (m_level != 0)
                m_isInside = true;
            else if (part.position < longestJudged)
                places.push_back(
                    *FileRange::make(part.position + copy.begin, copy.end - copy.begin));
        }
        return !m_control.cancelled();
    }
    void enter() override { ++m_level; }
    void leave(const StreamTree& stream) override
    {
        if (--m_level == 0 && std::exchange(m_isInside, false))
            places.push_back(placeOf(stream));
    }

    CopiesInStream copies;
    std::vector<FileRange> places; ///< of copies, and of streams inside with some; see areStored

private:
    const FormIndex& m_index;
    FormMatcher& m_matcher;
    const JobControl& m_control;
    std::size_t m_level = 0; ///< how many streams the one at hand stands in
    bool m_isInside = false; ///< a copy was found in the one at hand, or in those inside it
};

/// Gathers the words of a stream and those inside it.
class WordVisitor : public StreamVisitor {
public:
    WordVisitor(PresentWords& words, const JobControl& control)
        : m_words(words)
        , m_control(control)
    {
    }

    bool look(StreamTree& /*stream*/, const StreamReader::Part& part,
              const std::string& /*encoding*/) override
    {
        m_words.add(part.bytes, part.freshBegin, part.freshEnd, 1);
        return !m_control.cancelled();
    }

private:
    PresentWords& m_words;
    const JobControl& m_control;
};

/// Bytes of the text that so many packed bytes are written in.
std::uint64_t textSize(const StreamTree& stream, const FeedMaker& open, std::uint64_t packed)
{
    TextFeed text(open(), stream.start.wrapping, stream.phases);
    SecureBuffer buffer(1U << 16);
    while (packed > 0) {
        const std::size_t size = text.read(buffer.bytes().first(
            static_cast<std::size_t>(std::min<std::uint64_t>(packed, buffer.size()))));
        if (size == 0)
            break;
        packed -= size;
    }
    return text.taken();
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
    if (m_starts.size() >= 2 * m_limits.streams)
        keepFirst();
}

/// Sorts the starts and drops those that are too many: the last ones in the file, whichever thread
/// was faster.
void Streams::keepFirst()
{
    std::sort(m_starts.begin(), m_starts.end());
    m_starts.erase(std::unique(m_starts.begin(), m_starts.end()), m_starts.end());
    if (m_starts.size() <= m_limits.streams)
        return;
    const std::uint64_t left = m_starts[m_limits.streams].offset;
    m_firstLeft = std::min(left, m_firstLeft.value_or(left));
    m_starts.resize(m_limits.streams);
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
    keepFirst();
    for (const StreamStart& start : m_starts) {
        const auto part = std::upper_bound(parts.begin(), parts.end(), start.offset,
                                           [](std::uint64_t offset, const Part& one) {
                                               return offset < one.file.first();
                                           })
            - 1;
        Stream stream;
        stream.tree.start = start;
        stream.extent = part->extent;
        stream.position = part->position + (start.offset - part->file.first());
        m_streams.push_back(std::move(stream));
    }
    m_starts = {};
}

FeedMaker Streams::feedOf(const Stream& stream) const
{
    return [this, &stream] {
        return std::make_unique<ExtentReader>(m_source, m_data, m_coverage.extents[stream.extent],
                                              stream.position, [this](const Unreadable& part) {
                                                  const std::lock_guard lock(m_unreadableMutex);
                                                  m_unreadable.push_back(part);
                                              });
    };
}

/// The file bytes of the whole packed stream, or of the text that it is written in; where only its
/// front was unpacked, the rest is now, to learn where it ends.
std::vector<FileRange> Streams::memberOf(const Stream& stream, StreamWalk& walk) const
{
    const FeedMaker open = feedOf(stream);
    std::uint64_t size = stream.tree.unpacked.consumed;
    if (stream.tree.unpacked.end == Unpacked::End::Limit)
        size = walk.packedSize(stream.tree, open, m_limits.measured);
    if (!stream.tree.start.wrapping.empty())
        size = textSize(stream.tree, open, size);
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
        return [&, walk = StreamWalk(m_shape, m_limits),
                scanner = StreamScanner(rules, m_shape)](std::size_t i) mutable {
            Stream& stream = m_streams[i];
            if (control.cancelled() || budget.isSpent())
                return;
            FindingVisitor visitor(scanner, rules, control);
            walk.take(stream.tree, feedOf(stream), visitor);
            budget.took(i, stream.tree.cost);
            auto inside = visitor.found();
            if (inside->empty() || areStored(inside->ranges(), stream.tree, feedOf(stream), walk))
                return;
            members[i] = memberOf(stream, walk);
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
    std::erase_if(m_streams,
                  [](const Stream& stream) { return stream.tree.unpacked.produced == 0; });
}

void Streams::tellOf(const StreamTree& tree)
{
    const std::string name = "a compressed stream (" + std::string(toText(tree.start.codec)) + ") ";
    if (tree.unpacked.end == Unpacked::End::Limit)
        m_incomplete.push_back({tree.start.offset, 0,
                                name + "gives more than " + std::to_string(m_limits.stream >> 20)
                                    + " MiB; the rest was not looked at"});
    if (tree.unpacked.end == Unpacked::End::TooWide)
        m_incomplete.push_back(
            {tree.start.offset, 0, name + "needs more memory than it is given; not unpacked"});
    if (tree.insideLeft)
        m_incomplete.push_back({tree.start.offset, 0,
                                name
                                    + "holds others that give too much; some of what they hold "
                                      "was not looked at"});
}

/// How many streams, from the first on, the total allows, whichever thread was faster. Tells of
/// what was left out.
std::size_t Streams::settle()
{
    std::uint64_t sum = 0;
    std::size_t taken = 0;
    for (; taken < m_streams.size() && sum <= m_limits.total; ++taken) {
        sum += m_streams[taken].tree.cost;
        tellOf(m_streams[taken].tree);
    }
    if (taken < m_streams.size())
        m_incomplete.push_back({m_streams[taken].tree.start.offset, 0,
                                std::to_string(m_streams.size() - taken)
                                    + " compressed streams from here on were not unpacked: those "
                                      "before give more than "
                                    + std::to_string(m_limits.total >> 30) + " GiB"});
    if (m_firstLeft)
        m_incomplete.push_back({*m_firstLeft, 0,
                                "there are more than " + std::to_string(m_limits.streams)
                                    + " compressed streams; those from here on were not unpacked"});
    return taken;
}

void Streams::addCopies(const FormIndex& index, unsigned threads, const JobControl& control,
                        std::vector<Copy>& copies) const
{
    if (m_streams.empty())
        return;
    WindowShape shape;
    shape.margin = (index.longest() + 16 + 4095) / 4096 * 4096;
    shape.context = shape.margin;
    std::vector<std::vector<Copy>> found(m_streams.size());
    inParallel(m_streams.size(), threads, [&] {
        return [&, walk = StreamWalk(shape, m_limits),
                matcher = FormMatcher(index)](std::size_t i) mutable {
            if (control.cancelled())
                return;
            StreamTree tree = m_streams[i].tree;
            CopyVisitor visitor(index, matcher, control);
            walk.take(tree, feedOf(m_streams[i]), visitor);
            if (visitor.copies.empty()
                || areStored(visitor.places, tree, feedOf(m_streams[i]), walk))
                return;
            const std::vector<FileRange> member = memberOf(m_streams[i], walk);
            for (const auto& [secret, how] : visitor.copies)
                found[i].push_back(
                    {secret, how.first ? how.second : how.second + " fragment", member});
        };
    });
    for (std::vector<Copy>& some : found)
        std::move(some.begin(), some.end(), std::back_inserter(copies));
}

void Streams::addWords(PresentWords& words, unsigned threads, const JobControl& control) const
{
    inParallel(m_streams.size(), threads, [&] {
        return [&, walk = StreamWalk(WindowShape(), m_limits)](std::size_t i) mutable {
            if (control.cancelled())
                return;
            StreamTree tree = m_streams[i].tree;
            WordVisitor visitor(words, control);
            walk.take(tree, feedOf(m_streams[i]), visitor);
        };
    });
}

} // namespace coredact
