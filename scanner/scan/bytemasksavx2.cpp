// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/bytemasks.h"

#if COREDACT_X86

#include <immintrin.h>

#include <array>

namespace coredact {

namespace {

/// Sets of bytes, each given by the upper and the lower halves that it combines.
struct Product {
    std::uint16_t upper; ///< bit n: n may be the upper half
    std::uint16_t lower;
};

constexpr std::uint16_t from(unsigned first, unsigned last)
{
    return static_cast<std::uint16_t>((2U << last) - (1U << first));
}

constexpr std::array<Product, 8> products {{
    {1U << 4 | 1U << 6, from(1, 15)}, // A to O, a to o
    {1U << 5 | 1U << 7, from(0, 10)}, // P to Z, p to z
    {1U << 2, 1U << 11 | 1U << 13 | 1U << 15}, // + - /
    {1U << 5, 1U << 15}, // _
    {1U << 3, from(0, 9)}, // digits
    {1U << 4 | 1U << 6, from(1, 6)}, // A to F, a to f
    {1U << 2, 1U << 5 | 1U << 6}, // % &
    {1U << 5, 1U << 12}, // backslash
}};
constexpr char base64Bits = 0x1f;
constexpr char hexBits = 0x30;
constexpr char markBits = static_cast<char>(0xc0);

struct HalfTables {
    alignas(16) std::array<std::uint8_t, 16> upper {};
    alignas(16) std::array<std::uint8_t, 16> lower {};

    constexpr HalfTables()
    {
        for (std::size_t i = 0; i < products.size(); ++i)
            for (std::size_t half = 0; half < 16; ++half) {
                upper[half] = static_cast<std::uint8_t>(upper[half]
                                                        | (products[i].upper >> half & 1U) << i);
                lower[half] = static_cast<std::uint8_t>(lower[half]
                                                        | (products[i].lower >> half & 1U) << i);
            }
    }
};

constexpr HalfTables halves;

__attribute__((target("avx2"))) inline __m256i all(char byte) { return _mm256_set1_epi8(byte); }

__attribute__((target("avx2"))) inline __m256i table(const std::array<std::uint8_t, 16>& bytes)
{
    return _mm256_broadcastsi128_si256(
        _mm_load_si128(reinterpret_cast<const __m128i*>(bytes.data())));
}

__attribute__((target("avx2"))) inline std::uint64_t bits(__m256i mask)
{
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask));
}

/// Where a byte has one of the bits.
__attribute__((target("avx2"))) inline std::uint64_t having(__m256i bytes, char wanted)
{
    const __m256i none
        = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, all(wanted)), _mm256_setzero_si256());
    return bits(none) ^ 0xffffffffU;
}

__attribute__((target("avx2"))) inline __m256i textIn(__m256i bytes)
{
    const __m256i printable = _mm256_andnot_si256(_mm256_cmpeq_epi8(bytes, all(0x7f)),
                                                  _mm256_cmpgt_epi8(bytes, all(0x1f)));
    const __m256i moved = _mm256_sub_epi8(bytes, all('\t'));
    const __m256i space = _mm256_cmpeq_epi8(_mm256_min_epu8(moved, all(4)), moved);
    return _mm256_or_si256(printable, space);
}

__attribute__((target("avx2"))) inline ByteMasks half(const std::uint8_t* at)
{
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), all(15));
    // A byte above 0x7f looks up nothing in either table.
    const __m256i sets = _mm256_and_si256(_mm256_shuffle_epi8(table(halves.upper), upper),
                                          _mm256_shuffle_epi8(table(halves.lower), bytes));
    ByteMasks masks;
    masks.text = bits(textIn(bytes));
    masks.zero = bits(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256()));
    masks.base64 = having(sets, base64Bits);
    masks.hex = having(sets, hexBits);
    masks.mark = having(sets, markBits);
    return masks;
}

__attribute__((target("avx2"))) void classify(const std::uint8_t* bytes, std::span<ByteMasks> masks)
{
    for (ByteMasks& block : masks) {
        const ByteMasks low = half(bytes);
        const ByteMasks high = half(bytes + 32);
        block = {low.text | high.text << 32, low.zero | high.zero << 32,
                 low.base64 | high.base64 << 32, low.hex | high.hex << 32,
                 low.mark | high.mark << 32};
        bytes += 64;
    }
}

} // namespace

const MaskKernel maskKernelAvx2 = classify;

} // namespace coredact

#else

namespace coredact {
const MaskKernel maskKernelAvx2 = nullptr;
}

#endif
