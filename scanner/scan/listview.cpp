// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/listview.h"

#include "scanner/scan/escapes.h"
#include "scanner/scan/streammagic.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>

namespace coredact {

namespace {

constexpr std::size_t leastItems = 16;
constexpr std::size_t leastText = 12; ///< in a row
constexpr std::size_t longestItem = 4; ///< "0x41", "-128"
constexpr std::size_t widestGap = 64;
constexpr unsigned groupSize = 16;

constexpr auto itemBytes = [] {
    std::array<bool, 256> of {};
    for (std::size_t byte = 0; byte < of.size(); ++byte)
        of[byte] = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z')
            || (byte >= 'a' && byte <= 'z') || byte == '-';
    return of;
}();

bool isOfItem(std::uint8_t byte) { return itemBytes[byte]; }

/// Of hex digits, what any list has in a group.
bool hasThree(std::uint64_t digits)
{
    digits &= digits - 1;
    return (digits & (digits - 1)) != 0;
}

} // namespace

std::optional<std::uint8_t> listedByte(std::string_view item)
{
    const bool isHex = item.size() > 2 && item.starts_with("0x");
    const bool isNegative = item.starts_with("-");
    item.remove_prefix(isHex ? 2 : isNegative ? 1 : 0);
    if (item.empty() || item.size() > 3)
        return std::nullopt;
    int value = 0;
    for (const char character : item) {
        const int digit = hexDigit(static_cast<unsigned char>(character));
        if (digit < 0 || digit >= (isHex ? 16 : 10))
            return std::nullopt;
        value = value * (isHex ? 16 : 10) + digit;
    }
    if (value > (isNegative ? 128 : 255))
        return std::nullopt;
    return static_cast<std::uint8_t>(isNegative ? -value : value);
}

bool separatesListed(int character)
{
    return character == ',' || character == ';' || character == ' '
        || (character >= '\t' && character <= '\r');
}

ListViews::ListViews(const Window& window)
    : decoded(window, ViewStep::Characters, 0xff)
    , m_bytes(window.bytes)
{
}

/// `groups`: the last byte of each group that is one; `digits`: the block's hex digits.
void ListViews::takeGroups(std::size_t at, std::uint64_t groups, std::uint64_t digits)
{
    for (; groups != 0; groups &= groups - 1) {
        const auto first = static_cast<unsigned>(std::countr_zero(groups)) + 1 - groupSize;
        if (at + first < m_end || !hasThree(digits >> first & 0xffffU))
            continue;
        const std::size_t begin = listBegin(at + first);
        takeLists(begin, std::min(m_bytes.size(), at + first + groupSize));
    }
}

/// Where the items may begin that go on to `at`: no word is as long as a fifth character.
std::size_t ListViews::listBegin(std::size_t at) const
{
    std::size_t begin = at;
    for (std::size_t word = 0; begin > m_end && word <= longestItem; --begin) {
        const std::uint8_t byte = m_bytes[begin - 1];
        if (!isOfItem(byte) && !separatesListed(byte))
            break;
        word = isOfItem(byte) ? word + 1 : 0;
    }
    return begin;
}

/// Takes the lists that begin before `reach`.
void ListViews::takeLists(std::size_t begin, std::size_t reach)
{
    std::size_t at = begin;
    while (at < reach) {
        std::size_t end = at;
        m_items.clear();
        for (std::size_t next = at;;) {
            const std::size_t itemEnd = takeItem(next);
            if (itemEnd == next)
                break;
            end = itemEnd;
            next = nextItem(end);
            if (next == end)
                break;
        }
        if (m_items.size() >= leastItems && worthIt())
            endList(end);
        if (end == at) // no item: on behind what stands there
            for (++end; end < reach && isOfItem(m_bytes[end]) && isOfItem(m_bytes[end - 1]);)
                ++end;
        at = end;
    }
    m_end = at;
}

/// Takes the item that begins there; answers where it ends, `at` where there is none.
std::size_t ListViews::takeItem(std::size_t at)
{
    std::size_t end = at;
    while (end < m_bytes.size() && end - at <= longestItem && isOfItem(m_bytes[end]))
        ++end;
    const auto value = listedByte(asText(m_bytes.subspan(at, end - at)));
    if (!value)
        return at;
    m_items.push_back({at, *value});
    return end;
}

/// Where the next item may begin after the one that ends at `at`; `at` where none does.
std::size_t ListViews::nextItem(std::size_t at) const
{
    std::size_t next = at;
    bool divided = false;
    while (next < m_bytes.size() && next - at < widestGap && separatesListed(m_bytes[next])) {
        const bool divides = m_bytes[next] == ',' || m_bytes[next] == ';';
        if (divides && divided)
            return at;
        divided = divided || divides;
        ++next;
    }
    return next < m_bytes.size() && isOfItem(m_bytes[next]) ? next : at;
}

bool ListViews::worthIt() const
{
    std::size_t text = 0;
    std::size_t letters = 0;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const std::uint8_t value = m_items[i].value;
        const bool isText = (byteKinds[value] & static_cast<unsigned>(ByteKind::Text)) != 0;
        text = isText ? text + 1 : 0;
        letters = !isText ? 0 : letters + (std::isalnum(value) != 0 ? 1 : 0);
        if (text >= leastText && 2 * letters >= text)
            return true;
        // SEQUENCE with its length in one to three bytes, then INTEGER of one byte: a version.
        if (value != 0x30 || i + 6 >= m_items.size())
            continue;
        const std::uint8_t length = m_items[i + 1].value;
        const std::size_t head = length == 0x82 ? 4 : length == 0x81 ? 3 : 2;
        if (m_items[i + head].value == 2 && m_items[i + head + 1].value == 1)
            return true;
    }
    if (!isStreamMagic(m_items[0].value, m_items[1].value))
        return false;
    std::array<std::uint8_t, 32> front {};
    const std::size_t size = std::min(front.size(), m_items.size());
    for (std::size_t i = 0; i < size; ++i)
        front[i] = m_items[i].value;
    return streamHead(ByteView(front).first(size)).has_value();
}

/// Puts the list at hand into the view; its last item ends at `end`.
void ListViews::endList(std::size_t end)
{
    m_lines.clear();
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const std::size_t next = i + 1 < m_items.size() ? m_items[i + 1].begin : end;
        const std::size_t width = next - m_items[i].begin;
        if (!m_lines.empty() && m_lines.back().width == width)
            ++m_lines.back().size;
        else
            m_lines.push_back({i, m_items[i].begin, 1, width});
    }
    decoded.begin(m_lines, 0);
    for (const Item& item : m_items)
        decoded.bytes().push_back(item.value);
    decoded.end();
}

} // namespace coredact
