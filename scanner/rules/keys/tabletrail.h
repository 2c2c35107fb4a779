// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/firstones.h"

#include <cstdint>
#include <utility>

namespace coredact {

/// Something on the way from a name to values that stand elsewhere: what points at it is a step
/// nearer to them.
struct TableLead {
    std::uint8_t kind = 0; ///< one of the runtime's own
    std::uint64_t name = 0; ///< the address of the name
    std::uint64_t value = 0; ///< the address of what the kind says
    std::uint32_t number = 0; ///< of the name's value among others
    std::uint32_t count = 0; ///< of these

    auto operator<=>(const TableLead&) const = default;
};

/// The addresses of a value and of its name.
using TableEntry = std::pair<std::uint64_t, std::uint64_t>;
/// What a program may have millions of: the entries of its tables and what points at something.
inline constexpr std::size_t mostTableEntries = std::size_t {1} << 22;

/// What one round over the memory found: the leads for the next one, and values with their names.
class TableTrail {
public:
    /// The address that must be pointed at, and what for.
    using Lead = std::pair<std::uint64_t, TableLead>;
    static constexpr std::size_t mostLeads = std::size_t {1} << 20;

    void addLead(std::uint64_t address, const TableLead& lead) { m_leads.add({address, lead}); }
    void addValue(std::uint64_t value, std::uint64_t name) { m_values.add({value, name}); }

    /// Adds the other's leads and values.
    void join(const TableTrail& other)
    {
        m_leads.join(other.m_leads);
        m_values.join(other.m_values);
    }

    bool leftOut() const { return m_leads.leftOut() || m_values.leftOut(); }

    /// By the address. Good until the next one is added, as the values are.
    const std::vector<Lead>& leads() { return m_leads.all(); }
    const std::vector<TableEntry>& values() { return m_values.all(); }

private:
    FirstOnes<Lead> m_leads {mostLeads};
    FirstOnes<TableEntry> m_values {mostTableEntries};
};

} // namespace coredact
