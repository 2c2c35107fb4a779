// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/ciphers/samples.h"

#include "scanner/base/distinctbytes.h"
#include "scanner/rules/ciphers/blowfish.h"
#include "scanner/rules/ciphers/cast5.h"
#include "scanner/rules/ciphers/des.h"
#include "scanner/rules/ciphers/rc2.h"
#include "scanner/rules/ciphers/rc4.h"
#include "scanner/rules/ciphers/sm4.h"

#include <algorithm>
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace coredact {

namespace {

static_assert(randomReach > blowfishBytes);

constexpr int fewestTopBits = 4;
constexpr int mostTopBits = 28;
constexpr int mostZeros = 3;
/// Of the 64 bytes from a sample on, of which random ones have 57, give or take 2.4.
constexpr std::size_t fewestDistinct = 46;

#ifdef __SSE2__

inline __m128i load(const std::uint8_t* at)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

/// A bit for each of 32 bytes that is zero.
inline std::uint32_t zerosOf(const std::uint8_t* sample)
{
    const auto mask = [&](std::size_t at) {
        return static_cast<std::uint32_t>(
            _mm_movemask_epi8(_mm_cmpeq_epi8(load(sample + at), _mm_setzero_si128())));
    };
    return mask(0) | mask(16) << 16;
}

/// How many of 32 bytes have their top bit.
inline int topsOf(const std::uint8_t* sample)
{
    const auto tops = [&](std::size_t at) {
        return _mm_and_si128(_mm_srli_epi16(load(sample + at), 7), _mm_set1_epi8(1));
    };
    const __m128i sums = _mm_sad_epu8(_mm_add_epi8(tops(0), tops(16)), _mm_setzero_si128());
    return _mm_cvtsi128_si32(sums) + _mm_cvtsi128_si32(_mm_srli_si128(sums, 8));
}

#else

inline std::uint32_t zerosOf(const std::uint8_t* sample)
{
    std::uint32_t zeros = 0;
    for (std::size_t i = 0; i < sampleBytes; ++i)
        zeros |= static_cast<std::uint32_t>(sample[i] == 0) << i;
    return zeros;
}

inline int topsOf(const std::uint8_t* sample)
{
    int tops = 0;
    for (std::size_t i = 0; i < sampleBytes; ++i)
        tops += sample[i] >> 7;
    return tops;
}

#endif

inline bool isRandom(const std::uint8_t* sample)
{
    // Without a bit, and another, and a third: of most memory there is a fourth.
    static_assert(mostZeros == 3);
    std::uint32_t zeros = zerosOf(sample);
    zeros &= zeros - 1;
    zeros &= zeros - 1;
    if ((zeros & (zeros - 1)) != 0)
        return false;
    const int tops = topsOf(sample);
    return tops >= fewestTopBits && tops <= mostTopBits;
}

} // namespace

bool areRandom(ByteView bytes)
{
    for (std::size_t at = 0; at + sampleBytes <= bytes.size(); at += sampleBytes)
        if (!isRandom(bytes.data() + at))
            return false;
    return true;
}

bool areMixed(ByteView bytes)
{
    const std::uint8_t* first = bytes.data();
    const std::uint8_t* second = first + sampleBytes;
    const int tops = topsOf(first) + topsOf(second);
    return tops >= 4 * fewestTopBits && tops <= 64 - 4 * fewestTopBits
        && std::popcount(zerosOf(first)) + std::popcount(zerosOf(second)) <= mostZeros
        && distinctBytes(bytes.first(2 * sampleBytes)) >= fewestDistinct;
}

RoundKeySamples takeSamples(ByteView bytes, std::size_t begin, std::size_t end)
{
    RoundKeySamples samples;
    samples.first = begin;
    const std::size_t last = std::min(bytes.size(), end + randomReach);
    if (last < begin + sampleBytes)
        return samples;
    samples.random.reserve((last - begin) / sampleStride + 1);
    for (std::size_t at = begin; at + sampleBytes <= last; at += sampleStride) {
        const std::uint8_t* sample = bytes.data() + at;
        samples.random.push_back(isRandom(sample) ? 1 : 0);
        if (at >= end)
            continue;
        if (mayBeDesRoundKeys(sample))
            samples.des.push_back(at);
        if (mayBeSm4RoundKeys(sample))
            samples.sm4.push_back(at);
        if (mayBeRc2Words(bytes.subspan(at)))
            samples.rc2.push_back(at);
        if (mayBeCast5Pairs(sample))
            samples.cast5.push_back(at);
        if (mayBeRc4Words(sample))
            samples.rc4.push_back(at);
    }
    return samples;
}

} // namespace coredact
