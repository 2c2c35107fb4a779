// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/escapeview.h"

#include "scanner/scan/bytemasks.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t near = 256; ///< bytes between escapes that belong together
constexpr std::size_t longestLine = 1U << 20;

/// Bytes of a line: no control characters but the tab; those of UTF-8 too.
bool isOfLine(std::uint8_t byte) { return (byte >= 0x20 && byte != 0x7f) || byte == '\t'; }

} // namespace

std::optional<std::uint8_t> namedEscape(std::uint8_t name)
{
    switch (name) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case '"':
    case '\'':
    case '/':
    case '\\':
        return name;
    default:
        return std::nullopt;
    }
}

EscapeViews::EscapeViews(const Window& window)
    : percent(window, ViewStep::Characters, 0)
    , backslash(window, ViewStep::Characters, 0)
    , m_bytes(window.bytes)
{
}

void EscapeViews::takeMarks(std::size_t at, std::uint64_t marks)
{
    for (; marks != 0; marks &= marks - 1) {
        const std::size_t mark = at + static_cast<std::size_t>(std::countr_zero(marks));
        if (m_bytes[mark] == '%')
            take(mark, percent, m_percentEnd);
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
    while (begin > end && at - begin < near && isOfLine(m_bytes[begin - 1]))
        --begin;
    decode(begin, mark, buffer, end);
}

/// The number that so many hex digits write; -1 where they are none.
int EscapeViews::hexAt(std::size_t at, std::size_t digits) const
{
    if (at + digits > m_bytes.size())
        return -1;
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        const std::uint8_t digit = m_bytes[i];
        if ((byteKinds[digit] & static_cast<unsigned>(ByteKind::Hex)) == 0)
            return -1;
        value = value * 16 + (digit & 15) + (digit >= 'A' ? 9 : 0);
    }
    return value;
}

EscapeViews::Escape EscapeViews::escapeAt(std::size_t at, std::uint8_t mark) const
{
    if (mark == '%') {
        const int value = hexAt(at + 1, 2);
        return value < 0 ? Escape {} : Escape {3, static_cast<std::uint8_t>(value)};
    }
    if (at + 1 >= m_bytes.size())
        return {};
    const std::uint8_t name = m_bytes[at + 1];
    if (const auto value = namedEscape(name))
        return {2, *value};
    if (name != 'u' && name != 'x')
        return {};
    const std::size_t digits = name == 'u' ? 4 : 2;
    const int value = hexAt(at + 2, digits);
    if (value < 0)
        return {};
    // A character that is no byte ends every token.
    return {2 + digits, static_cast<std::uint8_t>(value < 0x100 ? value : 0xff)};
}

/// Whether enough escapes follow the one at `at`, each near the one before it.
bool EscapeViews::isDense(std::size_t at, std::uint8_t mark) const
{
    std::size_t wanted = mark == '%' ? 2 : 1;
    at += escapeAt(at, mark).size;
    for (std::size_t end = at + near; at < end && at < m_bytes.size() && isOfLine(m_bytes[at]);) {
        const std::size_t size = m_bytes[at] == mark ? escapeAt(at, mark).size : 0;
        at += std::max<std::size_t>(size, 1);
        if (size == 0)
            continue;
        if (--wanted == 0)
            return true;
        end = at + near;
    }
    return false;
}

void EscapeViews::decode(std::size_t begin, std::uint8_t mark, ViewBuffer& buffer, std::size_t& end)
{
    m_lines.clear();
    SecretBytes line;
    std::size_t at = begin;
    while (at < m_bytes.size() && at - begin < longestLine && isOfLine(m_bytes[at])) {
        const Escape escape = m_bytes[at] == mark ? escapeAt(at, mark) : Escape {};
        const std::size_t width = std::max<std::size_t>(escape.size, 1);
        const bool goesOn = !m_lines.empty() && m_lines.back().width == width;
        if (goesOn)
            ++m_lines.back().size;
        else
            m_lines.push_back({line.size(), at, 1, width});
        line.push_back(escape.size != 0 ? escape.value : m_bytes[at]);
        at += width;
    }
    buffer.begin(m_lines, 0);
    buffer.bytes().insert(buffer.bytes().end(), line.begin(), line.end());
    buffer.end();
    end = at;
}

} // namespace coredact
