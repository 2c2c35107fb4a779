// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/hmac/gopads.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/foreignnumbers.h"
#include "scanner/rules/walk.h"

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 8;

} // namespace

void addGoPads(const Window& window, std::set<GoPads>& pads)
{
    if (!window.address || !isInGoHeap(*window.address))
        return;
    constexpr std::size_t size = 6 * wordBytes;
    const ByteView bytes = window.bytes;
    for (std::size_t at = alignedFresh(window, wordBytes);
         at < window.freshEnd && bytes.size() - at >= size; at += wordBytes) {
        const auto word = [&](std::size_t i) {
            return littleWord<std::uint64_t>(bytes.data() + at + i * wordBytes);
        };
        const std::uint64_t block = word(1);
        if ((block != 64 && block != 128) || word(2) != block || word(4) != block
            || word(5) != block || !isInGoHeap(word(0)) || !isInGoHeap(word(3)))
            continue;
        pads.insert({word(0), word(3), block});
    }
}

} // namespace coredact
