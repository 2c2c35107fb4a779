// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/wordfilter.h"
#include "scanner/scan/presentwords.h"
#include "scanner/scan/probekernel.h"
#include "scanner/scan/propagateforms.h"

#include <cstring>
#include <initializer_list>

namespace coredact {

/// A place in a form where a window of it begins.
struct FormAnchor {
    std::uint32_t form = 0;
    std::uint32_t offset = 0;

    auto operator<=>(const FormAnchor&) const = default;
};

/// A set of windows and the places where each begins. A window is a word of up to eight bytes as
/// the machine reads it, or two or three such words mixed into one. Of each the table keeps its
/// slot and 24 bits: rarely one is taken for another, at whose places the bytes then differ.
class WindowTable {
public:
    void add(std::uint64_t window, FormAnchor anchor) { m_entries.push_back({window, anchor}); }
    /// Builds the table; add nothing afterwards. Of the places that one window has in all forms the
    /// last 256 are kept, so that no file can make a probe cost without bound. Whether that left
    /// any out.
    bool build();

    bool empty() const { return m_slots.empty(); }
    std::size_t size() const { return m_entries.size(); }
    std::span<const FormAnchor> anchors(std::uint64_t window) const;

private:
    struct Entry {
        std::uint64_t window;
        FormAnchor anchor;
    };
    static constexpr std::uint32_t noAnchor = 0xffffffff;
    struct Slot {
        std::uint32_t first = noAnchor; ///< of the window's places; the slot is free without
        std::uint32_t tag : 24 = 0;
        std::uint32_t more : 8 = 0; ///< places beside the first
    };
    static std::uint32_t tagOf(std::uint64_t window)
    {
        constexpr std::uint64_t multiplier = 0xd6e8feb86659fd93U;
        return static_cast<std::uint32_t>(window * multiplier >> 40);
    }
    std::size_t homeOf(std::uint64_t window) const
    {
        constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
        return static_cast<std::size_t>(window * multiplier >> m_slotShift);
    }
    std::size_t slotOf(std::uint64_t window) const;

    std::vector<Entry, WipingAllocator<Entry>> m_entries; ///< emptied by build
    std::vector<FormAnchor> m_anchors;
    std::vector<Slot, WipingAllocator<Slot>> m_slots;
    unsigned m_slotShift = 63;
};

/// Which tables have windows that begin with five given bytes: one look where each table would
/// cost one of its own.
class BeginTable {
public:
    /// `begin`: below 2^40. `mark`: one bit, of the lowest eight. Counts from `settle` on.
    void add(std::uint64_t begin, std::uint8_t mark);
    void settle();
    /// All marks of a beginning.
    std::uint8_t marks(std::uint64_t begin) const;

    /// How many different beginnings there are.
    std::size_t size() const { return m_size; }
    template <typename Visit> void forEach(Visit visit) const
    {
        for (const std::uint64_t slot : m_slots)
            if (slot != 0)
                visit(slot >> 8);
    }

private:
    using Slots = std::vector<std::uint64_t, WipingAllocator<std::uint64_t>>;
    static constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
    static constexpr unsigned fewestBits = 12;
    static constexpr std::size_t mostWaiting = 4096;
    std::size_t homeOf(std::uint64_t begin) const
    {
        return static_cast<std::size_t>(begin * multiplier >> m_shift);
    }
    std::size_t placeOf(std::uint64_t begin) const;
    void grow();

    Slots m_slots = Slots(std::size_t {1} << fewestBits); ///< begin, then marks
    Slots m_waiting; ///< like slots
    unsigned m_shift = 64 - fewestBits;
    std::size_t m_size = 0;
};

/// The forms of values, ready to be looked for once they are built. Then immutable; any thread.
///
/// Bytes are probed at every fourth position only. A fragment of eight bytes holds a window of
/// five bytes at one of these, whatever its alignment, since windows begin at four neighbouring
/// places of it: so all windows of five bytes of the narrow forms are in one table. The wide
/// forms (UTF-16, hex, base64), whose fragments are longer, have windows of eight bytes in
/// another, and those of which eight bytes would tell little (UTF-32, lists of numbers) windows
/// of 16 or 24 in two more. A filter over the first five bytes of all stands before them, and
/// before that a coarse one that stays in the processor's near cache however many values there are.
/// Forms of less than eight bytes are found by their first four at every position.
class FormIndex {
public:
    /// Adds forms. `present`: of the bytes that all will be looked for in; what does not stand
    /// there is left out, and forms of which nothing is left with it. nullptr: nothing is known of
    /// them.
    void add(std::vector<SecretForm> forms, const PresentWords* present);
    /// About how many bytes it takes until it is built.
    std::size_t memory() const { return m_memory; }
    /// To be called once, after the last form. Whether places of a window were left out since too
    /// many forms have it: of fewer forms at once more would be looked for.
    bool build();

