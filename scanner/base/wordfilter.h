// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
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
