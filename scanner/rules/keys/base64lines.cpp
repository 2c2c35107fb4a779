// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/base64lines.h"

#include "scanner/rules/keys/base64.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace coredact {

namespace {

constexpr std::array<std::size_t, 3> lengths {64, 76, 70};

bool isEnd(std::uint8_t byte) { return byte == '\n' || byte == '\r'; }

bool isLine(ByteView bytes, std::size_t begin, std::size_t length)
{
    return begin + length < bytes.size() && isEnd(bytes[begin + length])
        && std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                       bytes.begin() + static_cast<std::ptrdiff_t>(begin + length), isBase64);
}

/// The length of the line that begins at `begin`; 0 when it is none of the known ones.
std::size_t lineLength(ByteView bytes, std::size_t begin)
{
    for (const std::size_t length : lengths)
        if (isLine(bytes, begin, length))
            return length;
    return 0;
}

/// Behind the line end at `at`, which may be two bytes.
std::size_t behindEnd(ByteView bytes, std::size_t at)
{
    const bool both = bytes[at] == '\r' && at + 1 < bytes.size() && bytes[at + 1] == '\n';
    return at + (both ? 2 : 1);
}

/// Where the rest of a line begins that ends before the line end at `newline`.
std::size_t headBegin(ByteView bytes, std::size_t newline, std::size_t length)
{
    std::size_t at = newline > 0 && bytes[newline - 1] == '\r' ? newline - 1 : newline;
    const std::size_t floor = at - std::min(at, length);
    while (at > floor && isBase64(bytes[at - 1]))
        --at;
    return at;
}

Base64Lines decoded(ByteView bytes, std::vector<std::size_t> characters, std::size_t drop)
{
    Base64Lines lines;
    characters.erase(characters.begin(),
                     characters.begin()
                         + static_cast<std::ptrdiff_t>(std::min(drop, characters.size())));
    SecretBytes text;
    for (const std::size_t at : characters)
        text.push_back(bytes[at]);
    lines.bytes = decodeBase64(text);
    lines.characters = std::move(characters);
    return lines;
}

/// The characters from `begin` on, through all lines of `length` and the one after them; the
/// position behind them in `end`.
std::vector<std::size_t> charactersFrom(ByteView bytes, std::size_t begin, std::size_t limit,
                                        std::size_t& end)
{
    std::vector<std::size_t> characters;
    std::size_t at = begin;
    while (at < limit) {
        if (isBase64(bytes[at])) {
            characters.push_back(at++);
        } else if (isEnd(bytes[at])) {
            const std::size_t next = behindEnd(bytes, at);
            if (next >= limit || !isBase64(bytes[next]))
                break;
            at = next;
        } else {
            break;
        }
    }
    end = at;
    return characters;
}

} // namespace

void forEachBase64Block(const Window& window, std::size_t reach,
                        const std::function<void(const Base64Lines&)>& take)
{
    const ByteView bytes = window.bytes;
    std::size_t at = window.freshBegin;
    while (at < window.freshEnd) {
        const void* found = std::memchr(bytes.data() + at, '\n', window.freshEnd - at);
        if (!found)
            return;
        const auto newline
            = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
        at = newline + 1;
        const std::size_t length = lineLength(bytes, newline + 1);
        if (length == 0)
            continue;
        const std::size_t head = headBegin(bytes, newline, length);
        const std::size_t before = static_cast<std::size_t>(
            std::count_if(bytes.begin() + static_cast<std::ptrdiff_t>(head),
                          bytes.begin() + static_cast<std::ptrdiff_t>(newline), isBase64));
        // A whole line of its own: the block began before.
        if (before == length && head > 0 && isEnd(bytes[head - 1]))
            continue;
        const std::size_t limit = std::min(bytes.size(), newline + reach);
        const auto characters = charactersFrom(bytes, head, limit, at);
        at = std::max(at, newline + 1);
        take(decoded(bytes, characters, before % 4));
        if (length == 70)
            take(decoded(bytes, characters, (before + 2) % 4));
    }
}

} // namespace coredact
