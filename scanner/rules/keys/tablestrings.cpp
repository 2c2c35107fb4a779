// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/tablestrings.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/collectedstrings.h"
#include "scanner/rules/keys/pythonobjects.h"
#include "scanner/rules/keys/pythonvariables.h"
#include "scanner/rules/keys/rubyvariables.h"

#include <algorithm>
#include <array>

namespace coredact {

namespace {

std::uint64_t wordAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint64_t>(bytes.data() + at);
}

std::uint32_t halfAt(ByteView bytes, std::size_t at)
{
    return littleWord<std::uint32_t>(bytes.data() + at);
}

constexpr std::size_t dictHeader = 32; ///< of Python's keys of a dict

bool isAnyEntry(ByteView, std::size_t, ByteView) { return true; }

/// Whether the keys of a dict, of which `bytes` are the first, lead from this hash to this entry.
/// They have 1 << `slots` numbers of entries by hash, of one byte each.
bool leadsTo(ByteView keys, std::size_t slots, std::size_t number, std::uint64_t hash,
             std::size_t header = dictHeader)
{
    const std::size_t mask = (std::size_t {1} << slots) - 1;
    std::size_t slot = static_cast<std::size_t>(hash) & mask;
    // As soon as nothing is left of the hash, each slot comes once.
    for (std::uint64_t rest = hash, step = 0; step < 16 + mask; ++step) {
        if (keys[header + slot] == number)
            return true;
        rest >>= 5;
        slot = (slot * 5 + static_cast<std::size_t>(rest) + 1) & mask;
    }
    return false;
}

/// Whether the keys of a dict, of which `bytes` are the first, have the entry with this number for
/// a name with this hash. The keys: count, sizes as powers of two, kind, free entries, entries in
/// use, numbers of entries by hash, entries.
bool holdsEntry(ByteView keys, std::size_t number, std::uint64_t hash)
{
    constexpr std::uint8_t mostSlots = 8; ///< beyond them a number takes more than one byte
    const std::uint8_t slots = keys[8];
    if (slots < 3 || slots > mostSlots || keys[9] != slots || keys[10] < 1 || keys[10] > 2)
        return false;
    const std::uint64_t inUse = wordAt(keys, 24);
    const std::uint64_t room = (std::uint64_t {2} << slots) / 3;
    if (number >= inUse || inUse > room || wordAt(keys, 16) + inUse != room)
        return false;
    return leadsTo(keys, slots, number, hash);
}

/// Since 3.11 the entries of most dicts are a name and a value, which the items of any tuple look
/// like; so the keys are looked for that they stand in. Earlier ones have the hash before them.
bool isPythonEntry(ByteView bytes, std::size_t at, ByteView nameHeader)
{
    const std::uint64_t hash = wordAt(nameHeader, 24);
    return wordAt(bytes, at - 8) == hash || pythonKeysBefore(bytes, at, hash);
}

/// Up to 3.10 keys that are shared are those of any dict: count, slots, a function, free entries,
/// entries in use, numbers by hash, entries of a hash, a name and nothing.
std::optional<SharedName> oldSharedName(ByteView bytes, std::size_t at, std::uint64_t hash)
{
    constexpr std::size_t fixed = 40;
    constexpr std::size_t entry = 24;
    for (std::size_t slots = 3; slots <= 6; ++slots) {
        const std::size_t header = fixed + (std::size_t {1} << slots) + 8;
        const std::size_t room = (std::size_t {2} << slots) / 3;
        for (std::size_t number = 0; number < room && header + entry * number <= at; ++number) {
            const std::size_t before = header + entry * number;
            const ByteView keys = bytes.subspan(at - before);
            const std::uint64_t inUse = wordAt(keys, 32);
            if (wordAt(keys, 8) == std::size_t {1} << slots && number < inUse && inUse <= room
                && wordAt(keys, 24) <= room - inUse && leadsTo(keys, slots, number, hash, fixed))
                return SharedName {before, static_cast<std::uint32_t>(number), true};
        }
    }
    return std::nullopt;
}

/// Since 3.11 a class has keys of 64 slots for at most 30 names, which its objects share; the
/// entries have no values. Of what is free some is given up with each object.
std::optional<SharedName> sharedPythonName(ByteView bytes, std::size_t at, ByteView nameHeader)
{
    constexpr std::uint8_t slots = 6;
    constexpr std::uint8_t shared = 2;
    constexpr std::size_t mostNames = 30;
    constexpr std::size_t header = dictHeader + (std::size_t {1} << slots);
    if (wordAt(bytes, at + 8) != 0)
        return std::nullopt;
    if (wordAt(bytes, at - 8) == wordAt(nameHeader, 24))
        return oldSharedName(bytes, at, wordAt(nameHeader, 24));
    for (std::size_t number = 0; number < mostNames && header + 16 * number <= at; ++number) {
        const std::size_t before = header + 16 * number;
        const ByteView keys = bytes.subspan(at - before);
        if (keys[8] != slots || keys[9] != slots || keys[10] != shared)
            continue;
        const std::uint64_t inUse = wordAt(keys, 24);
        if (number < inUse && inUse <= mostNames && wordAt(keys, 16) <= mostNames - inUse
            && leadsTo(keys, slots, number, wordAt(nameHeader, 24)))
            return SharedName {before, static_cast<std::uint32_t>(number)};
    }
    return std::nullopt;
}

constexpr std::uint32_t phpKindMask = 0xf;
constexpr std::uint32_t phpString = 6;

/// Count and kind, hash, length.
std::uint64_t phpSize(ByteView header)
{
    return (halfAt(header, 4) & phpKindMask) == phpString && wordAt(header, 8) != 0
        ? wordAt(header, 16)
        : 0;
}

// Kinds of values besides strings: what is passed by reference; in the table of all variables,
// where a variable of the program's main part stands; a pointer, in the table of constants to
// these.
constexpr std::uint32_t phpReference = 10;
constexpr std::uint32_t phpElsewhere = 12;
constexpr std::uint32_t phpPointer = 13;

/// Value, its type, hash of the name, name.
bool isPhpEntry(ByteView bytes, std::size_t at, ByteView nameHeader)
{
    const std::uint8_t kind = bytes[at - 16];
    return wordAt(bytes, at - 8) == wordAt(nameHeader, 8)
        && (kind == phpString || kind == phpReference || kind == phpElsewhere
            || kind == phpPointer);
}

/// In the table of a class stand pointers.
std::optional<std::uint64_t> phpPropertyIn(ByteView bytes, std::size_t at, ByteView nameHeader)
{
    const std::uint64_t place = wordAt(bytes, at - 24);
    const bool fits = wordAt(bytes, at - 8) == wordAt(nameHeader, 8) && bytes[at - 16] == phpPointer
        && place != 0 && place % 8 == 0;
    return fits ? std::optional(place) : std::nullopt;
}

/// The hash of a value may not be known yet. A reference: count and kind, value, its kind; a
/// constant or a variable begins with those.
std::optional<TextPlace> phpValue(const MemoryReader& memory, std::uint64_t address, ByteView)
{
    constexpr int mostSteps = 3;
    constexpr std::uint32_t kindBits = 0xff;
    std::array<std::uint8_t, 24> header {};
    for (int step = 0; step < mostSteps; ++step) {
        if (!memory.read(address, header))
            return std::nullopt;
        const std::uint32_t own = halfAt(header, 4) & phpKindMask;
        if (halfAt(header, 4) != 0 && own == phpString && wordAt(header, 16) != 0)
            return TextPlace {address + header.size(), wordAt(header, 16)};
        const std::size_t at = own == phpReference ? 8 : 0;
        const std::uint32_t kind = halfAt(header, at + 8) & kindBits;
        if ((kind != phpString && kind != phpReference) || halfAt(header, at + 8) > 0x3ff)
            return std::nullopt;
        address = wordAt(header, at);
    }
    return std::nullopt;
}

constexpr std::uint8_t luaShort = 0x04;
constexpr std::uint8_t luaLong = 0x14;
constexpr std::uint8_t luaCollected = 0x40; ///< besides a type, where it stands in a table

/// Link, type, mark, a byte, length of a short one, hash, length of a long one.
std::uint64_t luaSize(ByteView header) { return header[8] == luaShort ? header[11] : 0; }

/// Value and its type; the name's type stands behind that (5.4) or behind the name (5.3).
bool isLuaEntry(ByteView bytes, std::size_t at, ByteView)
{
    const std::uint8_t type = bytes[at - 8];
    return (type == (luaShort | luaCollected) || type == (luaLong | luaCollected))
        && (bytes[at - 7] == (luaShort | luaCollected)
            || bytes[at + 8] == (luaShort | luaCollected));
}

std::optional<TextPlace> luaValue(const MemoryReader& memory, std::uint64_t address, ByteView)
{
    std::array<std::uint8_t, 24> header {};
    if (!memory.read(address, header))
        return std::nullopt;
    return TextPlace {address + header.size(),
                      header[8] == luaLong ? wordAt(header, 16) : luaSize(header)};
}

/// Hash and length of a key.
std::uint64_t perlSize(ByteView header) { return halfAt(header, 0) != 0 ? halfAt(header, 4) : 0; }

/// What a scalar has besides a text of its own: a reference to another one; a list, of which the
/// first counts, as parameters of forms have it; the variable of a name, which its body leads to.
std::uint64_t perlNext(const MemoryReader& memory, ByteView scalar)
{
    constexpr std::uint32_t isReference = 0x800;
    constexpr std::uint32_t ofVariables = 9;
    constexpr std::uint32_t list = 11;
    const std::uint32_t kind = halfAt(scalar, 12) & 0xff;
    if ((halfAt(scalar, 12) & isReference) != 0)
        return wordAt(scalar, 16);
    std::array<std::uint8_t, 8> first {};
    return (kind == ofVariables || kind == list) && memory.read(wordAt(scalar, 16), first)
        ? wordAt(first, 0)
        : 0;
}

/// A scalar: body, count, flags, text; the body says how long it is.
std::optional<TextPlace> perlValue(const MemoryReader& memory, std::uint64_t address, ByteView)
{
    constexpr std::uint32_t hasText = 0x400;
    constexpr int mostSteps = 4;
    std::array<std::uint8_t, 24> scalar {};
    std::array<std::uint8_t, 24> body {};
    for (int step = 0; step < mostSteps && address != 0; ++step) {
        if (!memory.read(address, scalar))
            return std::nullopt;
        if ((halfAt(scalar, 12) & hasText) != 0)
            return memory.read(wordAt(scalar, 0), body)
                ? std::optional(TextPlace {wordAt(scalar, 16), wordAt(body, 16)})
                : std::nullopt;
        address = perlNext(memory, scalar);
    }
    return std::nullopt;
}

constexpr std::uint64_t rubyApart = std::uint64_t {1} << 13; ///< the text stands elsewhere
constexpr std::uint64_t rubyTypeMask = 0x1f;
constexpr std::uint64_t rubyString = 5;
constexpr KnownWord rubySign {0, rubyTypeMask | rubyApart | 0xffffffff00000000, rubyString};

/// Tables of up to eight entries have room for as many, in a block of malloc's, or (up to version
/// 3.2) in one of Ruby's own, of which the head tells the size as well.
bool isInSmallRubyTable(ByteView bytes, std::size_t at)
{
    constexpr std::size_t room = 8;
    constexpr std::size_t entry = 16;
    constexpr std::uint64_t block = room * entry + 16;
    constexpr std::uint64_t mallocMarks = 7;
    constexpr std::uint64_t ownMark = 0xfeab;
    for (std::size_t i = 0; i < room && i * entry + 16 <= at; ++i) {
        const std::size_t begin = at - i * entry;
        if ((wordAt(bytes, begin - 8) & ~mallocMarks) == block
            || halfAt(bytes, begin - 16) == (block << 16 | ownMark))
            return true;
    }
    return false;
}

/// The hash of the name stands before it, but in small tables.
bool isRubyEntry(ByteView bytes, std::size_t at, ByteView)
{
    const std::uint64_t high = wordAt(bytes, at - 8) >> 48;
    return (high != 0 && high != 0xffff) || isInSmallRubyTable(bytes, at);
}

constexpr std::uint64_t rubyTypeOf(std::uint64_t flags) { return flags & 0x1f; }

/// Names and symbols of the program's own stand by turns in the order of the symbols' numbers.
/// Those that were made from strings are objects: flags, class, hash, name.
std::optional<std::uint64_t> rubySymbol(ByteView bytes, std::size_t at, std::uint64_t place)
{
    constexpr std::uint64_t symbolType = 0x14;
    const auto isOwn = [](std::uint64_t word) { return (word & 0xff) == 0xc && word >> 48 == 0; };
    const auto follows = [&](std::uint64_t one, std::uint64_t next) {
        return isOwn(one) && isOwn(next) && (one >> 12) + 1 == next >> 12;
    };
    const std::uint64_t symbol = wordAt(bytes, at + 8);
    if (follows(wordAt(bytes, at - 8), symbol) || follows(symbol, wordAt(bytes, at + 24)))
        return symbol;
    return (wordAt(bytes, at - 24) & rubyTypeMask) == symbolType && wordAt(bytes, at - 16) % 8 == 0
        ? std::optional(place - 24)
        : std::nullopt;
}

bool isRubyString(ByteView header) { return (wordAt(header, 0) & rubyTypeMask) == rubyString; }

/// Flags and class; the flags hold the length, up to version 3.1.
std::uint64_t smallRubySize(ByteView header)
{
    return isRubyString(header) && wordAt(header, 8) % 8 == 0 ? wordAt(header, 0) >> 14 & 0x1f : 0;
}

/// Flags, class, length, since version 3.2.
std::uint64_t rubySize(ByteView header)
{
    return isRubyString(header) && wordAt(header, 8) % 8 == 0 ? wordAt(header, 16) : 0;
}

/// A string of the name's class; short ones are laid out as the name is.
std::optional<TextPlace> rubyText(const MemoryReader& memory, std::uint64_t address,
                                  ByteView nameHeader)
{
    std::array<std::uint8_t, 32> bytes {};
    if (!memory.read(address, bytes) || !isRubyString(bytes)
        || wordAt(bytes, 8) != wordAt(nameHeader, 8))
        return std::nullopt;
    if ((wordAt(bytes, 0) & rubyApart) != 0)
        return TextPlace {wordAt(bytes, 24), wordAt(bytes, 16)};
    return TextPlace {address + nameHeader.size(),
                      nameHeader.size() == 16 ? smallRubySize(bytes) : rubySize(bytes)};
}

/// A string, or an object that wraps one: it has few values, which stand in it.
std::optional<TextPlace> rubyValue(const MemoryReader& memory, std::uint64_t address,
                                   ByteView nameHeader)
{
    constexpr std::uint64_t wrapsFew = rubyApart | 1;
    std::array<std::uint8_t, 40> object {};
    if (const auto text = rubyText(memory, address, nameHeader))
        return text;
    if (!memory.read(address, object)
        || (wordAt(object, 0) & (rubyApart | rubyTypeMask)) != wrapsFew)
        return std::nullopt;
    for (std::size_t at = 16; at < object.size(); at += 8)
        if (const auto text = rubyText(memory, wordAt(object, at), nameHeader))
            return text;
    return std::nullopt;
}

} // namespace

