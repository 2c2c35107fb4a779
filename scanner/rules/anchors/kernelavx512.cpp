// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/anchors/tables.h"

#if COREDACT_X86

#include <immintrin.h>

#include <bit>

namespace coredact {

namespace {

__attribute__((target("avx512f,avx512bw"))) inline __m512i
table(const std::array<std::uint8_t, 16>& entries)
{
    return _mm512_maskz_broadcast_i32x4(
        0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i*>(entries.data())));
}

/// The buckets of the 64 bytes at `at` by the tables of one place.
__attribute__((target("avx512f,avx512bw"))) inline __m512i bucketsOf(const std::uint8_t* at,
                                                                     __m512i low, __m512i high)
{
    const __m512i half = _mm512_set1_epi8(15);
    const __m512i bytes = _mm512_loadu_si512(at);
    return _mm512_and_si512(
        _mm512_shuffle_epi8(low, _mm512_and_si512(bytes, half)),
        _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), half)));
}

__attribute__((target("avx512f,avx512bw"))) void search(const AnchorTables& tables, ByteView bytes,
                                                        std::size_t from, std::size_t to,
                                                        std::vector<std::uint32_t>& positions)
{
    const __m512i low0 = table(tables.low[0]);
    const __m512i high0 = table(tables.high[0]);
    const __m512i low1 = table(tables.low[1]);
    const __m512i high1 = table(tables.high[1]);
    const __m512i low2 = table(tables.low[2]);
    const __m512i high2 = table(tables.high[2]);
    const __m512i low3 = table(tables.low[3]);
    const __m512i high3 = table(tables.high[3]);
    const std::uint8_t* data = bytes.data();
    for (; from + 64 <= to; from += 64) {
        const __m512i first = _mm512_and_si512(bucketsOf(data + from, low0, high0),
                                               bucketsOf(data + from + 1, low1, high1));
        const __m512i second = _mm512_and_si512(bucketsOf(data + from + 2, low2, high2),
                                                bucketsOf(data + from + 3, low3, high3));
        const __m512i found = _mm512_and_si512(first, second);
        std::uint64_t mask = _mm512_test_epi8_mask(found, found);
        for (; mask != 0; mask &= mask - 1)
            positions.push_back(
                static_cast<std::uint32_t>(from + static_cast<unsigned>(std::countr_zero(mask))));
    }
    anchorKernelPortable(tables, bytes, from, to, positions);
}

} // namespace

const AnchorKernel anchorKernelAvx512 = search;

} // namespace coredact

#else

namespace coredact {
const AnchorKernel anchorKernelAvx512 = nullptr;
}

#endif
