// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/vectors.h"

#include <array>
#include <span>

namespace coredact {

/// What 64 bytes are: one bit for each, the lowest for the first.
struct ByteMasks {
    std::uint64_t text = 0; ///< 0x20 to 0x7e, tab, line feed, vertical tab, form feed, return
    std::uint64_t zero = 0;
    std::uint64_t base64 = 0; ///< of either alphabet
    std::uint64_t hex = 0; ///< hex digits of either case
    std::uint64_t mark = 0; ///< '%', '&' and '\': what begins an escape

    bool operator==(const ByteMasks&) const = default;
};

/// The same of one byte, as a bit each.
enum class ByteKind : std::uint8_t { Text = 1, Zero = 2, Base64 = 4, Hex = 8, Mark = 16 };

/// The kinds of each byte, or'ed; none of those above 0x7f is of any.
extern const std::array<std::uint8_t, 256> byteKinds;

/// The mask of the bytes that stand `count` before those of the block; `before`: of the last one.
inline std::uint64_t moved(std::uint64_t block, std::uint64_t before, unsigned count)
{
    return block << count | before >> (64 - count);
}

/// Where the run of set bits begins that holds bit `at`; after it where that is not set.
std::size_t runBegin(std::span<const std::uint64_t> masks, std::size_t at);
/// Where the run of set bits ends that begins at `at`, `size` at the latest.
std::size_t runEnd(std::span<const std::uint64_t> masks, std::size_t at, std::size_t size);

/// Fills `masks` for as many times 64 bytes at `bytes`.
using MaskKernel = void (*)(const std::uint8_t* bytes, std::span<ByteMasks> masks);

using MaskKernelChoice = KernelChoice<MaskKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const MaskKernelChoice> maskKernels();

void maskKernelPortable(const std::uint8_t* bytes, std::span<ByteMasks> masks);
// nullptr where the compiler does not build for x86.
extern const MaskKernel maskKernelAvx2;
extern const MaskKernel maskKernelAvx512;

} // namespace coredact