std::optional<std::size_t> pythonKeysBefore(ByteView bytes, std::size_t at, std::uint64_t hash)
{
    const std::size_t context = std::min(at, entryContext);
    for (std::size_t slots = 3; slots <= 8; ++slots) {
        const std::size_t header = dictHeader + (std::size_t {1} << slots);
        const std::size_t room = (std::size_t {2} << slots) / 3;
        for (std::size_t number = 0; number < room && header + 16 * number <= context; ++number) {
            const std::size_t before = header + 16 * number;
            if (bytes[at - before + 8] == slots
                && holdsEntry(bytes.subspan(at - before), number, hash))
                return before;
        }
    }
    return std::nullopt;
}

bool MemoryReader::read(std::uint64_t address, MutableByteView target) const
{
    const auto got = m_memory.read(m_source, address, target);
    return got && *got == target.size();
}

std::span<const TableLayout> tableLayouts()
{
    constexpr KnownWord phpSign {0, std::uint64_t {phpKindMask} << 32,
                                 std::uint64_t {phpString} << 32};
    // A length of less than 64.
    constexpr KnownWord shortHalf {0, std::uint64_t {0xffffffc0} << 32, 0};
    constexpr KnownWord luaSign {8, 0xc00000ff, luaShort};
    static constexpr std::array layouts {
        TableLayout {"Python", "python", 48, pythonSign, oldPythonSize, 8, isPythonEntry,
                     pythonText, sharedPythonName, nullptr, nullptr, followPythonLead},
        TableLayout {"Python", "python", 40, pythonSign, pythonSize, 8, isPythonEntry, pythonText,
                     sharedPythonName, nullptr, nullptr, followPythonLead},
        TableLayout {"Python", "python", pythonBytesHeader, pythonBytesSign, pythonBytesSize, 8,
                     isPythonEntry, pythonText, sharedPythonName, nullptr, nullptr,
                     followPythonLead},
        TableLayout {"PHP", "php", 24, phpSign, phpSize, -24, isPhpEntry, phpValue, nullptr,
                     nullptr, phpPropertyIn},
        TableLayout {"Lua", "lua", 24, luaSign, luaSize, -16, isLuaEntry, luaValue},
        TableLayout {"Perl", "perl", 8, shortHalf, perlSize, 8, isAnyEntry, perlValue},
        TableLayout {"Ruby", "ruby", 16, rubySign, smallRubySize, 8, isRubyEntry, rubyValue,
                     nullptr, rubySymbol, nullptr, followRubyLead},
        TableLayout {"Ruby", "ruby", 24, rubySign, rubySize, 8, isRubyEntry, rubyValue, nullptr,
                     rubySymbol, nullptr, followRubyLead},
        TableLayout {"OCaml", "", 8, ocamlSign, ocamlSize, 8, isOcamlEntry, ocamlValue, nullptr,
                     nullptr, nullptr, nullptr, 1, 8},
        TableLayout {"Mono", "mono", 20, monoSign, monoSize, 8, isMonoEntry, monoValue, nullptr,
                     nullptr, nullptr, nullptr, 2},
        TableLayout {"Guile", "guile", 16, guileSign, guileSize, 8, isGuilePair, guileValue,
                     nullptr, guileObject},
    };
    return layouts;
}

