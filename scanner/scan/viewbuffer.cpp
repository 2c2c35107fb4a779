// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/viewbuffer.h"

#include <algorithm>

namespace coredact {

ViewBuffer::ViewBuffer(const Window& under, ViewStep step, std::uint8_t separator)
    : m_under(under)
    , m_step(step)
    , m_separator(separator)
{
}

void ViewBuffer::begin(std::span<const ViewLine> lines, std::size_t firstCharacter)
{
    // What one zero divides are strings in a row, as arguments are; nothing else is to look so.
    constexpr std::size_t oneZero = 4;
    if (!m_lines.empty()) {
        const ViewLine& last = m_lines.back();
        if (lines.front().windowBegin > last.windowBegin + last.size * last.width + oneZero)
            m_bytes.push_back(m_separator);
    }
    m_runs.push_back({m_bytes.size(), 0, m_lines.size(), firstCharacter});
    m_lines.insert(m_lines.end(), lines.begin(), lines.end());
}

void ViewBuffer::end()
{
    m_runs.back().size = m_bytes.size() - m_runs.back().viewBegin;
    m_bytes.push_back(m_separator);
}

ViewBuffer::Characters ViewBuffer::charactersOf(std::size_t begin, std::size_t end) const
{
    if (m_step != ViewStep::Base64)
        return {begin, end};
    // Byte i takes bits of the characters 4(i/3) + i%3 and the next one.
    const std::size_t last = end - 1;
    return {begin / 3 * 4 + begin % 3, last / 3 * 4 + last % 3 + 2};
}

std::size_t ViewBuffer::windowPosition(const ViewRun& run, std::size_t byte) const
{
    const std::size_t character = run.firstCharacter + charactersOf(byte, byte + 1).begin;
    const std::size_t lineEnd = &run == &m_runs.back() ? m_lines.size() : (&run + 1)->firstLine;
    const auto line
        = std::upper_bound(
              m_lines.begin() + static_cast<std::ptrdiff_t>(run.firstLine),
              m_lines.begin() + static_cast<std::ptrdiff_t>(lineEnd), character,
              [](std::size_t value, const ViewLine& one) { return value < one.characterBegin; })
        - 1;
    return line->windowBegin + (character - line->characterBegin) * line->width;
}

void ViewBuffer::addRanges(const ViewRun& run, std::size_t begin, std::size_t end,
                           std::vector<FileRange>& ranges) const
{
    Characters characters = charactersOf(begin, end);
    characters.begin += run.firstCharacter;
    characters.end += run.firstCharacter;
    const std::size_t lineEnd = &run == &m_runs.back() ? m_lines.size() : (&run + 1)->firstLine;
    const auto begins = std::upper_bound(
        m_lines.begin() + static_cast<std::ptrdiff_t>(run.firstLine),
        m_lines.begin() + static_cast<std::ptrdiff_t>(lineEnd), characters.begin,
        [](std::size_t value, const ViewLine& one) { return value < one.characterBegin; });
    for (auto i = static_cast<std::size_t>(begins - m_lines.begin()) - 1; i < lineEnd; ++i) {
        const ViewLine& line = m_lines[i];
        if (line.characterBegin >= characters.end)
            break;
        const std::size_t from = std::max(characters.begin, line.characterBegin);
        const std::size_t to = std::min(characters.end, line.characterBegin + line.size);
        if (from >= to)
            continue;
        const std::size_t before = m_step == ViewStep::CharactersAfterZeros ? line.width - 1 : 0;
        const std::size_t first
            = line.windowBegin + line.width * (from - line.characterBegin) - before;
        const std::size_t last
            = std::min(line.windowBegin + line.width * (to - line.characterBegin) - before,
                       m_under.bytes.size());
        for (const FileRange& range : m_under.map->fileRanges(first, last)) {
            // Several bytes of a view may come from one character.
            if (!ranges.empty() && ranges.back().contains(range))
                continue;
            if (!ranges.empty() && ranges.back().touches(range))
                ranges.back() = *FileRange::between(ranges.back().first(), range.last());
            else
                ranges.push_back(range);
        }
    }
}

std::vector<FileRange> ViewBuffer::fileRanges(std::size_t begin, std::size_t end) const
{
    std::vector<FileRange> ranges;
    auto run = std::upper_bound(
                   m_runs.begin(), m_runs.end(), begin,
                   [](std::size_t value, const ViewRun& one) { return value < one.viewBegin; })
        - 1;
    for (; run != m_runs.end() && run->viewBegin < end; ++run) {
        const std::size_t from = std::max(begin, run->viewBegin) - run->viewBegin;
        const std::size_t to = std::min(end - run->viewBegin, run->size);
        if (from < to)
            addRanges(*run, from, to, ranges);
    }
    // A separator alone stands for what its run ended with.
    if (ranges.empty())
        return fileRanges(begin - 1, begin);
    return ranges;
}

/// The first byte of the view that comes from `position` or after it.
std::size_t ViewBuffer::firstFrom(std::size_t position) const
{
    for (const ViewRun& run : m_runs) {
        if (run.size == 0 || windowPosition(run, run.size - 1) < position)
            continue;
        std::size_t low = 0;
        std::size_t high = run.size - 1;
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (windowPosition(run, middle) < position)
                low = middle + 1;
            else
                high = middle;
        }
        return run.viewBegin + low;
    }
    return m_bytes.size();
}

Window ViewBuffer::window(std::string_view encoding) const
{
    return {m_bytes, firstFrom(m_under.freshBegin), firstFrom(m_under.freshEnd), this, encoding};
}

} // namespace coredact
