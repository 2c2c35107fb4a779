// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/kernel.h"
#include "scanner/rules/aes/relations.h"

#if COREDACT_X86

#include <immintrin.h>

#include <bit>

namespace coredact {

namespace {

static_assert(aesRelations.size() == 6);

inline __m128i load(const std::uint8_t* at)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

inline __m128i zeros(__m128i a, __m128i b) { return _mm_cmpeq_epi32(a, b); }

/// One bit for each of the four words at `at` that satisfy a relation.
inline unsigned satisfied(const std::uint8_t* at, __m128i l0)
{
    const __m128i l4 = _mm_xor_si128(l0, load(at + 4));
    const __m128i l12 = load(at + 12);
    const __m128i l20 = load(at + 20);
    __m128i any = zeros(_mm_xor_si128(l0, l12), load(at + 16));
    any = _mm_or_si128(any, zeros(_mm_xor_si128(l0, l20), load(at + 24)));
    any = _mm_or_si128(any, zeros(_mm_xor_si128(l0, load(at + 28)), load(at + 32)));
    any = _mm_or_si128(any, zeros(l4, l20));
    any = _mm_or_si128(any, zeros(l4, load(at + 36)));
    any = _mm_or_si128(any, zeros(l4, l12));
    any = _mm_andnot_si128(zeros(l0, _mm_setzero_si128()), any);
    return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(any)));
}

std::size_t search(ByteView bytes, std::size_t from, std::size_t to)
{
    const std::uint8_t* data = bytes.data();
    for (; from < to && bytes.size() - from >= aesRelationReach + 12; from += 16) {
        const unsigned mask = satisfied(data + from, load(data + from));
        if (mask != 0) {
            const auto at = from + 4U * static_cast<std::size_t>(std::countr_zero(mask));
            return at < to ? at : to;
        }
    }
    return aesKernelPortable(bytes, from, to);
}

} // namespace

const AesKernel aesKernelSse2 = search;

} // namespace coredact

#else

namespace coredact {
const AesKernel aesKernelSse2 = nullptr;
}

#endif
