// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/primescan.h"

#include "scanner/base/memoryword.h"
#include "scanner/rules/keys/limbs.h"

#include <algorithm>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace coredact {

namespace {

constexpr std::uint64_t smallestTop = 0xb504f333f9de6484; // √2 · 2^63
constexpr std::uint8_t smallestByte = smallestTop >> 56;

std::uint64_t load(const std::uint8_t* at) { return littleWord<std::uint64_t>(at); }

std::size_t judgedWords(std::size_t words) { return std::min<std::size_t>(words, 8); }

bool seemsRandom(const std::uint8_t* bytes, std::size_t words)
{
    return balancedBytes(bytes, judgedWords(words)) && fewZeros(bytes, words);
}

/// One bit for each position from `at` on where a zero, a high byte and, `size` bytes after the
/// zero, an odd byte stand.
#if defined(__SSE2__)
constexpr std::size_t stride = 16;

unsigned shapes(const std::uint8_t* at, std::size_t size)
{
    const auto loadVector = [](const std::uint8_t* from) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    const __m128i least = _mm_set1_epi8(static_cast<char>(smallestByte));
    const __m128i first = loadVector(at + 1);
    const __m128i zero = _mm_cmpeq_epi8(loadVector(at), _mm_setzero_si128());
    const __m128i high = _mm_cmpeq_epi8(_mm_max_epu8(first, least), first);
    const __m128i odd = _mm_slli_epi16(loadVector(at + size), 7);
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(_mm_and_si128(zero, high), odd)));
}
#else
constexpr std::size_t stride = 1;

unsigned shapes(const std::uint8_t* at, std::size_t size)
{
    return at[0] == 0 && at[1] >= smallestByte && (at[size] & 1) != 0 ? 1 : 0;
}
#endif

} // namespace

void littleEndianPrimes(ByteView bytes, std::size_t begin, std::size_t end, std::size_t words,
                        std::vector<std::size_t>& positions)
{
    const std::size_t size = words * 8;
    if (bytes.size() < size)
        return;
    end = std::min(end, bytes.size() - size + 1);
    const std::uint8_t* data = bytes.data();
    for (std::size_t at = begin; at < end; at += 8) {
        const bool high = load(data + at + size - 8) >= smallestTop;
        if (high & ((data[at] & 1) != 0) && seemsRandom(data + at, words))
            positions.push_back(at);
    }
}

void bigEndianPrimes(ByteView bytes, std::size_t begin, std::size_t end, std::size_t words,
                     std::vector<std::size_t>& positions)
{
    const std::size_t size = words * 8;
    if (bytes.size() < size + stride)
        return;
    const std::uint8_t* data = bytes.data();
    const auto take = [&](std::size_t at) {
        if (seemsRandom(data + at, words))
            positions.push_back(at);
    };
    std::size_t at = begin;
    for (; at < end && at + size + stride <= bytes.size(); at += stride)
        for (unsigned mask = shapes(data + at, size); mask != 0; mask &= mask - 1)
            if (const auto zero = at + static_cast<std::size_t>(std::countr_zero(mask)); zero < end)
                take(zero + 1);
    for (; at < end && at + size < bytes.size(); ++at)
        if (data[at] == 0 && data[at + 1] >= smallestByte && (data[at + size] & 1) != 0)
            take(at + 1);
}

} // namespace coredact
