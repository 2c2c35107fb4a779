// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/v8heap.h"

#include "scanner/base/characters.h"
#include "scanner/base/memoryword.h"

#include <array>

namespace coredact::v8 {

namespace {

constexpr std::size_t wordSize = 8;
constexpr std::uint32_t headWords = 3; ///< of an object: map, properties elsewhere, elements

// What a map has where.
constexpr std::size_t sizeAt = 8;
constexpr std::size_t firstAt = 9;
constexpr std::size_t kindAt = 12;
constexpr std::size_t countAt = 16;
constexpr std::size_t prototypeAt = 24;
constexpr std::size_t descriptorsAt = 40;

// What a string's kind says of its form; numbers from 0x80 on are of other objects.
constexpr std::uint32_t noString = 0x80;
constexpr std::uint32_t oneByte = 0x08;
constexpr std::uint32_t notUnique = 0x20;
enum Form : std::uint32_t { Flat = 0, Joined = 1, Cut = 3, Elsewhere = 5 };

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::uint32_t numberIn(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }

struct StringHead {
    Form form = Flat;
    bool isUnique = false;
    std::size_t width = 1;
    std::uint32_t size = 0;
    std::uint64_t first = 0; ///< what stands behind the length
    std::uint64_t second = 0;
};

std::optional<StringHead> stringAt(const MemoryReader& memory, std::uint64_t reference)
{
    std::array<std::uint8_t, 32> bytes {};
    std::array<std::uint8_t, 16> map {};
    // A flat string of one character may be the last thing that was saved.
    const MutableByteView all(bytes);
    if (!isReference(reference)
        || (!memory.read(reference - mark, all)
            && !memory.read(reference - mark, all.first(textAt + wordSize)))
        || !isReference(wordAt(bytes, 0)) || !memory.read(wordAt(bytes, 0) - mark, map))
        return std::nullopt;
    const auto kind = littleWord<std::uint16_t>(map.data() + kindAt);
    if (kind >= noString)
        return std::nullopt;
    return StringHead {
        static_cast<Form>(kind & 7),     (kind & notUnique) == 0,
        (kind & oneByte) != 0 ? 1U : 2U, littleWord<std::uint32_t>(bytes.data() + 12),
        wordAt(bytes, textAt),           wordAt(bytes, textAt + wordSize)};
}

/// Puts texts together, within bounds on how many pieces there are.
class Reading {
public:
    explicit Reading(const MemoryReader& memory)
        : m_memory(memory)
    {
    }

    /// Adds `size` characters of a string, from `skipped` on.
    bool add(std::uint64_t reference, std::size_t skipped, std::size_t size)
    {
        // Each character may be a piece of its own, as may what joins or cuts or leads to it.
        constexpr int mostPieces = 1024;
        const auto head = stringAt(m_memory, reference);
        if (!head || skipped > head->size || size > head->size - skipped || ++m_pieces > mostPieces)
            return false;
        if (size == 0)
            return true;
        switch (head->form) {
        case Flat:
            return addCharacters(reference - mark + textAt + skipped * head->width, head->width,
                                 size);
        case Elsewhere:
            return add(head->first, skipped, size);
        case Cut:
            return isNumber(head->second)
                && add(head->first, numberIn(head->second) + skipped, size);
        case Joined:
            return addJoined(*head, skipped, size);
        }
        return false;
    }

    bool addCharacters(std::uint64_t address, std::size_t width, std::size_t count)
    {
        SecretBytes bytes(count * width);
        if (!m_memory.read(address, bytes))
            return false;
        const SecretBytes characters = textOfUnits(bytes, width, false);
        if (characters.empty())
            return false;
        text.value.insert(text.value.end(), characters.begin(), characters.end());
        text.places.push_back({address, bytes.size()});
        return true;
    }

    bool addBytes(std::uint64_t address, std::size_t count)
    {
        text.value.resize(count);
        text.places.push_back({address, count});
        return m_memory.read(address, text.value);
    }

    Text text;

private:
    bool addJoined(const StringHead& head, std::size_t skipped, std::size_t size)
    {
        const auto first = stringAt(m_memory, head.first);
        if (!first)
            return false;
        const std::size_t before
            = skipped < first->size ? std::min<std::size_t>(size, first->size - skipped) : 0;
        if (before > 0 && !add(head.first, skipped, before))
            return false;
        return before == size || add(head.second, skipped + before - first->size, size - before);
    }

