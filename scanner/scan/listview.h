// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/bytemasks.h"
#include "scanner/scan/viewbuffer.h"

#include <optional>
#include <string_view>

namespace coredact {

/// The byte that one item of a list writes: "65", "-17" as Java has it, or "0x41".
std::optional<std::uint8_t> listedByte(std::string_view item);
/// What may stand between two items.
bool separatesListed(int character);

/// Lists of bytes in a window, as programs print and keep them: "[72, 101, -17]", "0x41, 0x42",
/// "[72 101]" or one on each line. Decoded where at least 16 bytes give 12 characters in a row of
/// which half are letters and digits, what may begin a key in DER, or the head of a compressed
/// stream at their front; so tables of numbers cost little.
class ListViews {
public:
    explicit ListViews(const Window& window);

    /// Takes the lists that show in the next 64 bytes of the window, which begin at `at`: somewhere
    /// they fill 16 bytes without a word of five characters or two letters side by side that are
    /// no digits of hex.
    void look(std::size_t at, const ByteMasks& masks)
    {
        constexpr std::uint64_t ones = 0x0001000100010001U;
        const auto wholeGroups
            = [](std::uint64_t mask) { return (~mask - ones) & mask & ones << 15; };
        if (wholeGroups(masks.text) == 0)
            return;
        const std::uint64_t two = masks.base64 & masks.base64 << 1;
        const std::uint64_t five = two & two << 2 & masks.base64 << 4;
        const std::uint64_t letters = masks.base64 & ~masks.hex;
        const std::uint64_t groups = wholeGroups(masks.text & ~five & ~(letters & letters << 1));
        if (groups != 0)
            takeGroups(at, groups, masks.hex);
    }

    ViewBuffer decoded;

private:
    struct Item {
        std::size_t begin;
        std::uint8_t value;
    };

    void takeGroups(std::size_t at, std::uint64_t groups, std::uint64_t digits);
    std::size_t listBegin(std::size_t at) const;
    void takeLists(std::size_t begin, std::size_t reach);
    std::size_t takeItem(std::size_t at);
    std::size_t nextItem(std::size_t at) const;
    void endList(std::size_t end);
    bool worthIt() const;

    ByteView m_bytes;
    std::size_t m_end = 0; ///< what lies before it was taken
    std::vector<Item, WipingAllocator<Item>> m_items; ///< of the list at hand
    std::vector<ViewLine> m_lines;
};

} // namespace coredact
