// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/hotspot.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>

namespace coredact::hotspot {

namespace {

constexpr std::size_t wordSize = 8;

// Constants of a class: their kinds, the class, the version of its file, how many there are; then
// a word for each.
constexpr std::size_t kindsAt = 8;
constexpr std::size_t holderAt = 24;
constexpr std::size_t versionAt = 48;
constexpr std::size_t countAt = 60;
constexpr std::size_t constantsHead = 72;
constexpr std::size_t mostConstants = 65535; ///< that a class can have
constexpr std::uint8_t textKind = 1;

constexpr std::size_t classSize = 600; ///< what is looked at of a class
constexpr std::size_t fieldsFrom = 200; ///< what stands before is no list of fields
constexpr std::size_t layoutAt = 8; ///< how large an object is
constexpr std::size_t supersEnd = 200;

constexpr std::size_t objectHead = 12;
constexpr std::size_t arrayHead = 16;

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::uint32_t halfAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

std::uint16_t shortAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint16_t>(bytes.data() + at);
}

bool mayBeAddress(std::uint64_t word) { return word > 0xffff && word % wordSize == 0; }

struct Constants {
    std::uint64_t address = 0;
    std::uint64_t holder = 0;
    std::uint32_t count = 0;
    std::uint32_t number = 0; ///< of the one that was looked for
};

/// What looking at some heads of constants costs, and at what one of them leads to, beside a field
/// of a list.
constexpr std::size_t headsForOne = 8;
constexpr std::uint64_t kindsCost = 16;

/// Whether `head` is that of constants of which the one with this number is a text.
bool areConstants(const MemoryReader& memory, ByteView head, std::size_t number, Effort& effort,
                  Bounded& owner)
{
    constexpr std::uint32_t firstVersion = 45;
    constexpr std::uint32_t lastVersion = 80;
    const std::uint32_t version = halfAt(head, versionAt);
    const std::uint32_t count = halfAt(head, countAt);
    if (version < firstVersion || version > lastVersion || number >= count
        || !mayBeAddress(wordAt(head, kindsAt)) || !mayBeAddress(wordAt(head, holderAt))
        || !effort.take(kindsCost, owner))
        return false;
    std::array<std::uint8_t, 4> kinds {};
    std::array<std::uint8_t, 1> kind {};
    const std::uint64_t list = wordAt(head, kindsAt);
    return memory.read(list, kinds) && halfAt(kinds, 0) == count
        && memory.read(list + kinds.size() + number, kind) && kind[0] == textKind;
}

/// The constants among which the word at `place` is a text: the nearest head before it.
std::optional<Constants> constantsWith(const MemoryReader& memory, std::uint64_t place,
                                       Effort& effort, Bounded& owner)
{
    constexpr std::size_t fewest = 64; // constants that are read at once
    constexpr std::size_t most = 4096;
    std::size_t step = fewest;
    std::vector<std::uint8_t> bytes(constantsHead + most * wordSize);
    for (std::size_t begin = 1; begin < mostConstants;) {
        // Of these heads the last one is the nearest.
        const std::uint64_t before = constantsHead + (begin + step - 1) * wordSize;
        const auto read = std::span(bytes).first(constantsHead + (step - 1) * wordSize);
        if (place < before || !memory.read(place - before, read)) {
            if (step == fewest)
                return std::nullopt;
            step = fewest; // up to where the memory begins
            continue;
        }
        if (!effort.take(step / headsForOne, owner))
            return std::nullopt;
        for (std::size_t i = 0; i < step; ++i) {
            const std::size_t at = (step - 1 - i) * wordSize;
            const ByteView head = ByteView(bytes).subspan(at, constantsHead);
            if (areConstants(memory, head, begin + i, effort, owner))
                return Constants {place - before + at, wordAt(head, holderAt),
                                  halfAt(head, countAt), static_cast<std::uint32_t>(begin + i)};
        }
        begin += step;
        step = std::min(2 * step, most);
    }
    return std::nullopt;
}

/// What a field with this signature holds.
std::optional<Holds> holdsOf(const MemoryReader& memory, const Constants& constants,
                             std::uint32_t signature)
{
    constexpr std::string_view string = "Ljava/lang/String;";
    std::array<std::uint8_t, wordSize> slot {};
    std::array<std::uint8_t, symbolText + string.size()> symbol {};
    if (signature >= constants.count
        || !memory.read(constants.address + constantsHead + signature * wordSize, slot)
        || !memory.read(wordAt(slot, 0), symbol))
        return std::nullopt;
    const std::size_t size = shortAt(symbol, 4);
    if (size > string.size())
        return std::nullopt;
    const std::string_view text = asText(ByteView(symbol).subspan(symbolText, size));
    if (text == string)
        return Holds::String;
    if (text == "[C")
        return Holds::Characters;
    return text == "[B" ? std::optional(Holds::Bytes) : std::nullopt;
}

/// The field of this name in a list of fields: flags, name, signature, a constant, the offset in
/// two parts, whose lowest bits say that it is one.
std::optional<Field> fieldIn(const MemoryReader& memory, std::uint64_t list,
                             const Constants& constants, Effort& effort, Bounded& owner)
{
    constexpr std::uint32_t mostFields = 65535; // that a class can have
    constexpr std::size_t each = 12;
    constexpr std::uint16_t staticFlag = 8;
    std::array<std::uint8_t, 4> length {};
    if (!mayBeAddress(list) || !memory.read(list, length))
        return std::nullopt;
    const std::uint32_t fields = halfAt(length, 0) / 6;
    if (fields == 0 || fields > mostFields || !effort.take(fields, owner))
        return std::nullopt;
    std::vector<std::uint8_t> bytes(fields * each);
    if (!memory.read(list + length.size(), bytes))
        return std::nullopt;
    for (std::size_t at = 0; at < bytes.size(); at += each) {
        const std::uint32_t packed = halfAt(bytes, at + 8);
        if (shortAt(bytes, at + 2) != constants.number || (packed & 3) != 1
            || (packed >> 2) < objectHead)
            continue;
        if (const auto holds = holdsOf(memory, constants, shortAt(bytes, at + 4)))
            return Field {constants.holder, packed >> 2, (shortAt(bytes, at) & staticFlag) != 0,
                          *holds};
    }
    return std::nullopt;
}

/// Numbers of one to five bytes: each byte but the last is 192 or more and carries six bits less
/// what small ones need (UNSIGNED5, as HotSpot has it since JDK 20; no byte is zero).
class PackedNumbers {
public:
    explicit PackedNumbers(ByteView bytes)
        : m_bytes(bytes)
    {
    }
    /// Nothing behind the last one.
    std::optional<std::uint32_t> next()
    {
        constexpr std::uint8_t goesOn = 192;
        constexpr unsigned bits = 6;
        constexpr unsigned most = 5;
        std::uint32_t number = 0;
        for (unsigned i = 0; i < most; ++i) {
            if (m_at == m_bytes.size() || m_bytes[m_at] == 0)
                return std::nullopt;
            const std::uint8_t byte = m_bytes[m_at++];
            number += static_cast<std::uint32_t>(byte - 1) << i * bits;
            if (byte < goesOn)
                break;
        }
        return number;
    }

private:
    ByteView m_bytes;
    std::size_t m_at = 0;
};

/// The same since JDK 21. How many fields there are of the program's and of the machine's; of each
/// its name, signature, offset, flags, and kinds that say what else there is.
std::optional<Field> packedFieldIn(const MemoryReader& memory, std::uint64_t list,
                                   const Constants& constants, Effort& effort, Bounded& owner)
{
    constexpr std::uint32_t mostBytes = 1U << 20; // of as many fields as a class can have
    constexpr std::uint32_t each = 5; // at least
    constexpr std::uint32_t staticFlag = 8;
    constexpr std::array<std::uint32_t, 3> withMore {1, 4, 16}; // value, generic type, group
    std::array<std::uint8_t, 4> length {};
    if (!mayBeAddress(list) || !memory.read(list, length) || halfAt(length, 0) < 8
        || halfAt(length, 0) > mostBytes || !effort.take(halfAt(length, 0) / each, owner))
        return std::nullopt;
    std::vector<std::uint8_t> bytes(halfAt(length, 0));
    if (!memory.read(list + length.size(), bytes))
        return std::nullopt;
    PackedNumbers numbers(bytes);
    const auto own = numbers.next();
    const auto injected = numbers.next();
    if (!own || !injected || *own > bytes.size() || *injected > bytes.size())
        return std::nullopt;
    for (std::uint32_t i = 0; i < *own; ++i) {
        const auto name = numbers.next();
        const auto signature = numbers.next();
        const auto offset = numbers.next();
        const auto flags = numbers.next();
        const auto kinds = numbers.next();
        if (!kinds || *name >= constants.count)
            return std::nullopt;
        for (const std::uint32_t more : withMore)
            if ((*kinds & more) != 0 && !numbers.next())
                return std::nullopt;
        if (*name != constants.number || *offset < objectHead)
            continue;
        if (const auto holds = holdsOf(memory, constants, *signature))
            return Field {constants.holder, *offset, (*flags & staticFlag) != 0, *holds};
    }
    return std::nullopt;
}

} // namespace

