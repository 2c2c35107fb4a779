// SPDX-License-Identifier: GPL-3.0-or-later
// A word is looked for by its first and its last byte; what has both is compared.
#include "scanner/scan/wordkernel.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::size_t lastByte = 3; ///< of a word

void takeAt(std::span<const std::uint32_t> words, const std::uint8_t* bytes, std::size_t at,
            std::vector<std::uint32_t>& positions)
{
    const auto here = nativeWord<std::uint32_t>(bytes + at);
    if (std::find(words.begin(), words.end(), here) != words.end())
        positions.push_back(static_cast<std::uint32_t>(at));
}

void findPortable(std::span<const std::uint32_t> words, const std::uint8_t* bytes,
                  std::size_t begin, std::size_t end, std::vector<std::uint32_t>& positions)
{
    for (std::size_t at = begin; at < end; ++at)
        takeAt(words, bytes, at, positions);
}

#if COREDACT_X86

std::uint8_t firstOf(std::uint32_t word)
{
    std::uint8_t bytes[sizeof word] = {};
    std::memcpy(bytes, &word, sizeof word);
    return bytes[0];
}

std::uint8_t lastOf(std::uint32_t word)
{
    std::uint8_t bytes[sizeof word] = {};
    std::memcpy(bytes, &word, sizeof word);
    return bytes[lastByte];
}

void takeMask(std::uint64_t mask, std::span<const std::uint32_t> words, const std::uint8_t* bytes,
              std::size_t at, std::vector<std::uint32_t>& positions)
{
    for (; mask != 0; mask &= mask - 1)
        takeAt(words, bytes, at + static_cast<std::size_t>(std::countr_zero(mask)), positions);
}

__attribute__((target("avx2"))) void findAvx2(std::span<const std::uint32_t> words,
                                              const std::uint8_t* bytes, std::size_t begin,
                                              std::size_t end,
                                              std::vector<std::uint32_t>& positions)
{
    std::size_t at = begin;
    for (; at + 32 <= end; at += 32) {
        const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at));
        const __m256i last
            = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + lastByte));
        __m256i any = _mm256_setzero_si256();
        for (const std::uint32_t word : words)
            any = _mm256_or_si256(
                any,
                _mm256_and_si256(
                    _mm256_cmpeq_epi8(first, _mm256_set1_epi8(static_cast<char>(firstOf(word)))),
                    _mm256_cmpeq_epi8(last, _mm256_set1_epi8(static_cast<char>(lastOf(word))))));
        takeMask(static_cast<std::uint32_t>(_mm256_movemask_epi8(any)), words, bytes, at,
                 positions);
    }
    findPortable(words, bytes, at, end, positions);
}

#define AVX512 __attribute__((target("avx512f,avx512bw")))

/// So few words that what is compared with stays in registers: the last one fills up the others.
template <std::size_t most>
AVX512 std::size_t findFew(std::span<const std::uint32_t> words, const std::uint8_t* bytes,
                           std::size_t at, std::size_t end, std::vector<std::uint32_t>& positions)
{
    __m512i firsts[most];
    __m512i lasts[most];
    for (std::size_t i = 0; i < most; ++i) {
        const std::uint32_t word = words[std::min(i, words.size() - 1)];
        firsts[i] = _mm512_set1_epi8(static_cast<char>(firstOf(word)));
        lasts[i] = _mm512_set1_epi8(static_cast<char>(lastOf(word)));
    }
    for (; at + 64 <= end; at += 64) {
        const __m512i first = _mm512_loadu_si512(bytes + at);
        const __m512i last = _mm512_loadu_si512(bytes + at + lastByte);
        __m512i least = _mm512_set1_epi8(-1); // zero where a word has both bytes
#pragma GCC unroll 8
        for (std::size_t i = 0; i < most; ++i)
            least = _mm512_min_epu8(least,
                                    _mm512_or_si512(_mm512_xor_si512(first, firsts[i]),
                                                    _mm512_xor_si512(last, lasts[i])));
        takeMask(_mm512_testn_epi8_mask(least, least), words, bytes, at, positions);
    }
    return at;
}

AVX512 std::size_t findMany(std::span<const std::uint32_t> words, const std::uint8_t* bytes,
                            std::size_t at, std::size_t end, std::vector<std::uint32_t>& positions)
{
    for (; at + 64 <= end; at += 64) {
        const __m512i first = _mm512_loadu_si512(bytes + at);
        const __m512i last = _mm512_loadu_si512(bytes + at + lastByte);
        std::uint64_t any = 0;
        for (const std::uint32_t word : words)
            any |= _mm512_mask_cmpeq_epi8_mask(
                _mm512_cmpeq_epi8_mask(first, _mm512_set1_epi8(static_cast<char>(firstOf(word)))),
                last, _mm512_set1_epi8(static_cast<char>(lastOf(word))));
        takeMask(any, words, bytes, at, positions);
    }
    return at;
}

#undef AVX512

void findAvx512(std::span<const std::uint32_t> words, const std::uint8_t* bytes, std::size_t begin,
                std::size_t end, std::vector<std::uint32_t>& positions)
{
    const auto find = words.empty() || words.size() > 8 ? findMany
        : words.size() <= 2                             ? findFew<2>
        : words.size() <= 4                             ? findFew<4>
        : words.size() <= 6                             ? findFew<6>
                                                        : findFew<8>;
    findPortable(words, bytes, find(words, bytes, begin, end, positions), end, positions);
}

#else

constexpr WordKernel findAvx2 = nullptr;
constexpr WordKernel findAvx512 = nullptr;

#endif

} // namespace

std::span<const WordKernelChoice> wordKernels()
{
    static const auto kernels = usableKernels<WordKernel>({{Vectors::None, findPortable},
                                                           {Vectors::Avx2, findAvx2},
                                                           {Vectors::Avx512Bytes, findAvx512}});
    return kernels;
}

} // namespace coredact
