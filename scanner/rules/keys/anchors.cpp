// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/anchors.h"

#include <algorithm>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace coredact {

namespace {

#if defined(__SSE2__)
/// One bit for each of the 16 positions from `at` where the pair stands; 17 bytes are read.
unsigned pairsIn16(const std::uint8_t* at, __m128i first, __m128i second)
{
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
    return static_cast<unsigned>(_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(here, first), _mm_cmpeq_epi8(next, second))));
}

/// The same for any of four pairs.
unsigned anyPairsIn16(const std::uint8_t* at, const __m128i (&firsts)[4],
                      const __m128i (&seconds)[4])
{
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
    __m128i any = _mm_setzero_si128();
    for (int i = 0; i < 4; ++i)
        any = _mm_or_si128(
            any, _mm_and_si128(_mm_cmpeq_epi8(here, firsts[i]), _mm_cmpeq_epi8(next, seconds[i])));
    return static_cast<unsigned>(_mm_movemask_epi8(any));
}
#endif

/// The last position that may be looked at, plus one.
std::size_t pairLimit(ByteView bytes, std::size_t to)
{
    return std::min(to, bytes.size() - std::min<std::size_t>(bytes.size(), 1));
}

} // namespace

std::size_t findPair(ByteView bytes, std::size_t from, std::size_t to, std::uint8_t first,
                     std::uint8_t second)
{
    to = pairLimit(bytes, to);
    const std::uint8_t* data = bytes.data();
#if defined(__SSE2__)
    const __m128i firsts = _mm_set1_epi8(static_cast<char>(first));
    const __m128i seconds = _mm_set1_epi8(static_cast<char>(second));
    for (; from + 32 <= to; from += 32) {
        const unsigned low = pairsIn16(data + from, firsts, seconds);
        const unsigned high = pairsIn16(data + from + 16, firsts, seconds);
        if (const unsigned mask = low | high << 16; mask != 0)
            return from + static_cast<std::size_t>(std::countr_zero(mask));
    }
#endif
    for (; from < to; ++from)
        if (data[from] == first && data[from + 1] == second)
            return from;
    return notFound;
}

std::size_t findAnyPair(ByteView bytes, std::size_t from, std::size_t to,
                        const std::array<BytePair, 4>& pairs)
{
    to = pairLimit(bytes, to);
    const std::uint8_t* data = bytes.data();
#if defined(__SSE2__)
    __m128i firsts[4];
    __m128i seconds[4];
    for (std::size_t i = 0; i < 4; ++i) {
        firsts[i] = _mm_set1_epi8(static_cast<char>(pairs[i].first));
        seconds[i] = _mm_set1_epi8(static_cast<char>(pairs[i].second));
    }
    for (; from + 16 <= to; from += 16)
        if (const unsigned mask = anyPairsIn16(data + from, firsts, seconds); mask != 0)
            return from + static_cast<std::size_t>(std::countr_zero(mask));
#endif
    for (; from < to; ++from)
        for (const BytePair& pair : pairs)
            if (data[from] == pair.first && data[from + 1] == pair.second)
                return from;
    return notFound;
}

bool standsAt(ByteView bytes, std::size_t position, std::string_view text)
{
    return position <= bytes.size() && text.size() <= bytes.size() - position
        && std::equal(text.begin(), text.end(),
                      asText(bytes).begin() + static_cast<std::ptrdiff_t>(position));
}

} // namespace coredact
