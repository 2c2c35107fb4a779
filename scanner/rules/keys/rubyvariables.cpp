// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/rubyvariables.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

enum Kind : std::uint8_t {
    Number, ///< of a symbol, with what kind of name it is
    Serial, ///< the same without
    Symbol,
    Class, ///< of objects with a value of that number
    Apart, ///< an object that has its values apart, at `value`
    StructClass,
    Locals, ///< numbers of the local names of some code, by their beginning
    Body, ///< of that code
    Code,
};

// What kind of name a symbol's number is of; its lowest bit is set where the program's own text has
// the name.
constexpr std::uint64_t scopeMask = 0xe;
constexpr std::uint64_t localScope = 0;
constexpr std::uint64_t globalScope = 6;
constexpr std::uint64_t constantScope = 10;
constexpr unsigned scopeBits = 4;
constexpr unsigned symbolBits = 8;
constexpr std::uint64_t ownSymbol = 0xc;

// Types of objects, by the lowest bits of their flags.
constexpr std::uint64_t typeMask = 0x1f;
constexpr std::uint64_t objectType = 1;
constexpr std::uint64_t classType = 2;
constexpr std::uint64_t stringType = 5;
constexpr std::uint64_t arrayType = 7;
constexpr std::uint64_t structType = 9;
constexpr std::uint64_t innerType = 0x1a;
constexpr unsigned innerKindBits = 12; ///< before the kind of an inner object
constexpr std::uint64_t environment = 0;
constexpr std::uint64_t code = 7;

constexpr std::uint64_t inObject = 1 << 13; ///< values of objects and arrays stand in them
constexpr std::uint64_t hasValuesApart = 1 << 10;
constexpr std::size_t mostInObject = 3;
constexpr unsigned structSizeBits = 13; ///< before the size of a Struct that has its values in it
constexpr unsigned arraySizeBits = 15;
constexpr std::uint64_t sizeMask = 3;
constexpr std::uint64_t mostValues = 256; ///< of an object
constexpr std::uint64_t lowestPointer = 4096;

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::uint64_t wordIn(const MemoryReader& memory, std::uint64_t address)
{
    std::array<std::uint8_t, 8> bytes {};
    return memory.read(address, bytes) ? wordAt(bytes, 0) : 0;
}

bool isPointer(std::uint64_t word)
{
    return word % 8 == 0 && word >= lowestPointer && word >> 48 == 0;
}

bool hasType(std::uint64_t flags, std::uint64_t type) { return (flags & typeMask) == type; }

bool isInner(std::uint64_t flags, std::uint64_t kind)
{
    return hasType(flags, innerType) && (flags >> innerKindBits & 0xf) == kind;
}

void addValueAt(const MemoryReader& memory, std::uint64_t address, const TableLead& lead,
                TableTrail& trail)
{
    if (const std::uint64_t value = wordIn(memory, address); isPointer(value))
        trail.addValue(value, lead.name);
}

/// A table of numbers: hash, number, what it stands for: the value itself, in the tables of
/// classes; in those of their objects' variables, which of the values it is, a serial number, the
/// class.
void followEntry(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                 TableTrail& trail)
{
    const std::uint64_t found = wordIn(memory, place + 8);
    if (!isPointer(found))
        return;
    trail.addValue(found, lead.name);
    const std::uint64_t number = wordIn(memory, found) & 0xffffffff;
    const std::uint64_t type = wordIn(memory, found + 16);
    if (number < mostValues && isPointer(type) && hasType(wordIn(memory, type), classType))
        trail.addLead(type, {Class, lead.name, 0, static_cast<std::uint32_t>(number), 0});
}

/// The numbers of a method's local names stand in one block. Where that begins is not said: up to
/// here there are such numbers from there on.
void followLocal(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                 TableTrail& trail)
{
    constexpr std::uint32_t mostLocals = 32;
    constexpr std::uint64_t highest = std::uint64_t {1} << 40;
    constexpr std::uint64_t alignment = 16;
    std::uint64_t begin = place;
    for (std::uint32_t number = 0; number < mostLocals; ++number, begin -= 8) {
        const std::uint64_t word = wordIn(memory, begin);
        if (word % 2 == 0 || word >= highest)
            return;
        if (begin % alignment == 0)
            trail.addLead(begin, {Locals, lead.name, 0, number, 0});
    }
}

