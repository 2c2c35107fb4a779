// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/bytemasks.h"

#if COREDACT_X86

#include <immintrin.h>

namespace coredact {

namespace {

/// What each byte below 0x80 is, looked up in one step.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void classify(const std::uint8_t* bytes,
                                                                     std::span<ByteMasks> masks)
{
    const __m512i low = _mm512_loadu_si512(byteKinds.data());
    const __m512i high = _mm512_loadu_si512(byteKinds.data() + 64);
    for (ByteMasks& block : masks) {
        const __m512i data = _mm512_loadu_si512(bytes);
        const __mmask64 below = ~_mm512_movepi8_mask(data);
        const __m512i kinds
            = _mm512_maskz_mov_epi8(below, _mm512_permutex2var_epi8(low, data, high));
        const auto are
            = [kinds](ByteKind kind) __attribute__((target("avx512f,avx512bw,avx512vbmi")))
        {
            return _mm512_test_epi8_mask(kinds, _mm512_set1_epi8(static_cast<char>(kind)));
        };
        block = {are(ByteKind::Text), are(ByteKind::Zero), are(ByteKind::Base64),
                 are(ByteKind::Hex), are(ByteKind::Mark)};
        bytes += 64;
    }
}

} // namespace

const MaskKernel maskKernelAvx512 = classify;

} // namespace coredact

#else

namespace coredact {
const MaskKernel maskKernelAvx512 = nullptr;
}

#endif
