// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/kernel.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/aes/relations.h"

namespace coredact {

namespace {

std::uint64_t load(const std::uint8_t* at) { return nativeWord<std::uint64_t>(at); }

/// Zero bits at the top of each half that is zero: no half is zero when both tops are set.
std::uint64_t nonZeroHalves(std::uint64_t word)
{
    constexpr std::uint64_t low = 0x7fffffff7fffffff;
    return ((word & low) + low) | word;
}

/// Top bits of the halves of eight bytes at `at` that satisfy a relation.
std::uint64_t satisfied(const std::uint8_t* at)
{
    const std::uint64_t l0 = load(at);
    const std::uint64_t l4 = l0 ^ load(at + 4);
    const std::uint64_t none = nonZeroHalves(l0 ^ load(at + 12) ^ load(at + 16))
        & nonZeroHalves(l0 ^ load(at + 20) ^ load(at + 24))
        & nonZeroHalves(l0 ^ load(at + 28) ^ load(at + 32)) & nonZeroHalves(l4 ^ load(at + 20))
        & nonZeroHalves(l4 ^ load(at + 36)) & nonZeroHalves(l4 ^ load(at + 12));
    return ~none & nonZeroHalves(l0) & 0x8000000080000000;
}

std::uint32_t load32(const std::uint8_t* at) { return nativeWord<std::uint32_t>(at); }

bool satisfiedBy4(const std::uint8_t* at)
{
    const std::uint32_t first = load32(at);
    bool any = false;
    for (const AesRelation& relation : aesRelations)
        any = any || (first ^ load32(at + relation.second) ^ load32(at + relation.third)) == 0;
    return any && first != 0;
}

} // namespace

std::size_t aesKernelPortable(ByteView bytes, std::size_t from, std::size_t to)
{
    const std::uint8_t* data = bytes.data();
    for (; from < to && bytes.size() - from >= aesRelationReach + 4; from += 8) {
        if (load(data + from) == 0 || satisfied(data + from) == 0)
            continue;
        if (satisfiedBy4(data + from))
            return from;
        if (from + 4 < to)
            return from + 4;
    }
    for (; from < to && from < bytes.size() && bytes.size() - from >= aesRelationReach; from += 4)
        if (satisfiedBy4(data + from))
            return from;
    return to;
}

} // namespace coredact
