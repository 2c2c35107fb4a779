// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagateindex.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t step = 4; ///< between probed positions
constexpr unsigned coarseBits = 15; ///< 256 KiB at most
constexpr unsigned fineBits = 21; ///< 16 MiB at most
constexpr std::size_t mostAnchors = 256; ///< kept for one window

// The masks that cut a window out of a word take its low bytes.
static_assert(std::endian::native == std::endian::little);

bool constant(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(),
                       [&](std::uint8_t byte) { return byte == bytes.front(); });
}

/// Whether a window writes public bytes only.
bool isPublic(const SecretForm& form, std::size_t at, std::size_t size)
{
    for (std::size_t i = at; i < at + size; ++i)
        if (!form.plain->isPublic[form.origin[i]])
            return false;
    return true;
}

unsigned shiftFor(std::size_t wanted, unsigned fewestBits, unsigned mostBits)
{
    const auto bits = static_cast<unsigned>(std::bit_width(wanted));
    return 64 - std::clamp(bits, fewestBits, mostBits);
}

} // namespace

void WindowTable::build()
{
    if (m_entries.empty())
        return;
    m_slotShift = shiftFor(m_entries.size() * 2, 4, 40);
    m_slots.assign(std::size_t(1) << (64 - m_slotShift), {});
    std::vector<std::uint32_t> slotOf(m_entries.size());
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const std::uint64_t window = m_entries[i].window;
        std::size_t at = window * multiplier >> m_slotShift;
        while (m_slots[at].count != 0 && m_slots[at].window != window)
            at = (at + 1) % m_slots.size();
        m_slots[at].window = window;
        ++m_slots[at].count;
        slotOf[i] = static_cast<std::uint32_t>(at);
    }
    std::uint32_t end = 0;
    for (Slot& slot : m_slots) {
        slot.count = std::min<std::uint32_t>(slot.count, mostAnchors);
        end += slot.count;
        slot.first = end; // moved back to its beginning as it is filled
    }
    m_anchors.resize(end);
    // From the last to the first, so that they come out in their order; of too many the last.
    std::vector<std::uint32_t> filled(m_slots.size());
    for (std::size_t i = m_entries.size(); i-- > 0;) {
        Slot& slot = m_slots[slotOf[i]];
        if (filled[slotOf[i]]++ < slot.count)
            m_anchors[--slot.first] = m_entries[i].anchor;
    }
    m_entries = {};
}

std::span<const Anchor> WindowTable::anchors(std::uint64_t window) const
{
    std::size_t at = window * multiplier >> m_slotShift;
    for (; m_slots[at].count != 0; at = (at + 1) % m_slots.size())
        if (m_slots[at].window == window)
            return std::span(m_anchors).subspan(m_slots[at].first, m_slots[at].count);
    return {};
}

FormIndex::FormIndex(std::vector<SecretForm> forms)
    : m_forms(std::move(forms))
{
    for (std::uint32_t i = 0; i < m_forms.size(); ++i)
        addForm(i);
    fillFilters();
    for (WindowTable* table : {&m_narrow, &m_wide, &m_sparse, &m_prefixes})
        table->build();
}

void FormIndex::fillFilters()
{
    std::sort(m_prefixWords.begin(), m_prefixWords.end());
    m_prefixWords.erase(std::unique(m_prefixWords.begin(), m_prefixWords.end()),
                        m_prefixWords.end());
    m_coarse.reserve(m_begins.size());
    m_filter.reserve(m_begins.size(), fineBits);
    for (const std::uint64_t begin : m_begins) {
        m_coarse.add(static_cast<std::uint32_t>(begin));
        m_filter.add(begin);
    }
    m_prefixFilter.reserve(m_prefixWords.size(), coarseBits);
    for (const std::uint32_t word : m_prefixWords)
        m_prefixFilter.add(word);
    m_begins = {};
}

WindowTable& FormIndex::tableOf(std::size_t size)
{
    return size == prefixSize ? m_prefixes
        : size == narrowSize  ? m_narrow
        : size == wideSize    ? m_wide
                              : m_sparse;
}

void FormIndex::addWindow(std::uint32_t index, std::size_t at, std::size_t size)
{
    std::uint8_t bytes[sparseSize] = {};
    std::memcpy(bytes, m_forms[index].bytes.data() + at, size);
    tableOf(size).add(windowAt(bytes, size), {index, static_cast<std::uint32_t>(at)});
    if (size == prefixSize)
        m_prefixWords.push_back(static_cast<std::uint32_t>(load(bytes) & prefixMask));
    else
        m_begins.push_back(load(bytes) & narrowMask);
}

