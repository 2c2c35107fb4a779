// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/wordfilter.h"
#include "scanner/scan/propagateforms.h"

#include <cstring>
#include <initializer_list>

namespace coredact {

/// A place in a form where a window of it begins.
struct Anchor {
    std::uint32_t form = 0;
    std::uint32_t offset = 0;

    auto operator<=>(const Anchor&) const = default;
};

/// A set of windows and the places where each begins. A window is a word of up to eight bytes as
/// the machine reads it.
class WindowTable {
public:
    void add(std::uint64_t window, Anchor anchor) { m_entries.push_back({window, anchor}); }
    /// Builds the table and tells the filters of its windows, cut to `mask`; add nothing
    /// afterwards. Of the places that one window has in all forms the first 256 are kept, so that
    /// no file can make a probe cost without bound.
    void build(std::initializer_list<WordFilter*> filters, std::uint64_t mask);

    bool empty() const { return m_slots.empty(); }
    std::size_t size() const { return m_entries.size(); }
    std::span<const Anchor> anchors(std::uint64_t window) const;

private:
    static constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
    struct Entry {
        std::uint64_t window;
        Anchor anchor;
        auto operator<=>(const Entry&) const = default;
    };
    struct Slot {
        std::uint64_t window = 0;
        std::uint32_t first = 0;
        std::uint32_t count = 0; ///< 0: the slot is free
    };

    std::vector<Entry, WipingAllocator<Entry>> m_entries; ///< emptied by build
    std::vector<Anchor> m_anchors;
    std::vector<Slot, WipingAllocator<Slot>> m_slots;
    unsigned m_slotShift = 63;
};

/// The forms of all values, ready to be looked for. Immutable; any thread.
///
/// Bytes are probed at every fourth position only. A fragment of eight bytes holds a window of
/// five bytes at one of these, whatever its alignment, since windows begin at four neighbouring
/// places of it: so all windows of five bytes of the narrow forms are in one table. The wide
/// forms (UTF-16, UTF-32, hex, base64), whose fragments are longer, have windows of eight bytes
/// in another. A filter over the first five bytes of both stands before them, and before that a
/// coarse one that stays in the processor's near cache however many values there are. Values
/// of less than eight bytes are found by their first four at every position.
class FormIndex {
public:
    explicit FormIndex(std::vector<SecretForm> forms);

    const std::vector<SecretForm>& forms() const { return m_forms; }
    /// Bytes of the longest form.
    std::size_t longest() const { return m_longest; }

    /// The positions in [begin, end) of `bytes` where a form may have an anchor, in rising order.
    /// Eight bytes after `end` must be readable.
    void probe(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
               std::vector<std::uint32_t>& positions) const;
    /// Calls `visit` with the anchors of the windows that begin at `at`.
    template <typename Visit> void anchorsAt(const std::uint8_t* at, Visit visit) const
    {
        for (const auto& [table, mask] :
             {std::pair(&m_narrow, narrowMask), std::pair(&m_wide, wideMask),
              std::pair(&m_prefixes, prefixMask)})
            if (!table->empty())
                for (const Anchor& anchor : table->anchors(load(at) & mask))
                    visit(anchor);
    }

private:
    static constexpr std::uint64_t narrowMask = 0xffffffffffU;
    static constexpr std::uint64_t wideMask = ~std::uint64_t(0);
    static constexpr std::uint64_t prefixMask = 0xffffffffU;
    static std::uint64_t load(const std::uint8_t* at)
    {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        return word;
    }
    void addForm(std::uint32_t index);
    void addWhole(std::uint32_t index);
    void probePrefixes(const std::uint8_t* bytes, std::size_t begin, std::size_t end,
                       std::vector<std::uint32_t>& positions) const;

    std::vector<SecretForm> m_forms;
    std::size_t m_longest = 0;
    WindowTable m_narrow;
    WindowTable m_wide;
    WindowTable m_prefixes;
    WordFilter m_coarse;
    WordFilter m_filter; ///< narrow windows, and the first five bytes of wide ones
    WordFilter m_prefixFilter;
    std::vector<std::uint32_t, WipingAllocator<std::uint32_t>> m_prefixWords;
};

} // namespace coredact
