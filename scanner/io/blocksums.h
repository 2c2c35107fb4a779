// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/jobcontrol.h"
#include "scanner/io/source.h"

#include <array>
#include <vector>

namespace coredact {

/// A sum of each block of a file, to tell later whether the bytes are still the same although
/// size and times are. Each is a GMAC (NIST SP 800-38D) under a key that is made here and never
/// leaves the process, with the block's number as nonce: who does not know the key cannot change
/// a block so that its sum stays, and a sum says nothing of the bytes. Blocks that lie wholly in
/// holes have none. Immutable; any thread.
class BlockSums {
public:
    static constexpr std::uint64_t blockSize = 1U << 20; ///< the last one may be shorter

    /// Reads all data of the file once. A block that cannot be read has a sum that agrees with
    /// nothing. `threads` 0: one for each processor.
    static Result<BlockSums> of(const Source& source, unsigned threads, const JobControl& control);

    /// Whether `bytes` are those that block `number` had. A block without a sum had zeros only.
    bool agrees(std::uint64_t number, ByteView bytes) const;
    /// Numbers of the blocks that have a sum, in rising order.
    const std::vector<std::uint64_t>& blocks() const { return m_blocks; }

private:
    using Sum = std::array<std::uint8_t, 16>;
    using Key = std::array<std::uint8_t, 32>;

    BlockSums() = default;
    static Sum sumOf(const Key& key, std::uint64_t number, ByteView bytes);

    Key m_key {};
    std::vector<std::uint64_t> m_blocks;
    std::vector<Sum> m_sums; ///< one for each of m_blocks
};

} // namespace coredact
