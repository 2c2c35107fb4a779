// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/structurewords.h"
#include "scanner/rules/walk.h"

#include <algorithm>

namespace coredact {

/// Calls `take` with fresh positions in memory, at multiples of eight: with each at which a pair
/// stands `pairAt` bytes behind it, and some others near by. `size` bytes can be read from each on,
/// which the pair is among.
template <typename Take>
void forEachNearPair(const Window& window, const WordPair& pair, std::size_t pairAt,
                     std::size_t size, const Take& take)
{
    if (!window.address || window.bytes.size() < size)
        return;
    const std::uint8_t* data = window.bytes.data();
    const std::size_t end = std::min(window.freshEnd, window.bytes.size() - size + 1);
    const PairKernel mayBegin = pairKernels().back().kernel;
    std::size_t at = alignedFresh(window, 8);
    while (at < end) {
        // Looks at 72 bytes of each 64.
        if (at + 64 <= end)
            at += mayBegin(pair, data + at + pairAt, 0, end - at - 63);
        for (const std::size_t stop = std::min(end, at + 64); at < stop; at += 8)
            take(at);
    }
}

} // namespace coredact
