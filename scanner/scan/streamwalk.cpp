// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streamwalk.h"

#include "scanner/scan/streammagic.h"
#include "scanner/scan/textfeed.h"
#include "scanner/scan/unpackedfeed.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::uint64_t leastCost = 4096; ///< what a stream counts for, however little it gives
/// More streams inside one are not taken, whatever they give; one is kept to tell of the rest.
constexpr std::size_t mostInside = StreamLimits().inside / leastCost + 1;

std::uint64_t costOf(const Unpacked& unpacked)
{
    return std::max(unpacked.produced, unpacked.consumed);
}

std::string encodingOf(const StreamTree& stream, const std::string& around)
{
    std::string encoding = around;
    for (const std::string_view name :
         {std::string_view(stream.start.wrapping), toText(stream.start.codec)})
        if (!name.empty())
            encoding += (encoding.empty() ? "" : "+") + std::string(name);
    return encoding;
}

void sortInside(StreamTree& stream)
{
    std::sort(stream.inside.begin(), stream.inside.end(),
              [](const StreamTree& a, const StreamTree& b) { return a.start < b.start; });
}

/// Those for which the text decodes to what begins such a stream.
unsigned phasesThatFit(const StreamStart& start, const FeedMaker& open)
{
    for (unsigned phases = 0; phases < phasesOf(start.wrapping); ++phases) {
        TextFeed text(open(), start.wrapping, phases);
        std::array<std::uint8_t, 32> head {};
        const std::size_t size = text.read(head);
        const bool fits = mayBegin(start.codec, ByteView(head).first(size));
        wipe(head);
        if (fits)
            return phases;
    }
    return 0;
}

} // namespace

void addInside(StreamTree& stream, const StreamStart& start)
{
    stream.inside.push_back({start});
    if (stream.inside.size() < 2 * mostInside)
        return;
    sortInside(stream);
    stream.inside.resize(mostInside);
}

std::unique_ptr<Feed> packedBytes(const StreamTree& stream, const FeedMaker& open)
{
    if (stream.start.wrapping.empty())
        return open();
    return std::make_unique<TextFeed>(open(), stream.start.wrapping, stream.phases);
}

StreamWalk::StreamWalk(const WindowShape& shape, const StreamLimits& limits)
    : m_shape(shape)
    , m_limits(limits)
{
}

StreamReader& StreamWalk::readerAt(std::size_t level)
{
    while (m_readers.size() <= level)
        m_readers.push_back(std::make_unique<StreamReader>(m_shape));
    return *m_readers[level];
}

void StreamWalk::take(StreamTree& stream, const FeedMaker& open, StreamVisitor& visitor)
{
    m_left = m_limits.inside;
    takeOne(stream, open, {}, m_limits.stream, 0, visitor);
    stream.cost = costOf(stream.unpacked) + (m_limits.inside - m_left);
}

std::uint64_t StreamWalk::packedSize(const StreamTree& stream, const FeedMaker& open,
                                     std::uint64_t limit)
{
    const auto packed = packedBytes(stream, open);
    return readerAt(0)
        .read(*packed, stream.start.codec, limit, [](const StreamReader::Part&) { return true; })
        .consumed;
}

bool StreamWalk::takeOne(StreamTree& stream, const FeedMaker& open, const std::string& around,
                         std::uint64_t limit, std::size_t level, StreamVisitor& visitor)
{
    const std::string encoding = encodingOf(stream, around);
    if (!stream.start.wrapping.empty())
        stream.phases = phasesThatFit(stream.start, open);
    const auto packed = packedBytes(stream, open);
    stream.unpacked = readerAt(level).read(
        *packed, stream.start.codec, limit,
        [&](const StreamReader::Part& part) { return visitor.look(stream, part, encoding); });
    if (stream.unpacked.end == Unpacked::End::Stopped)
        return false;
    return stream.inside.empty() || takeInside(stream, open, encoding, level, visitor);
}

/// Goes through the unpacked bytes once more, since none of them are kept.
bool StreamWalk::takeInside(StreamTree& stream, const FeedMaker& open, const std::string& encoding,
                            std::size_t level, StreamVisitor& visitor)
{
    sortInside(stream);
    UnpackedFeed unpacked([&] { return packedBytes(stream, open); }, stream.start.codec, m_left);
    for (std::size_t i = 0; i < stream.inside.size(); ++i) {
        StreamTree& inner = stream.inside[i];
        visitor.enter();
        const bool goOn = takeOne(
            inner, [&] { return unpacked.from(inner.start.offset); }, encoding,
            std::min(m_limits.stream, m_left), level + 1, visitor);
        visitor.leave(inner);
        m_left -= std::min(m_left, std::max(costOf(inner.unpacked), leastCost));
        if (!goOn)
            return false;
        stream.insideLeft = stream.insideLeft || inner.insideLeft || m_left == 0
            || inner.unpacked.end == Unpacked::End::Limit;
        if (m_left == 0)
            stream.inside.resize(i + 1);
    }
    return true;
}

} // namespace coredact