void FormIndex::addForm(std::uint32_t index)
{
    const SecretForm& form = m_forms[index];
    const std::size_t size = form.bytes.size();
    m_longest = std::max(m_longest, size);
    if (form.wholeOnly) {
        addWhole(index);
        return;
    }
    const std::size_t shortest = std::min(form.shortest, size);
    const std::size_t window = shortest >= sparseSize + step - 1 ? sparseSize
        : shortest >= wideSize + step - 1                        ? wideSize
                                                                 : narrowSize;
    // Four windows in a row, and then as many left out as a shortest fragment can spare.
    const std::size_t period
        = window == narrowSize ? step : std::max(step, shortest - window + 1 - (step - 1));
    for (std::size_t at = 0; at + window <= size; ++at) {
        if (at % period >= step || constant(ByteView(form.bytes).subspan(at, window))
            || isPublic(form, at, window))
            continue;
        addWindow(index, at, window);
    }
}

/// A form that counts as a whole has, whatever its alignment, one of any four windows in a row
/// where bytes are probed. Only those too short for that are looked for at every position.
void FormIndex::addWhole(std::uint32_t index)
{
    const ByteView bytes = m_forms[index].bytes;
    for (const std::size_t window : {sparseSize, wideSize, narrowSize}) {
        for (std::size_t first = 0; first + step - 1 + window <= bytes.size(); ++first) {
            bool tells = true;
            for (std::size_t at = first; at < first + step; ++at)
                tells = tells && !constant(bytes.subspan(at, window));
            if (!tells)
                continue;
            for (std::size_t at = first; at < first + step; ++at)
                addWindow(index, at, window);
            return;
        }
    }
    addWindow(index, 0, prefixSize);
}

namespace {

using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;
using Words2 [[gnu::vector_size(16)]] = std::uint64_t;

Bytes16 loadVector(const std::uint8_t* from)
{
    Bytes16 bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

/// Positions in [begin, end) where these four bytes stand, to the end of `positions`.
void findWord(const std::uint8_t* bytes, std::size_t begin, std::size_t end, std::uint32_t word,
              std::vector<std::uint32_t>& positions)
{
    const auto take = [&](std::size_t at) {
        if (std::memcmp(bytes + at, &word, sizeof word) == 0)
            positions.push_back(static_cast<std::uint32_t>(at));
    };
    const Bytes16 first = Bytes16 {} + static_cast<std::uint8_t>(word);
    const Bytes16 last = Bytes16 {} + static_cast<std::uint8_t>(word >> 24);
    std::size_t at = begin;
    for (; at + 16 <= end; at += 16) {
        const auto both = reinterpret_cast<Words2>((loadVector(bytes + at) == first)
                                                   & (loadVector(bytes + at + 3) == last));
        if ((both[0] | both[1]) == 0)
            continue;
        for (std::size_t i = at; i < at + 16; ++i)
            take(i);
    }
    for (; at < end; ++at)
        take(at);
}

} // namespace

void FormIndex::probePrefixes(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                              std::vector<std::uint32_t>& positions) const
{
    // Few are compared one after the other at memory speed, many through a filter.
    constexpr std::size_t few = 16;
    if (m_prefixWords.size() <= few) {
        for (const std::uint32_t word : m_prefixWords)
            findWord(bytes, begin, end, word, positions);
        return;
    }
    const WordFilter::Look prefixes = m_prefixFilter.look();
    for (std::size_t at = begin; at < end; ++at)
        if (prefixes.mayHold(load(bytes + at) & prefixMask))
            positions.push_back(static_cast<std::uint32_t>(at));
}

void FormIndex::probe(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                      std::vector<std::uint32_t>& positions) const
{
    constexpr std::size_t block = 256;
    std::array<std::uint32_t, block> passed;
    const ProbeKernel coarse = probeKernels().back().kernel;
    const WordFilter::Look fine = m_filter.look();
    for (std::size_t from = begin; from < end; from += block * step) {
        const std::size_t to = std::min(end, from + block * step);
        const std::size_t count = coarse(m_coarse, bytes, from, to, passed.data());
        std::size_t left = 0;
        for (std::size_t i = 0; i < count; ++i) {
            passed[left] = passed[i];
            left += fine.mayHold(load(bytes + passed[i]) & narrowMask) ? 1 : 0;
        }
        positions.insert(positions.end(), passed.begin(),
                         passed.begin() + static_cast<std::ptrdiff_t>(left));
    }
    if (m_prefixWords.empty())
        return;
    const auto middle = static_cast<std::ptrdiff_t>(positions.size());
    probePrefixes(bytes, begin, end, positions);
    std::sort(positions.begin() + middle, positions.end());
    std::inplace_merge(positions.begin(), positions.begin() + middle, positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

} // namespace coredact
