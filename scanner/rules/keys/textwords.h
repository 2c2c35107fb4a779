// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/vectors.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace coredact {

/// Text that stands behind a number, at words of 64 or 32 bits in little-endian memory: so it does
/// behind a length, the size of a block or the end of some other header.
struct TextWords {
    static constexpr std::uint64_t mostNumber = 0xfffffffe; ///< and one with all bits set
    static constexpr std::uint32_t mostShortNumber = 0xfffffe; ///< and one with all bits set

    static bool isNumber(std::uint64_t word) { return word + 1 <= mostNumber + 1; }
    static bool isNumber(std::uint32_t word) { return word + 1 <= mostShortNumber + 1; }
    /// Whether all eight bytes are printable ASCII.
    static bool isText(std::uint64_t word)
    {
        constexpr std::uint64_t high = 0x8080808080808080;
        constexpr std::uint64_t toHigh = 0x6060606060606060;
        return ((word | ~(word + toHigh)) & high) == 0;
    }
};

/// The first of at, at + 64, ... that is not below `end` or begins 64 bytes in which one of the
/// eight words is such a number and the next one text. 72 bytes must be readable at each.
using TextWordKernel = std::size_t (*)(const std::uint8_t* bytes, std::size_t at, std::size_t end);

using TextWordKernelChoice = KernelChoice<TextWordKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const TextWordKernelChoice> textWordKernels();

/// The same of 32-bit machines: one of the sixteen words of 32 bits is such a number, and the eight
/// bytes behind it are text.
std::size_t findTextBehindShortNumber(const std::uint8_t* bytes, std::size_t at, std::size_t end);

} // namespace coredact