    const std::vector<SecretForm>& forms() const { return m_forms; }
    /// Bytes of the longest form.
    std::size_t longest() const { return m_longest; }

    /// The positions in [begin, end) of `bytes` where a form may have an anchor, in rising order.
    /// 24 bytes after `end` must be readable.
    void probe(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
               std::vector<std::uint32_t>& positions) const;
    /// Calls `visit` with the anchors of the windows that begin at `at`; 24 bytes must be readable.
    template <typename Visit> void anchorsAt(const std::uint8_t* at, Visit visit) const
    {
        const auto look = [&](const WindowTable& table, std::size_t size) {
            for (const FormAnchor& anchor : table.anchors(windowAt(at, size)))
                visit(anchor);
        };
        const std::uint8_t marks = m_tablesOf.marks(load(at) & narrowMask);
        if (marks & markOf(narrowSize))
            look(m_narrow, narrowSize);
        if (marks & markOf(wideSize))
            look(m_wide, wideSize);
        if (marks & markOf(longSize))
            look(m_long, longSize);
        if (marks & markOf(sparseSize))
            look(m_sparse, sparseSize);
        if (!m_prefixes.empty())
            look(m_prefixes, prefixSize);
    }

private:
    static constexpr std::size_t narrowSize = PresentWords::wordSize;
    static constexpr std::size_t wideSize = 8;
    static constexpr std::size_t longSize = 16;
    static constexpr std::size_t sparseSize = 24;
    static constexpr std::size_t prefixSize = 4;
    static constexpr std::uint64_t narrowMask = 0xffffffffffU;
    static constexpr std::uint64_t prefixMask = 0xffffffffU;
    static constexpr std::uint8_t markOf(std::size_t size)
    {
        return size == narrowSize ? 1 : size == wideSize ? 2 : size == longSize ? 4 : 8;
    }
    static std::uint64_t load(const std::uint8_t* at)
    {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        return word;
    }
    static std::uint64_t windowAt(const std::uint8_t* at, std::size_t size)
    {
        const std::uint64_t first = load(at);
        if (size == prefixSize)
            return first & prefixMask;
        if (size == narrowSize)
            return first & narrowMask;
        if (size == wideSize)
            return first;
        return mixed(first, load(at + 8), size == longSize ? 0 : load(at + 16));
    }
    static std::uint64_t mixed(std::uint64_t first, std::uint64_t second, std::uint64_t third)
    {
        constexpr std::uint64_t odd = 0xd6e8feb86659fd93U;
        return ((first * odd ^ second) * odd ^ third) * odd;
    }
    static std::size_t windowOf(const SecretForm& form, std::size_t shortest);
    void addForm(const SecretForm& form);
    void addWhole(const SecretForm& form);
    template <typename Wanted> bool addFourWindows(const SecretForm& form, Wanted wanted);
    bool mayStand(const SecretForm& form, std::size_t at, std::size_t size) const;
    void addWindow(const SecretForm& form, std::size_t at, std::size_t size);
    void fillFilters();
    WindowTable& tableOf(std::size_t size);
    void probePrefixes(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                       std::vector<std::uint32_t>& positions) const;

    std::vector<SecretForm> m_forms;
    std::size_t m_longest = 0;
    const PresentWords* m_present = nullptr; ///< while forms are added
    std::size_t m_windows = 0; ///< that were added
    std::size_t m_memory = 0;
    WindowTable m_narrow;
    WindowTable m_wide;
    WindowTable m_long;
    WindowTable m_sparse;
    WindowTable m_prefixes;
    BeginTable m_tablesOf;
    ProbeTable m_coarse; ///< the first four of them
    WordFilter m_filter; ///< the first five bytes of all windows
    ProbeTable m_prefixFilter;
    std::vector<std::uint32_t, WipingAllocator<std::uint32_t>> m_prefixWords;
};

} // namespace coredact
