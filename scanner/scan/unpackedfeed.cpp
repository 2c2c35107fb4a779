// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/unpackedfeed.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t inSize = 1U << 16;
/// Readers take more than the stream that they read has, up to what they read at once.
constexpr std::size_t keptBehind = 1U << 18;
constexpr std::size_t outSize = 2 * keptBehind;

} // namespace

class UnpackedFeed::Cursor : public Feed {
public:
    Cursor(UnpackedFeed& feed, std::uint64_t position)
        : m_feed(feed)
        , m_position(position)
    {
    }
    std::size_t read(MutableByteView buffer) override
    {
        std::size_t size = 0;
        while (size < buffer.size()) {
            const std::size_t some = m_feed.read(m_position, buffer.subspan(size));
            if (some == 0)
                break;
            m_position += some;
            size += some;
        }
        return size;
    }

private:
    UnpackedFeed& m_feed;
    std::uint64_t m_position;
};

UnpackedFeed::UnpackedFeed(std::function<std::unique_ptr<Feed>()> open, StreamCodec codec,
                           std::uint64_t& left)
    : m_open(std::move(open))
    , m_codec(codec)
    , m_left(left)
    , m_in(inSize)
    , m_out(outSize)
{
    restart();
}

std::unique_ptr<Feed> UnpackedFeed::from(std::uint64_t position)
{
    return std::make_unique<Cursor>(*this, position);
}

void UnpackedFeed::restart()
{
    m_packed = m_open();
    m_decompressor = newDecompressor(m_codec);
    m_inBegin = m_inEnd = m_filled = 0;
    m_begin = 0;
    m_ended = false;
}

bool UnpackedFeed::unpackMore()
{
    if (m_filled == m_out.size()) {
        std::memmove(m_out.data(), m_out.data() + m_filled - keptBehind, keptBehind);
        m_begin += m_filled - keptBehind;
        m_filled = keptBehind;
    }
    for (std::uint64_t barren = 0; !m_ended && barren <= mostBarren;) {
        if (m_inBegin == m_inEnd) {
            m_inBegin = 0;
            m_inEnd = m_packed->read(m_in.bytes());
        }
        const auto room
            = static_cast<std::size_t>(std::min<std::uint64_t>(m_out.size() - m_filled, m_left));
        const auto [consumed, produced, state]
            = m_decompressor->step(m_in.bytes().subspan(m_inBegin, m_inEnd - m_inBegin),
                                   m_out.bytes().subspan(m_filled, room));
        m_inBegin += consumed;
        barren += consumed;
        m_filled += produced;
        m_left -= produced;
        m_ended = state != Decompressor::State::More || (consumed == 0 && produced == 0);
        if (produced != 0)
            return true;
    }
    return false;
}

std::size_t UnpackedFeed::read(std::uint64_t position, MutableByteView buffer)
{
    if (position < m_begin)
        restart();
    while (position >= m_begin + m_filled)
        if (!unpackMore())
            return 0;
    const auto at = static_cast<std::size_t>(position - m_begin);
    const std::size_t size = std::min(buffer.size(), m_filled - at);
    std::memcpy(buffer.data(), m_out.data() + at, size);
    return size;
}

} // namespace coredact
