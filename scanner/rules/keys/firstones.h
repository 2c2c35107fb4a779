// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/walk.h"

#include <algorithm>
#include <vector>

namespace coredact {

/// Gathers values, each once, where there may be millions of them: in a vector that is put in order
/// whenever it has doubled. Of more than `most` the last in their order are left out, so that what
/// stays depends neither on who saw it nor on when. Takes memory for twice as many at most.
template <typename One> class FirstOnes : public Bounded {
public:
    explicit FirstOnes(std::size_t most)
        : m_most(most)
    {
    }

    void add(const One& one)
    {
        if (m_sorted == m_most && m_all[m_most - 1] < one)
            return leaveOut();
        m_all.push_back(one);
        if (m_all.size() >= std::max(leastUnsorted, 2 * m_sorted))
            settle();
    }

    /// Adds what the other has.
    void join(const FirstOnes& other)
    {
        for (const One& one : other.m_all)
            add(one);
        if (other.leftOut())
            leaveOut();
    }

    /// In their order. Good until the next one is added.
    const std::vector<One>& all()
    {
        settle();
        return m_all;
    }

private:
    static constexpr std::size_t leastUnsorted = 4096;

    void settle()
    {
        const auto unsorted = m_all.begin() + static_cast<std::ptrdiff_t>(m_sorted);
        std::sort(unsorted, m_all.end());
        std::inplace_merge(m_all.begin(), unsorted, m_all.end());
        m_all.erase(std::unique(m_all.begin(), m_all.end()), m_all.end());
        if (m_all.size() > m_most) {
            m_all.resize(m_most);
            leaveOut();
        }
        m_sorted = m_all.size();
    }

    std::size_t m_most;
    std::size_t m_sorted = 0; ///< of the vector, at its begin
    std::vector<One> m_all;
};

} // namespace coredact
