// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/probekernel.h"

#include "scanner/base/memoryword.h"

#include <algorithm>
#include <bit>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

constexpr unsigned fewestBits = 13;
constexpr unsigned nearBits = 20;
constexpr unsigned mostBits = 23;
constexpr std::size_t step = 4;

/// The two bits of a hash in its place.
std::uint32_t bitsOf(const ProbeTable& table, std::uint32_t hash)
{
    return std::uint32_t {1} << (hash >> table.firstShift() & 31U)
        | std::uint32_t {1} << (hash >> table.secondShift() & 31U);
}

bool mayHold(const ProbeTable& table, const std::uint8_t* at)
{
    const auto word = nativeWord<std::uint32_t>(at);
    if (word == 0 && table.zerosBeforeOther() && at[sizeof word] != 0)
        return true;
    const std::uint32_t hash = word * ProbeTable::multiplier;
    const std::uint32_t wanted = bitsOf(table, hash);
    return (table.places()[hash >> table.placeShift()] & wanted) == wanted;
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
    const auto* table32 = reinterpret_cast<const int*>(table.places());
    const __m256i multiplier = _mm256_set1_epi32(static_cast<int>(ProbeTable::multiplier));
    const __m128i toPlace = _mm_cvtsi32_si128(static_cast<int>(table.placeShift()));
    const __m128i toFirst = _mm_cvtsi32_si128(static_cast<int>(table.firstShift()));
    const __m128i toSecond = _mm_cvtsi32_si128(static_cast<int>(table.secondShift()));
    const __m256i low = _mm256_set1_epi32(31);
    const __m256i one = _mm256_set1_epi32(1);
    const __m256i zero = _mm256_setzero_si256();
    const __m256i behind = _mm256_set1_epi32(table.zerosBeforeOther() ? 0xff : 0);
    std::size_t count = 0;
    std::size_t at = begin;
    for (; at + 8 * step <= end; at += 8 * step) {
        const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at));
        const __m256i hash = _mm256_mullo_epi32(words, multiplier);
        const __m256i places = _mm256_i32gather_epi32(table32, _mm256_srl_epi32(hash, toPlace), 4);
        const __m256i first
            = _mm256_sllv_epi32(one, _mm256_and_si256(_mm256_srl_epi32(hash, toFirst), low));
        const __m256i second
            = _mm256_sllv_epi32(one, _mm256_and_si256(_mm256_srl_epi32(hash, toSecond), low));
        const __m256i missing = _mm256_andnot_si256(places, _mm256_or_si256(first, second));
        const __m256i none = _mm256_cmpeq_epi32(missing, zero);
        const __m256i after = _mm256_and_si256(
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + step)), behind);
        const __m256i zeros
            = _mm256_andnot_si256(_mm256_cmpeq_epi32(after, zero), _mm256_cmpeq_epi32(words, zero));
        const __m256i both = _mm256_or_si256(none, zeros);
        const auto mask
            = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(both))) & 0xffU;
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
    const __m128i toPlace = _mm_cvtsi32_si128(static_cast<int>(table.placeShift()));
    const __m128i toFirst = _mm_cvtsi32_si128(static_cast<int>(table.firstShift()));
    const __m128i toSecond = _mm_cvtsi32_si128(static_cast<int>(table.secondShift()));
    const __m512i one = _mm512_set1_epi32(1);
    const __m512i behind = _mm512_set1_epi32(table.zerosBeforeOther() ? 0xff : 0);
    constexpr __mmask16 all = 0xffff;
    std::size_t count = 0;
    std::size_t at = begin;
    for (; at + 16 * step <= end; at += 16 * step) {
        // The forms without a mask leave lanes undefined on the way, of which GCC 12 warns.
        const __m512i words = _mm512_loadu_si512(bytes + at);
        const __m512i hash = _mm512_maskz_mullo_epi32(all, words, multiplier);
        const __m512i places = _mm512_mask_i32gather_epi32(
            _mm512_setzero_si512(), all, _mm512_maskz_srl_epi32(all, hash, toPlace), table.places(),
            4);
        // A rotation takes the lowest five bits of its count.
        const __m512i first
            = _mm512_maskz_rolv_epi32(all, one, _mm512_maskz_srl_epi32(all, hash, toFirst));
        const __m512i second
            = _mm512_maskz_rolv_epi32(all, one, _mm512_maskz_srl_epi32(all, hash, toSecond));
        const __m512i wanted = _mm512_or_si512(first, second);
        const unsigned zeros = _mm512_mask_test_epi32_mask(
            _mm512_testn_epi32_mask(words, words), _mm512_loadu_si512(bytes + at + step), behind);
        const unsigned mask
            = zeros | _mm512_cmpeq_epi32_mask(_mm512_and_si512(places, wanted), wanted);
        count = takeMask(mask, at, count, passed);
    }
    return count + probePortable(table, bytes, at, end, passed + count);
}

#else

constexpr ProbeKernel probeAvx2 = nullptr;
constexpr ProbeKernel probeAvx512 = nullptr;

#endif

} // namespace

void ProbeTable::reserve(std::size_t words)
{
    const auto wide = static_cast<unsigned>(std::bit_width(words * 32));
    const auto tight = static_cast<unsigned>(std::bit_width(words * 16));
    m_shift = 32 + numberBits
        - std::clamp(std::max(std::min(wide, nearBits), tight), fewestBits, mostBits);
    m_crowded = words * 3 > std::size_t {1} << mostBits;
    m_places.assign(std::size_t {1} << (32 - m_shift), 0);
}

void ProbeTable::add(std::uint32_t word)
{
    const std::uint32_t hash = word * multiplier;
    m_places[hash >> m_shift] |= bitsOf(*this, hash);
}

std::span<const ProbeKernelChoice> probeKernels()
{
    static const auto kernels = usableKernels<ProbeKernel>({{Vectors::None, probePortable},
                                                            {Vectors::Avx2, probeAvx2},
                                                            {Vectors::Avx512, probeAvx512}});
    return kernels;
}

} // namespace coredact
