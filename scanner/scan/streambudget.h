// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace coredact {

/// How much the compressed streams of one dump may cost together, in bytes. Threads take the
/// streams in order but end in any; only what streams before all that are still at work cost is
/// counted. So a stream that the total allows is never left out because later ones were quicker.
/// Any thread.
class StreamBudget {
public:
    StreamBudget(std::size_t streams, std::uint64_t total)
        : m_costs(streams)
        , m_total(total)
    {
    }

    /// Tells what a stream cost, once it was taken.
    void took(std::size_t stream, std::uint64_t cost)
    {
        const std::lock_guard lock(m_mutex);
        m_costs[stream] = cost;
        for (; m_front < m_costs.size() && m_costs[m_front]; ++m_front)
            m_sum += *m_costs[m_front];
    }
    /// Whether the streams before any that is still to be taken cost more than the total.
    bool isSpent() const
    {
        const std::lock_guard lock(m_mutex);
        return m_sum > m_total;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<std::optional<std::uint64_t>> m_costs;
    const std::uint64_t m_total;
    std::size_t m_front = 0; ///< the first stream that nothing was told of
    std::uint64_t m_sum = 0; ///< of those before it
};

} // namespace coredact
