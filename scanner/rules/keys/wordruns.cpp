// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/wordruns.h"

#include "scanner/base/memoryword.h"

#include <bit>
#include <cstring>
#include <vector>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 4;
constexpr std::size_t blockWords = 64;
constexpr std::size_t blockBytes = blockWords * wordBytes;
constexpr unsigned runBefore = 8;
constexpr unsigned runBehind = 4;

bool isLength(std::uint32_t word) { return word == 32 || word == 48; }

std::uint32_t wordAt(const std::uint8_t* bytes) { return littleWord<std::uint32_t>(bytes); }

WordMasks masksPortable(const std::uint8_t* bytes)
{
    WordMasks masks;
    for (unsigned i = 0; i < blockWords; ++i) {
        const std::uint32_t word = wordAt(bytes + wordBytes * i);
        masks.zero |= std::uint64_t {word == 0} << i;
        masks.length |= std::uint64_t {isLength(word)} << i;
    }
    return masks;
}

#if COREDACT_X86

// 32 and 48 alone have no other bit than 16 once that one is set and 32 is taken off.
constexpr int sixteen = 16;
constexpr int both = 48;

/// One bit for each of 16 words that the comparisons of four times four words hold.
__attribute__((target("sse2"))) std::uint64_t bitsOf(const __m128i (&equal)[4])
{
    const __m128i low = _mm_packs_epi32(equal[0], equal[1]);
    const __m128i high = _mm_packs_epi32(equal[2], equal[3]);
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
}

__attribute__((target("sse2"))) WordMasks masksSse2(const std::uint8_t* bytes)
{
    const __m128i zero = _mm_setzero_si128();
    WordMasks masks;
    for (unsigned quarter = 0; quarter < 4; ++quarter) {
        __m128i zeros[4];
        __m128i lengths[4];
        for (unsigned i = 0; i < 4; ++i) {
            __m128i words;
            // NOLINTNEXTLINE(bugprone-implicit-widening-of-multiplication-result): less than 256
            std::memcpy(&words, bytes + 64 * quarter + 16 * i, sizeof words);
            zeros[i] = _mm_cmpeq_epi32(words, zero);
            lengths[i] = _mm_cmpeq_epi32(_mm_or_si128(words, _mm_set1_epi32(sixteen)),
                                         _mm_set1_epi32(both));
        }
        masks.zero |= bitsOf(zeros) << 16 * quarter;
        masks.length |= bitsOf(lengths) << 16 * quarter;
    }
    return masks;
}

__attribute__((target("avx512f"))) WordMasks masksAvx512(const std::uint8_t* bytes)
{
    WordMasks masks;
    for (unsigned quarter = 0; quarter < 4; ++quarter) {
        const __m512i words = _mm512_loadu_si512(bytes + std::size_t {64} * quarter);
        const std::uint64_t zero = _mm512_testn_epi32_mask(words, words);
        const std::uint64_t length = _mm512_cmpeq_epi32_mask(
            _mm512_or_si512(words, _mm512_set1_epi32(sixteen)), _mm512_set1_epi32(both));
        masks.zero |= zero << 16 * quarter;
        masks.length |= length << 16 * quarter;
    }
    return masks;
}

#else

constexpr WordMaskKernel masksSse2 = nullptr;
constexpr WordMaskKernel masksAvx512 = nullptr;

#endif

/// The same for fewer words, at the end of the bytes; what is not there is neither.
WordMasks masksOfRest(ByteView rest)
{
    WordMasks masks;
    for (std::size_t i = 0; i < blockWords && (i + 1) * wordBytes <= rest.size(); ++i) {
        const std::uint32_t word = wordAt(rest.data() + wordBytes * i);
        masks.zero |= std::uint64_t {word == 0} << i;
        masks.length |= std::uint64_t {isLength(word)} << i;
    }
    return masks;
}

WordMasks masksOf(WordMaskKernel kernel, ByteView bytes, std::size_t at)
{
    if (at >= bytes.size())
        return {};
    return bytes.size() - at >= blockBytes ? kernel(bytes.data() + at)
                                           : masksOfRest(bytes.subspan(at));
}

/// The words of `here` at which a run ends; `before`: the words before them that are not zero.
std::uint64_t runEnds(std::uint64_t before, std::uint64_t here, std::uint64_t behind)
{
    std::uint64_t ends = here;
    for (unsigned i = 1; i < runBehind; ++i)
        ends &= here >> i | behind << (64 - i);
    if (ends == 0)
        return 0;
    for (unsigned i = 1; i <= runBefore; ++i)
        ends &= ~here << i | before >> (64 - i);
    return ends;
}

} // namespace

void findWordMarks(ByteView bytes, std::size_t begin, std::size_t end,
                   const std::function<void(WordMark, std::size_t position)>& take)
{
    std::uint64_t before = 0; // words before the first block that are not zero
    for (unsigned i = 1; i <= runBefore && begin >= i * wordBytes; ++i)
        before |= std::uint64_t {wordAt(bytes.data() + begin - i * wordBytes) != 0} << (64 - i);
    const WordMaskKernel kernel = wordMaskKernels().back().kernel;
    WordMasks here = masksOf(kernel, bytes, begin);
    for (std::size_t at = begin; at < end; at += blockBytes) {
        const WordMasks behind = masksOf(kernel, bytes, at + blockBytes);
        const std::uint64_t ends = runEnds(before, here.zero, behind.zero);
        for (std::uint64_t marks = ends | here.length; marks != 0; marks &= marks - 1) {
            const auto word = static_cast<unsigned>(std::countr_zero(marks));
            const std::size_t position = at + word * wordBytes;
            if (position >= end)
                return;
            take((ends >> word & 1) != 0 ? WordMark::EndOfRun : WordMark::Length, position);
        }
        before = ~here.zero;
        here = behind;
    }
}

std::span<const WordMaskKernelChoice> wordMaskKernels()
{
    static const auto kernels = usableKernels<WordMaskKernel>({{Vectors::None, masksPortable},
                                                               {Vectors::Sse2, masksSse2},
                                                               {Vectors::Avx512, masksAvx512}});
    return kernels;
}

} // namespace coredact
