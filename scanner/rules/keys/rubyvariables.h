// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/keys/tabletrail.h"

#include <map>
#include <set>

namespace coredact {

/// Values of Ruby (3.1, 64-bit) that have names but no entry that points at them: variables of
/// objects, of classes and of methods, constants, members of a Struct. Wherever one is meant, the
/// number of its symbol stands. Whatever stands in memory may be read: what is no such thing gives
/// nothing.

/// Adds what the name that is pointed at from `at`, whose address is `place`, leads on to: `symbol`
/// is what stands for it, where it is a symbol's. There are 32 bytes at least before `at` and from
/// it on.
void addRubyLeads(ByteView bytes, std::size_t at, std::optional<std::uint64_t> symbol,
                  std::uint64_t name, TableTrail& trail);

/// Follows a lead: the word at `place` is its address.
void followRubyLead(const MemoryReader& memory, std::uint64_t place, std::uint64_t address,
                    const TableLead& lead, TableTrail& trail);

/// The class of what begins with the word at `at`, if that may be a Struct; there are 32 bytes
/// from it on.
std::optional<std::uint64_t> rubyStructClass(ByteView bytes, std::size_t at);

/// Adds leads to the objects of such a class, if it has a member with one of these symbols (by
/// which their names are).
void addRubyMembers(const MemoryReader& memory, std::uint64_t structClass,
                    const std::map<std::uint64_t, std::uint64_t>& symbols, TableTrail& trail);

} // namespace coredact
