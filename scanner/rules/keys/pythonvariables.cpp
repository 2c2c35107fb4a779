// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/pythonvariables.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/pythonobjects.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

enum Kind : std::uint8_t {
    Names, ///< a tuple that has the name
    Code311, ///< code that has it; of 3.11, 3.12 or 3.13, and up to 3.10
    Code312,
    OldCode,
    ClassKeys, ///< the keys of a dict, of which the value tells of an item of named tuples
    ClassDict, ///< the dict of such a class
    TupleClass, ///< the class, or (where the count is set) one below it
    Context, ///< a variable of contexts
};

// Where a code object has its names.
constexpr std::size_t namesInCode = 96;
constexpr std::array<std::size_t, 3> namesInOldCode {72, 80, 88}; ///< local, free, cells

constexpr std::size_t dictInClass = 264;
constexpr std::size_t mostNames = 255; ///< in a tuple that is looked at
constexpr std::uint64_t lowestPointer = 4096;

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::uint32_t halfAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

bool isPointer(std::uint64_t word)
{
    return word % 8 == 0 && word >= lowestPointer && word >> 48 == 0;
}

bool isCount(std::uint64_t word) { return word != 0 && word >> 32 == 0; }

/// Count, type, how many; the items are pointers, so the first word that is none is that number.
void addTuple(ByteView bytes, std::size_t at, std::uint64_t place, std::uint64_t name,
              TableTrail& trail)
{
    constexpr std::size_t head = 24;
    const std::size_t context = std::min(at, entryContext);
    std::size_t number = 0;
    while (head + 8 * number <= context && isPointer(wordAt(bytes, at - 8 * (number + 1))))
        ++number;
    if (head + 8 * number > context)
        return;
    const std::size_t tuple = at - head - 8 * number;
    const std::uint64_t count = wordAt(bytes, tuple + 16);
    if (count <= number || count > mostNames || !isPointer(wordAt(bytes, tuple + 8))
        || !isCount(wordAt(bytes, tuple) & 0xffffffff))
        return;
    trail.addLead(
        place - head - 8 * number,
        {Names, name, 0, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(count)});
}

/// Since 3.11: flags, counts, names, kinds of the names: as many bytes as there are names.
void followNamesToCode(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                       TableTrail& trail)
{
    const std::uint64_t code = place - namesInCode;
    std::array<std::uint8_t, 112> head {};
    if (code > place || !memory.read(code, head)
        || pythonWord(memory, wordAt(head, 104) + 16) != lead.count)
        return;
    TableLead next = lead;
    if (halfAt(head, 76) == lead.count)
        next.kind = Code311;
    else if (halfAt(head, 72) == lead.count)
        next.kind = Code312;
    else
        return;
    trail.addLead(code, next);
}

/// Up to 3.10: the values stand in the order of the local names, the cells, the free ones.
void followNamesToOldCode(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                          TableTrail& trail)
{
    for (const std::size_t offset : namesInOldCode) {
        const std::uint64_t code = place - offset;
        std::array<std::uint8_t, 96> head {};
        if (code > place || !memory.read(code, head))
            continue;
        std::array<std::uint64_t, 3> sizes {};
        for (std::size_t i = 0; i < sizes.size(); ++i)
            sizes[i] = tupleSize(memory, wordAt(head, namesInOldCode[i])).value_or(mostNames + 1);
        const auto& [locals, free, cells] = sizes;
        if (locals != halfAt(head, 28) || std::max({locals, free, cells}) > mostNames)
            continue;
        const std::array<std::uint64_t, 3> before {0, locals + cells, locals};
        const auto which = static_cast<std::size_t>(
            std::find(namesInOldCode.begin(), namesInOldCode.end(), offset)
            - namesInOldCode.begin());
        trail.addLead(code,
                      {OldCode, lead.name, 0,
                       static_cast<std::uint32_t>(before[which] + lead.number),
                       static_cast<std::uint32_t>(locals + free + cells)});
    }
}

/// A name and its value, as the items of a dict are had. A str that the program's code has for a
/// name of its own is none.
void followPair(const MemoryReader& memory, std::uint64_t tuple, const TableLead& lead,
                TableTrail& trail)
{
    constexpr std::uint64_t interned = 3;
    if (lead.count != 2 || lead.number != 0)
        return;
    const auto value = tupleItem(memory, tuple, 1);
    const auto state = value ? pythonWord(memory, *value + pythonSign.at) : std::nullopt;
    if (state && (*state & interned) == 0)
        trail.addValue(*value, lead.name);
}

void addValueAt(const MemoryReader& memory, std::uint64_t address, const TableLead& lead,
                TableTrail& trail)
{
    if (const auto value = pythonWord(memory, address); value && isPointer(*value))
        trail.addValue(*value, lead.name);
}

