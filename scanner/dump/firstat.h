// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace coredact {

/// Which thing lies at an address; where several do, the first listed. Sorted instead of hashed: a
/// file that chooses its addresses could make a hash table look at all of them each time.
class FirstAt {
public:
    struct Entry {
        std::uint64_t address;
        std::size_t order; ///< the lower one is the first listed
        std::size_t thing;
    };

    void add(std::uint64_t address, std::size_t order, std::size_t thing)
    {
        m_entries.push_back({address, order, thing});
    }
    /// Ends the adding; what may be asked from then on is one thing for each address.
    void finish()
    {
        std::stable_sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) {
            return a.address != b.address ? a.address < b.address : a.order < b.order;
        });
        const auto same = [](const Entry& a, const Entry& b) { return a.address == b.address; };
        m_entries.erase(std::unique(m_entries.begin(), m_entries.end(), same), m_entries.end());
    }

    std::optional<std::size_t> at(std::uint64_t address) const
    {
        const auto found = std::lower_bound(
            m_entries.begin(), m_entries.end(), address,
            [](const Entry& entry, std::uint64_t wanted) { return entry.address < wanted; });
        if (found == m_entries.end() || found->address != address)
            return std::nullopt;
        return found->thing;
    }
    const std::vector<Entry>& entries() const { return m_entries; } ///< in rising order

private:
    std::vector<Entry> m_entries;
};

} // namespace coredact
