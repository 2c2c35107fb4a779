// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/constantruns.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t block = 256;
constexpr std::size_t kept = 64; ///< bytes of a run that stay with what touches it
constexpr std::size_t widest = 1U << 30; // Hyperscan counts in 32 bits
constexpr std::size_t overlap = 1U << 15;

bool isIdle(const std::uint8_t* bytes, std::size_t size)
{
    const std::uint8_t first = bytes[0];
    if ((first >= 0x20 && first < 0x7f) || first == '\n' || first == '\t' || first == '\r')
        return false;
    // Equal to itself one byte on: all bytes are the same. memcmp goes as fast as memory does.
    return bytes[size - 1] == first && std::memcmp(bytes, bytes + 1, size - 1) == 0;
}

} // namespace

void forEachBusyPart(ByteView bytes,
                     const std::function<void(std::size_t begin, std::size_t end)>& visit)
{
    const auto give = [&](std::size_t begin, std::size_t end) {
        for (; end - begin > widest; begin += widest - overlap)
            visit(begin, begin + widest);
        if (begin < end)
            visit(begin, end);
    };
    std::size_t busyBegin = 0; // first byte not given yet
    std::size_t at = 0;
    while (at + block <= bytes.size()) {
        if (!isIdle(bytes.data() + at, block)) {
            at += block;
            continue;
        }
        std::size_t end = at + block;
        const std::uint8_t value = bytes[at];
        while (end + block <= bytes.size() && bytes[end] == value
               && isIdle(bytes.data() + end, block))
            end += block;
        if (at > 0)
            give(busyBegin, at + kept);
        busyBegin = end - kept;
        at = end;
    }
    give(busyBegin, bytes.size());
}

} // namespace coredact
