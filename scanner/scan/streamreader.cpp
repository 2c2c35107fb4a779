// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streamreader.h"

#include "scanner/scan/streamfinder.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t inSize = 1U << 16;
constexpr std::size_t firstRead = 1U << 12; ///< most that begins like a stream ends here
constexpr std::size_t readable = 32; ///< bytes that may be looked at after the last one

Unpacked::End endOf(Decompressor::State state)
{
    switch (state) {
    case Decompressor::State::End:
        return Unpacked::End::Whole;
    case Decompressor::State::TooWide:
        return Unpacked::End::TooWide;
    case Decompressor::State::Damaged:
    case Decompressor::State::More:
        break;
    }
    return Unpacked::End::Cut;
}

} // namespace

ExtentReader::ExtentReader(const Source& source, const DataRuns& data, const Extent& extent,
                           std::uint64_t position,
                           std::function<void(const Unreadable&)> unreadable)
    : m_source(source)
    , m_data(data)
    , m_extent(extent)
    , m_position(position)
    , m_unreadable(std::move(unreadable))
{
}

std::size_t ExtentReader::read(MutableByteView buffer)
{
    WorkItem item;
    item.pieces = extentPart(m_extent, m_position, buffer.size());
    std::vector<Unreadable> unreadable;
    const std::size_t size = readItem(m_source, m_data, item, buffer, unreadable);
    for (const Unreadable& part : unreadable)
        m_unreadable(part);
    m_position += size;
    return size;
}

StreamReader::StreamReader(const WindowShape& shape)
    : m_shape(shape)
    , m_in(inSize)
    , m_out(shape.context + shape.fresh + shape.margin + readable)
{
}

/// Unpacks until the buffer is full or the stream is over.
void StreamReader::fill(Feed& in, Decompressor& decompressor, std::uint64_t limit)
{
    const std::size_t room = m_out.size() - readable;
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(room, limit - m_position));
    while (!m_ended && m_filled < most) {
        if (m_inBegin == m_inEnd) {
            m_inBegin = 0;
            m_inEnd = in.read(m_in.bytes().first(m_consumed == 0 ? firstRead : inSize));
        }
        const auto [consumed, produced, state]
            = decompressor.step(m_in.bytes().subspan(m_inBegin, m_inEnd - m_inBegin),
                                m_out.bytes().subspan(m_filled, most - m_filled));
        m_inBegin += consumed;
        m_consumed += consumed;
        m_filled += produced;
        m_barren = produced == 0 ? m_barren + consumed : 0;
        if (state != Decompressor::State::More || (consumed == 0 && produced == 0)
            || m_barren > mostBarren) {
            m_ended = true;
            m_end = endOf(state);
        }
    }
    if (!m_ended && m_filled == limit - m_position) {
        m_ended = true;
        m_end = Unpacked::End::Limit;
    }
}

bool StreamReader::show(const Visit& visit)
{
    const std::size_t end = m_ended ? m_filled : m_filled - m_shape.margin;
    const bool goOn = visit({ByteView(m_out.bytes()).first(m_filled), m_fresh, end, m_position});
    const std::size_t spent = end - std::min(end, m_shape.context);
    std::memmove(m_out.data(), m_out.data() + spent, m_filled - spent);
    m_position += spent;
    m_filled -= spent;
    m_fresh = end - spent;
    return goOn;
}

Unpacked StreamReader::read(Feed& in, StreamCodec codec, std::uint64_t limit, const Visit& visit)
{
    m_inBegin = m_inEnd = m_filled = m_fresh = 0;
    m_position = m_consumed = m_barren = 0;
    m_ended = false;
    m_end = Unpacked::End::Cut;
    const auto decompressor = newDecompressor(codec);
    bool first = true;
    do {
        fill(in, *decompressor, limit);
        if (first && m_end == Unpacked::End::TooWide && m_ended)
            return {m_end, m_consumed, 0};
        const std::size_t least
            = m_ended && m_end == Unpacked::End::Whole ? leastUnpackedWhole : leastUnpacked;
        if (first && m_filled < least)
            return {Unpacked::End::Chance, m_consumed, 0};
        first = false;
        if (!show(visit))
            return {Unpacked::End::Stopped, m_consumed, m_position + m_filled};
    } while (!m_ended);
    return {m_end, m_consumed, m_position + m_filled};
}

} // namespace coredact
