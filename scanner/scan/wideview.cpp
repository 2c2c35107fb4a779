// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/wideview.h"

#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t leastCharacters = 6;

bool isText(std::uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || byte == '\t' || byte == '\n' || byte == '\r';
}

/// Sixteen bytes at once, by the compiler's vectors: any processor has a form of them.
using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;
using Words2 [[gnu::vector_size(16)]] = std::uint64_t;

Bytes16 load(const std::uint8_t* from)
{
    Bytes16 bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

/// 0xff where a byte is a character of a text (or one that stands between 0x09 and 0x0d).
Bytes16 textMask(Bytes16 bytes)
{
    return reinterpret_cast<Bytes16>(bytes - 0x20 < 0x5f)
        | reinterpret_cast<Bytes16>(bytes - 9 < 5);
}

/// Whether two narrowable characters, one after the other, may begin in these sixteen bytes. Looks
/// at 19.
bool mayBeginAt(const std::uint8_t* at)
{
    const Bytes16 zero {};
    const Bytes16 both = textMask(load(at)) & reinterpret_cast<Bytes16>(load(at + 1) == zero)
        & textMask(load(at + 2)) & reinterpret_cast<Bytes16>(load(at + 3) == zero);
    const Words2 words = reinterpret_cast<Words2>(both);
    return (words[0] | words[1]) != 0;
}

/// Finds the runs of one window and hands them to the buffer of their byte order.
class WideRuns {
public:
    WideRuns(const Window& window, WideViews& views)
        : m_window(window)
        , m_bytes(window.bytes)
        , m_views(views)
    {
    }

    void find()
    {
        std::size_t at = 0;
        while (at + 19 <= m_bytes.size()) {
            if (!mayBeginAt(m_bytes.data() + at)) {
                at += 16;
                continue;
            }
            const std::size_t end = at + 16;
            while (at < end && at + 4 <= m_bytes.size())
                at = pairAt(at) ? takeRun(at) : at + 1;
        }
        while (at + 4 <= m_bytes.size())
            at = pairAt(at) ? takeRun(at) : at + 1;
    }

private:
    bool pairAt(std::size_t at) const
    {
        return isText(m_bytes[at]) && m_bytes[at + 1] == 0 && isText(m_bytes[at + 2])
            && m_bytes[at + 3] == 0;
    }

    /// Takes the run that begins at `begin`; answers where to go on.
    std::size_t takeRun(std::size_t begin)
    {
        std::size_t end = begin;
        while (end + 1 < m_bytes.size() && isText(m_bytes[end]) && m_bytes[end + 1] == 0)
            end += 2;
        const bool big = isBigEndian(begin);
        std::size_t count = (end - begin) / 2;
        // The last big-endian character need not have a zero after it.
        if (big && end < m_bytes.size() && isText(m_bytes[end]))
            ++count;
        if (count < leastCharacters)
            return end;
        ViewBuffer& buffer = big ? m_views.big : m_views.little;
        const ViewLine line {0, begin, count};
        buffer.begin(std::span(&line, 1), 0);
        SecretBytes& bytes = buffer.bytes();
        const std::size_t viewBegin = bytes.size();
        bytes.resize(viewBegin + count);
        for (std::size_t i = 0; i < count; ++i)
            bytes[viewBegin + i] = m_bytes[begin + 2 * i];
        buffer.end();
        return end;
    }

    bool isBigEndian(std::size_t begin) const
    {
        if (begin == 0 || m_bytes[begin - 1] != 0)
            return false;
        if (m_window.encoding != "raw")
            return begin == 1 || m_bytes[begin - 2] == 0xff;
        return m_window.map->fileRanges(begin, begin + 1).front().first() % 2 != 0;
    }

    const Window& m_window;
    ByteView m_bytes;
    WideViews& m_views;
};

} // namespace

WideViews::WideViews(const Window& window)
    : little(window, ViewStep::Narrowed, 0)
    , big(window, ViewStep::NarrowedBigEndian, 0)
{
    WideRuns(window, *this).find();
}

} // namespace coredact
