// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

#include <cstdint>
#include <map>
#include <set>
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

/// What one round over the memory found: the leads for the next one, and values with their names.
class TableTrail : public Bounded {
public:
    static constexpr std::size_t mostLeads = std::size_t {1} << 15;
    static constexpr std::size_t mostValues = std::size_t {1} << 17;

    void addLead(std::uint64_t address, const TableLead& lead)
    {
        m_leads[address].insert(lead);
        keepFirst(m_leads, mostLeads);
    }

    void addValue(std::uint64_t value, std::uint64_t name)
    {
        m_values.emplace(value, name);
        keepFirst(m_values, mostValues);
    }

    /// Takes the other's leads and values.
    void join(TableTrail& other)
    {
        for (auto& [address, leads] : other.m_leads)
            m_leads[address].merge(leads);
        keepFirst(m_leads, mostLeads);
        m_values.merge(other.m_values);
        keepFirst(m_values, mostValues);
        if (other.leftOut())
            leaveOut();
    }

    /// By the address that must be pointed at.
    const std::map<std::uint64_t, std::set<TableLead>>& leads() const { return m_leads; }
    /// The addresses of values and of their names.
    const std::set<std::pair<std::uint64_t, std::uint64_t>>& values() const { return m_values; }

private:
    std::map<std::uint64_t, std::set<TableLead>> m_leads;
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_values;
};

} // namespace coredact
