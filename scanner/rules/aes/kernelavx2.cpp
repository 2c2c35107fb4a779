// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/kernel.h"
#include "scanner/rules/aes/relations.h"

#if COREDACT_X86

#include <immintrin.h>

#include <bit>

namespace coredact {

namespace {

static_assert(aesRelations.size() == 6);

__attribute__((target("avx2"))) inline __m256i load(const std::uint8_t* at)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

__attribute__((target("avx2"))) inline __m256i zeros(__m256i a, __m256i b)
{
    return _mm256_cmpeq_epi32(a, b);
}

/// One bit for each of the eight words at `at` that satisfy a relation.
__attribute__((target("avx2"))) inline unsigned satisfied(const std::uint8_t* at, __m256i l0)
{
    const __m256i l4 = _mm256_xor_si256(l0, load(at + 4));
    const __m256i l12 = load(at + 12);
    const __m256i l20 = load(at + 20);
    __m256i any = zeros(_mm256_xor_si256(l0, l12), load(at + 16));
    any = _mm256_or_si256(any, zeros(_mm256_xor_si256(l0, l20), load(at + 24)));
    any = _mm256_or_si256(any, zeros(_mm256_xor_si256(l0, load(at + 28)), load(at + 32)));
    any = _mm256_or_si256(any, zeros(l4, l20));
    any = _mm256_or_si256(any, zeros(l4, load(at + 36)));
    any = _mm256_or_si256(any, zeros(l4, l12));
    any = _mm256_andnot_si256(zeros(l0, _mm256_setzero_si256()), any);
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(any)));
}

__attribute__((target("avx2"))) std::size_t search(ByteView bytes, std::size_t from, std::size_t to)
{
    const std::uint8_t* data = bytes.data();
    for (; from < to && bytes.size() - from >= aesRelationReach + 28; from += 32) {
        const __m256i l0 = load(data + from);
        if (_mm256_testz_si256(l0, l0) != 0)
            continue;
        const unsigned mask = satisfied(data + from, l0);
        if (mask != 0) {
            const auto at = from + 4U * static_cast<std::size_t>(std::countr_zero(mask));
            return at < to ? at : to;
        }
    }
    return aesKernelPortable(bytes, from, to);
}

} // namespace

const AesKernel aesKernelAvx2 = search;

} // namespace coredact

#else

namespace coredact {
const AesKernel aesKernelAvx2 = nullptr;
}

#endif
