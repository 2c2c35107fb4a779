// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace coredact {

/// Two words of 64 bits, one behind the other, as they stand in structures of little-endian
/// programs: which bits must be zero, and what the first must be besides.
struct WordPair {
    std::uint64_t firstZero = 0; ///< bits of the first word that must be zero
    std::uint64_t secondZero = 0;
    std::uint64_t firstValue = 0; ///< what the rest of the first must be; 0: anything but zero

    bool fits(std::uint64_t first, std::uint64_t second) const
    {
        return (first & firstZero) == 0 && (second & secondZero) == 0
            && (firstValue == 0 ? first != 0 : first == firstValue);
    }
};

/// The first of at, at + 64, ... that is not below `end` or begins 64 bytes in which a pair starts
/// at one of the eight words. 72 bytes must be readable at each.
using PairKernel = std::size_t (*)(const WordPair& pair, const std::uint8_t* bytes, std::size_t at,
                                   std::size_t end);

using PairKernelChoice = KernelChoice<PairKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const PairKernelChoice> pairKernels();

/// Numbers that a word of 64 bits may have.
struct WordRange {
    std::uint64_t least = 0;
    std::uint64_t most = 0;

    bool holds(std::uint64_t word) const { return word - least <= most - least; }
};

/// The first of at, at + 64, ... that is not below `end` or begins 64 bytes in which one of the
/// eight little-endian words is in a range and the next one in another. 72 bytes must be readable
/// at each.
using RangeKernel = std::size_t (*)(const WordRange& first, const WordRange& second,
                                    const std::uint8_t* bytes, std::size_t at, std::size_t end);

using RangeKernelChoice = KernelChoice<RangeKernel>;

std::span<const RangeKernelChoice> rangeKernels();

/// A word of 32 bits of which some bits are known.
struct MaskedWord {
    std::uint32_t value = 0;
    std::uint32_t mask = 0xffffffff;

    bool fits(std::uint32_t word) const { return (word & mask) == value; }
};

/// The first of at, at + 64, ... that is not below `end` or begins 64 bytes of which one of the
/// sixteen little-endian words fits. 64 bytes must be readable at each.
using MaskedKernel = std::size_t (*)(const MaskedWord& word, const std::uint8_t* bytes,
                                     std::size_t at, std::size_t end);

using MaskedKernelChoice = KernelChoice<MaskedKernel>;

std::span<const MaskedKernelChoice> maskedKernels();

} // namespace coredact
