// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/addressspace.h"

#include <optional>
#include <string_view>

namespace coredact {

/// Memory by address, as far as the dump has it. `source` and `memory` must outlive it.
class MemoryReader {
public:
    MemoryReader(const Source& source, const AddressSpace& memory)
        : m_source(source)
        , m_memory(memory)
    {
    }
    /// Whether all of `target` is saved at `address` and was read.
    bool read(std::uint64_t address, MutableByteView target) const;

private:
    const Source& m_source;
    const AddressSpace& m_memory;
};

/// Where a text stands in memory.
struct TextPlace {
    std::uint64_t address = 0;
    std::uint64_t size = 0; ///< bytes
    std::size_t width = 1; ///< bytes of a character
};

/// Bytes before the pointer to a name that may be looked at, as far as there are any: windows have
/// no fewer but behind what is left out.
inline constexpr std::size_t entryContext = 2048;

/// The widest header of a string; others are narrower.
inline constexpr std::size_t widestStringHeader = 48;

/// A word of 64 bits of which some bits are known.
struct KnownWord {
    std::size_t at = 0; ///< from the string's first byte
    std::uint64_t mask = 0;
    std::uint64_t value = 0;
};

/// A name among keys that many objects share, which have their values elsewhere.
struct SharedName {
    std::size_t before = 0; ///< bytes from the keys' first to the pointer to the name
    std::uint32_t number = 0; ///< of its value among an object's values
    bool valuesAlone = false; ///< nothing is said beside the values
};

class TableTrail;
struct TableLead;

/// How a runtime with tables of names and values (Python's dicts, PHP's arrays) lays out its
/// strings, and how an entry points at two of them. Of 64-bit little-endian machines.
struct TableLayout {
    std::string_view runtime; ///< "Python"
    /// A part of the names of the files that hold the runtime; "" where any program may.
    std::string_view module;
    std::size_t header = 0; ///< bytes of a string before its text
    KnownWord sign; ///< what most words that begin no string do not have
    /// How many bytes the text has, by the string's, of which the header is all there and what
    /// follows as far as the window goes; 0 where it is none.
    std::uint64_t (*textSize)(ByteView string) = nullptr;
    /// From the pointer to the name to the pointer to the value.
    std::ptrdiff_t toValue = 0;
    /// Whether the entry is one whose name is pointed at from `at`. There are 32 bytes at least
    /// before `at` and from it on.
    bool (*isEntry)(ByteView bytes, std::size_t at, ByteView nameHeader) = nullptr;
    /// The text of the value at `address`, where that is a string.
    std::optional<TextPlace> (*valueAt)(const MemoryReader& memory, std::uint64_t address,
                                        ByteView nameHeader)
        = nullptr;
    /// The name that is pointed at from `at`, if it stands in such keys; bytes as for `isEntry`.
    std::optional<SharedName> (*sharedName)(ByteView bytes, std::size_t at, ByteView nameHeader)
        = nullptr;
    /// What stands in entries instead of the address of the name, if the name that is pointed at
    /// from `at`, whose address is `place`, is a symbol's; bytes as for `isEntry`.
    std::optional<std::uint64_t> (*symbolAt)(ByteView bytes, std::size_t at, std::uint64_t place)
        = nullptr;
    /// What a class says of its property, where its name is pointed at from `at`; bytes as for
    /// `isEntry`.
    std::optional<std::uint64_t> (*propertyAt)(ByteView bytes, std::size_t at, ByteView nameHeader)
        = nullptr;
    /// Follows a lead from the name, where the word at `place` is the address that it stands for.
    void (*follow)(const MemoryReader& memory, std::uint64_t place, std::uint64_t address,
                   const TableLead& lead, TableTrail& trail)
        = nullptr;
    std::size_t width = 1; ///< bytes of a character of a name
    std::size_t toPointed = 0; ///< from the string's first byte to the one that is pointed at
};

std::span<const TableLayout> tableLayouts();

/// How many bytes before `at` the keys of a dict of Python begin (since 3.11, of up to 256 slots)
/// that have the name with this hash there; bytes as for `isEntry`.
std::optional<std::size_t> pythonKeysBefore(ByteView bytes, std::size_t at, std::uint64_t hash);

/// The class of a property of PHP's objects, and where in these its value stands.
struct PhpProperty {
    std::uint64_t type = 0;
    std::uint32_t offset = 0;
};
/// `place`: what a class says of it.
std::optional<PhpProperty> phpPropertyAt(const MemoryReader& memory, std::uint64_t place);
/// The class whose pointer to the one above it the word at `place` is.
std::optional<std::uint64_t> phpClassBelow(const MemoryReader& memory, std::uint64_t place);
/// The address of the string that is the value, where the word at `place` is an object's pointer to
/// its class.
std::optional<std::uint64_t> phpPropertyValue(const MemoryReader& memory, std::uint64_t place,
                                              std::uint32_t offset);

} // namespace coredact
