// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablestrings.h"

namespace coredact {

/// Objects of CPython (3.8 to 3.13, 64-bit) by address. Whatever stands in memory may be read:
/// what is no such thing gives nothing.

/// What a type says of its objects.
struct PythonType {
    std::uint64_t size = 0; ///< bytes of an object without its items
    std::uint64_t item = 0; ///< bytes of an item
    std::uint64_t flags = 0;

    static constexpr std::uint64_t madeAtRunTime = 1 << 9;
    static constexpr std::uint64_t isTuple = 1 << 26;
    static constexpr std::uint64_t isBytes = 1 << 27;
    static constexpr std::uint64_t isText = 1 << 28;
    bool has(std::uint64_t flag) const { return (flags & flag) == flag; }
};
std::optional<PythonType> pythonTypeAt(const MemoryReader& memory, std::uint64_t type);

/// The word at an address.
std::optional<std::uint64_t> pythonWord(const MemoryReader& memory, std::uint64_t address);

/// How many items the tuple at an address has, where there is one.
std::optional<std::uint64_t> tupleSize(const MemoryReader& memory, std::uint64_t address);
/// One of its items; it has that many.
std::optional<std::uint64_t> tupleItem(const MemoryReader& memory, std::uint64_t tuple,
                                       std::uint64_t number);

/// The text of a value: a str of the same type as the name, bytes, or what holds one of these: a
/// bytearray, a memoryview, a buffer of ctypes, a cell, an object that has little else.
/// `nameHeader`: of the name, a str's or (of 32 bytes) that of bytes.
std::optional<TextPlace> pythonText(const MemoryReader& memory, std::uint64_t address,
                                    ByteView nameHeader);

/// How long a str's text is, by its header of 40 bytes, or of 48 up to 3.11; 0 where it is none
/// that is all ASCII.
std::uint64_t pythonSize(ByteView header);
std::uint64_t oldPythonSize(ByteView header);
/// The same of bytes that a dict has for a key, by their header of 32 bytes.
std::uint64_t pythonBytesSize(ByteView header);
/// The hash in the header of a str or of bytes.
std::uint64_t pythonHash(ByteView header);

/// The state of a str: one byte for each character, text behind the header, ASCII. Its other bytes
/// are whatever was there before.
inline constexpr KnownWord pythonSign {32, 0x7c, 0x64};
/// The length of bytes: less than 64.
inline constexpr KnownWord pythonBytesSign {16, ~std::uint64_t {63}, 0};
inline constexpr std::size_t pythonBytesHeader = 32;

} // namespace coredact
