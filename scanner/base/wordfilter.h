// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coredact {

/// Says of most words that are not in a set that they are not, at the cost of one look at memory:
/// a Bloom filter with two bits for each word of the set, both in one place (F. Putze, P. Sanders,
/// J. Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007). Immutable once it is
/// filled; then any thread may ask.
class WordFilter {
public:
    /// Makes room for that many words: 32 bits each, so that about one in 256 others passes, or
    /// fewer where that takes more than 2^`mostBits` places of eight bytes.
    void reserve(std::size_t words, unsigned mostBits)
    {
        const auto bits = static_cast<unsigned>(std::bit_width(words / 2));
        m_shift = 64 - std::clamp(bits, fewestBits, std::max(fewestBits, mostBits));
        m_places.assign(std::size_t(1) << (64 - m_shift), 0);
    }
    void add(std::uint64_t word)
    {
        const std::uint64_t hash = word * multiplier;
        m_places[hash >> m_shift] |= bits(hash, m_shift);
    }
    /// The same for some dozen words, from any number of threads at once: all their places are on
    /// their way from memory before the first one is needed.
    void addTogether(std::span<const std::uint64_t> words)
    {
        for (const std::uint64_t word : words)
            __builtin_prefetch(&m_places[word * multiplier >> m_shift], 1);
        for (const std::uint64_t word : words) {
            const std::uint64_t hash = word * multiplier;
            const std::uint64_t wanted = bits(hash, m_shift);
            const std::atomic_ref<std::uint64_t> place(m_places[hash >> m_shift]);
            if ((place.load(std::memory_order_relaxed) & wanted) != wanted)
                place.fetch_or(wanted, std::memory_order_relaxed);
        }
    }

    /// To be asked in a loop: a copy that the compiler keeps in registers. Lives as long as the
    /// filter.
    class Look {
    public:
        bool mayHold(std::uint64_t word) const
        {
            const std::uint64_t hash = word * multiplier;
            const std::uint64_t wanted = bits(hash, m_shift);
            return (m_places[hash >> m_shift] & wanted) == wanted;
        }
        /// Asks for what the question about `word` needs from memory.
        void prefetch(std::uint64_t word) const
        {
            __builtin_prefetch(&m_places[word * multiplier >> m_shift]);
        }

    private:
        friend class WordFilter;
        Look(const std::uint64_t* places, unsigned shift)
            : m_places(places)
            , m_shift(shift)
        {
        }
        const std::uint64_t* m_places;
        unsigned m_shift;
    };
    Look look() const { return {m_places.data(), m_shift}; }

private:
    static constexpr unsigned fewestBits = 10;
    static constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
    static std::uint64_t bits(std::uint64_t hash, unsigned shift)
    {
        return std::uint64_t(1) << (hash >> (shift - 6) & 63U)
            | std::uint64_t(1) << (hash >> (shift - 12) & 63U);
    }

    std::vector<std::uint64_t> m_places {0, 0};
    unsigned m_shift = 63; ///< leaves the number of a place
};

} // namespace coredact
