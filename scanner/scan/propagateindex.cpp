// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/propagateindex.h"

#include "scanner/base/memoryword.h"
#include "scanner/scan/vaguewindows.h"
#include "scanner/scan/wordkernel.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t step = PresentWords::step; ///< between probed positions
constexpr unsigned fineBits = 21; ///< 16 MiB at most
constexpr std::size_t fewPrefixes = 16;
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

/// Whether the windows of an earlier value find each fragment that has this one: all runs of the
/// value that what it writes lies in stand there too, and there is one at least.
bool isFoundElsewhere(const SecretForm& form, std::size_t at, std::size_t size)
{
    const std::vector<bool>& isKnown = form.plain->isKnown;
    if (!form.partsAlike || isKnown.empty())
        return false;
    const auto [first, last] = std::minmax(form.origin[at], form.origin[at + size - 1]);
    const std::size_t from = last < sharedRun ? 0 : last + 1 - sharedRun;
    const std::size_t to = std::min<std::size_t>(first, isKnown.size() - sharedRun);
    for (std::size_t run = from; run <= to; ++run)
        if (!isKnown[run])
            return false;
    return from <= to;
}

/// Whether so many bytes of a form tell twenty bits of the value at least.
bool tellsEnough(const SecretForm& form, std::size_t size)
{
    return size * form.plain->bytes.size() * 2 >= form.bytes.size() * 5;
}

/// As the machine reads it; the form has as many bytes from there on.
std::uint64_t wordAt(const SecretForm& form, std::size_t at)
{
    static_assert(PresentWords::wordSize == 5);
    const std::uint8_t* const bytes = form.bytes.data() + at;
    return nativeWord<std::uint32_t>(bytes) | std::uint64_t {bytes[4]} << 32;
}

unsigned shiftFor(std::size_t wanted, unsigned fewestBits, unsigned mostBits)
{
    const auto bits = static_cast<unsigned>(std::bit_width(wanted));
    return 64 - std::clamp(bits, fewestBits, mostBits);
}

} // namespace

/// The window's slot, or the free one where it belongs.
std::size_t WindowTable::slotOf(std::uint64_t window) const
{
    const std::uint32_t tag = tagOf(window);
    std::size_t at = homeOf(window);
    while (m_slots[at].first != noAnchor && m_slots[at].tag != tag)
        at = (at + 1) & (m_slots.size() - 1);
    return at;
}

bool WindowTable::build()
{
    if (m_entries.empty())
        return false;
    m_slotShift = shiftFor(m_entries.size() * 2, 4, 40);
    m_slots.assign(std::size_t(1) << (64 - m_slotShift), {});
    constexpr std::size_t ahead = 16; // entries whose slots are on their way from memory
    std::vector<std::uint32_t> slots(m_entries.size()); // of the entries
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (i + ahead < m_entries.size())
            __builtin_prefetch(&m_slots[homeOf(m_entries[i + ahead].window)], 1);
        const std::uint64_t window = m_entries[i].window;
        const std::size_t at = slotOf(window);
        Slot& slot = m_slots[at];
        slot.tag = tagOf(window) & 0xffffffU;
        slot.first = slot.first == noAnchor ? 1 : slot.first + 1; // a count, yet
        slots[i] = static_cast<std::uint32_t>(at);
    }
    std::uint32_t end = 0;
    bool tooMany = false;
    for (Slot& slot : m_slots) {
        if (slot.first == noAnchor)
            continue;
        tooMany = tooMany || slot.first > mostAnchors;
        const std::uint32_t count = std::min<std::uint32_t>(slot.first, mostAnchors);
        slot.more = (count - 1) & 0xffU;
        end += count;
        slot.first = end; // moved back to its beginning as it is filled
    }
    m_anchors.resize(end);
    // From the last to the first, so that they come out in their order; of too many the last.
    std::vector<std::uint32_t> filled(tooMany ? m_slots.size() : 0);
    for (std::size_t i = m_entries.size(); i-- > 0;) {
        if (i >= ahead)
            __builtin_prefetch(&m_slots[slots[i - ahead]], 1);
        Slot& slot = m_slots[slots[i]];
        if (!tooMany || filled[slots[i]]++ <= slot.more)
            m_anchors[--slot.first] = m_entries[i].anchor;
    }
    m_entries = {};
    return tooMany;
}

std::span<const FormAnchor> WindowTable::anchors(std::uint64_t window) const
{
    const Slot& slot = m_slots[slotOf(window)];
    if (slot.first == noAnchor)
        return {};
    return std::span(m_anchors).subspan(slot.first, slot.more + 1U);
}

