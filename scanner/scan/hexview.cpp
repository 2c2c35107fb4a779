// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/hexview.h"

#include "scanner/scan/streammagic.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t leastBytes = 16;
constexpr std::size_t leastAscii = 12; ///< in a row
constexpr std::uint8_t separator = 0xff; ///< a byte that no text holds

bool isHex(std::uint8_t byte)
{
    return (byteKinds[byte] & static_cast<unsigned>(ByteKind::Hex)) != 0;
}

unsigned valueOf(std::uint8_t digit) { return (digit & 15U) + (digit >= 'A' ? 9U : 0U); }

bool separates(std::uint8_t byte)
{
    return byte == ' ' || byte == ':' || byte == '-' || byte == ',';
}

/// Where pairs of digits end that stand between others, and three such before them.
std::uint64_t fourPairs(std::uint64_t mask, std::uint64_t before)
{
    const std::uint64_t pairs = mask & moved(mask, before, 1) & ~moved(mask, before, 2);
    if ((pairs & (pairs << 3 | 7)) == 0) // the one before the first three bits' is not known yet
        return 0;
    const std::uint64_t pairsBefore = before & before << 1 & ~(before << 2);
    return pairs & moved(pairs, pairsBefore, 3) & moved(pairs, pairsBefore, 6)
        & moved(pairs, pairsBefore, 9);
}

} // namespace

HexViews::HexViews(const Window& window, std::span<const std::uint64_t> masks)
    : decoded {ViewBuffer(window, ViewStep::Characters, separator),
               ViewBuffer(window, ViewStep::Characters, separator),
               ViewBuffer(window, ViewStep::Characters, separator)}
    , m_bytes(window.bytes)
{
    find(masks);
}

/// A run of 32 digits holds three whole groups of eight, one after the other.
void HexViews::find(std::span<const std::uint64_t> masks)
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    std::uint64_t before = 0; // a bit above each whole group of the last block
    std::size_t end = 0; // what lies before it was taken
    std::size_t endOfPairs = 0;
    for (std::size_t i = 0; i < masks.size(); ++i) {
        const std::uint64_t mask = masks[i];
        const std::uint64_t whole = (~mask - ones) & mask & ones << 7;
        std::uint64_t three = whole & moved(whole, before, 8) & moved(whole, before, 16);
        for (; three != 0; three &= three - 1) {
            const std::size_t last = 64 * i + static_cast<std::size_t>(std::countr_zero(three));
            if (last < end)
                continue;
            const std::size_t begin = runBegin(masks, last);
            end = std::max(last + 1, runEnd(masks, begin, m_bytes.size()));
            takeRun(begin, end);
        }
        std::uint64_t four = fourPairs(mask, i == 0 ? 0 : masks[i - 1]);
        for (; four != 0; four &= four - 1) {
            const std::size_t last = 64 * i + static_cast<std::size_t>(std::countr_zero(four));
            if (last >= endOfPairs && last >= 10)
                endOfPairs = takePairs(last - 10);
        }
        before = whole;
    }
}

void HexViews::takeRun(std::size_t begin, std::size_t end)
{
    for (std::size_t start = 0; start < 2; ++start) {
        const std::size_t count = end > begin + start ? (end - begin - start) / 2 : 0;
        if (count >= leastBytes && worthIt(begin + start, count, 2))
            decode(decoded[start], begin + start, count, 2);
    }
}

bool HexViews::isPair(std::size_t at) const
{
    return at + 2 <= m_bytes.size() && isHex(m_bytes[at]) && isHex(m_bytes[at + 1]);
}

/// Takes the pairs from the one at `begin` on; answers where to go on.
std::size_t HexViews::takePairs(std::size_t begin)
{
    const std::uint8_t between = m_bytes[begin + 2];
    std::size_t count = 1;
    for (std::size_t at = begin + 3; separates(between) && m_bytes[at - 1] == between && isPair(at)
         && !(at + 2 < m_bytes.size() && isHex(m_bytes[at + 2]));
         at += 3) {
        ++count;
        if (at + 2 >= m_bytes.size())
            break;
    }
    if (count >= leastBytes && worthIt(begin, count, 3))
        decode(decoded[2], begin, count, 3);
    return begin + 3 * count;
}

std::uint8_t HexViews::byteAt(std::size_t at) const
{
    return static_cast<std::uint8_t>(valueOf(m_bytes[at]) << 4 | valueOf(m_bytes[at + 1]));
}

bool HexViews::worthIt(std::size_t begin, std::size_t count, std::size_t width) const
{
    std::size_t ascii = 0;
    const auto byte = [&](std::size_t i) { return byteAt(begin + width * i); };
    for (std::size_t i = 0; i < count; ++i) {
        ascii = m_bytes[begin + width * i] < '8' ? ascii + 1 : 0;
        if (ascii == leastAscii)
            return true;
        // SEQUENCE with its length in one to three bytes, then INTEGER of one byte: a version.
        if (i + 6 >= count || byte(i) != 0x30)
            continue;
        const std::size_t head = byte(i + 1) == 0x82 ? 4 : byte(i + 1) == 0x81 ? 3 : 2;
        if (byte(i + head) == 2 && byte(i + head + 1) == 1)
            return true;
    }
    return beginsStream(begin, count, width);
}

bool HexViews::beginsStream(std::size_t begin, std::size_t count, std::size_t width) const
{
    if (!isStreamMagic(byteAt(begin), byteAt(begin + width)))
        return false;
    std::array<std::uint8_t, 32> head;
    const std::size_t size = std::min(count, head.size());
    for (std::size_t i = 0; i < size; ++i)
        head[i] = byteAt(begin + width * i);
    return streamHead(ByteView(head).first(size)).has_value();
}

void HexViews::decode(ViewBuffer& buffer, std::size_t begin, std::size_t count, std::size_t width)
{
    buffer.addRun(begin, count, width, [&](std::size_t position) { return byteAt(position); });
}

} // namespace coredact
