// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/keyislands.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>
#include <bit>

namespace coredact {

namespace {

constexpr std::size_t word = 8;
constexpr std::size_t half = 4; ///< words
constexpr std::size_t mostAlone = half + 2; ///< with what is left of others before and behind
constexpr std::size_t longest = 32;
constexpr std::size_t mostIslands = std::size_t {1} << 16;

/// No pointer, no small number, no text that ends: at most one byte is zero, and the upper 16 bits
/// are not.
bool looksMixed(std::uint64_t value)
{
    constexpr std::uint64_t low = 0x7f7f7f7f7f7f7f7f;
    const std::uint64_t zeros = ~(((value & low) + low) | value | low);
    return value >> 48 != 0 && std::popcount(zeros) <= 1;
}

/// What may be a key in an island of this size: 32 bytes alone, or 64 beside its public half.
std::size_t sizeOfKeys(std::size_t words) { return words <= mostAlone ? half : 2 * half; }

/// Calls `take` with the first word of all that may be keys in an island.
template <typename Take> void forEachKey(ByteView island, Take take)
{
    const std::size_t size = sizeOfKeys(island.size() / word);
    for (std::size_t i = 0; (i + size) * word <= island.size(); ++i) {
        const ByteView part = island.subspan(i * word, size * word);
        if (mayBeBareKey(part.first(half * word)) && mayBeBareKey(part.last(half * word)))
            take(i, part);
    }
}

bool mixedAt(ByteView bytes, std::size_t at)
{
    return at + word <= bytes.size() && looksMixed(littleWord<std::uint64_t>(bytes.data() + at));
}

} // namespace

bool KeyIslands::mayBeIn(const Dump& dump)
{
    static constexpr std::array<std::string_view, 7> libraries {
        "libsodium",  "libhogweed",  "libnettle",  "libbotan",
        "libwolfssl", "libcrypto++", "libcryptopp"};
    if (dump.order != ByteOrder::Little || dump.wordSize == 4)
        return false;
    return std::any_of(dump.modules.begin(), dump.modules.end(), [](const Module& module) {
        return std::any_of(libraries.begin(), libraries.end(), [&](std::string_view library) {
            return module.name.find(library) != std::string::npos;
        });
    });
}

void KeyIslands::look(const Window& window)
{
    if (!window.address)
        return;
    const ByteView bytes = window.bytes;
    std::size_t at = alignedFresh(window, word);
    // What began before belongs to another window.
    if (at >= word && mixedAt(bytes, at - word))
        while (mixedAt(bytes, at))
            at += word;
    while (at < window.freshEnd) {
        std::size_t end = at;
        while (mixedAt(bytes, end))
            end += word;
        const std::size_t words = (end - at) / word;
        if (words >= half && words <= longest)
            lookAt(*window.address + at, bytes.subspan(at, end - at));
        at = end + word;
    }
}

void KeyIslands::lookAt(std::uint64_t address, ByteView island)
{
    const Segment* segment = m_memory->segmentAt(address);
    if (!segment || (segment->access.read && !segment->access.write))
        return;
    bool any = false;
    forEachKey(island, [&](std::size_t, ByteView) { any = true; });
    if (!any)
        return;
    m_islands.emplace(address, island.size() / word);
    keepFirst(m_islands, mostIslands);
}

void KeyIslands::join(const KeyIslands& other)
{
    m_islands.insert(other.m_islands.begin(), other.m_islands.end());
    keepFirst(m_islands, mostIslands);
}

Result<std::vector<BareString>> KeyIslands::strings(const WalkContext& context) const
{
    std::vector<BareString> strings;
    for (const auto& [address, words] : m_islands) {
        SecretBytes bytes(words * word);
        const auto read = context.memory.read(context.source, address, bytes);
        if (!read)
            return read.error();
        if (*read != bytes.size())
            continue;
        forEachKey(bytes, [&, first = address](std::size_t i, ByteView part) {
            strings.push_back({first + i * word, {part.begin(), part.end()}});
        });
    }
    return strings;
}

} // namespace coredact