/// To twice as many slots: half of them are free at least.
void BeginTable::grow()
{
    const Slots before = std::move(m_slots);
    m_slots = Slots(before.size() * 2);
    --m_shift;
    for (const std::uint64_t slot : before)
        if (slot != 0)
            m_slots[placeOf(slot >> 8)] = slot;
}

std::size_t BeginTable::placeOf(std::uint64_t begin) const
{
    std::size_t at = homeOf(begin);
    while (m_slots[at] != 0 && m_slots[at] >> 8 != begin)
        at = (at + 1) & (m_slots.size() - 1);
    return at;
}

void BeginTable::add(std::uint64_t begin, std::uint8_t mark)
{
    m_waiting.push_back(begin << 8 | mark);
    if (m_waiting.size() == mostWaiting)
        settle();
}

/// Their slots lie anywhere in a table larger than the near caches: asked for before they are used.
void BeginTable::settle()
{
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < m_waiting.size(); ++i) {
        if (i + ahead < m_waiting.size())
            __builtin_prefetch(&m_slots[homeOf(m_waiting[i + ahead] >> 8)], 1);
        std::uint64_t& slot = m_slots[placeOf(m_waiting[i] >> 8)];
        m_size += slot == 0 ? 1 : 0;
        slot |= m_waiting[i];
        if (m_size * 2 > m_slots.size())
            grow();
    }
    m_waiting.clear();
}

std::uint8_t BeginTable::marks(std::uint64_t begin) const
{
    return static_cast<std::uint8_t>(m_slots[placeOf(begin)]);
}

void FormIndex::add(std::vector<SecretForm> forms, const PresentWords* present)
{
    constexpr std::size_t ofWindow = 72; // in its table and those of beginnings and anchors
    constexpr std::size_t ofForm = 2 * sizeof(SecretForm); // and what a matcher knows of it
    m_present = present;
    for (SecretForm& form : forms) {
        const std::size_t before = m_windows;
        addForm(form);
        if (m_windows == before)
            continue;
        m_longest = std::max(m_longest, form.bytes.size());
        m_memory += (m_windows - before) * ofWindow + ofForm
            + form.bytes.size() * (1 + sizeof(Origin)) + form.plain->bytes.size();
        m_forms.push_back(std::move(form));
    }
    m_present = nullptr;
}

bool FormIndex::build()
{
    m_tablesOf.settle();
    fillFilters();
    bool leftOut = false;
    for (WindowTable* table : {&m_narrow, &m_wide, &m_long, &m_sparse, &m_prefixes})
        leftOut = table->build() || leftOut;
    return leftOut;
}

void FormIndex::fillFilters()
{
    std::sort(m_prefixWords.begin(), m_prefixWords.end());
    m_prefixWords.erase(std::unique(m_prefixWords.begin(), m_prefixWords.end()),
                        m_prefixWords.end());
    m_coarse.reserve(m_tablesOf.size());
    m_filter.reserve(m_tablesOf.size(), fineBits);
    m_tablesOf.forEach([&](std::uint64_t bytes) {
        if (const auto first = static_cast<std::uint32_t>(bytes); first != 0 || bytes == 0)
            m_coarse.add(first);
        else
            m_coarse.addZerosBeforeOther();
        m_filter.add(bytes);
    });
    m_prefixFilter.reserve(m_prefixWords.size());
    for (const std::uint32_t word : m_prefixWords)
        m_prefixFilter.add(word);
}

WindowTable& FormIndex::tableOf(std::size_t size)
{
    return size == prefixSize ? m_prefixes
        : size == narrowSize  ? m_narrow
        : size == wideSize    ? m_wide
        : size == longSize    ? m_long
                              : m_sparse;
}

/// False where a window surely does not stand in what will be looked through. Where it stands and
/// is probed, its words at every fourth place from there on are known too.
bool FormIndex::mayStand(const SecretForm& form, std::size_t at, std::size_t size) const
{
    if (!m_present)
        return true;
    for (std::size_t word = at; word + narrowSize <= at + size; word += step)
        if (!m_present->mayHold(wordAt(form, word)))
            return false;
    return true;
}

/// Of the form that is added next.
void FormIndex::addWindow(const SecretForm& form, std::size_t at, std::size_t size)
{
    std::uint8_t bytes[sparseSize] = {};
    std::memcpy(bytes, form.bytes.data() + at, size);
    ++m_windows;
    tableOf(size).add(windowAt(bytes, size),
                      {static_cast<std::uint32_t>(m_forms.size()), static_cast<std::uint32_t>(at)});
    if (size == prefixSize)
        m_prefixWords.push_back(static_cast<std::uint32_t>(load(bytes) & prefixMask));
    else
        m_tablesOf.add(load(bytes) & narrowMask, markOf(size));
}

