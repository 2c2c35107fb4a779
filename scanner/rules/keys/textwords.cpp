// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/textwords.h"

#include "scanner/base/memoryword.h"

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::size_t block = 64;

std::size_t findPortable(const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    for (; at < end; at += block)
        for (std::size_t i = 0; i < block; i += 8)
            if (TextWords::isNumber(littleWord<std::uint64_t>(bytes + at + i))
                && TextWords::isText(littleWord<std::uint64_t>(bytes + at + i + 8)))
                return at;
    return at;
}

#if COREDACT_X86

static_assert(TextWords::mostNumber + 1 == 0xffffffff, "the kernels compare by the bits above");

__attribute__((target("avx2"))) std::size_t findAvx2(const std::uint8_t* bytes, std::size_t at,
                                                     std::size_t end)
{
    const __m256i one = _mm256_set1_epi64x(1);
    const __m256i bitsOfMore = _mm256_set1_epi64x(~0xffffffffLL);
    const __m256i high = _mm256_set1_epi8(static_cast<char>(0x80));
    const __m256i toHigh = _mm256_set1_epi8(0x60);
    const __m256i zero = _mm256_setzero_si256();
    for (; at < end; at += block) {
        __m256i any = zero;
        for (std::size_t i = 0; i < block; i += 32) {
            const auto* words = reinterpret_cast<const __m256i*>(bytes + at + i);
            const __m256i number = _mm256_add_epi64(_mm256_loadu_si256(words), one);
            const __m256i text
                = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + i + 8));
            const __m256i printable = _mm256_andnot_si256(text, _mm256_add_epi64(text, toHigh));
            const __m256i wrong = _mm256_or_si256(_mm256_and_si256(number, bitsOfMore),
                                                  _mm256_andnot_si256(printable, high));
            any = _mm256_or_si256(any, _mm256_cmpeq_epi64(wrong, zero));
        }
        if (_mm256_testz_si256(any, any) == 0)
            return at;
    }
    return at;
}

__attribute__((target("avx512f"))) std::size_t findAvx512(const std::uint8_t* bytes, std::size_t at,
                                                          std::size_t end)
{
    const __m512i one = _mm512_set1_epi64(1);
    const __m512i bitsOfMore = _mm512_set1_epi64(~0xffffffffLL);
    const __m512i high = _mm512_set1_epi64(static_cast<long long>(0x8080808080808080));
    const __m512i toHigh = _mm512_set1_epi64(0x6060606060606060);
    for (; at < end; at += block) {
        const __m512i number = _mm512_add_epi64(_mm512_loadu_si512(bytes + at), one);
        const __m512i text = _mm512_loadu_si512(bytes + at + 8);
        const __m512i raised = _mm512_and_si512(_mm512_add_epi64(text, toHigh), high);
        const unsigned isNumber = _mm512_testn_epi64_mask(number, bitsOfMore);
        const unsigned isAscii = _mm512_testn_epi64_mask(text, high);
        const unsigned isPrintable = _mm512_cmpeq_epi64_mask(raised, high);
        if ((isNumber & isAscii & isPrintable) != 0)
            return at;
    }
    return at;
}

#else

constexpr TextWordKernel findAvx2 = nullptr;
constexpr TextWordKernel findAvx512 = nullptr;

#endif

} // namespace

std::span<const TextWordKernelChoice> textWordKernels()
{
    static const auto kernels = usableKernels<TextWordKernel>(
        {{Vectors::None, findPortable}, {Vectors::Avx2, findAvx2}, {Vectors::Avx512, findAvx512}});
    return kernels;
}

std::size_t findTextBehindShortNumber(const std::uint8_t* bytes, std::size_t at, std::size_t end)
{
    constexpr std::size_t word = 4;
    for (; at < end; at += block) {
        bool any = false; // no branch for each word: most have a number
        for (std::size_t i = at; i < at + block; i += word)
            any |= TextWords::isNumber(littleWord<std::uint32_t>(bytes + i))
                & TextWords::isText(littleWord<std::uint64_t>(bytes + i + word));
        if (any)
            return at;
    }
    return at;
}

} // namespace coredact
