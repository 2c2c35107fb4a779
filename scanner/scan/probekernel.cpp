// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/probekernel.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#define COREDACT_X86 1
#else
#define COREDACT_X86 0
#endif

namespace coredact {

namespace {

constexpr unsigned fewestBits = 13;
constexpr unsigned nearBits = 20;
constexpr unsigned mostBits = 23;
constexpr std::size_t step = 4;

bool mayHold(const ProbeTable& table, const std::uint8_t* at)
{
    std::uint32_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint32_t bit = word * ProbeTable::multiplier >> table.shift();
    return (table.bits()[bit / 32] >> bit % 32 & 1) != 0;
}

std::size_t probePortable(const ProbeTable& table, const std::uint8_t* bytes, std::size_t begin,
                          std::size_t end, std::uint32_t* passed)
{
    std::size_t count = 0;
    // What passes comes without a pattern: written always, counted by arithmetic.
    for (std::size_t at = begin; at < end; at += step) {
        passed[count] = static_cast<std::uint32_t>(at);
        count += mayHold(table, bytes + at) ? 1 : 0;
    }
    return count;
}

#if COREDACT_X86

/// Adds the positions of the set bits of a mask, one for each word from `at` on.
inline std::size_t takeMask(unsigned mask, std::size_t at, std::size_t count, std::uint32_t* passed)
{
    for (; mask != 0; mask &= mask - 1)
        passed[count++] = static_cast<std::uint32_t>(
            at + step * static_cast<std::size_t>(std::countr_zero(mask)));
    return count;
}

__attribute__((target("avx2"))) std::size_t probeAvx2(const ProbeTable& table,
                                                      const std::uint8_t* bytes, std::size_t begin,
                                                      std::size_t end, std::uint32_t* passed)
{
    const auto* bits = reinterpret_cast<const int*>(table.bits());
    const __m256i multiplier = _mm256_set1_epi32(static_cast<int>(ProbeTable::multiplier));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(table.shift()));
    const __m256i low = _mm256_set1_epi32(31);
    const __m256i one = _mm256_set1_epi32(1);
    std::size_t count = 0;
    std::size_t at = begin;
    for (; at + 8 * step <= end; at += 8 * step) {
        const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at));
        const __m256i bit = _mm256_srl_epi32(_mm256_mullo_epi32(words, multiplier), shift);
        const __m256i places = _mm256_i32gather_epi32(bits, _mm256_srli_epi32(bit, 5), 4);
        const __m256i wanted = _mm256_sllv_epi32(one, _mm256_and_si256(bit, low));
        const __m256i missing
            = _mm256_cmpeq_epi32(_mm256_and_si256(places, wanted), _mm256_setzero_si256());
        const auto mask
            = ~static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(missing))) & 0xffU;
        count = takeMask(mask, at, count, passed);
    }
    return count + probePortable(table, bytes, at, end, passed + count);
}

__attribute__((target("avx512f"))) std::size_t probeAvx512(const ProbeTable& table,
                                                           const std::uint8_t* bytes,
                                                           std::size_t begin, std::size_t end,
                                                           std::uint32_t* passed)
{
    const __m512i multiplier = _mm512_set1_epi32(static_cast<int>(ProbeTable::multiplier));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(table.shift()));
    const __m512i low = _mm512_set1_epi32(31);
    const __m512i one = _mm512_set1_epi32(1);
    constexpr __mmask16 all = 0xffff;
    std::size_t count = 0;
    std::size_t at = begin;
    for (; at + 16 * step <= end; at += 16 * step) {
        // The forms without a mask leave lanes undefined on the way, of which GCC 12 warns.
        const __m512i words = _mm512_loadu_si512(bytes + at);
        const __m512i bit
            = _mm512_maskz_srl_epi32(all, _mm512_maskz_mullo_epi32(all, words, multiplier), shift);
        const __m512i places = _mm512_mask_i32gather_epi32(
            _mm512_setzero_si512(), all, _mm512_maskz_srli_epi32(all, bit, 5), table.bits(), 4);
        const __m512i wanted
            = _mm512_maskz_sllv_epi32(all, one, _mm512_maskz_and_epi32(all, bit, low));
        const unsigned mask = _mm512_test_epi32_mask(places, wanted);
        count = takeMask(mask, at, count, passed);
    }
    return count + probePortable(table, bytes, at, end, passed + count);
}

#endif

} // namespace

void ProbeTable::reserve(std::size_t words)
{
    const auto wide = static_cast<unsigned>(std::bit_width(words * 32));
    const auto tight = static_cast<unsigned>(std::bit_width(words * 4));
    m_shift = 32 - std::clamp(std::max(std::min(wide, nearBits), tight), fewestBits, mostBits);
    m_bits.assign(std::size_t {1} << (32 - m_shift) >> 5, 0);
}

void ProbeTable::add(std::uint32_t word)
{
    const std::uint32_t bit = word * multiplier >> m_shift;
    m_bits[bit / 32] |= std::uint32_t {1} << bit % 32;
}

std::span<const ProbeKernelChoice> probeKernels()
{
    static const std::vector<ProbeKernelChoice> kernels = [] {
        std::vector<ProbeKernelChoice> usable {{"portable", probePortable}};
#if COREDACT_X86
        if (__builtin_cpu_supports("avx2"))
            usable.push_back({"avx2", probeAvx2});
        if (__builtin_cpu_supports("avx512f"))
            usable.push_back({"avx512", probeAvx512});
#endif
        return usable;
    }();
    return kernels;
}

} // namespace coredact