/// The shortest window that tells enough: the shorter it is, the fewer a fragment needs.
std::size_t FormIndex::windowOf(const SecretForm& form, std::size_t shortest)
{
    std::size_t longest = narrowSize;
    for (const std::size_t size : {wideSize, longSize, sparseSize}) {
        if (shortest < size + step - 1)
            break;
        if (tellsEnough(form, size))
            return size;
        longest = size;
    }
    return longest;
}

void FormIndex::addForm(const SecretForm& form)
{
    const std::size_t size = form.bytes.size();
    if (form.wholeOnly || form.plain->isShared) {
        addWhole(form);
        return;
    }
    const std::size_t shortest = std::min(form.shortest, size);
    const std::size_t window = windowOf(form, shortest);
    const auto counts = [&](std::size_t at) {
        return !constant(ByteView(form.bytes).subspan(at, window)) && !isPublic(form, at, window)
            && !isFoundElsewhere(form, at, window);
    };
    std::vector<std::size_t> places; // of windows
    if (window == narrowSize) {
        std::vector<bool> taken(size);
        for (std::size_t at = 0; at + window <= size; ++at)
            taken[at] = counts(at);
        leaveVague(form, taken, {window, step});
        for (std::size_t at = 0; at + window <= size; ++at)
            if (taken[at])
                places.push_back(at);
    } else {
        // Four windows in a row, and then as many left out as a shortest fragment can spare.
        const std::size_t period = std::max(step, shortest - window + 1 - (step - 1));
        for (std::size_t first = 0; first + window <= size; first += period)
            for (std::size_t at = first; at < first + step && at + window <= size; ++at)
                places.push_back(at);
    }
    constexpr std::size_t ahead = 16; // whose words are on their way from memory
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (m_present && i + ahead < places.size())
            m_present->prefetch(wordAt(form, places[i + ahead]));
        if (mayStand(form, places[i], window) && (window == narrowSize || counts(places[i])))
            addWindow(form, places[i], window);
    }
}

/// A form that counts as a whole has, whatever its alignment, one of any four windows in a row
/// where bytes are probed. Only those too short for that are looked for at every position.
void FormIndex::addWhole(const SecretForm& form)
{
    // Of a value that is mostly what others are, by what it alone has.
    if (form.plain->isShared && addFourWindows(form, [&](std::size_t at, std::size_t window) {
            return !isPublic(form, at, window);
        }))
        return;
    if (!addFourWindows(form, [](std::size_t, std::size_t) { return true; }))
        addWindow(form, 0, prefixSize);
}

/// The first four in a row that `wanted` is true of and that are not constant; false where there
/// are none.
template <typename Wanted> bool FormIndex::addFourWindows(const SecretForm& form, Wanted wanted)
{
    const ByteView bytes = form.bytes;
    for (const std::size_t window : {sparseSize, longSize, wideSize, narrowSize}) {
        for (std::size_t first = 0; first + step - 1 + window <= bytes.size(); ++first) {
            bool tells = true;
            for (std::size_t at = first; at < first + step; ++at)
                tells = tells && !constant(bytes.subspan(at, window)) && wanted(at, window);
            if (!tells)
                continue;
            for (std::size_t at = first; at < first + step; ++at)
                if (mayStand(form, at, window))
                    addWindow(form, at, window);
            return true;
        }
    }
    return false;
}

void FormIndex::probePrefixes(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                              std::vector<std::uint32_t>& positions) const
{
    // Few are compared one after the other at memory speed, many through a filter.
    if (m_prefixWords.size() <= fewPrefixes) {
        wordKernels().back().kernel(m_prefixWords, bytes, begin, end, positions);
        return;
    }
    const ProbeKernel kernel = probeKernels().back().kernel;
    std::vector<std::uint32_t> passed((end - begin) / step + 1);
    const auto middle = static_cast<std::ptrdiff_t>(positions.size());
    for (std::size_t from = begin; from < std::min(begin + step, end); ++from) {
        const std::size_t count = kernel(m_prefixFilter, bytes, from, end, passed.data());
        positions.insert(positions.end(), passed.begin(),
                         passed.begin() + static_cast<std::ptrdiff_t>(count));
    }
    std::sort(positions.begin() + middle, positions.end());
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
    std::inplace_merge(positions.begin(), positions.begin() + middle, positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

} // namespace coredact
