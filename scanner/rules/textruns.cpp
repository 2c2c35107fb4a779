// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/textruns.h"

#include "scanner/base/vectors.h"

#include "scanner/rules/runbuilder.h"

#include <algorithm>
#include <array>

#if COREDACT_X86
#include <immintrin.h>
#endif

namespace coredact {

namespace {

bool isText(std::uint8_t byte) { return isTextByte(byte); }
bool isToken(std::uint8_t byte) { return isTokenByte(byte); }

std::uint64_t maskOf(bool (*has)(std::uint8_t), ByteView bytes)
{
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bits |= std::uint64_t {has(bytes[i])} << i;
    return bits;
}

template <bool (*has)(std::uint8_t)>
void masksPortable(const std::uint8_t* bytes, std::uint64_t* masks, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        masks[i] = maskOf(has, {bytes + i * maskedBytes, maskedBytes});
}

#if COREDACT_X86

#define AVX2 __attribute__((target("avx2"), always_inline)) inline

/// 0xff for the bytes from `first` to `last`.
AVX2 __m256i between(__m256i bytes, unsigned first, unsigned last)
{
    // Shifted so that the range begins at the least signed byte: one comparison is enough.
    const __m256i shifted
        = _mm256_sub_epi8(bytes, _mm256_set1_epi8(static_cast<char>(first + 0x80)));
    return _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(last - first + 1 + 0x80)), shifted);
}

AVX2 __m256i is(__m256i bytes, char c) { return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c)); }

AVX2 __m256i load(const std::uint8_t* at)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

AVX2 std::uint64_t joined(__m256i low, __m256i high)
{
    return static_cast<unsigned>(_mm256_movemask_epi8(low))
        | std::uint64_t {static_cast<unsigned>(_mm256_movemask_epi8(high))} << 32;
}

AVX2 __m256i textOf(__m256i bytes)
{
    return _mm256_or_si256(between(bytes, 0x20, 0x7e), between(bytes, 0x09, 0x0d));
}

AVX2 __m256i tokensOf(__m256i bytes)
{
    const __m256i letters = between(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 'z');
    const __m256i some = _mm256_or_si256(between(bytes, '-', '9'), is(bytes, '_'));
    const __m256i signs = _mm256_or_si256(is(bytes, '='), is(bytes, '+'));
    const __m256i others = _mm256_or_si256(is(bytes, '~'), is(bytes, '%'));
    return _mm256_or_si256(_mm256_or_si256(letters, some), _mm256_or_si256(signs, others));
}

__attribute__((target("avx2"))) void textMasksAvx2(const std::uint8_t* bytes, std::uint64_t* masks,
                                                   std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i, bytes += maskedBytes)
        masks[i] = joined(textOf(load(bytes)), textOf(load(bytes + 32)));
}

__attribute__((target("avx2"))) void tokenMasksAvx2(const std::uint8_t* bytes, std::uint64_t* masks,
                                                    std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i, bytes += maskedBytes)
        masks[i] = joined(tokensOf(load(bytes)), tokensOf(load(bytes + 32)));
}

#undef AVX2

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

/// 0x80 for each byte below 0x80 that belongs.
constexpr std::array<std::uint8_t, 128> tableOf(bool (*has)(std::uint8_t))
{
    std::array<std::uint8_t, 128> table {};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = has(static_cast<std::uint8_t>(i)) ? 0x80 : 0;
    return table;
}
alignas(64) constexpr std::array<std::uint8_t, 128> textTable = tableOf(isTextByte);
alignas(64) constexpr std::array<std::uint8_t, 128> tokenTable = tableOf(isTokenByte);

/// What each byte is, looked up in one step.
AVX512 void lookUp(const std::array<std::uint8_t, 128>& table, const std::uint8_t* bytes,
                   std::uint64_t* masks, std::size_t count)
{
    const __m512i low = _mm512_loadu_si512(table.data());
    const __m512i high = _mm512_loadu_si512(table.data() + 64);
    for (std::size_t i = 0; i < count; ++i, bytes += maskedBytes) {
        const __m512i data = _mm512_loadu_si512(bytes);
        const __m512i found = _mm512_permutex2var_epi8(low, data, high);
        masks[i] = _mm512_movepi8_mask(found) & ~_mm512_movepi8_mask(data);
    }
}

void textMasksAvx512(const std::uint8_t* bytes, std::uint64_t* masks, std::size_t count)
{
    lookUp(textTable, bytes, masks, count);
}

void tokenMasksAvx512(const std::uint8_t* bytes, std::uint64_t* masks, std::size_t count)
{
    lookUp(tokenTable, bytes, masks, count);
}

#undef AVX512

#endif

} // namespace

std::vector<RunKind> textRunKinds()
{
    std::vector<RunKind> kinds {{isText, leastTextRun, masksPortable<isText>}};
#if COREDACT_X86
    if (canRun(Vectors::Avx2))
        kinds.push_back({isText, leastTextRun, textMasksAvx2});
    if (canRun(Vectors::Avx512Permuted))
        kinds.push_back({isText, leastTextRun, textMasksAvx512});
#endif
    return kinds;
}

std::vector<RunKind> tokenRunKinds()
{
    std::vector<RunKind> kinds {{isToken, leastTokenRun, masksPortable<isToken>}};
#if COREDACT_X86
    if (canRun(Vectors::Avx2))
        kinds.push_back({isToken, leastTokenRun, tokenMasksAvx2});
    if (canRun(Vectors::Avx512Permuted))
        kinds.push_back({isToken, leastTokenRun, tokenMasksAvx512});
#endif
    return kinds;
}

void RunKind::find(ByteView bytes, const Zone& part, std::vector<Zone>& zones) const
{
    findRuns(
        bytes, part, least,
        [&](std::size_t at, std::uint64_t* out, std::size_t count) {
            masks(bytes.data() + at, out, count);
        },
        [&](std::size_t at, std::size_t size) { return maskOf(has, bytes.subspan(at, size)); },
        zones);
}

const RunKind& textRuns()
{
    static const RunKind kind = textRunKinds().back();
    return kind;
}

const RunKind& tokenRuns()
{
    static const RunKind kind = tokenRunKinds().back();
    return kind;
}

} // namespace coredact
