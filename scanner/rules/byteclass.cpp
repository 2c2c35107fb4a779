// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/byteclass.h"

#include <vector>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

void masksPortable(const ByteClass& set, const std::uint8_t* bytes, std::uint64_t* masks,
                   std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i, bytes += 64) {
        masks[i] = 0;
        for (unsigned k = 0; k < 64; ++k)
            masks[i] |= std::uint64_t {set.has(bytes[k])} << k;
    }
}

#if COREDACT_X86

#define AVX2 __attribute__((target("avx2")))

AVX2 __m256i twice(const std::array<std::uint8_t, 16>& bytes)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data())));
}

AVX2 inline std::uint64_t half(__m256i low, __m256i high, const std::uint8_t* at)
{
    const __m256i powers = _mm256_broadcastsi128_si256(
        _mm_set_epi8(-128, 64, 32, 16, 8, 4, 2, 1, -128, 64, 32, 16, 8, 4, 2, 1));
    const __m256i data = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i lower = _mm256_and_si256(data, _mm256_set1_epi8(15));
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(data, 4), _mm256_set1_epi8(15));
    const __m256i row = _mm256_blendv_epi8(_mm256_shuffle_epi8(low, lower),
                                           _mm256_shuffle_epi8(high, lower), data);
    const __m256i bit = _mm256_shuffle_epi8(powers, upper);
    return static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(row, bit), bit)));
}

AVX2 void masksAvx2(const ByteClass& set, const std::uint8_t* bytes, std::uint64_t* masks,
                    std::size_t count)
{
    const __m256i low = twice(set.rows()[0]);
    const __m256i high = twice(set.rows()[1]);
    for (std::size_t i = 0; i < count; ++i, bytes += 64)
        masks[i] = half(low, high, bytes) | half(low, high, bytes + 32) << 32;
}

#undef AVX2

#define AVX512 __attribute__((target("avx512f,avx512bw")))

AVX512 __m512i fourTimes(const std::array<std::uint8_t, 16>& bytes)
{
    constexpr __mmask16 all = 0xffff; // the form without a mask leaves lanes undefined on the way
    return _mm512_maskz_broadcast_i32x4(
        all, _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data())));
}

AVX512 void masksAvx512(const ByteClass& set, const std::uint8_t* bytes, std::uint64_t* masks,
                        std::size_t count)
{
    const __m512i low = fourTimes(set.rows()[0]);
    const __m512i high = fourTimes(set.rows()[1]);
    const __m512i powers = fourTimes({1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128});
    const __m512i fifteen = _mm512_set1_epi8(15);
    for (std::size_t i = 0; i < count; ++i, bytes += 64) {
        const __m512i data = _mm512_loadu_si512(bytes);
        const __m512i lower = _mm512_and_si512(data, fifteen);
        const __m512i upper = _mm512_and_si512(_mm512_srli_epi16(data, 4), fifteen);
        const __m512i row = _mm512_mask_shuffle_epi8(_mm512_shuffle_epi8(low, lower),
                                                     _mm512_movepi8_mask(data), high, lower);
        masks[i] = _mm512_test_epi8_mask(row, _mm512_shuffle_epi8(powers, upper));
    }
}

#undef AVX512

#else

constexpr ClassMaskKernel masksAvx2 = nullptr;
constexpr ClassMaskKernel masksAvx512 = nullptr;

#endif

} // namespace

std::span<const ClassMaskKernelChoice> classMaskKernels()
{
    static const auto kernels
        = usableKernels<ClassMaskKernel>({{Vectors::None, masksPortable},
                                          {Vectors::Avx2, masksAvx2},
                                          {Vectors::Avx512Bytes, masksAvx512}});
    return kernels;
}

void classMasks(const ByteClass& set, const std::uint8_t* bytes, std::uint64_t* masks,
                std::size_t count)
{
    static const ClassMaskKernel best = classMaskKernels().back().kernel;
    best(set, bytes, masks, count);
}

} // namespace coredact
