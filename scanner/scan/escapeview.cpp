// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/escapeview.h"

#include "scanner/base/characters.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t closeBy = 256; ///< bytes between escapes that belong together
constexpr std::size_t longestLine = 1U << 20;

/// Bytes of a line: no control characters but the tab; those of UTF-8 too.
bool isOfLine(std::uint8_t byte, std::uint8_t mark)
{
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t'
        || (mark == '&' && (byte == '\n' || byte == '\r'));
}

} // namespace

EscapeViews::EscapeViews(const Window& window)
    : percent(window, ViewStep::Characters, 0)
    , backslash(window, ViewStep::Characters, 0)
    , reference(window, ViewStep::Characters, 0)
    , m_bytes(window.bytes)
{
}

void EscapeViews::takeMarks(std::size_t at, std::uint64_t marks)
{
    for (; marks != 0; marks &= marks - 1) {
        const std::size_t mark = at + static_cast<std::size_t>(std::countr_zero(marks));
        if (m_bytes[mark] == '%')
            take(mark, percent, m_percentEnd);
        else if (m_bytes[mark] == '&')
            take(mark, reference, m_referenceEnd);
        else
            take(mark, backslash, m_backslashEnd);
    }
}

void EscapeViews::take(std::size_t at, ViewBuffer& buffer, std::size_t& end)
{
    if (at < end)
        return;
    const std::uint8_t mark = m_bytes[at];
    const Escape escape = escapeAt(at, mark);
    if (escape.size == 0 || !isDense(at, mark)) {
        end = at + std::max<std::size_t>(escape.size, 1);
        return;
    }
    std::size_t begin = at;
    while (begin > end && at - begin < closeBy && isOfLine(m_bytes[begin - 1], mark))
        --begin;
    decode(begin, mark, buffer, end);
}

Escape EscapeViews::escapeAt(std::size_t at, std::uint8_t mark) const
{
    auto next = [&, i = at]() mutable {
        return ++i < m_bytes.size() ? static_cast<int>(m_bytes[i]) : -1;
    };
    return EscapeReader(next).read(mark);
}

/// The same, where two may write the halves of one character.
Escape EscapeViews::characterEscapeAt(std::size_t at, std::uint8_t mark) const
{
    Escape escape = escapeAt(at, mark);
    if (escape.size != 6 || escape.code < 0xd800 || escape.code > 0xdbff || at + 6 >= m_bytes.size()
        || m_bytes[at + 6] != mark)
        return escape;
    const Escape low = escapeAt(at + 6, mark);
    if (low.size != 6 || low.code < 0xdc00 || low.code > 0xdfff)
        return escape;
    return {12, 0xff, 0x10000 + ((escape.code - 0xd800) << 10) + (low.code - 0xdc00)};
}

/// Whether enough escapes follow the one at `at`, each near the one before it.
bool EscapeViews::isDense(std::size_t at, std::uint8_t mark) const
{
    std::size_t wanted = mark == '%' ? 2 : 1;
    const Escape first = escapeAt(at, mark);
    if (first.size >= 5 && first.code >= 0xc0 && isForeignLetter(first.code))
        return true;
    at += first.size;
    for (std::size_t end = at + closeBy;
         at < end && at < m_bytes.size() && isOfLine(m_bytes[at], mark);) {
        const std::size_t size = m_bytes[at] == mark ? escapeAt(at, mark).size : 0;
        at += std::max<std::size_t>(size, 1);
        if (size == 0)
            continue;
        if (--wanted == 0)
            return true;
        end = at + closeBy;
    }
    return false;
}

void EscapeViews::decode(std::size_t begin, std::uint8_t mark, ViewBuffer& buffer, std::size_t& end)
{
    m_lines.clear();
    SecretBytes line;
    std::size_t at = begin;
    std::size_t near = begin + 2 * closeBy;
    bool afterByte = false;
    while (at < m_bytes.size() && at - begin < longestLine && isOfLine(m_bytes[at], mark)
           && (mark != '&' || at < near)) {
        const Escape escape = m_bytes[at] == mark ? characterEscapeAt(at, mark) : Escape {};
        const std::size_t width = std::max<std::size_t>(escape.size, 1);
        const bool goesOn = afterByte && m_lines.back().width == width;
        afterByte = true;
        if (escape.code > 0xff && (isForeignLetter(escape.code) || isForeignSign(escape.code))) {
            afterByte = false;
            SecretBytes bytes;
            appendUtf8(bytes, escape.code);
            for (const std::uint8_t byte : bytes) {
                m_lines.push_back({line.size(), at, 1, width});
                line.push_back(byte);
            }
        } else {
            if (goesOn)
                ++m_lines.back().size;
            else
                m_lines.push_back({line.size(), at, 1, width});
            line.push_back(escape.size != 0 ? escape.value : m_bytes[at]);
        }
        at += width;
        if (escape.size != 0)
            near = at + closeBy;
    }
    buffer.begin(m_lines, 0);
    buffer.bytes().insert(buffer.bytes().end(), line.begin(), line.end());
    buffer.end();
    end = at;
}

} // namespace coredact