bool isIn(const Dump& dump)
{
    return dump.order == ByteOrder::Little && dump.wordSize != 4
        && std::any_of(dump.modules.begin(), dump.modules.end(), [](const Module& module) {
               return module.name.find("libjvm") != std::string::npos;
           });
}

std::optional<Field> fieldNamedAt(const MemoryReader& memory, std::uint64_t place, Effort& effort,
                                  Bounded& owner)
{
    const auto constants = constantsWith(memory, place, effort, owner);
    std::array<std::uint8_t, classSize> type {};
    if (!constants || !memory.read(constants->holder, type))
        return std::nullopt;
    bool isTheirs = false;
    for (std::size_t at = 0; at < classSize; at += wordSize) {
        isTheirs = isTheirs || wordAt(type, at) == constants->address;
        if (isTheirs && at >= fieldsFrom) {
            for (const auto in : {fieldIn, packedFieldIn})
                if (const auto field = in(memory, wordAt(type, at), *constants, effort, owner))
                    return field;
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> mirrorOf(const MemoryReader& memory, std::uint64_t type)
{
    constexpr std::size_t mirrorSize = 112;
    std::array<std::uint8_t, supersEnd> bytes {};
    if (!memory.read(type, bytes))
        return std::nullopt;
    for (std::size_t at = 0; at < supersEnd; at += wordSize) {
        std::array<std::uint8_t, wordSize> handle {};
        std::array<std::uint8_t, mirrorSize> mirror {};
        if (!mayBeAddress(wordAt(bytes, at)) || !memory.read(wordAt(bytes, at), handle)
            || !mayBeAddress(wordAt(handle, 0)) || !memory.read(wordAt(handle, 0), mirror))
            continue;
        for (std::size_t i = 2 * wordSize; i < mirrorSize; i += wordSize)
            if (wordAt(mirror, i) == type)
                return wordAt(handle, 0);
    }
    return std::nullopt;
}

std::vector<std::uint64_t> classesBelow(const MemoryReader& memory, std::uint64_t type,
                                        Bounded& owner)
{
    constexpr std::size_t mostClasses = std::size_t {1} << 16;
    std::array<std::uint8_t, supersEnd> bytes {};
    if (!memory.read(type, bytes))
        return {};
    // A class stands in its own list of those above, at the place at which it does in those below.
    const std::uint64_t kind = wordAt(bytes, 0);
    std::size_t own = 2 * wordSize;
    while (own < supersEnd && wordAt(bytes, own) != type)
        own += wordSize;
    if (own == supersEnd)
        return {};
    std::set<std::uint64_t> seen {type};
    std::vector<std::uint64_t> below {type};
    for (std::size_t i = 0; i < below.size(); ++i) {
        if (below.size() > mostClasses) {
            owner.leaveOut();
            break;
        }
        if (!memory.read(below[i], bytes))
            continue;
        for (std::size_t at = own; at < supersEnd; at += wordSize) {
            const std::uint64_t other = wordAt(bytes, at);
            std::array<std::uint8_t, wordSize> word {};
            if (mayBeAddress(other) && !seen.contains(other) && memory.read(other, word)
                && wordAt(word, 0) == kind && memory.read(other + own, word)
                && wordAt(word, 0) == type && seen.insert(other).second)
                below.push_back(other);
        }
    }
    below.erase(below.begin());
    return below;
}

std::uint64_t References::at(ByteView bytes, std::size_t position) const
{
    return size == 4 ? std::uint64_t {halfAt(bytes, position)} << shift : wordAt(bytes, position);
}

std::optional<Text> textAt(const MemoryReader& memory, std::uint64_t field, Holds holds,
                           References references)
{
    std::array<std::uint8_t, wordSize> reference {};
    if (!memory.read(field, std::span(reference).first(references.size)))
        return std::nullopt;
    std::uint64_t array = references.at(reference, 0);
    if (array == 0)
        return std::nullopt;
    std::size_t width = holds == Holds::Characters ? 2 : 1;
    if (holds == Holds::String) {
        const std::size_t valueAt = stringValueAt(references);
        std::array<std::uint8_t, stringValueAt(fullReferences) + wordSize> string {};
        if (!memory.read(array, std::span(string).first(valueAt + references.size))
            || string[stringCoderAt] > 1)
            return std::nullopt;
        width = string[stringCoderAt] + std::size_t {1};
        array = references.at(string, valueAt);
    }
    std::array<std::uint8_t, arrayHead> head {};
    if (!memory.read(array, head) || (head[0] & 3) != 1)
        return std::nullopt;
    const std::uint64_t items = halfAt(head, objectHead);
    return Text {{array + arrayHead, holds == Holds::Characters ? items * 2 : items}, width};
}

} // namespace coredact::hotspot
