// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/bytemasks.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace coredact {

namespace {

constexpr std::array<std::uint8_t, 256> makeKinds()
{
    std::array<std::uint8_t, 256> kinds {};
    for (unsigned i = 0; i < 256; ++i) {
        const unsigned lower = i | 0x20U;
        const bool letter = lower >= 'a' && lower <= 'z';
        const bool digit = i >= '0' && i <= '9';
        unsigned bits = 0;
        const auto add = [&](ByteKind kind) { bits |= static_cast<unsigned>(kind); };
        if ((i >= 0x20 && i < 0x7f) || (i >= '\t' && i <= '\r'))
            add(ByteKind::Text);
        if (i == 0)
            add(ByteKind::Zero);
        if (letter || digit || i == '+' || i == '/' || i == '-' || i == '_')
            add(ByteKind::Base64);
        if (digit || (letter && lower <= 'f'))
            add(ByteKind::Hex);
        if (i == '%' || i == '&' || i == '\\')
            add(ByteKind::Mark);
        kinds[i] = static_cast<std::uint8_t>(bits);
    }
    return kinds;
}

/// The bits of one kind of eight bytes, side by side.
std::uint64_t gather(std::uint64_t eight, ByteKind kind)
{
    const auto shift = static_cast<unsigned>(std::countr_zero(static_cast<unsigned>(kind)));
    return ((eight >> shift & 0x0101010101010101U) * 0x0102040810204080U) >> 56;
}

} // namespace

const std::array<std::uint8_t, 256> byteKinds = makeKinds();

void maskKernelPortable(const std::uint8_t* bytes, std::span<ByteMasks> masks)
{
    for (ByteMasks& block : masks) {
        block = {};
        for (unsigned i = 0; i < 64; i += 8, bytes += 8) {
            std::uint64_t eight = 0;
            for (unsigned k = 0; k < 8; ++k)
                eight |= static_cast<std::uint64_t>(byteKinds[bytes[k]]) << (8 * k);
            block.text |= gather(eight, ByteKind::Text) << i;
            block.zero |= gather(eight, ByteKind::Zero) << i;
            block.base64 |= gather(eight, ByteKind::Base64) << i;
            block.hex |= gather(eight, ByteKind::Hex) << i;
            block.mark |= gather(eight, ByteKind::Mark) << i;
        }
    }
}

std::span<const MaskKernelChoice> maskKernels()
{
    static const auto kernels
        = usableKernels<MaskKernel>({{Vectors::None, maskKernelPortable},
                                     {Vectors::Avx2, maskKernelAvx2},
                                     {Vectors::Avx512Permuted, maskKernelAvx512}});
    return kernels;
}

std::size_t runBegin(std::span<const std::uint64_t> masks, std::size_t at)
{
    std::size_t word = at / 64;
    std::uint64_t others = ~masks[word] << (63 - at % 64);
    while (others == 0) {
        if (word == 0)
            return 0;
        at = 64 * word - 1;
        others = ~masks[--word];
    }
    return at + 1 - static_cast<std::size_t>(std::countl_zero(others));
}

std::size_t runEnd(std::span<const std::uint64_t> masks, std::size_t at, std::size_t size)
{
    std::size_t word = at / 64;
    if (word >= masks.size())
        return at;
    std::uint64_t others = ~masks[word] & ~std::uint64_t(0) << at % 64;
    while (others == 0) {
        if (++word == masks.size())
            return size;
        others = ~masks[word];
    }
    return std::min(size, 64 * word + static_cast<std::size_t>(std::countr_zero(others)));
}

} // namespace coredact
