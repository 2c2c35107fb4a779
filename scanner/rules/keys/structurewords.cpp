// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/structurewords.h"

#include "scanner/base/memoryword.h"

#include <limits>
#include <vector>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::size_t block = 64;

std::size_t findPortable(const WordPair& pair, const std::uint8_t* bytes, std::size_t at,
                         std::size_t end)
{
    for (; at < end; at += block)
        for (std::size_t i = 0; i < block; i += 8)
            if (pair.fits(littleWord<std::uint64_t>(bytes + at + i),
                          littleWord<std::uint64_t>(bytes + at + i + 8)))
                return at;
    return at;
}

std::size_t findWordPortable(const MaskedWord& word, const std::uint8_t* bytes, std::size_t at,
                             std::size_t end)
{
    for (; at < end; at += block)
        for (std::size_t i = 0; i < block; i += 4)
            if (word.fits(littleWord<std::uint32_t>(bytes + at + i)))
                return at;
    return at;
}

std::size_t findRangesPortable(const WordRange& first, const WordRange& second,
                               const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    for (; at < end; at += block)
        for (std::size_t i = 0; i < block; i += 8)
            if (first.holds(littleWord<std::uint64_t>(bytes + at + i))
                && second.holds(littleWord<std::uint64_t>(bytes + at + i + 8)))
                return at;
    return at;
}

#if COREDACT_X86

__attribute__((target("avx2"))) std::size_t findRangesAvx2(const WordRange& first,
                                                           const WordRange& second,
                                                           const std::uint8_t* bytes,
                                                           std::size_t at, std::size_t end)
{
    // Compared with a sign: the highest bit of both sides is turned over.
    const __m256i sign = _mm256_set1_epi64x(std::numeric_limits<long long>::min());
    const auto most
        = [](const WordRange& range) { return static_cast<long long>(range.most - range.least); };
    const __m256i firstLeast
        = _mm256_xor_si256(_mm256_set1_epi64x(static_cast<long long>(first.least)), sign);
    const __m256i firstMost = _mm256_xor_si256(_mm256_set1_epi64x(most(first)), sign);
    const __m256i secondLeast
        = _mm256_xor_si256(_mm256_set1_epi64x(static_cast<long long>(second.least)), sign);
    const __m256i secondMost = _mm256_xor_si256(_mm256_set1_epi64x(most(second)), sign);
    const __m256i ones = _mm256_set1_epi64x(-1);
    for (; at < end; at += block)
        for (std::size_t i = 0; i < block; i += 32) {
            const auto* words = reinterpret_cast<const __m256i*>(bytes + at + i);
            const auto* next = reinterpret_cast<const __m256i*>(bytes + at + i + 8);
            const __m256i above = _mm256_or_si256(
                _mm256_cmpgt_epi64(_mm256_sub_epi64(_mm256_loadu_si256(words), firstLeast),
                                   firstMost),
                _mm256_cmpgt_epi64(_mm256_sub_epi64(_mm256_loadu_si256(next), secondLeast),
                                   secondMost));
            if (_mm256_testc_si256(above, ones) == 0)
                return at;
        }
    return at;
}

__attribute__((target("avx512f"))) std::size_t findRangesAvx512(const WordRange& first,
                                                                const WordRange& second,
                                                                const std::uint8_t* bytes,
                                                                std::size_t at, std::size_t end)
{
    const __m512i firstLeast = _mm512_set1_epi64(static_cast<long long>(first.least));
    const __m512i firstMost = _mm512_set1_epi64(static_cast<long long>(first.most - first.least));
    const __m512i secondLeast = _mm512_set1_epi64(static_cast<long long>(second.least));
    const __m512i secondMost
        = _mm512_set1_epi64(static_cast<long long>(second.most - second.least));
    for (; at < end; at += block) {
        const __m512i words = _mm512_sub_epi64(_mm512_loadu_si512(bytes + at), firstLeast);
        const __m512i next = _mm512_sub_epi64(_mm512_loadu_si512(bytes + at + 8), secondLeast);
        if (_mm512_mask_cmple_epu64_mask(_mm512_cmple_epu64_mask(words, firstMost), next,
                                         secondMost)
            != 0)
            return at;
    }
    return at;
}

__attribute__((target("avx2"))) std::size_t
findWordAvx2(const MaskedWord& word, const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    const __m256i mask = _mm256_set1_epi32(static_cast<int>(word.mask));
    const __m256i value = _mm256_set1_epi32(static_cast<int>(word.value));
    for (; at < end; at += block) {
        const auto* words = reinterpret_cast<const __m256i*>(bytes + at);
        const __m256i low = _mm256_and_si256(_mm256_loadu_si256(words), mask);
        const __m256i high = _mm256_and_si256(_mm256_loadu_si256(words + 1), mask);
        const __m256i any
            = _mm256_or_si256(_mm256_cmpeq_epi32(low, value), _mm256_cmpeq_epi32(high, value));
        if (_mm256_testz_si256(any, any) == 0)
            return at;
    }
    return at;
}

