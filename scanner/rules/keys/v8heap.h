// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/rules/keys/tablestrings.h"

#include <string>
#include <vector>

namespace coredact {

/// How V8 (Node.js 12 and later, 64-bit, references not compressed) lays out what a program makes.
/// An object begins with a reference to its map, which says of what kind it is and how large; of
/// objects with properties it leads to their names. References have their lowest bits set to 1,
/// small numbers stand in the upper half of a word. The map of all maps is its own.
/// Whatever stands in memory may be read: what is no such thing gives nothing.
namespace v8 {

inline constexpr std::uint64_t mark = 1; ///< what a reference has besides an address

inline bool isReference(std::uint64_t word) { return (word & 3) == mark; }
inline bool isNumber(std::uint64_t word) { return (word & 0xffffffff) == 0; }

inline constexpr std::size_t textAt = 16; ///< of a string, behind its map, hash and length
inline constexpr std::size_t mapSize = 80;

/// The map of objects with properties.
struct ObjectMap {
    std::uint64_t descriptors = 0; ///< the address of the names
    std::uint32_t count = 0; ///< of the names that count
    std::uint32_t size = 0; ///< words of an object
    std::uint32_t first = 0; ///< the word in it that is its first property

    auto operator<=>(const ObjectMap&) const = default;
};
/// Of `mapSize` bytes.
std::optional<ObjectMap> objectMapIn(ByteView bytes);

/// Whether `bytes`, `mapSize` of them, may be the map of all maps at `address`.
bool isMapOfMaps(ByteView bytes, std::uint64_t address);

/// A property that objects hold.
struct Property {
    std::uint64_t name = 0; ///< a reference to a string or a symbol
    std::uint32_t place = 0; ///< among the names
    std::uint32_t number = 0; ///< among the properties that objects hold
};
/// The properties that stand in the objects whose names are these; nothing where they are no names.
std::vector<Property> propertiesOf(const MemoryReader& memory, std::uint64_t descriptors,
                                   std::uint32_t count);

/// The value of a property of the object at `address`; 0 for none.
std::uint64_t valueOf(const MemoryReader& memory, std::uint64_t address, const ObjectMap& map,
                      std::uint32_t number);

/// Whether the word before which `before` stands is the first of a list of two (as Object.entries
/// makes them), of which `second` is the other one.
bool isPairOf(ByteView before, std::uint64_t second);

/// The number of a variable in contexts, where `before` stands before the reference to its name in
/// a scope: what the scope is, how many variables there are, and the names before it.
std::optional<std::uint32_t> numberInScope(ByteView before);
/// From the first byte of a scope to the reference to the name of this variable.
std::size_t toScope(std::uint32_t number);
/// The value of a variable of the context whose reference to its scope stands at `place`; 0 for
/// none.
std::uint64_t variableOf(const MemoryReader& memory, std::uint64_t place, std::uint32_t number);

/// A text and where its characters stand, in order.
struct Text {
    SecretBytes value;
    std::vector<TextPlace> places;
};
/// The text that `reference` leads to, in UTF-8, if it is one of up to `longest` characters: a
/// string, also one that V8 has put together from others, or cut out of one, and not yet copied;
/// or the bytes, text or not, that a buffer or a view of one (Buffer, Uint8Array) holds.
std::optional<Text> textOf(const MemoryReader& memory, std::uint64_t reference,
                           std::size_t longest);

/// Whether `reference` leads to a string of which V8 keeps one only, as it does of names.
bool isNameOrConstant(const MemoryReader& memory, std::uint64_t reference);

} // namespace v8

} // namespace coredact
