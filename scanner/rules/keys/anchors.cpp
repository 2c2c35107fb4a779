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
#endif

} // namespace

std::size_t findPair(ByteView bytes, std::size_t from, std::size_t to, std::uint8_t first,
                     std::uint8_t second)
{
    to = std::min(to, bytes.size() - std::min<std::size_t>(bytes.size(), 1));
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

bool standsAt(ByteView bytes, std::size_t position, std::string_view text)
{
    return position <= bytes.size() && text.size() <= bytes.size() - position
        && std::equal(text.begin(), text.end(), asText(bytes).begin()
                          + static_cast<std::ptrdiff_t>(position));
}

} // namespace coredact