/// A table by serial numbers: number, value, or what has it: a constant's flags and line, value,
/// file; a global variable and its number, where the variable has counts and the value.
void followSerial(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                  TableTrail& trail)
{
    constexpr std::uint64_t nothing = 8;
    const std::uint64_t found = wordIn(memory, place + 8);
    if (!isPointer(found))
        return;
    const std::uint64_t file = wordIn(memory, found + 16);
    if (file == 0 || file == nothing
        || (isPointer(file) && hasType(wordIn(memory, file), stringType)))
        addValueAt(memory, found + 8, lead, trail);
    if (wordIn(memory, found + 8) == lead.value)
        addValueAt(memory, wordIn(memory, found) + 8, lead, trail);
}

/// A pair in an array: flags, class, a symbol, its value.
void followSymbol(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                  TableTrail& trail)
{
    const std::uint64_t flags = wordIn(memory, place - 16);
    if (hasType(flags, arrayType) && (flags & inObject) != 0
        && (flags >> arraySizeBits & sizeMask) == 2)
        addValueAt(memory, place + 8, lead, trail);
}

/// An object: flags, class, values; or how many there are and where, which is not in the object
/// where it is none of a class of the program's.
void followClass(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                 TableTrail& trail)
{
    const std::uint64_t object = place - 8;
    const std::uint64_t flags = wordIn(memory, object);
    const std::uint64_t offset = std::uint64_t {8} * lead.number;
    if (!hasType(flags, objectType)) {
        if ((flags & hasValuesApart) != 0)
            trail.addLead(object, {Apart, lead.name, 0, lead.number, 0});
    } else if ((flags & inObject) != 0) {
        if (lead.number < mostInObject)
            addValueAt(memory, object + 16 + offset, lead, trail);
    } else if (lead.number < (wordIn(memory, object + 16) & 0xffffffff)) {
        addValueAt(memory, wordIn(memory, object + 24) + offset, lead, trail);
    }
}

/// In a table by objects: how many values there are, values.
void followApart(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                 TableTrail& trail)
{
    const std::uint64_t values = wordIn(memory, place + 8);
    const std::uint64_t count = wordIn(memory, values) & 0xffffffff;
    if (isPointer(values) && lead.number < count && count < mostValues)
        addValueAt(memory, values + 8 + std::uint64_t {8} * lead.number, lead, trail);
}

/// A Struct: flags (which have its size), class, values; or how many and where.
void followStruct(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                  TableTrail& trail)
{
    const std::uint64_t object = place - 8;
    const std::uint64_t flags = wordIn(memory, object);
    const std::uint64_t offset = std::uint64_t {8} * lead.number;
    if (!hasType(flags, structType))
        return;
    const std::uint64_t size = flags >> structSizeBits & sizeMask;
    if (size != 0 && lead.number < size)
        addValueAt(memory, object + 16 + offset, lead, trail);
    else if (size == 0 && lead.number < wordIn(memory, object + 16))
        addValueAt(memory, wordIn(memory, object + 24) + offset, lead, trail);
}

/// What a method's code is: much else, where its local names are, how many.
void followLocals(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                  TableTrail& trail)
{
    constexpr std::uint64_t localsInBody = 152;
    constexpr std::uint64_t countInBody = 240;
    const std::uint64_t body = place - localsInBody;
    const std::uint64_t count = wordIn(memory, body + countInBody) & 0xffffffff;
    if (lead.number < count && count < mostValues)
        trail.addLead(body, {Body, lead.name, 0, lead.number, static_cast<std::uint32_t>(count)});
}

/// A call has where its code goes on, its stack, the code, self, where its values end; what
/// outlives one: flags, the code, where the values end. Three words stand behind the last value.
void followCode(const MemoryReader& memory, std::uint64_t place, const TableLead& lead,
                TableTrail& trail)
{
    const std::uint64_t before = std::uint64_t {8} * (lead.count - lead.number + 2);
    const bool outlives = isInner(wordIn(memory, place - 8), environment);
    if (const std::uint64_t end = wordIn(memory, place + (outlives ? 8 : 16)); isPointer(end))
        addValueAt(memory, end - before, lead, trail);
}

/// The symbols of an array: flags (which have its size), class, items; or how many, room, where.
std::vector<std::uint64_t> itemsOf(const MemoryReader& memory, std::uint64_t array)
{
    const std::uint64_t flags = wordIn(memory, array);
    if (!isPointer(array) || !hasType(flags, arrayType))
        return {};
    const bool isSmall = (flags & inObject) != 0;
    const std::uint64_t size
        = isSmall ? flags >> arraySizeBits & sizeMask : wordIn(memory, array + 16);
    const std::uint64_t begin = isSmall ? array + 16 : wordIn(memory, array + 32);
    std::vector<std::uint64_t> items;
    for (std::uint64_t i = 0; i < std::min(size, mostValues); ++i)
        items.push_back(wordIn(memory, begin + 8 * i));
    return items;
}