__attribute__((target("avx512f"))) std::size_t
findWordAvx512(const MaskedWord& word, const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    const __m512i mask = _mm512_set1_epi32(static_cast<int>(word.mask));
    const __m512i value = _mm512_set1_epi32(static_cast<int>(word.value));
    for (; at < end; at += block)
        if (_mm512_cmpeq_epi32_mask(_mm512_and_si512(_mm512_loadu_si512(bytes + at), mask), value)
            != 0)
            return at;
    return at;
}

__attribute__((target("avx2"))) std::size_t
findAvx2(const WordPair& pair, const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    const __m256i firstZero = _mm256_set1_epi64x(static_cast<long long>(pair.firstZero));
    const __m256i secondZero = _mm256_set1_epi64x(static_cast<long long>(pair.secondZero));
    const __m256i value = _mm256_set1_epi64x(static_cast<long long>(pair.firstValue));
    // Of a first word that may be anything but zero the comparison is turned round.
    const __m256i turn = _mm256_set1_epi64x(pair.firstValue == 0 ? -1 : 0);
    const __m256i zero = _mm256_setzero_si256();
    for (; at < end; at += block) {
        __m256i any = zero;
        for (std::size_t i = 0; i < block; i += 32) {
            const auto* words = reinterpret_cast<const __m256i*>(bytes + at + i);
            const __m256i first = _mm256_loadu_si256(words);
            const __m256i second
                = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + i + 8));
            const __m256i wrong = _mm256_or_si256(_mm256_and_si256(first, firstZero),
                                                  _mm256_and_si256(second, secondZero));
            const __m256i equal = _mm256_xor_si256(_mm256_cmpeq_epi64(first, value), turn);
            any = _mm256_or_si256(any, _mm256_and_si256(_mm256_cmpeq_epi64(wrong, zero), equal));
        }
        if (_mm256_testz_si256(any, any) == 0)
            return at;
    }
    return at;
}

__attribute__((target("avx512f"))) std::size_t
findAvx512(const WordPair& pair, const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    const __m512i firstZero = _mm512_set1_epi64(static_cast<long long>(pair.firstZero));
    const __m512i secondZero = _mm512_set1_epi64(static_cast<long long>(pair.secondZero));
    const __m512i value = _mm512_set1_epi64(static_cast<long long>(pair.firstValue));
    const unsigned turn = pair.firstValue == 0 ? 0xffU : 0;
    for (; at < end; at += block) {
        const __m512i first = _mm512_loadu_si512(bytes + at);
        const __m512i second = _mm512_loadu_si512(bytes + at + 8);
        const unsigned right = _mm512_testn_epi64_mask(first, firstZero);
        const unsigned alsoRight = _mm512_testn_epi64_mask(second, secondZero);
        const unsigned equal = _mm512_cmpeq_epi64_mask(first, value);
        if ((right & alsoRight & (equal ^ turn)) != 0)
            return at;
    }
    return at;
}

#else

constexpr RangeKernel findRangesAvx2 = nullptr;
constexpr RangeKernel findRangesAvx512 = nullptr;
constexpr PairKernel findAvx2 = nullptr;
constexpr PairKernel findAvx512 = nullptr;
constexpr MaskedKernel findWordAvx2 = nullptr;
constexpr MaskedKernel findWordAvx512 = nullptr;

#endif

} // namespace

std::span<const PairKernelChoice> pairKernels()
{
    static const auto kernels = usableKernels<PairKernel>(
        {{Vectors::None, findPortable}, {Vectors::Avx2, findAvx2}, {Vectors::Avx512, findAvx512}});
    return kernels;
}

std::span<const RangeKernelChoice> rangeKernels()
{
    static const auto kernels = usableKernels<RangeKernel>({{Vectors::None, findRangesPortable},
                                                            {Vectors::Avx2, findRangesAvx2},
                                                            {Vectors::Avx512, findRangesAvx512}});
    return kernels;
}

std::span<const MaskedKernelChoice> maskedKernels()
{
    static const auto kernels = usableKernels<MaskedKernel>({{Vectors::None, findWordPortable},
                                                             {Vectors::Avx2, findWordAvx2},
                                                             {Vectors::Avx512, findWordAvx512}});
    return kernels;
}

} // namespace coredact
