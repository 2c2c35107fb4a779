// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablestrings.h"

namespace coredact {

// Strings and pairs of names and values as OCaml, Mono and Guile lay them out on 64-bit machines:
// what `TableLayout` asks for.

/// A word of OCaml before any block: words, two bits of the collector, kind. The last byte of a
/// string says how many bytes of its last word are not its text. Since version 3.
inline constexpr KnownWord ocamlSign {0, ~std::uint64_t {0x1fff} | 0xff, 0xfc};
std::uint64_t ocamlSize(ByteView string);
/// A tuple, a bucket of Hashtbl, a node of Map.
bool isOcamlEntry(ByteView bytes, std::size_t at, ByteView nameHeader);
/// A string, or what wraps one: an option, another constructor, a variant as JSON's values are.
std::optional<TextPlace> ocamlValue(const MemoryReader& memory, std::uint64_t address,
                                    ByteView nameHeader);

/// An object of Mono has its class and a lock that mostly is none; a string then a length and
/// UTF-16. Of SGen's heap, version 4 and later.
inline constexpr KnownWord monoSign {8, ~std::uint64_t {0}, 0};
std::uint64_t monoSize(ByteView string);
/// An entry of Dictionary, a bucket of Hashtable, an object or a node of a tree that begins with
/// the two.
bool isMonoEntry(ByteView bytes, std::size_t at, ByteView nameHeader);
/// A string of the name's class, or the first in the array of a list.
std::optional<TextPlace> monoValue(const MemoryReader& memory, std::uint64_t address,
                                   ByteView nameHeader);

/// Guile 3.0 keeps texts in buffers (kind, length, characters), which strings and symbols point
/// at.
inline constexpr KnownWord guileSign {0, ~std::uint64_t {0xb00}, 0x27};
std::uint64_t guileSize(ByteView buffer);
/// The string or symbol whose pointer to its buffer stands at `at`.
std::optional<std::uint64_t> guileObject(ByteView bytes, std::size_t at, std::uint64_t place);
/// A pair; not what points at a buffer.
bool isGuilePair(ByteView bytes, std::size_t at, ByteView nameHeader);
/// A string, or the variable that has it.
std::optional<TextPlace> guileValue(const MemoryReader& memory, std::uint64_t address,
                                    ByteView nameHeader);

} // namespace coredact
