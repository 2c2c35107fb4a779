// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/anchors/tables.h"

#if COREDACT_X86

#include <immintrin.h>

#include <bit>

namespace coredact {

namespace {

__attribute__((target("avx2"))) inline __m256i table(const std::array<std::uint8_t, 16>& entries)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(entries.data())));
}

/// The buckets of the 32 bytes at `at` by the tables of one place.
__attribute__((target("avx2"))) inline __m256i bucketsOf(const std::uint8_t* at, __m256i low,
                                                         __m256i high)
{
    const __m256i half = _mm256_set1_epi8(15);
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    return _mm256_and_si256(
        _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half)),
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half)));
}

__attribute__((target("avx2"))) void search(const AnchorTables& tables, ByteView bytes,
                                            std::size_t from, std::size_t to,
                                            std::vector<std::uint32_t>& positions)
{
    const __m256i low0 = table(tables.low[0]);
    const __m256i high0 = table(tables.high[0]);
    const __m256i low1 = table(tables.low[1]);
    const __m256i high1 = table(tables.high[1]);
    const __m256i low2 = table(tables.low[2]);
    const __m256i high2 = table(tables.high[2]);
    const __m256i low3 = table(tables.low[3]);
    const __m256i high3 = table(tables.high[3]);
    const std::uint8_t* data = bytes.data();
    for (; from + 32 <= to; from += 32) {
        const __m256i first = _mm256_and_si256(bucketsOf(data + from, low0, high0),
                                               bucketsOf(data + from + 1, low1, high1));
        const __m256i second = _mm256_and_si256(bucketsOf(data + from + 2, low2, high2),
                                                bucketsOf(data + from + 3, low3, high3));
        const __m256i found = _mm256_and_si256(first, second);
        auto mask = ~static_cast<unsigned>(
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())));
        for (; mask != 0; mask &= mask - 1)
            positions.push_back(
                static_cast<std::uint32_t>(from + static_cast<unsigned>(std::countr_zero(mask))));
    }
    anchorKernelPortable(tables, bytes, from, to, positions);
}

} // namespace

const AnchorKernel anchorKernelAvx2 = search;

} // namespace coredact

#else

namespace coredact {
const AnchorKernel anchorKernelAvx2 = nullptr;
}

#endif
