// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/heapkeys.h"

#include "scanner/base/distinctbytes.h"

#include <algorithm>

namespace coredact {

bool mayBePointer(std::uint64_t value) { return value >= 0x1000 && (value & noPointer) == 0; }

bool isChunkOf(std::uint64_t field, std::uint64_t size)
{
    constexpr std::uint64_t smallest = 0x20;
    constexpr std::uint64_t word = 8;
    return (field & ~std::uint64_t {7})
        == std::max(smallest, (size + word + 15) & ~std::uint64_t {15});
}

bool isMixed(ByteView key)
{
    const auto zeros = static_cast<std::size_t>(std::count(key.begin(), key.end(), 0));
    return zeros <= key.size() / 8
        && distinctBytes(key) >= std::min<std::size_t>(key.size() / 2 + 1, 16);
}

Result<SecretBytes> bytesAt(const WalkContext& context, std::uint64_t address, std::size_t size)
{
    SecretBytes bytes(size);
    const auto read = context.memory.read(context.source, address, bytes);
    if (!read)
        return read.error();
    if (*read != size)
        bytes.clear();
    return bytes;
}

} // namespace coredact
