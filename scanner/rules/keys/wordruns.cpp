// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/wordruns.h"

#include "scanner/base/memoryword.h"

#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::size_t wordBytes = 4;
constexpr std::size_t blockWords = 64;
constexpr std::size_t blockBytes = blockWords * wordBytes;
constexpr unsigned runBefore = 8;
constexpr unsigned runBehind = 4;

/// One bit for each of 64 words, the lowest for the first.
struct Masks {
    std::uint64_t zero = 0;
    std::uint64_t length = 0;
};

bool isLength(std::uint32_t word) { return word == 32 || word == 48; }

#if defined(__SSE2__)

/// One bit for each of 16 words that the comparisons of four times four words hold.
std::uint64_t bitsOf(const __m128i (&equal)[4])
{
    const __m128i low = _mm_packs_epi32(equal[0], equal[1]);
    const __m128i high = _mm_packs_epi32(equal[2], equal[3]);
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
}

Masks masksAt(const std::uint8_t* bytes)
{
    const __m128i zero = _mm_setzero_si128();
    // 32 and 48 alone have no other bit than 16 once that one is set and 32 is taken off.
    const __m128i sixteen = _mm_set1_epi32(16);
    const __m128i both = _mm_set1_epi32(48);
    Masks masks;
    for (unsigned quarter = 0; quarter < 4; ++quarter) {
        __m128i zeros[4];
        __m128i lengths[4];
        for (unsigned i = 0; i < 4; ++i) {
            __m128i words;
            // NOLINTNEXTLINE(bugprone-implicit-widening-of-multiplication-result): less than 256
            std::memcpy(&words, bytes + 64 * quarter + 16 * i, sizeof words);
            zeros[i] = _mm_cmpeq_epi32(words, zero);
            lengths[i] = _mm_cmpeq_epi32(_mm_or_si128(words, sixteen), both);
        }
        masks.zero |= bitsOf(zeros) << 16 * quarter;
        masks.length |= bitsOf(lengths) << 16 * quarter;
    }
    return masks;
}

#else

std::uint32_t wordAt(const std::uint8_t* bytes);

Masks masksAt(const std::uint8_t* bytes)
{
    Masks masks;
    for (unsigned i = 0; i < blockWords; ++i) {
        const std::uint32_t word = wordAt(bytes + wordBytes * i);
        masks.zero |= std::uint64_t {word == 0} << i;
        masks.length |= std::uint64_t {isLength(word)} << i;
    }
    return masks;
}

#endif

std::uint32_t wordAt(const std::uint8_t* bytes) { return littleWord<std::uint32_t>(bytes); }

/// The same for fewer words, at the end of the bytes; what is not there is neither.
Masks masksOfRest(ByteView rest)
{
    Masks masks;
    for (std::size_t i = 0; i < blockWords && (i + 1) * wordBytes <= rest.size(); ++i) {
        const std::uint32_t word = wordAt(rest.data() + wordBytes * i);
        masks.zero |= std::uint64_t {word == 0} << i;
        masks.length |= std::uint64_t {isLength(word)} << i;
    }
    return masks;
}

Masks masksOf(ByteView bytes, std::size_t at)
{
    if (at >= bytes.size())
        return {};
    return bytes.size() - at >= blockBytes ? masksAt(bytes.data() + at)
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
    Masks here = masksOf(bytes, begin);
    for (std::size_t at = begin; at < end; at += blockBytes) {
        const Masks behind = masksOf(bytes, at + blockBytes);
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

} // namespace coredact