/// What a function has: the values that its code has as free variables, in cells, and those of the
/// last of its arguments.
struct FunctionParts {
    std::uint64_t closure = 0; ///< where the pointer to it stands
    std::uint64_t defaults = 0;
    std::uint64_t free = 0;
    std::uint64_t arguments = 0;
};
void followFunction(const MemoryReader& memory, const FunctionParts& parts, const TableLead& lead,
                    TableTrail& trail)
{
    const std::uint64_t firstFree = lead.count - parts.free;
    if (parts.free != 0 && lead.number >= firstFree && parts.free <= lead.count)
        if (const auto closure = pythonWord(memory, parts.closure))
            if (tupleSize(memory, *closure) == parts.free)
                addValueAt(memory, *closure + 24 + 8 * (lead.number - firstFree), lead, trail);
    if (lead.number >= parts.arguments)
        return;
    const auto defaults = pythonWord(memory, parts.defaults);
    const auto size = defaults ? tupleSize(memory, *defaults) : std::nullopt;
    if (size && *size <= parts.arguments && lead.number >= parts.arguments - *size)
        addValueAt(memory, *defaults + 24 + 8 * (lead.number - (parts.arguments - *size)), lead,
                   trail);
}

/// Since 3.11. A call: the function (since 3.12 behind the code), what it sees, the code, ...; the
/// values. A function: ..., the code, defaults of arguments and of those by name, closure.
void followCode(const MemoryReader& memory, std::uint64_t place, std::uint64_t code,
                const TableLead& lead, TableTrail& trail)
{
    constexpr std::size_t codeInFunction = 48;
    const bool is311 = lead.kind == Code311;
    const auto function = pythonWord(memory, is311 ? place - 32 : place + 16);
    if (function && pythonWord(memory, *function + codeInFunction) == code)
        addValueAt(memory, place + (is311 ? 40 : 72) + std::uint64_t {8} * lead.number, lead,
                   trail);
    std::array<std::uint8_t, 96> head {};
    if (memory.read(code, head))
        followFunction(
            memory,
            {place + 24, place + 8, halfAt(head, is311 ? 92 : 88), halfAt(head, is311 ? 56 : 52)},
            lead, trail);
}

/// Up to 3.10. A call: one that it returns to, the code, what it sees, where its values end, ...;
/// the values. In functions the code comes first up to 3.9.
void followOldCode(const MemoryReader& memory, std::uint64_t place, std::uint64_t code,
                   const TableLead& lead, TableTrail& trail)
{
    constexpr std::uint64_t leastHead = 312; ///< from the code to the values
    constexpr std::uint64_t mostHead = 344;
    if (const auto end = pythonWord(memory, place + 32)) {
        const std::uint64_t values = *end - std::uint64_t {8} * lead.count;
        if (values % 8 == 0 && values - place >= leastHead && values - place <= mostHead)
            addValueAt(memory, values + std::uint64_t {8} * lead.number, lead, trail);
    }
    std::array<std::uint8_t, 96> head {};
    const auto free = memory.read(code, head) ? tupleSize(memory, wordAt(head, namesInOldCode[1]))
                                              : std::nullopt;
    if (!free)
        return;
    const std::uint32_t arguments = halfAt(head, 16);
    followFunction(memory, {place + 32, place + 16, *free, arguments}, lead, trail);
    followFunction(memory, {place + 24, place + 8, *free, arguments}, lead, trail);
}

/// The number of the item that `value` tells of, where it is what the class of a named tuple has
/// for each name: count, type, number of the item, what is said of it.
std::optional<std::uint32_t> itemToldBy(const MemoryReader& memory, std::uint64_t value)
{
    const auto number = pythonWord(memory, value + 16);
    if (!number || *number > mostNames)
        return std::nullopt;
    const auto type = pythonWord(memory, value + 8);
    const auto kind = type ? pythonTypeAt(memory, *type) : std::nullopt;
    if (!kind || kind->size != 32 || kind->item != 0)
        return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

/// The dict of such a class: count, type, how many, version, keys, and no values apart.
void followKeysToDict(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                      TableTrail& trail)
{
    if (pythonWord(memory, place + 8) == 0)
        trail.addLead(place - 32, {ClassDict, lead.name, 0, lead.number, 0});
}

bool isTupleClass(const MemoryReader& memory, std::uint64_t type)
{
    const auto kind = pythonTypeAt(memory, type);
    return kind && kind->has(PythonType::isTuple | PythonType::madeAtRunTime);
}

/// A tuple of the class, or a class below it.
void followTupleClass(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                      TableTrail& trail)
{
    constexpr std::size_t baseInClass = 256;
    const auto size = pythonWord(memory, place + 8);
    if (size && lead.number < *size && *size <= mostNames)
        addValueAt(memory, place + 16 + std::uint64_t {8} * lead.number, lead, trail);
    if (lead.count == 0 && isTupleClass(memory, place - baseInClass))
        trail.addLead(place - baseInClass, {TupleClass, lead.name, 0, lead.number, 1});
}

/// Count, type, name, what stands for a value that was not set, the value that was used last.
/// Besides, contexts have variables and their values by turns.
void followContextVariable(const MemoryReader& memory, std::uint64_t place, std::uint64_t address,
                           const TableLead& lead, TableTrail& trail)
{
    constexpr std::uint64_t size = 64;
    const auto type = pythonWord(memory, address + 8);
    const auto kind = type ? pythonTypeAt(memory, *type) : std::nullopt;
    if (!kind || kind->size != size || kind->item != 0)
        return;
    for (const std::uint64_t at : {address + 24, address + 32, place + 8})
        addValueAt(memory, at, lead, trail);
}

} // namespace

