// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/collectedstrings.h"

#include "scanner/base/memoryword.h"

#include <array>

namespace coredact {

namespace {

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

constexpr std::uint64_t ocamlCollector = 0x300;
constexpr std::uint64_t ocamlString = 0xfc;

/// The word before a block of so many words, but for the collector's bits.
constexpr std::uint64_t ocamlBlock(std::uint64_t words) { return words << 10; }

constexpr std::uint64_t monoHead = 20; ///< class, lock, length
constexpr std::uint64_t guileHead = 16; ///< kind, length

/// The first string in an array of Mono: class, lock, bounds, length, items. `list`: an object that
/// begins with the array.
std::optional<std::uint64_t> firstOfMonoList(const MemoryReader& memory, ByteView list)
{
    std::array<std::uint8_t, 40> array {};
    if (wordAt(list, 8) != 0 || !memory.read(wordAt(list, 16), array) || wordAt(array, 8) != 0
        || wordAt(array, 16) != 0 || wordAt(array, 24) == 0)
        return std::nullopt;
    return wordAt(array, 32);
}

bool isGuileString(std::uint64_t kind) { return (kind & 0x7f) == 0x15 && kind >> 16 == 0; }
bool isGuileSymbol(std::uint64_t kind) { return (kind & 0x7f) == 0x05 && kind >> 16 == 0; }

} // namespace

std::uint64_t ocamlSize(ByteView string)
{
    const std::uint64_t bytes = (wordAt(string, 0) >> 10) * 8;
    if (bytes == 0 || bytes > string.size() - 8)
        return 0;
    const std::uint8_t unused = string[static_cast<std::size_t>(8 + bytes - 1)];
    return unused < 8 ? bytes - 1 - unused : 0;
}

bool isOcamlEntry(ByteView bytes, std::size_t at, ByteView)
{
    constexpr std::uint64_t tuple = ocamlBlock(2);
    constexpr std::uint64_t bucket = ocamlBlock(3);
    constexpr std::uint64_t node = ocamlBlock(5);
    const std::uint64_t before = wordAt(bytes, at - 8) & ~ocamlCollector;
    return before == tuple || before == bucket
        || (wordAt(bytes, at - 16) & ~ocamlCollector) == node;
}

std::optional<TextPlace> ocamlValue(const MemoryReader& memory, std::uint64_t address, ByteView)
{
    constexpr int mostSteps = 3;
    constexpr std::uint64_t firstOther = 246; // kinds of blocks that are no constructors
    constexpr std::uint64_t mostWords = 64;
    std::array<std::uint8_t, 24> block {};
    for (int step = 0; step < mostSteps; ++step) {
        if (address < 8 || address % 8 != 0 || !memory.read(address - 8, block))
            return std::nullopt;
        const std::uint64_t kind = wordAt(block, 0) & 0xff;
        const std::uint64_t words = wordAt(block, 0) >> 10;
        if (kind == ocamlString && words >= 1 && words <= mostWords) {
            std::array<std::uint8_t, 1> unused {};
            if (!memory.read(address + words * 8 - 1, unused) || unused[0] > 7)
                return std::nullopt;
            return TextPlace {address, words * 8 - 1 - unused[0]};
        }
        if (kind < firstOther && words == 1)
            address = wordAt(block, 8);
        else if (kind == 0 && words == 2 && wordAt(block, 8) % 2 == 1)
            address = wordAt(block, 16);
        else
            return std::nullopt;
    }
    return std::nullopt;
}

std::uint64_t monoSize(ByteView string)
{
    const std::uint64_t type = wordAt(string, 0);
    return type != 0 && type % 8 == 0
        ? std::uint64_t {littleWord<std::uint32_t>(string.data() + 16)} * 2
        : 0;
}

bool isMonoEntry(ByteView bytes, std::size_t at, ByteView)
{
    constexpr std::uint64_t mostEntries = std::uint64_t {1} << 24;
    constexpr std::uint64_t hashes = std::uint64_t {1} << 32;
    constexpr std::uint64_t none = 0xffffffff;
    const std::uint64_t before = wordAt(bytes, at - 8);
    const std::uint64_t next = before >> 32;
    const std::uint64_t hash = wordAt(bytes, at + 16);
    const bool mayBeAddress = before % 8 == 0 && next >= 0x1000;
    const bool isHashed = (before & 0x80000000) == 0 && (before & 0x7fffffff) != 0
        && (next == none || (next < mostEntries && !mayBeAddress));
    const bool isBucket = hash > 0xffff && hash < hashes;
    const bool isObject = before == 0 && wordAt(bytes, at - 16) % 8 == 0;
    return isHashed || isBucket || isObject;
}

std::optional<TextPlace> monoValue(const MemoryReader& memory, std::uint64_t address,
                                   ByteView nameHeader)
{
    std::array<std::uint8_t, 24> object {};
    if (!memory.read(address, object))
        return std::nullopt;
    if (wordAt(object, 0) != wordAt(nameHeader, 0)) {
        const auto first = firstOfMonoList(memory, object);
        if (!first || !memory.read(address = *first, object)
            || wordAt(object, 0) != wordAt(nameHeader, 0))
            return std::nullopt;
    }
    return TextPlace {address + monoHead,
                      std::uint64_t {littleWord<std::uint32_t>(object.data() + 16)} * 2, 2};
}

std::uint64_t guileSize(ByteView buffer) { return wordAt(buffer, 8); }

std::optional<std::uint64_t> guileObject(ByteView bytes, std::size_t at, std::uint64_t place)
{
    const std::uint64_t kind = wordAt(bytes, at - 8);
    const bool isWhole = wordAt(bytes, at + 8) == 0; // the string begins where the buffer does
    return isGuileSymbol(kind) || (isGuileString(kind) && isWhole) ? std::optional(place - 8)
                                                                   : std::nullopt;
}

bool isGuilePair(ByteView bytes, std::size_t at, ByteView)
{
    const std::uint64_t before = wordAt(bytes, at - 8);
    return !isGuileString(before) && !isGuileSymbol(before);
}

std::optional<TextPlace> guileValue(const MemoryReader& memory, std::uint64_t address, ByteView)
{
    constexpr std::uint64_t variable = 0x7;
    constexpr std::uint64_t bufferMask = 0x7f;
    constexpr std::uint64_t bufferKind = 0x27;
    constexpr std::uint64_t isWide = 0x400;
    std::array<std::uint8_t, 32> object {};
    std::array<std::uint8_t, guileHead> buffer {};
    if (memory.read(address, MutableByteView(object).first(16)) && wordAt(object, 0) == variable)
        address = wordAt(object, 8);
    if (!memory.read(address, object) || !isGuileString(wordAt(object, 0))
        || !memory.read(wordAt(object, 8), buffer) || (wordAt(buffer, 0) & bufferMask) != bufferKind
        || wordAt(object, 16) > wordAt(buffer, 8)
        || wordAt(object, 24) > wordAt(buffer, 8) - wordAt(object, 16))
        return std::nullopt;
    const std::size_t width = (wordAt(buffer, 0) & isWide) != 0 ? 4 : 1;
    return TextPlace {wordAt(object, 8) + guileHead + wordAt(object, 16) * width,
                      wordAt(object, 24) * width, width};
}

} // namespace coredact
