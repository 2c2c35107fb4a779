// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/runbuilder.h"

#include "scanner/base/vectors.h"

#include <algorithm>
#include <bit>

namespace coredact {

namespace {

/// Where eight bits that are set begin, in a block and the one after it.
struct Eights {
    std::uint64_t here;
    std::uint64_t next; ///< but its last seven
};

[[gnu::always_inline]] inline Eights eights(std::uint64_t here, std::uint64_t next)
{
    here &= here >> 1 | next << 63;
    next &= next >> 1;
    here &= here >> 2 | next << 62;
    next &= next >> 2;
    here &= here >> 4 | next << 60;
    next &= next >> 4;
    return {here, next};
}

constexpr std::size_t blocks = fullRow - 1;
using BeginRow = std::array<std::uint64_t, fullRow>;

/// What a row of blocks holds.
struct RowContent {
    std::uint64_t begins = 0; ///< of all blocks, or'ed
    std::uint64_t common = ~std::uint64_t {0}; ///< masks of all blocks, and'ed
};

/// For each block the bits where runs begin and go on: of so many bytes and more, 8, 24 or 40.
template <unsigned size>
[[gnu::always_inline]] inline RowContent begins(const MaskRow& row, BeginRow& found,
                                                std::size_t count)
{
    RowContent content;
    const std::uint64_t* __restrict const masks = row.data();
    std::uint64_t* __restrict const out = found.data();
    for (std::size_t i = 0; i < count; ++i) {
        const auto [here, next] = eights(masks[i], masks[i + 1]);
        std::uint64_t all = here;
        if (size >= 24)
            all &= (here >> 8 | next << 56) & (here >> 16 | next << 48);
        if (size >= 40)
            all &= (here >> 24 | next << 40) & (here >> 32 | next << 32);
        out[i] = all;
        content.begins |= all;
        content.common &= masks[i];
    }
    return content;
}

/// The number of a full row's blocks is known when this is compiled, so that it can be vectorised.
template <unsigned size>
[[gnu::always_inline]] inline RowContent ofRow(const MaskRow& masks, BeginRow& out,
                                               std::size_t count)
{
    return count == blocks ? begins<size>(masks, out, blocks) : begins<size>(masks, out, count);
}

using Begins = RowContent (*)(const MaskRow&, BeginRow&, std::size_t);

template <unsigned size> RowContent portable(const MaskRow& masks, BeginRow& out, std::size_t count)
{
    return ofRow<size>(masks, out, count);
}

#if COREDACT_X86
template <unsigned size>
__attribute__((target("avx2"))) RowContent vectorised(const MaskRow& masks, BeginRow& out,
                                                      std::size_t count)
{
    return ofRow<size>(masks, out, count);
}

template <unsigned size>
__attribute__((target("avx512f,prefer-vector-width=512"))) RowContent
widest(const MaskRow& masks, BeginRow& out, std::size_t count)
{
    return ofRow<size>(masks, out, count);
}

#else
template <unsigned size> RowContent widest(const MaskRow& masks, BeginRow& out, std::size_t count)
{
    return ofRow<size>(masks, out, count);
}
template <unsigned size>
RowContent vectorised(const MaskRow& masks, BeginRow& out, std::size_t count)
{
    return ofRow<size>(masks, out, count);
}
#endif

template <unsigned size> Begins best()
{
    return canRun(Vectors::Avx512) ? widest<size>
        : canRun(Vectors::Avx2)    ? vectorised<size>
                                   : portable<size>;
}

} // namespace

void RunBuilder::add(const MaskRow& masks, std::size_t count)
{
    static const Begins ofEights = best<8>();
    static const Begins ofLong = best<24>();
    static const Begins ofVeryLong = best<40>();
    BeginRow begins;
    const RowContent content = (m_least < 24       ? ofEights
                                    : m_least < 40 ? ofLong
                                                   : ofVeryLong)(masks, begins, count);
    // Most rows are without runs or all of one.
    const bool idle = m_begin == none ? content.begins == 0 : content.common == ~std::uint64_t {0};
    if (!idle)
        for (std::size_t i = 0; i < count; ++i)
            if (m_begin == none ? begins[i] != 0 : masks[i] != ~std::uint64_t {0})
                takeFrom(masks[i], begins[i], m_at + i * maskedBytes);
    m_at += count * maskedBytes;
}

void RunBuilder::takeFrom(std::uint64_t bits, std::uint64_t begins, std::size_t at)
{
    if (m_begin != none) {
        const auto head = static_cast<unsigned>(std::countr_one(bits));
        take(m_begin, at + head);
        m_begin = none;
        begins &= ~std::uint64_t {0} << head;
    }
    while (begins != 0) {
        const auto begin = static_cast<unsigned>(std::countr_zero(begins));
        const auto end = begin + static_cast<unsigned>(std::countr_one(bits >> begin));
        if (end >= maskedBytes) {
            m_begin = at + begin;
            break;
        }
        take(at + begin, at + end);
        begins &= ~std::uint64_t {0} << end;
    }
}

void RunBuilder::take(std::size_t begin, std::size_t end)
{
    if (end - begin < m_least)
        return;
    if (m_zones.size() > m_first && begin - m_zones.back().end < nearRuns)
        m_zones.back().end = end;
    else
        m_zones.push_back({begin, end});
}

} // namespace coredact