    const MemoryReader& m_memory;
    int m_pieces = 0;
};

/// Below it nothing is mapped. Programs that do not move when they are loaded, as Node.js' own
/// builds, have their heap in the first four gigabytes.
constexpr std::uint64_t lowestAddress = 0x10000;

constexpr std::size_t viewWords = 10;
constexpr std::size_t bufferWords = 8;

/// What a small view made by its length holds itself: its elements are a list of bytes, and it
/// says so twice. Map and length stand before them.
std::optional<TextPlace> ownElements(const MemoryReader& memory, ByteView view, std::uint64_t size)
{
    constexpr std::size_t elementsAt = (headWords - 1) * wordSize;
    constexpr std::size_t head = 2 * wordSize;
    const std::uint64_t elements = wordAt(view, elementsAt);
    std::array<std::uint8_t, head> bytes {};
    const bool isSaidTwice = wordAt(view, (viewWords - 1) * wordSize) == elements
        || wordAt(view, (viewWords - 2) * wordSize) == elements;
    if (!isReference(elements) || !isSaidTwice || !memory.read(elements - mark, bytes)
        || !isReference(wordAt(bytes, 0)) || !isNumber(wordAt(bytes, wordSize))
        || numberIn(wordAt(bytes, wordSize)) == 0)
        return std::nullopt;
    return TextPlace {elements - mark + head, size};
}

/// What a buffer itself (ArrayBuffer) has: how many bytes, how many at most, and where.
std::optional<TextPlace> bufferAt(ByteView buffer)
{
    const auto word = [&](std::size_t i) { return wordAt(buffer, (headWords + i) * wordSize); };
    const std::uint64_t size = word(1);
    const std::uint64_t bytes = word(3);
    if (size == 0 || word(2) != size || bytes < lowestAddress)
        return std::nullopt;
    return TextPlace {bytes, size};
}

/// What a view of a buffer (Buffer, Uint8Array) shows: it says where in the buffer it begins, how
/// long it is, and where that stands in memory, which the buffer must bear out.
std::optional<TextPlace> viewAt(const MemoryReader& memory, std::uint64_t reference)
{
    std::array<std::uint8_t, viewWords * wordSize> view {};
    std::array<std::uint8_t, bufferWords * wordSize> buffer {};
    if (!isReference(reference) || !memory.read(reference - mark, view)
        || !isReference(wordAt(view, headWords * wordSize))
        || !memory.read(wordAt(view, headWords * wordSize) - mark, buffer))
        return std::nullopt;
    const std::uint64_t begin = wordAt(view, (headWords + 1) * wordSize);
    const std::uint64_t size = wordAt(view, (headWords + 2) * wordSize);
    for (std::size_t i = headWords + 3; i < viewWords; ++i)
        for (std::size_t k = headWords; k < bufferWords; ++k) {
            const std::uint64_t bytes = wordAt(buffer, k * wordSize);
            if (bytes >= lowestAddress && bytes % wordSize == 0
                && wordAt(view, i * wordSize) == bytes + begin)
                return TextPlace {bytes + begin, size};
        }
    if (const auto own = ownElements(memory, view, size))
        return own;
    return bufferAt(ByteView(view).first(bufferWords * wordSize));
}

} // namespace

std::optional<ObjectMap> objectMapIn(ByteView bytes)
{
    const std::uint32_t counts = littleWord<std::uint32_t>(bytes.data() + countAt);
    const ObjectMap map {wordAt(bytes, descriptorsAt) - mark, counts >> 10 & 0x3ff, bytes[sizeAt],
                         bytes[firstAt]};
    if (!isReference(wordAt(bytes, descriptorsAt)) || !isReference(wordAt(bytes, prototypeAt))
        || map.count == 0 || map.first < headWords || map.first > map.size)
        return std::nullopt;
    return map;
}

bool isMapOfMaps(ByteView bytes, std::uint64_t address)
{
    return wordAt(bytes, 0) == (address | mark) && bytes[firstAt] <= bytes[sizeAt]
        && bytes[sizeAt] * wordSize <= mapSize + 2 * wordSize && bytes[sizeAt] >= 9
        && isReference(wordAt(bytes, prototypeAt)) && isReference(wordAt(bytes, descriptorsAt));
}

std::vector<Property> propertiesOf(const MemoryReader& memory, std::uint64_t descriptors,
                                   std::uint32_t count)
{
    // Map, how many there are and how many are in use; what else is kept of them; then of each its
    // name, what it is, and its value or type.
    constexpr std::size_t head = 24;
    constexpr std::size_t each = 24;
    constexpr std::uint32_t isAccessor = 1;
    constexpr std::uint32_t inNoObject = 1 << 5;
    std::vector<std::uint8_t> bytes(head + count * each);
    std::vector<Property> properties;
    if (!memory.read(descriptors, bytes) || !isReference(wordAt(bytes, 0)))
        return {};
    const auto all = littleWord<std::uint16_t>(bytes.data() + 8);
    const auto used = littleWord<std::uint16_t>(bytes.data() + 10);
    if (used > all || count > used)
        return {};
    std::uint32_t number = 0;
    for (std::uint32_t place = 0; place < count; ++place) {
        const std::size_t at = head + place * each;
        const std::uint64_t details = wordAt(bytes, at + wordSize);
        if (!isReference(wordAt(bytes, at)) || !isNumber(details))
            return {};
        if ((numberIn(details) & inNoObject) != 0)
            continue;
        if ((numberIn(details) & isAccessor) == 0)
            properties.push_back({wordAt(bytes, at), place, number});
        ++number;
    }
    return properties;
}

std::uint64_t valueOf(const MemoryReader& memory, std::uint64_t address, const ObjectMap& map,
                      std::uint32_t number)
{
    std::array<std::uint8_t, headWords * wordSize> head {};
    if (!memory.read(address, head) || !isReference(wordAt(head, 2 * wordSize)))
        return 0;
    std::uint64_t place = address + std::uint64_t {map.first + number} * wordSize;
    if (const std::uint32_t inside = map.size - map.first; number >= inside) {
        const std::uint64_t more = wordAt(head, wordSize);
        if (!isReference(more))
            return 0;
        place = more - mark + 2 * wordSize + std::uint64_t {number - inside} * wordSize;
    }
    std::array<std::uint8_t, wordSize> value {};
    return memory.read(place, value) ? wordAt(value, 0) : 0;
}

bool isPairOf(ByteView before, std::uint64_t second)
{
    constexpr std::size_t head = 2 * wordSize;
    return before.size() >= head && isReference(second)
        && isReference(wordAt(before, before.size() - head))
        && wordAt(before, before.size() - wordSize) == std::uint64_t {2} << 32;
}

/// Map, flags, how many parameters, how many variables, their names.
constexpr std::size_t scopeWords = 4;

std::optional<std::uint32_t> numberInScope(ByteView before)
{
    constexpr std::uint32_t mostVariables = 75; // with more of them V8 keeps the names in a table
    for (std::uint32_t number = 0; number < mostVariables; ++number) {
        const std::size_t head = (number + scopeWords) * wordSize;
        if (head > before.size())
            return std::nullopt;
        const std::size_t begin = before.size() - head;
        const std::uint64_t count = wordAt(before, begin + (scopeWords - 1) * wordSize);
        if (!isNumber(count)) {
            if (!isReference(count))
                return std::nullopt;
            continue;
        }
        const bool isScope = isReference(wordAt(before, begin))
            && isNumber(wordAt(before, begin + wordSize)) && wordAt(before, begin + wordSize) != 0
            && isNumber(wordAt(before, begin + 2 * wordSize)) && numberIn(count) > number
            && numberIn(count) <= mostVariables;
        return isScope ? std::optional(number) : std::nullopt;
    }
    return std::nullopt;
}

std::size_t toScope(std::uint32_t number) { return (number + scopeWords) * wordSize; }

/// Map, length, scope, the context around it, variables.
std::uint64_t variableOf(const MemoryReader& memory, std::uint64_t place, std::uint32_t number)
{
    std::array<std::uint8_t, 4 * wordSize> head {};
    std::array<std::uint8_t, wordSize> value {};
    if (!memory.read(place - 2 * wordSize, head) || !isReference(wordAt(head, 0))
        || !isNumber(wordAt(head, wordSize)) || numberIn(wordAt(head, wordSize)) < number + 3
        || !isReference(wordAt(head, 3 * wordSize))
        || !memory.read(place + (2 + std::uint64_t {number}) * wordSize, value))
        return 0;
    return wordAt(value, 0);
}

std::optional<Text> textOf(const MemoryReader& memory, std::uint64_t reference, std::size_t longest)
{
    Reading reading(memory);
    bool done = false;
    if (const auto head = stringAt(memory, reference))
        done = head->size <= longest && reading.add(reference, 0, head->size);
    else if (const auto view = viewAt(memory, reference))
        done = view->size <= longest
            && reading.addBytes(view->address, static_cast<std::size_t>(view->size));
    return done ? std::optional(std::move(reading.text)) : std::nullopt;
}

bool isNameOrConstant(const MemoryReader& memory, std::uint64_t reference)
{
    const auto head = stringAt(memory, reference);
    return head && head->isUnique;
}

} // namespace coredact::v8
