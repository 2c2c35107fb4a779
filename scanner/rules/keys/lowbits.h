// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/vectors.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace coredact {

/// Says of most words of eight bytes that they are not in a set that they are not, by their lowest
/// 16 bits as the machine reads them: the cheapest look there is. Immutable once filled; any
/// thread.
class LowBits {
public:
    /// Words stand at every eighth byte.
    static constexpr std::size_t step = 8;

    void add(std::uint64_t word)
    {
        m_bits[word % values / width] |= std::uint32_t {1} << word % width;
    }
    bool mayHold(std::uint64_t word) const
    {
        return (m_bits[word % values / width] >> word % width & 1) != 0;
    }
    const std::uint32_t* bits() const { return m_bits.data(); }

    /// The first of the positions at, at + 8, ... below `end` whose word may be in the set; where
    /// there is none, the first of them that is not below `end`. A word can be read at each of
    /// those below it.
    std::size_t next(const std::uint8_t* bytes, std::size_t at, std::size_t end) const;

    static constexpr std::size_t width = 32;

private:
    static constexpr std::size_t values = std::size_t {1} << 16;

    std::array<std::uint32_t, values / width> m_bits {};
};

using LowBitsKernel = std::size_t (*)(const LowBits& set, const std::uint8_t* bytes, std::size_t at,
                                      std::size_t end);

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const KernelChoice<LowBitsKernel>> lowBitsKernels();

} // namespace coredact
