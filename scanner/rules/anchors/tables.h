// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/memoryword.h"
#include "scanner/base/vectors.h"
#include "scanner/rules/anchors/anchor.h"

#include <array>
#include <span>
#include <vector>

namespace coredact {

/// Anchors in eight buckets, one bit each, as tables that tell for each half of each of an
/// anchor's four bytes which buckets may have it there. A bucket that all eight tables name may
/// have an anchor; all others have none.
struct AnchorTables {
    explicit AnchorTables(std::span<const Anchor> anchors);

    struct Numbered {
        Anchor anchor;
        std::size_t number; ///< of those given
    };

    /// The buckets that may have an anchor at these four bytes.
    std::uint8_t bucketsAt(const std::uint8_t* bytes) const
    {
        return whole[0][bytes[0]] & whole[1][bytes[1]] & whole[2][bytes[2]] & whole[3][bytes[3]];
    }

    /// The same of the four bytes as a word, told by a hash: what stands there by chance, halves of
    /// several anchors mixed, mostly has none.
    std::uint8_t likelyBucketsAt(const std::uint8_t* bytes) const
    {
        return likely[hashOf(nativeWord<std::uint32_t>(bytes))] & bucketsAt(bytes);
    }

    static constexpr unsigned hashBits = 12;
    static std::size_t hashOf(std::uint32_t word) { return word * 0x9e3779b1U >> (32 - hashBits); }

    std::array<std::array<std::uint8_t, 16>, 4> low {}; ///< by the byte's lower half
    std::array<std::array<std::uint8_t, 16>, 4> high {};
    std::array<std::array<std::uint8_t, 256>, 4> whole {}; ///< both together
    std::array<std::uint8_t, std::size_t {1} << hashBits> likely {}; ///< by hash
    std::array<std::vector<Numbered>, 8> buckets;

private:
    void addLikely(const Anchor& anchor, std::uint8_t bit);
};

/// Appends to `positions` each position in [from, to) where a bucket may have an anchor, in order.
/// The bytes from `to` on must be three at least.
using AnchorKernel = void (*)(const AnchorTables& tables, ByteView bytes, std::size_t from,
                              std::size_t to, std::vector<std::uint32_t>& positions);

using AnchorKernelChoice = KernelChoice<AnchorKernel>;

/// Those that this machine can run, the slowest first. All give the same answers.
std::span<const AnchorKernelChoice> anchorKernels();

void anchorKernelPortable(const AnchorTables& tables, ByteView bytes, std::size_t from,
                          std::size_t to, std::vector<std::uint32_t>& positions);
// nullptr where the compiler does not build for x86.
extern const AnchorKernel anchorKernelAvx2;
extern const AnchorKernel anchorKernelAvx512;

} // namespace coredact
