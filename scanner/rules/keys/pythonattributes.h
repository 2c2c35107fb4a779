// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablestrings.h"

#include <vector>

namespace coredact {

/// Where CPython (3.8 to 3.13, 64-bit) keeps the attributes of objects: the names once for each
/// class, in its shared keys; the values of each object in an array, by the name's number. Those
/// of `__slots__` stand in the object itself, where a descriptor of the class says.
/// Whatever stands in memory may be read: what is no such thing gives nothing.

/// How the objects of a class lead to their values.
enum class ValuesAt {
    Pointer, ///< a pointer before the object (3.11)
    MarkedPointer, ///< a pointer less one before the object, else its dict's (3.12)
    Object, ///< they stand in the object itself (3.13)
};

/// A class, where the word at `place` is its pointer to its shared keys.
struct PythonClass {
    std::uint64_t type = 0;
    ValuesAt values = ValuesAt::Pointer;
};
std::optional<PythonClass> classWithKeysAt(const MemoryReader& memory, std::uint64_t place);

/// The address of the value of a name of a dict that shares keys with others, where the word at
/// `place` is its pointer to them.
std::optional<std::uint64_t> sharingDictValue(const MemoryReader& memory, std::uint64_t place,
                                              std::uint32_t number, bool valuesAlone);

/// The address of the value with this number of an object, where the word at `place` is its
/// pointer to its class.
std::optional<std::uint64_t> objectValue(const MemoryReader& memory, std::uint64_t place,
                                         ValuesAt values, std::uint32_t number);

/// What tells of an attribute in `__slots__`: its class, and where more is said.
struct PythonSlot {
    std::uint64_t type = 0;
    std::uint64_t member = 0;

    auto operator<=>(const PythonSlot&) const = default;
};
/// The descriptor whose pointer to its name stands at `at`. There are 32 bytes before `at` and from
/// it on.
std::optional<PythonSlot> slotNamedAt(ByteView bytes, std::size_t at);
/// Where in its objects the value stands.
std::optional<std::uint32_t> slotOffset(const MemoryReader& memory, const PythonSlot& slot);
/// The class whose pointer to the one above it the word at `place` is.
std::optional<std::uint64_t> classBelow(const MemoryReader& memory, std::uint64_t place);
/// The address of the value at this offset of an object, where the word at `place` is its pointer
/// to its class.
std::optional<std::uint64_t> slotValue(const MemoryReader& memory, std::uint64_t place,
                                       std::uint32_t offset);

/// The values of an object that has no more than three of them, such as a cell or what a class
/// wraps a secret in.
std::vector<std::uint64_t> heldValues(const MemoryReader& memory, std::uint64_t object,
                                      std::uint64_t type);

} // namespace coredact
