// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/rules/effort.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/walk.h"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace coredact {

/// What HotSpot (JDK 17 to 25, 64-bit, references to classes compressed) keeps of classes, to find
/// the fields of their objects by name. Whatever stands in memory may be read: what is no such
/// thing gives nothing.
namespace hotspot {

/// Whether the process had a 64-bit HotSpot loaded; not where nothing is known of what it had
/// loaded, in which there is little sense in looking.
bool isIn(const Dump& dump);

inline constexpr std::size_t symbolText = 6; ///< of a symbol, behind its hash, count and length
inline constexpr std::size_t classInObject = 8; ///< the half word that says of what class one is

/// How one object refers to another: by a half word that is the address or an eighth of it, by
/// where the heap is, or, in heaps of 32 GB and more, by the address.
struct References {
    std::size_t size = 0;
    unsigned shift = 0; ///< of what stands there

    std::uint64_t at(ByteView bytes, std::size_t position) const;
};
inline constexpr References fullReferences {8, 0};
inline constexpr std::array<References, 3> everyReferences {{{4, 0}, {4, 3}, fullReferences}};

/// Where a string (since JDK 15) has what says how wide its characters are, and the reference to
/// the array that they are in.
inline constexpr std::size_t stringCoderAt = 16;
inline constexpr std::size_t stringValueAt(References references)
{
    return references.size == 4 ? 20 : 24;
}

/// Of a symbol, its first word: hash, count of users, length, and two letters of its text.
inline constexpr std::uint64_t symbolUsers = 0xffff;
inline constexpr std::size_t symbolSize(std::uint64_t first)
{
    return static_cast<std::size_t>(first >> 32 & 0xffff);
}
inline constexpr std::uint8_t symbolLetter(std::uint64_t first)
{
    return static_cast<std::uint8_t>(first >> 48 & 0xff);
}

enum class Holds { String, Characters, Bytes };

/// A field that may hold a text.
struct Field {
    std::uint64_t type = 0; ///< the address of its class
    std::uint32_t offset = 0; ///< in the object; of a static one, in the class's mirror
    bool isStatic = false;
    Holds holds = Holds::String;

    auto operator<=>(const Field&) const = default;
};
/// The field that has its name in the constants of its class, where the word at `place` is the
/// address of the symbol. Each field of the lists that are looked through is one of `effort`, and
/// so are eight words behind which the constants may begin.
std::optional<Field> fieldNamedAt(const MemoryReader& memory, std::uint64_t place, Effort& effort,
                                  Bounded& owner);

/// The object that stands for the class in Java programs and holds its static fields.
std::optional<std::uint64_t> mirrorOf(const MemoryReader& memory, std::uint64_t type);

/// The classes below a class, of which each leads to others; of more than 65536 `owner` is told.
std::vector<std::uint64_t> classesBelow(const MemoryReader& memory, std::uint64_t type,
                                        Bounded& owner);

/// The text of a field at `address`, where its characters have this many bytes.
struct Text {
    TextPlace place;
    std::size_t width = 1;
};
/// What the field leads to.
std::optional<Text> textAt(const MemoryReader& memory, std::uint64_t field, Holds holds,
                           References references);

} // namespace hotspot

} // namespace coredact
