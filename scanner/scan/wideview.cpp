// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/wideview.h"

#include "scanner/base/characters.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t leastCharacters = 6;
constexpr std::size_t mostForeign = 64; ///< characters in a row that ASCII does not have

bool isText(std::uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || (byte >= '\t' && byte <= '\r');
}

} // namespace

WideViews::WideViews(const Window& window)
    : little(window, ViewStep::Characters, 0)
    , big(window, ViewStep::CharactersAfterZeros, 0)
    , little32(window, ViewStep::Characters, 0)
    , big32(window, ViewStep::CharactersAfterZeros, 0)
    , behindText(window, ViewStep::Characters, 0)
    , m_window(window)
    , m_bytes(window.bytes)
{
}

void WideViews::takePairs(std::size_t at, std::uint64_t ends)
{
    for (; ends != 0; ends &= ends - 1) {
        const std::size_t last = at + static_cast<std::size_t>(std::countr_zero(ends));
        if (last >= m_end)
            m_end = takeRun(last - 9);
    }
}

void WideViews::takeUnits(std::size_t at, std::uint64_t ends)
{
    for (; ends != 0; ends &= ends - 1) {
        const std::size_t last = at + static_cast<std::size_t>(std::countr_zero(ends));
        if (last >= m_end32)
            m_end32 = takeRun32(last - 23);
    }
}

/// Takes the run that begins at `begin`; answers where to go on.
std::size_t WideViews::takeRun(std::size_t begin)
{
    std::size_t end = begin;
    while (end + 1 < m_bytes.size() && isText(m_bytes[end]) && m_bytes[end + 1] == 0)
        end += 2;
    const bool isBig = isBigEndian(begin);
    std::size_t count = (end - begin) / 2;
    if (isBig && end < m_bytes.size() && isText(m_bytes[end]))
        ++count;
    const std::size_t foreign = count >= leastCharacters ? takeForeign(begin, end, isBig) : 0;
    if (foreign != 0)
        return foreign;
    if (count >= leastCharacters)
        put(isBig ? big : little, begin, count, 2);
    if (!isBig && count > leastCharacters && begin > 0 && isText(m_bytes[begin - 1]))
        put(behindText, begin + 2, count - 1, 2);
    return end;
}

std::size_t WideViews::takeRun32(std::size_t begin)
{
    std::size_t end = begin;
    const auto isUnit = [&](std::size_t at) {
        return isText(m_bytes[at]) && m_bytes[at + 1] == 0 && m_bytes[at + 2] == 0
            && m_bytes[at + 3] == 0;
    };
    while (end + 4 <= m_bytes.size() && isUnit(end))
        end += 4;
    const bool isBig = isBigEndian32(begin);
    std::size_t count = (end - begin) / 4;
    if (isBig && end < m_bytes.size() && isText(m_bytes[end]))
        ++count;
    if (count >= leastCharacters)
        put(isBig ? big32 : little32, begin, count, 4);
    return std::max(end, begin + 4);
}

/// Takes the run that begins at `begin`, of which the pairs end at `end`, if it goes on. Text at an
/// odd place behind zeros may be little-endian all the same, and the other way round: which of the
/// two goes on farther tells.
std::size_t WideViews::takeForeign(std::size_t begin, std::size_t end, bool isBig)
{
    constexpr std::size_t telling = 8; // bytes that the other order must go on
    const auto goesOn = [&](bool asked) {
        const bool hasLast = asked && end < m_bytes.size() && isText(m_bytes[end]);
        const std::size_t ascii = hasLast ? end + 2 : end;
        const std::size_t foreign = endOfForeign(end, asked);
        return foreign > ascii && foreign - ascii >= (asked == isBig ? 2 : telling) ? foreign : 0;
    };
    const bool mayBeBig = begin > 0 && m_bytes[begin - 1] == 0;
    const std::size_t asLittle = goesOn(false);
    const std::size_t asBig = mayBeBig ? goesOn(true) : 0;
    const std::size_t foreign = std::max(asLittle, asBig);
    if (foreign == 0)
        return 0;
    const bool readsBig = asLittle == asBig ? isBig : asBig > asLittle;
    putForeign(readsBig ? big : little, begin, foreign, readsBig);
    if (!readsBig && begin > 0 && isText(m_bytes[begin - 1]))
        putForeign(behindText, begin + 2, foreign, false);
    return foreign;
}

/// The unit of UTF-16 whose lower byte, or for little-endian first one, stands at `at`.
std::uint32_t WideViews::codeAt(std::size_t at, bool isBig) const
{
    return isBig ? static_cast<std::uint32_t>(m_bytes[at - 1] << 8 | m_bytes[at])
                 : static_cast<std::uint32_t>(m_bytes[at] | m_bytes[at + 1] << 8);
}

/// Where a text ends that goes on at `end` with characters that ASCII does not have, and then any.
std::size_t WideViews::endOfForeign(std::size_t end, bool isBig) const
{
    std::size_t foreign = 0;
    for (; end + (isBig ? 0 : 1) < m_bytes.size(); end += 2) {
        const std::uint32_t code = codeAt(end, isBig);
        if (code < 0x80 ? !isText(static_cast<std::uint8_t>(code))
                        : !isForeignLetter(code) && !isForeignSign(code))
            break;
        foreign = code < 0x80 ? 0 : foreign + 1;
        if (foreign > mostForeign)
            break;
    }
    return end;
}

void WideViews::putForeign(ViewBuffer& buffer, std::size_t begin, std::size_t end, bool isBig)
{
    std::vector<ViewLine> lines;
    SecretBytes bytes;
    bool goesOn = false;
    for (std::size_t at = begin; at < end; at += 2) {
        const std::uint32_t code = codeAt(at, isBig);
        if (code > 0xff) {
            SecretBytes character;
            appendUtf8(character, code);
            for (const std::uint8_t byte : character) {
                lines.push_back({bytes.size(), at, 1, 2});
                bytes.push_back(byte);
            }
            goesOn = false;
            continue;
        }
        if (goesOn)
            ++lines.back().size;
        else
            lines.push_back({bytes.size(), at, 1, 2});
        goesOn = true;
        bytes.push_back(static_cast<std::uint8_t>(code));
    }
    buffer.begin(lines, 0);
    buffer.bytes().insert(buffer.bytes().end(), bytes.begin(), bytes.end());
    buffer.end();
}

void WideViews::put(ViewBuffer& buffer, std::size_t begin, std::size_t count, std::size_t width)
{
    buffer.addRun(begin, count, width, [&](std::size_t position) { return m_bytes[position]; });
}

bool WideViews::isBigEndian(std::size_t begin) const
{
    if (begin == 0 || m_bytes[begin - 1] != 0)
        return false;
    if (m_window.encoding != "raw")
        return begin == 1 || m_bytes[begin - 2] == 0xff;
    return m_window.map->fileRanges(begin, begin + 1).front().first() % 2 != 0;
}

bool WideViews::isBigEndian32(std::size_t begin) const
{
    if (begin < 3 || m_bytes[begin - 1] != 0 || m_bytes[begin - 2] != 0 || m_bytes[begin - 3] != 0)
        return false;
    if (m_window.encoding != "raw")
        return begin == 3 || m_bytes[begin - 4] == 0xff;
    return m_window.map->fileRanges(begin, begin + 1).front().first() % 4 == 3;
}

} // namespace coredact
