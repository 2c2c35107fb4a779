// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/lowbits.h"

#include "scanner/base/memoryword.h"

#include <bit>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

std::size_t nextPortable(const LowBits& set, const std::uint8_t* bytes, std::size_t at,
                         std::size_t end)
{
    while (at < end && !set.mayHold(nativeWord<std::uint64_t>(bytes + at)))
        at += LowBits::step;
    return at;
}

#if COREDACT_X86

__attribute__((target("avx512f"))) std::size_t
nextAvx512(const LowBits& set, const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    constexpr std::size_t words = 8; // of a vector
    constexpr __mmask8 all = 0xff;
    const __m512i low = _mm512_set1_epi64(0xffff);
    const __m512i inWord = _mm512_set1_epi64(LowBits::width - 1);
    // The last word of a vector must be one of those that can be read.
    for (; at + (words - 1) * LowBits::step < end; at += words * LowBits::step) {
        const __m512i here = _mm512_loadu_si512(bytes + at);
        const __m512i places = _mm512_maskz_srli_epi64(all, _mm512_and_si512(here, low), 5);
        const __m256i held = _mm512_mask_i64gather_epi32(_mm256_setzero_si256(), all, places,
                                                         set.bits(), sizeof(std::uint32_t));
        const __m512i shifted = _mm512_maskz_srlv_epi64(all, _mm512_maskz_cvtepu32_epi64(all, held),
                                                        _mm512_and_si512(here, inWord));
        const auto found
            = static_cast<unsigned>(_mm512_test_epi64_mask(shifted, _mm512_set1_epi64(1)));
        if (found != 0)
            return at + LowBits::step * static_cast<std::size_t>(std::countr_zero(found));
    }
    return nextPortable(set, bytes, at, end);
}

#else

constexpr LowBitsKernel nextAvx512 = nullptr;

#endif

} // namespace

std::span<const KernelChoice<LowBitsKernel>> lowBitsKernels()
{
    static const auto kernels = usableKernels<LowBitsKernel>(
        {{Vectors::None, nextPortable}, {Vectors::Avx512, nextAvx512}});
    return kernels;
}

std::size_t LowBits::next(const std::uint8_t* bytes, std::size_t at, std::size_t end) const
{
    static const LowBitsKernel best = lowBitsKernels().back().kernel;
    return best(*this, bytes, at, end);
}

} // namespace coredact
