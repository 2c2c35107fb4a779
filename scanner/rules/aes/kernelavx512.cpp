// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/aes/kernel.h"
#include "scanner/rules/aes/relations.h"

#if COREDACT_X86

#include <immintrin.h>

#include <bit>

namespace coredact {

namespace {

static_assert(aesRelations.size() == 6);

__attribute__((target("avx512f"))) inline __m512i load(const std::uint8_t* at)
{
    return _mm512_loadu_si512(at);
}

__attribute__((target("avx512f"))) inline unsigned zeros(__m512i a, __m512i b)
{
    return _mm512_cmpeq_epi32_mask(a, b);
}

/// One bit for each of the sixteen words at `at` that satisfy a relation.
__attribute__((target("avx512f"))) inline unsigned satisfied(const std::uint8_t* at, __m512i l0)
{
    const __m512i l4 = _mm512_xor_si512(l0, load(at + 4));
    const __m512i l12 = load(at + 12);
    const __m512i l20 = load(at + 20);
    return zeros(_mm512_xor_si512(l0, l12), load(at + 16))
        | zeros(_mm512_xor_si512(l0, l20), load(at + 24))
        | zeros(_mm512_xor_si512(l0, load(at + 28)), load(at + 32)) | zeros(l4, l20)
        | zeros(l4, load(at + 36)) | zeros(l4, l12);
}

__attribute__((target("avx512f"))) std::size_t search(ByteView bytes, std::size_t from,
                                                      std::size_t to)
{
    const std::uint8_t* data = bytes.data();
    for (; from < to && bytes.size() - from >= aesRelationReach + 60; from += 64) {
        const __m512i l0 = load(data + from);
        const unsigned used = _mm512_test_epi32_mask(l0, l0);
        if (used == 0)
            continue;
        const unsigned mask = satisfied(data + from, l0) & used;
        if (mask != 0) {
            const auto at = from + 4U * static_cast<std::size_t>(std::countr_zero(mask));
            return at < to ? at : to;
        }
    }
    return aesKernelPortable(bytes, from, to);
}

} // namespace

const AesKernel aesKernelAvx512 = search;

} // namespace coredact

#else

namespace coredact {
const AesKernel aesKernelAvx512 = nullptr;
}

#endif
