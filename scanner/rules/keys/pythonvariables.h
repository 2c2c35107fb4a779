// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/keys/tabletrail.h"

#include <set>

namespace coredact {

/// Values of CPython (3.8 to 3.13, 64-bit) whose names stand in tuples, as those of variables do:
/// a code object has the names, what runs it (a call, a generator, a coroutine) the values in the
/// same order. Functions have those of closures and of arguments that were left out, named tuples
/// have theirs. Whatever stands in memory may be read: what is no such thing gives nothing.

/// Adds what the name that is pointed at from `at`, whose address is `place`, leads on to. There
/// are 32 bytes at least before `at` and from it on.
void addPythonLeads(const MemoryReader& memory, ByteView bytes, std::size_t at, std::uint64_t place,
                    std::uint64_t name, std::uint64_t nameHash, TableTrail& trail);

/// Follows a lead: the word at `place` points at its address.
void followPythonLead(const MemoryReader& memory, std::uint64_t place, std::uint64_t address,
                      const TableLead& lead, TableTrail& trail);

/// The keys of a dict with more names than others (up to 21845), which are to be looked up.
struct BigKeys {
    std::uint8_t slots = 0; ///< a power of two
    std::uint64_t inUse = 0;

    auto operator<=>(const BigKeys&) const = default;
};
/// The keys that begin at `at`; there are 32 bytes from it on.
std::optional<BigKeys> bigKeysAt(ByteView bytes, std::size_t at);
/// What keys at an address have for one of some names, all with the same hash.
std::optional<TableEntry> bigDictEntry(const MemoryReader& memory, std::uint64_t keysAt,
                                       const BigKeys& keys, const std::set<std::uint64_t>& names,
                                       std::uint64_t nameHash);

} // namespace coredact
