// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coredact {

/// Says of most words of four bytes that they are not in a set that they are not: two bits for
/// each hash, both in one place, in a table that stays in the processor's near caches. Immutable
/// once filled; any thread.
class ProbeTable {
public:
    /// Makes room for that many words, so that about one in 200 others passes, or one in sixty
    /// where that would take more than 128 KiB, or more where that would take more than 1 MiB.
    void reserve(std::size_t words);
    void add(std::uint32_t word);
    /// Four zeros stand all over a dump, and mostly before more of them: from now on they pass
    /// before another byte, and before a zero only if they were added as a word.
    void addZerosBeforeOther() { m_zeros = true; }

    bool zerosBeforeOther() const { return m_zeros; }
    const std::uint32_t* places() const { return m_places.data(); }
    /// Of the hash, leave the number of a place, and in the lowest five bits those of two bits in
    /// it: the same one where so many words are in the table that two would fill it.
    unsigned placeShift() const { return m_shift; }
    unsigned firstShift() const { return m_shift - numberBits; }
    unsigned secondShift() const { return m_shift - (m_crowded ? 1 : 2) * numberBits; }
    static constexpr std::uint32_t multiplier = 0x9e3779b1;

private:
    static constexpr unsigned numberBits = 5;

    std::vector<std::uint32_t> m_places {0, 0};
    bool m_crowded = false;
    bool m_zeros = false;
    unsigned m_shift = 31; ///< until there is room
};

/// Writes to `passed` the positions begin, begin + 4, ... below `end` whose four bytes may be in
/// the table, and answers how many. Five bytes at each of them must be readable, and up to 68
/// from each sixteenth on; `passed` has room for all of them.
using ProbeKernel = std::size_t (*)(const ProbeTable& table, const std::uint8_t* bytes,
                                    std::size_t begin, std::size_t end, std::uint32_t* passed);

using ProbeKernelChoice = KernelChoice<ProbeKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const ProbeKernelChoice> probeKernels();

} // namespace coredact
