// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/pythonattributes.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/pythonobjects.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

constexpr std::size_t mostShared = 30; ///< names in the keys of a class

// A class: its slots, among them one that points at more of itself, flags, more slots, keys.
constexpr std::size_t asyncAt = 80;
constexpr std::size_t flagsAt = 168;
constexpr std::size_t baseAt = 256;
constexpr std::size_t keysBehindAsync = 464; ///< from where the former points
constexpr std::array<std::size_t, 2> slotSizes {408, 416}; ///< in 3.11, and since 3.12
constexpr std::uint64_t valuesInObject = 1 << 2;
constexpr std::uint64_t hasValues = 1 << 4;
constexpr std::uint64_t madeAtRunTime = PythonType::madeAtRunTime;

std::uint64_t wordIn(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::optional<std::uint64_t> wordAt(const MemoryReader& memory, std::uint64_t address)
{
    return pythonWord(memory, address);
}

std::optional<std::uint64_t> pointerAt(const MemoryReader& memory, std::uint64_t address)
{
    const auto word = wordAt(memory, address);
    return word && *word != 0 && *word % 8 == 0 ? word : std::nullopt;
}

bool holds(ByteView numbers, std::uint32_t number)
{
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

/// Up to 3.12. Before the values stand, backwards: size of what stands here, how many values there
/// are, their numbers.
std::optional<std::uint64_t> valueBehindNumbers(const MemoryReader& memory, std::uint64_t values,
                                                std::uint32_t number)
{
    constexpr std::size_t room = mostShared + 2;
    std::array<std::uint8_t, room> before {};
    if (values < room || !memory.read(values - room, before))
        return std::nullopt;
    const std::size_t size = before[room - 1];
    const std::size_t used = before[room - 2];
    if (used > mostShared || size % 8 != 0 || size < used + 2
        || !holds(ByteView(before).subspan(mostShared - used, used), number))
        return std::nullopt;
    return pointerAt(memory, values + std::uint64_t {8} * number);
}

/// Since 3.13. Room, how many values there are, whether they stand in an object, whether they are
/// in use; the values; their numbers.
std::optional<std::uint64_t> valueBeforeNumbers(const MemoryReader& memory, std::uint64_t values,
                                                std::uint32_t number)
{
    std::array<std::uint8_t, 8 + 9 * mostShared> bytes {};
    const auto head = MutableByteView(bytes).first(8);
    if (!memory.read(values, head))
        return std::nullopt;
    const std::size_t room = head[0];
    const std::size_t used = head[1];
    if (room > mostShared || used > room || number >= room || head[2] > 1 || head[3] != 1)
        return std::nullopt;
    const auto all = MutableByteView(bytes).first(8 + 8 * room + used);
    if (!memory.read(values, all) || !holds(all.last(used), number))
        return std::nullopt;
    const std::uint64_t value = wordIn(all, 8 + std::size_t {8} * number);
    return value != 0 && value % 8 == 0 ? std::optional(value) : std::nullopt;
}

/// How the objects of a class that has values lead to them.
std::optional<ValuesAt> valuesOf(const MemoryReader& memory, std::uint64_t type,
                                 std::uint64_t flags)
{
    const auto async = wordAt(memory, type + asyncAt);
    if (async == type + slotSizes[0])
        return ValuesAt::Pointer;
    if (async != type + slotSizes[1])
        return std::nullopt;
    return (flags & valuesInObject) != 0 ? ValuesAt::Object : ValuesAt::MarkedPointer;
}

} // namespace

std::optional<PythonClass> classWithKeysAt(const MemoryReader& memory, std::uint64_t place)
{
    for (const std::size_t slots : slotSizes) {
        const std::uint64_t type = place - slots - keysBehindAsync;
        if (type > place || wordAt(memory, type + asyncAt) != type + slots)
            continue;
        const auto flags = wordAt(memory, type + flagsAt);
        constexpr std::uint64_t needed = hasValues | madeAtRunTime;
        if (flags && (*flags & needed) == needed)
            if (const auto values = valuesOf(memory, type, *flags))
                return PythonClass {type, *values};
    }
    return std::nullopt;
}

std::optional<std::uint64_t> sharingDictValue(const MemoryReader& memory, std::uint64_t place,
                                              std::uint32_t number, bool valuesAlone)
{
    const auto values = pointerAt(memory, place + 8);
    if (!values)
        return std::nullopt;
    if (valuesAlone)
        return pointerAt(memory, *values + std::uint64_t {8} * number);
    const auto value = valueBehindNumbers(memory, *values, number);
    return value ? value : valueBeforeNumbers(memory, *values, number);
}

std::optional<std::uint64_t> objectValue(const MemoryReader& memory, std::uint64_t place,
                                         ValuesAt values, std::uint32_t number)
{
    const std::uint64_t object = place - 8;
    if (values == ValuesAt::Object)
        return valueBeforeNumbers(memory, object + 16, number);
    if (values == ValuesAt::Pointer) {
        const auto at = pointerAt(memory, object - 32);
        return at ? valueBehindNumbers(memory, *at, number) : std::nullopt;
    }
    const auto marked = wordAt(memory, object - 24);
    return marked && *marked % 8 == 7 ? valueBehindNumbers(memory, *marked + 1, number)
                                      : std::nullopt;
}

/// Count, type, class, name, qualified name, member; the members stand behind the class.
std::optional<PythonSlot> slotNamedAt(ByteView bytes, std::size_t at)
{
    constexpr std::uint64_t leastType = 400;
    constexpr std::uint64_t widestType = std::uint64_t {1} << 16;
    const PythonSlot slot {wordIn(bytes, at - 8), wordIn(bytes, at + 16)};
    const bool fits = slot.type != 0 && slot.type % 8 == 0 && slot.member % 8 == 0
        && slot.member - slot.type - leastType < widestType;
    return fits ? std::optional(slot) : std::nullopt;
}

/// Name, kind, offset, flags.
std::optional<std::uint32_t> slotOffset(const MemoryReader& memory, const PythonSlot& slot)
{
    constexpr std::uint64_t objectKind = 16;
    constexpr std::uint64_t widestObject = 4096;
    std::array<std::uint8_t, 32> member {};
    if (!memory.read(slot.member, member)
        || littleWord<std::uint32_t>(member.data() + 8) != objectKind)
        return std::nullopt;
    const std::uint64_t offset = wordIn(member, 16);
    return offset >= 16 && offset < widestObject && offset % 8 == 0
        ? std::optional(static_cast<std::uint32_t>(offset))
        : std::nullopt;
}

std::optional<std::uint64_t> classBelow(const MemoryReader& memory, std::uint64_t place)
{
    const std::uint64_t type = place - baseAt;
    const auto flags = wordAt(memory, type + flagsAt);
    return type < place && flags && (*flags & madeAtRunTime) != 0 ? std::optional(type)
                                                                  : std::nullopt;
}

std::optional<std::uint64_t> slotValue(const MemoryReader& memory, std::uint64_t place,
                                       std::uint32_t offset)
{
    return pointerAt(memory, place - 8 + offset);
}

std::vector<std::uint64_t> heldValues(const MemoryReader& memory, std::uint64_t object,
                                      std::uint64_t type)
{
    constexpr std::size_t mostHeld = 3;
    constexpr std::uint64_t head = 16;
    const auto kind = pythonTypeAt(memory, type);
    if (!kind)
        return {};
    std::vector<std::uint64_t> held;
    const bool isCell = kind->size == head + 8 && kind->item == 0;
    const bool isSmall = kind->has(PythonType::madeAtRunTime) && !kind->has(hasValues)
        && kind->item == 0 && kind->size <= head + 8 * mostHeld;
    if (isCell || isSmall)
        for (std::uint64_t at = head; at < kind->size; at += 8)
            if (const auto value = pointerAt(memory, object + at))
                held.push_back(*value);
    if (!kind->has(PythonType::madeAtRunTime | hasValues))
        return held;
    const auto values = valuesOf(memory, type, kind->flags);
    for (std::uint32_t number = 0; values && number <= mostHeld; ++number)
        if (const auto value = objectValue(memory, object + 8, *values, number))
            held.push_back(*value);
    return held.size() <= mostHeld ? held : std::vector<std::uint64_t> {};
}

} // namespace coredact
