// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/addressfilter.h"
#include "scanner/rules/keys/pythonattributes.h"
#include "scanner/rules/keys/pythonvariables.h"
#include "scanner/rules/keys/rubyvariables.h"
#include "scanner/rules/keys/tablestrings.h"
#include "scanner/rules/keys/tabletrail.h"

#include <array>
#include <map>
#include <set>
#include <string>

namespace coredact {

// The first two rounds of the search for secrets in programs' tables: names, and what points at
// them.

inline constexpr std::size_t mostTableStrings = 4096; ///< classes, symbols and the like

/// A string that is the name of something secret.
struct TableString {
    const TableLayout* layout = nullptr;
    const RuleInfo* rule = nullptr;
    std::string text;
    std::array<std::uint8_t, widestStringHeader> header {};
};

using TableStrings = std::map<std::uint64_t, TableString>; ///< by the address of the string

/// Gathers the strings that are such names.
class NameRound : public WalkRound {
public:
    explicit NameRound(std::span<const TableLayout* const> layouts)
        : m_layouts(layouts)
    {
    }

    void look(const Window& window) override;
    void join(WalkRound& other) override;

    TableStrings names;

private:
    void lookAtString(const Window& window, std::size_t at, const TableLayout& layout);
    void keep(std::uint64_t address, TableString name);

    std::span<const TableLayout* const> m_layouts;
};

/// A value among the values of an object, and the address of its name.
struct TableAttribute {
    std::uint32_t number = 0;
    std::uint64_t name = 0;
    bool valuesAlone = false;

    auto operator<=>(const TableAttribute&) const = default;
};
/// A descriptor of `__slots__`, and the address of the name.
using TableSlot = std::pair<PythonSlot, std::uint64_t>;
using TableSymbols = std::map<std::uint64_t, std::uint64_t>; ///< the addresses of their names
using TableAttributes
    = std::map<std::uint64_t, std::set<TableAttribute>>; ///< by the address of the keys

/// Gathers the entries that point at the names.
class EntryRound : public WalkRound {
public:
    EntryRound(const TableStrings& names, const WalkContext& context);

    void look(const Window& window) override;
    void join(WalkRound& other) override;
    bool hasLeftOut() const override { return leftOut() || entries.leftOut() || trail.leftOut(); }

    FirstOnes<TableEntry> entries {mostTableEntries};
    TableAttributes attributes;
    std::set<TableSlot> slots;
    TableSymbols symbols;
    std::set<TableEntry> properties; ///< what classes say of them, and the names
    std::map<std::uint64_t, BigKeys> bigKeys; ///< of Python's dicts, by address
    std::set<std::uint64_t> structClasses; ///< of what may be Structs of Ruby
    TableTrail trail;

private:
    void lookAtPointer(const Window& window, std::size_t at, std::uint64_t address);
    void lookAtPython(const Window& window, std::size_t at, std::uint64_t address,
                      const TableString& name);
    void keep(std::uint64_t symbol, std::uint64_t name);
    void keep(const TableSlot& slot);
    void keep(std::uint64_t keys, const TableAttribute& attribute);

    const TableStrings& m_names;
    AddressFilter m_filter;
    MemoryReader m_memory;
    bool m_hasPython;
    bool m_hasRuby;
};

} // namespace coredact
