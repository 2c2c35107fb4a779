// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/hexview/bytelayout.h"

#include <optional>

namespace coredact {

/// Where the cursor stands and what is selected, in cells of a layout. Always on a byte, unless
/// the layout has none. Knows no pixels.
class HexCursor {
public:
    enum class Move { Left, Right, Up, Down, RowStart, RowEnd, PageUp, PageDown, Start, End };
    enum class Selecting { Drop, Extend };

    HexCursor() = default;
    /// The layout must outlive the cursor. Stands on the first byte.
    explicit HexCursor(const ByteLayout& layout);

    std::optional<std::uint64_t> cell() const { return m_cell; }
    /// First and last selected cell, both included; nothing where nothing is selected. Cells
    /// without a byte may lie between them.
    struct Cells {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };
    std::optional<Cells> selection() const;
    bool selected(std::uint64_t cell) const;

    void move(Move move, std::uint64_t pageRows, Selecting selecting);
    /// To the byte nearest to the cell.
    void moveTo(std::uint64_t cell, Selecting selecting);
    void select(std::uint64_t first, std::uint64_t last);
    void selectAll();

private:
    std::optional<std::uint64_t> target(Move move, std::uint64_t pageRows) const;
    /// The byte in `column` of the first row with bytes at or after (before) `row`, or the
    /// nearest column of that row.
    std::optional<std::uint64_t> below(std::uint64_t row, std::uint64_t column) const;
    std::optional<std::uint64_t> above(std::uint64_t row, std::uint64_t column) const;
    std::uint64_t inRow(std::uint64_t byteCell, std::uint64_t column) const;

    const ByteLayout* m_layout = nullptr;
    std::optional<std::uint64_t> m_cell;
    std::optional<std::uint64_t> m_anchor; ///< the other end of the selection
};

} // namespace coredact
