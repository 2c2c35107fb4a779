// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"
#include "scanner/rules/regex/words.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coredact {

/// Words are put into so many sets, a bit each.
inline constexpr std::size_t wordSets = 32;

/// What the heads of the words of each set may be. Letters count as those of the other case, and
/// other bytes as some others: more may seem to be there.
class WordTables {
public:
    static constexpr std::size_t pairs = wordHead - 1;
    static constexpr std::size_t startPairs = wordStart - 1;

    void add(const WordHead& head, std::size_t set);

    /// The sets with a word whose head may be the bytes at `at`.
    unsigned sets(const std::uint8_t* at) const
    {
        unsigned first = kinds[at[0]];
        unsigned found = ~0U;
        for (std::size_t i = 0; i < pairs; ++i) {
            if (i == startPairs && found == 0)
                break;
            const unsigned second = kinds[at[i + 1]];
            found &= m_sets[i][first << 5 | second];
            first = second;
        }
        return found;
    }

    /// Kinds of bytes, below 32: letters by the alphabet, digits as one, and what often stands
    /// beside words.
    static const std::array<std::uint8_t, 256> kinds;

    /// For two kinds side by side (a << 5 | b): whether they may be those from one place of a start
    /// on.
    using PairBits = std::array<std::uint8_t, 128>;
    const PairBits& pairBits(std::size_t place) const { return m_pairBits[place]; }

    /// The sets by the lower and by the upper half of a byte; two sets share a bit.
    struct Halves {
        std::array<std::uint8_t, 16> lower {};
        std::array<std::uint8_t, 16> upper {};
    };
    const std::array<Halves, 2>& halves(std::size_t place) const { return m_halves[place]; }

private:
    /// Of kinds, the second ones as bits.
    void addPairs(std::size_t place, std::size_t first, std::uint32_t seconds, std::uint32_t set);

    std::array<std::array<std::uint32_t, 1024>, pairs> m_sets {};
    std::array<PairBits, startPairs> m_pairBits {};
    std::array<std::array<Halves, 2>, wordStart> m_halves {};
};

/// A place where the heads of words of some sets may be.
struct WordPlace {
    std::uint32_t place = 0;
    std::uint32_t sets = 0;
};

/// Adds the places among the first `count` bytes, all where a head is and some more; `wordHead` - 1
/// bytes more can be read behind them.
using HeadKernel = void (*)(const WordTables& tables, const std::uint8_t* bytes, std::size_t count,
                            std::vector<WordPlace>& places);

using HeadKernelChoice = KernelChoice<HeadKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const HeadKernelChoice> headKernels();

} // namespace coredact
