// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/words/kernel.h"

#include <bit>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

void look(const WordTables& tables, const std::uint8_t* bytes, std::size_t at,
          std::vector<WordPlace>& places)
{
    if (const unsigned sets = tables.sets(bytes + at))
        places.push_back({static_cast<std::uint32_t>(at), sets});
}

void findPortable(const WordTables& tables, const std::uint8_t* bytes, std::size_t count,
                  std::vector<WordPlace>& places)
{
    for (std::size_t at = 0; at < count; ++at)
        look(tables, bytes, at, places);
}

#if COREDACT_X86

void lookAtEach(const WordTables& tables, const std::uint8_t* bytes, std::size_t at,
                std::uint64_t mask, std::vector<WordPlace>& places)
{
    for (; mask != 0; mask &= mask - 1)
        look(tables, bytes, at + static_cast<unsigned>(std::countr_zero(mask)), places);
}

#define AVX2 __attribute__((target("avx2")))

AVX2 inline __m256i twice(const std::array<std::uint8_t, 16>& table)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

AVX2 inline __m256i setsOf(const WordTables::Halves& halves, __m256i lower, __m256i upper)
{
    return _mm256_and_si256(_mm256_shuffle_epi8(twice(halves.lower), lower),
                            _mm256_shuffle_epi8(twice(halves.upper), upper));
}

AVX2 void findAvx2(const WordTables& tables, const std::uint8_t* bytes, std::size_t count,
                   std::vector<WordPlace>& places)
{
    constexpr std::size_t block = 32;
    const __m256i half = _mm256_set1_epi8(15);
    std::size_t at = 0;
    for (; at + block <= count; at += block) {
        __m256i low = _mm256_set1_epi8(-1);
        __m256i high = low;
        for (std::size_t i = 0; i < wordStart; ++i) {
            const __m256i data
                = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + i));
            const __m256i lower = _mm256_and_si256(data, half);
            const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(data, 4), half);
            low = _mm256_and_si256(low, setsOf(tables.halves(i)[0], lower, upper));
            high = _mm256_and_si256(high, setsOf(tables.halves(i)[1], lower, upper));
        }
        const __m256i none = _mm256_cmpeq_epi8(_mm256_or_si256(low, high), _mm256_setzero_si256());
        lookAtEach(tables, bytes, at, ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none)),
                   places);
    }
    for (; at < count; ++at)
        look(tables, bytes, at, places);
}

#undef AVX2

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

/// The kinds of a block's bytes; others than ASCII may be told wrong.
AVX512 inline __m512i kindsOf(std::uint64_t mask, const std::uint8_t* at)
{
    return _mm512_permutex2var_epi8(_mm512_loadu_si512(WordTables::kinds.data()),
                                    _mm512_maskz_loadu_epi8(mask, at),
                                    _mm512_loadu_si512(WordTables::kinds.data() + 64));
}

/// A bit for each byte of a block that may begin a pair with the byte behind it.
AVX512 inline std::uint64_t maskOf(const WordTables::PairBits& bits, __m512i first, __m512i second)
{
    const __m512i powers = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
    const __m512i row
        = _mm512_or_si512(_mm512_slli_epi16(first, 2),
                          _mm512_and_si512(_mm512_srli_epi16(second, 3), _mm512_set1_epi8(3)));
    const __m512i found = _mm512_permutex2var_epi8(_mm512_loadu_si512(bits.data()), row,
                                                   _mm512_loadu_si512(bits.data() + 64));
    return _mm512_test_epi8_mask(found, _mm512_shuffle_epi8(powers, second));
}

AVX512 void findAvx512(const WordTables& tables, const std::uint8_t* bytes, std::size_t count,
                       std::vector<WordPlace>& places)
{
    constexpr std::size_t block = 64;
    for (std::size_t at = 0; at < count; at += block) {
        // The last block may be a short one: what lies behind it is not read.
        const std::size_t left = count - at;
        const std::uint64_t mask
            = left >= block ? ~std::uint64_t {0} : (std::uint64_t {1} << left) - 1;
        __m512i first = kindsOf(mask, bytes + at);
        std::uint64_t found = mask;
        for (std::size_t i = 0; i < WordTables::startPairs; ++i) {
            const __m512i second = kindsOf(mask, bytes + at + i + 1);
            found &= maskOf(tables.pairBits(i), first, second);
            first = second;
        }
        lookAtEach(tables, bytes, at, found, places);
    }
}

#undef AVX512
#else

constexpr HeadKernel findAvx2 = nullptr;
constexpr HeadKernel findAvx512 = nullptr;

#endif

} // namespace

const std::array<std::uint8_t, 256> WordTables::kinds = [] {
    std::array<std::uint8_t, 256> kind {};
    for (std::size_t byte = 0; byte < kind.size(); ++byte) {
        const std::size_t ascii = byte & 0x7f;
        const std::size_t letter = ascii | 0x20;
        const bool sign = ascii == '-' || ascii == '.' || ascii == '/';
        kind[byte] = static_cast<std::uint8_t>(letter >= 'a' && letter <= 'z'     ? letter & 31
                                                   : ascii >= '0' && ascii <= '9' ? 0
                                                   : ascii == ' '                 ? 27
                                                   : sign                         ? 28
                                                   : ascii == ':' || ascii == '=' ? 29
                                                   : ascii == '_'                 ? 31
                                                                                  : 30);
    }
    return kind;
}();

void WordTables::add(const WordHead& head, std::size_t set)
{
    const auto halfBit = static_cast<std::uint8_t>(1U << set % 8);
    for (std::size_t i = 0; i < wordStart; ++i) {
        Halves& halves = m_halves[i][set / 8 % 2];
        forEachByte(head[i], [&](std::size_t byte) {
            halves.lower[byte & 15] |= halfBit;
            halves.upper[byte >> 4] |= halfBit;
        });
    }
    std::array<std::uint32_t, wordHead> kindsOf {};
    for (std::size_t i = 0; i < wordHead; ++i)
        forEachByte(head[i], [&](std::size_t byte) { kindsOf[i] |= 1U << kinds[byte]; });
    for (std::size_t i = 0; i < pairs; ++i)
        for (std::uint32_t first = kindsOf[i]; first != 0; first &= first - 1)
            addPairs(i, static_cast<std::size_t>(std::countr_zero(first)), kindsOf[i + 1],
                     1U << set);
}

void WordTables::addPairs(std::size_t place, std::size_t first, std::uint32_t seconds,
                          std::uint32_t set)
{
    for (; seconds != 0; seconds &= seconds - 1) {
        const auto second = static_cast<std::size_t>(std::countr_zero(seconds));
        m_sets[place][first << 5 | second] |= set;
        if (place >= startPairs)
            continue;
        std::uint8_t& bits = m_pairBits[place][first << 2 | second >> 3];
        bits = static_cast<std::uint8_t>(bits | 1U << (second & 7));
    }
}

std::span<const HeadKernelChoice> headKernels()
{
    static const auto kernels = usableKernels<HeadKernel>({{Vectors::None, findPortable},
                                                           {Vectors::Avx2, findAvx2},
                                                           {Vectors::Avx512Permuted, findAvx512}});
    return kernels;
}

} // namespace coredact
