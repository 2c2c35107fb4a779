// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/textruns.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace coredact {

namespace {

/// Bytes that one mask tells of, a bit each.
constexpr std::size_t block = 64;

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
        masks[i] = maskOf(has, {bytes + i * block, block});
}

#if defined(__x86_64__) || defined(__i386__)

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
    for (std::size_t i = 0; i < count; ++i, bytes += block)
        masks[i] = joined(textOf(load(bytes)), textOf(load(bytes + 32)));
}

__attribute__((target("avx2"))) void tokenMasksAvx2(const std::uint8_t* bytes, std::uint64_t* masks,
                                                    std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i, bytes += block)
        masks[i] = joined(tokensOf(load(bytes)), tokensOf(load(bytes + 32)));
}

#undef AVX2

bool hasAvx2() { return __builtin_cpu_supports("avx2") != 0; }
#endif

/// Puts runs together from the masks of one block after the other.
class RunBuilder {
public:
    RunBuilder(std::size_t begin, std::size_t least, std::vector<Zone>& zones)
        : m_at(begin)
        , m_least(least)
        , m_first(zones.size())
        , m_zones(zones)
    {
    }

    /// The next block; `bits` has a bit for each of its bytes that belongs.
    [[gnu::always_inline]] inline void add(std::uint64_t bits)
    {
        if (m_started)
            look(m_bits, bits);
        m_started = true;
        m_bits = bits;
    }

    void finish()
    {
        add(0);
        look(0, 0);
    }

private:
    static constexpr std::size_t none = SIZE_MAX;

    /// A bit where eight that belong begin.
    static std::uint64_t eights(std::uint64_t bits, std::uint64_t next)
    {
        std::uint64_t two = bits & (bits >> 1 | next << 63);
        next &= next >> 1;
        const std::uint64_t four = two & (two >> 2 | next << 62);
        next &= next >> 2;
        return four & (four >> 4 | next << 60);
    }

    [[gnu::always_inline]] inline void look(std::uint64_t bits, std::uint64_t next)
    {
        const std::uint64_t begins = eights(bits, next);
        // Nearly all blocks are without runs or all of one.
        if (m_begin == none ? begins != 0 : bits != ~std::uint64_t {0})
            takeFrom(bits, begins);
        m_at += block;
    }

    [[gnu::noinline]] void takeFrom(std::uint64_t bits, std::uint64_t begins)
    {
        if (m_begin != none) {
            const auto head = static_cast<unsigned>(std::countr_one(bits));
            take(m_begin, m_at + head);
            m_begin = none;
            begins &= ~std::uint64_t {0} << head;
        }
        while (begins != 0) {
            const auto begin = static_cast<unsigned>(std::countr_zero(begins));
            const auto end = begin + static_cast<unsigned>(std::countr_one(bits >> begin));
            if (end >= block) {
                m_begin = m_at + begin;
                break;
            }
            take(m_at + begin, m_at + end);
            begins &= ~std::uint64_t {0} << end;
        }
    }

    void take(std::size_t begin, std::size_t end)
    {
        if (end - begin < m_least)
            return;
        if (m_zones.size() > m_first && begin - m_zones.back().end < nearRuns)
            m_zones.back().end = end;
        else
            m_zones.push_back({begin, end});
    }

    std::size_t m_at; ///< of the block in `m_bits`
    std::size_t m_least;
    std::size_t m_first;
    std::vector<Zone>& m_zones;
    std::size_t m_begin = none; ///< of the run that reaches the end of the last block
    std::uint64_t m_bits = 0;
    bool m_started = false;
};

void findRuns(const RunKind& kind, ByteView bytes, const Zone& part, std::vector<Zone>& zones)
{
    RunBuilder builder(part.begin, kind.least, zones);
    std::array<std::uint64_t, 32> masks;
    std::size_t at = part.begin;
    while (at < part.end) {
        // A last block that is not full is filled from what stands behind, where something does.
        const std::size_t wanted = (part.end - at + block - 1) / block;
        const std::size_t count = std::min({masks.size(), wanted, (bytes.size() - at) / block});
        kind.masks(bytes.data() + at, masks.data(), count);
        for (std::size_t i = 0; i < count; ++i, at += block) {
            const std::size_t left = part.end - at;
            builder.add(left < block ? masks[i] & ((std::uint64_t {1} << left) - 1) : masks[i]);
        }
        if (count == 0) {
            builder.add(maskOf(kind.has, bytes.subspan(at, part.end - at)));
            at = part.end;
        }
    }
    builder.finish();
}

} // namespace

std::vector<RunKind> textRunKinds()
{
    std::vector<RunKind> kinds {{isText, leastTextRun, masksPortable<isText>}};
#if defined(__x86_64__) || defined(__i386__)
    if (hasAvx2())
        kinds.push_back({isText, leastTextRun, textMasksAvx2});
#endif
    return kinds;
}

std::vector<RunKind> tokenRunKinds()
{
    std::vector<RunKind> kinds {{isToken, leastTokenRun, masksPortable<isToken>}};
#if defined(__x86_64__) || defined(__i386__)
    if (hasAvx2())
        kinds.push_back({isToken, leastTokenRun, tokenMasksAvx2});
#endif
    return kinds;
}

void RunKind::find(ByteView bytes, const Zone& part, std::vector<Zone>& zones) const
{
    findRuns(*this, bytes, part, zones);
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