/// Offset, flags, name, comment, attributes, class.
std::optional<PhpProperty> phpPropertyAt(const MemoryReader& memory, std::uint64_t place)
{
    constexpr std::uint32_t isStatic = 1 << 4;
    constexpr std::uint32_t head = 40; // of an object
    constexpr std::uint32_t each = 16;
    constexpr std::uint32_t widestObject = 4096;
    std::array<std::uint8_t, 40> property {};
    if (!memory.read(place, property))
        return std::nullopt;
    const PhpProperty found {wordAt(property, 32), halfAt(property, 0)};
    const bool fits = (halfAt(property, 4) & isStatic) == 0 && found.offset >= head
        && found.offset < widestObject && (found.offset - head) % each == 0 && found.type != 0
        && found.type % 8 == 0;
    return fits ? std::optional(found) : std::nullopt;
}

/// Kind, name, the class above.
std::optional<std::uint64_t> phpClassBelow(const MemoryReader& memory, std::uint64_t place)
{
    constexpr std::uint64_t aboveIn = 16;
    constexpr std::uint8_t ofProgram = 2;
    std::array<std::uint8_t, 16> type {};
    std::array<std::uint8_t, 8> name {};
    if (place < aboveIn || !memory.read(place - aboveIn, type) || type[0] != ofProgram
        || !memory.read(wordAt(type, 8), name) || (halfAt(name, 4) & phpKindMask) != phpString)
        return std::nullopt;
    return place - aboveIn;
}

/// An object: count and kind, number, class, ...; a value: the string, its kind.
std::optional<std::uint64_t> phpPropertyValue(const MemoryReader& memory, std::uint64_t place,
                                              std::uint32_t offset)
{
    constexpr std::uint64_t classIn = 16;
    constexpr std::uint32_t objectKind = 8;
    std::array<std::uint8_t, 8> head {};
    std::array<std::uint8_t, 16> value {};
    const std::uint64_t object = place - classIn;
    if (place < classIn || !memory.read(object, head)
        || (halfAt(head, 4) & phpKindMask) != objectKind || !memory.read(object + offset, value)
        || (value[8] & phpKindMask) != phpString)
        return std::nullopt;
    return wordAt(value, 0);
}

} // namespace coredact