void addPythonLeads(const MemoryReader& memory, ByteView bytes, std::size_t at, std::uint64_t place,
                    std::uint64_t name, std::uint64_t nameHash, TableTrail& trail)
{
    addTuple(bytes, at, place, name, trail);
    // A program may have millions of dicts with the name, of which few are classes'.
    if (const auto keys = pythonKeysBefore(bytes, at, nameHash);
        keys && isPointer(wordAt(bytes, at + 8)))
        if (const auto number = itemToldBy(memory, wordAt(bytes, at + 8)))
            trail.addLead(place - *keys, {ClassKeys, name, 0, *number, 0});
    constexpr std::uint64_t mostThreads = std::uint64_t {1} << 32;
    if (isCount(wordAt(bytes, at - 16)) && isPointer(wordAt(bytes, at - 8))
        && wordAt(bytes, at + 24) < mostThreads)
        trail.addLead(place - 16, {Context, name, 0, 0, 0});
}

void followPythonLead(const MemoryReader& memory, std::uint64_t place, std::uint64_t address,
                      const TableLead& lead, TableTrail& trail)
{
    switch (lead.kind) {
    case Names:
        if (tupleSize(memory, address) != lead.count)
            break;
        followPair(memory, address, lead, trail);
        followNamesToCode(memory, place, lead, trail);
        followNamesToOldCode(memory, place, lead, trail);
        break;
    case Code311:
    case Code312:
        followCode(memory, place, address, lead, trail);
        break;
    case OldCode:
        followOldCode(memory, place, address, lead, trail);
        break;
    case ClassKeys:
        followKeysToDict(memory, place, lead, trail);
        break;
    case ClassDict:
        if (isTupleClass(memory, place - dictInClass))
            trail.addLead(place - dictInClass, {TupleClass, lead.name, 0, lead.number, 0});
        break;
    case TupleClass:
        followTupleClass(memory, place, lead, trail);
        break;
    default:
        followContextVariable(memory, place, address, lead, trail);
    }
}

/// Count; powers of two of the slots and of the bytes of their numbers; kind (of str only); free
/// entries and entries in use.
std::optional<BigKeys> bigKeysAt(ByteView bytes, std::size_t at)
{
    constexpr std::uint8_t leastSlots = 9; ///< below, entries tell by themselves
    constexpr std::uint8_t mostSlots = 15; ///< beyond, numbers take more than two bytes
    constexpr std::uint8_t ofText = 1;
    const std::uint8_t slots = bytes[at + 8];
    if (slots < leastSlots || slots > mostSlots || bytes[at + 9] != slots + 1
        || bytes[at + 10] != ofText)
        return std::nullopt;
    const std::uint64_t inUse = wordAt(bytes, at + 24);
    const std::uint64_t room = (std::uint64_t {2} << slots) / 3;
    if (inUse > room || wordAt(bytes, at + 16) != room - inUse)
        return std::nullopt;
    return BigKeys {slots, inUse};
}

std::optional<TableEntry> bigDictEntry(const MemoryReader& memory, std::uint64_t keysAt,
                                       const BigKeys& keys, const std::set<std::uint64_t>& names,
                                       std::uint64_t nameHash)
{
    constexpr std::size_t mostSteps = 64;
    const std::uint64_t mask = (std::uint64_t {1} << keys.slots) - 1;
    const std::uint64_t numbers = keysAt + 32;
    const std::uint64_t entries = numbers + (std::uint64_t {2} << keys.slots);
    std::uint64_t slot = nameHash & mask;
    std::uint64_t rest = nameHash;
    for (std::size_t step = 0; step < mostSteps; ++step) {
        std::array<std::uint8_t, 2> number {};
        std::array<std::uint8_t, 16> entry {};
        if (!memory.read(numbers + 2 * slot, number))
            return std::nullopt;
        const auto index = littleWord<std::uint16_t>(number.data());
        if (index == 0xffff)
            return std::nullopt;
        if (index < keys.inUse && memory.read(entries + std::uint64_t {16} * index, entry)
            && names.contains(wordAt(entry, 0)))
            return TableEntry {wordAt(entry, 8), wordAt(entry, 0)};
        rest >>= 5;
        slot = (slot * 5 + rest + 1) & mask;
    }
    return std::nullopt;
}

} // namespace coredact
