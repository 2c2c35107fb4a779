// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/propagateforms.h"

namespace coredact {

/// A place in a form where a window of it begins.
struct Anchor {
    std::uint32_t form = 0;
    std::uint32_t offset = 0;

    auto operator<=>(const Anchor&) const = default;
};

/// A set of windows with a bitmap before it, so that most positions cost one look at memory.
/// A window is a word of up to eight bytes as the machine reads it.
class WindowTable {
public:
    void add(std::uint64_t window, Anchor anchor) { m_entries.push_back({window, anchor}); }
    /// Builds the bitmap and the table; add nothing afterwards. Of the places that one window has
    /// in all forms the first 256 are kept, so that no file can make a probe cost without bound.
    void build();

    bool empty() const { return m_entries.empty(); }
    bool mayHold(std::uint64_t window) const
    {
        const std::uint64_t hash = window * multiplier >> m_bitmapShift;
        return (m_bitmap[hash / 64] >> (hash % 64) & 1U) != 0;
    }
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

    std::vector<Entry, WipingAllocator<Entry>> m_entries; ///< emptied by build, sized by it
    std::vector<Anchor> m_anchors;
    std::vector<Slot, WipingAllocator<Slot>> m_slots;
    std::vector<std::uint64_t> m_bitmap {0};
    unsigned m_bitmapShift = 63;
    unsigned m_slotShift = 63;
};

/// The forms of all values, ready to be looked for. Immutable; any thread.
///
/// Bytes are probed at every fourth position only. A fragment of eight bytes holds a window of
/// five bytes at one of these, whatever its alignment, since windows begin at four neighbouring
/// places of it: so all windows of five bytes of the narrow forms are in one table. The wide
/// forms (UTF-16, UTF-32, hex, base64), whose fragments are longer, have windows of eight bytes
/// in another. Short values that count only as a whole are found by their first four bytes at
/// every position.
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
    template <typename Visit>
    void anchorsAt(const std::uint8_t* at, Visit visit) const
    {
        for (const auto& [table, mask] : {std::pair(&m_narrow, narrowMask),
                                          std::pair(&m_wide, wideMask),
                                          std::pair(&m_prefixes, prefixMask)})
            if (!table->empty())
                for (const Anchor& anchor : table->anchors(load(at) & mask))
                    visit(anchor);
    }

private:
    static constexpr std::uint64_t narrowMask = 0xffffffffffU;
    static constexpr std::uint64_t wideMask = ~std::uint64_t(0);
    static constexpr std::uint64_t prefixMask = 0xffffffffU;
    static std::uint64_t load(const std::uint8_t* at);
    void addForm(std::uint32_t index);

    std::vector<SecretForm> m_forms;
    std::size_t m_longest = 0;
    WindowTable m_narrow;
    WindowTable m_wide;
    WindowTable m_prefixes;
};

} // namespace coredact