/// A class has what is above it and more of itself, in which its table of values is second; that
/// has counts and, at last, its entries, of three words.
std::vector<std::uint64_t> valuesOfClass(const MemoryReader& memory, std::uint64_t type)
{
    constexpr std::uint64_t entriesInTable = 48;
    constexpr std::uint64_t boundInTable = 40;
    constexpr std::uint64_t most = 64;
    const std::uint64_t table = wordIn(memory, wordIn(memory, type + 24) + 8);
    const std::uint64_t entries = wordIn(memory, table + entriesInTable);
    std::vector<std::uint64_t> values;
    if (isPointer(table) && isPointer(entries))
        for (std::uint64_t i = 0; i < std::min(wordIn(memory, table + boundInTable), most); ++i)
            values.push_back(wordIn(memory, entries + 24 * i + 16));
    return values;
}

} // namespace

void addRubyLeads(ByteView bytes, std::size_t at, std::optional<std::uint64_t> symbol,
                  std::uint64_t name, TableTrail& trail)
{
    const std::uint64_t flags = wordAt(bytes, at - 16);
    if (hasType(flags, arrayType) && (flags & inObject) != 0
        && (flags >> arraySizeBits & sizeMask) == 2 && flags >> 32 == 0)
        trail.addValue(wordAt(bytes, at + 8), name);
    if (!symbol)
        return;
    // That of a symbol that was made from a string stands behind the name.
    const bool isOwn = (*symbol & 0xff) == ownSymbol;
    const std::uint64_t number = isOwn ? *symbol >> symbolBits : wordAt(bytes, at + 8);
    trail.addLead(*symbol, {Symbol, name, 0, 0, 0});
    if (number == 0 || number >> 32 != 0)
        return;
    trail.addLead(number, {Number, name, 0, 0, 0});
    const std::uint64_t scope = number & scopeMask;
    if (scope != constantScope && scope != globalScope)
        return;
    // The half above says whether other numbers were in the way.
    const std::uint64_t serial = number >> scopeBits;
    trail.addLead(serial, {Serial, name, number, 0, 0});
    trail.addLead(serial | std::uint64_t {1} << 32, {Serial, name, number, 0, 0});
}

void followRubyLead(const MemoryReader& memory, std::uint64_t place, std::uint64_t address,
                    const TableLead& lead, TableTrail& trail)
{
    constexpr std::uint64_t bodyInCode = 16;
    switch (lead.kind) {
    case Number:
        followEntry(memory, place, lead, trail);
        if ((address & scopeMask) == localScope)
            followLocal(memory, place, lead, trail);
        break;
    case Serial:
        followSerial(memory, place, lead, trail);
        break;
    case Symbol:
        followSymbol(memory, place, lead, trail);
        break;
    case Class:
        followClass(memory, place, lead, trail);
        break;
    case Apart:
        followApart(memory, place, lead, trail);
        break;
    case StructClass:
        followStruct(memory, place, lead, trail);
        break;
    case Locals:
        followLocals(memory, place, lead, trail);
        break;
    case Body:
        if (isInner(wordIn(memory, place - bodyInCode), code))
            trail.addLead(place - bodyInCode, {Code, lead.name, 0, lead.number, lead.count});
        break;
    default:
        followCode(memory, place, lead, trail);
    }
}

std::optional<std::uint64_t> rubyStructClass(ByteView bytes, std::size_t at)
{
    constexpr std::uint64_t neverSet = ~std::uint64_t {0xefe0};
    const std::uint64_t type = wordAt(bytes, at + 8);
    return (wordAt(bytes, at) & neverSet) == structType && isPointer(type) ? std::optional(type)
                                                                           : std::nullopt;
}

void addRubyMembers(const MemoryReader& memory, std::uint64_t structClass,
                    const std::map<std::uint64_t, std::uint64_t>& symbols, TableTrail& trail)
{
    constexpr int mostAbove = 4;
    std::uint64_t type = structClass;
    for (int i = 0; i < mostAbove && hasType(wordIn(memory, type), classType); ++i) {
        for (const std::uint64_t value : valuesOfClass(memory, type)) {
            std::uint32_t number = 0;
            for (const std::uint64_t item : itemsOf(memory, value)) {
                if (const auto found = symbols.find(item); found != symbols.end())
                    trail.addLead(structClass, {StructClass, found->second, 0, number, 0});
                ++number;
            }
        }
        type = wordIn(memory, type + 16);
    }
}

} // namespace coredact
