// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexcursor.h"

#include <algorithm>
#include <limits>

namespace coredact {

HexCursor::HexCursor(const ByteLayout& layout)
    : m_layout(&layout)
    , m_cell(layout.byteAtOrAfter(0))
{
}

std::optional<HexCursor::Cells> HexCursor::selection() const
{
    if (!m_cell || !m_anchor)
        return std::nullopt;
    return Cells {std::min(*m_cell, *m_anchor), std::max(*m_cell, *m_anchor)};
}

bool HexCursor::selected(std::uint64_t cell) const
{
    const auto cells = selection();
    return cells && cells->first <= cell && cell <= cells->last;
}

std::uint64_t HexCursor::inRow(std::uint64_t byteCell, std::uint64_t column) const
{
    const std::uint64_t index = byteCell / bytesPerRow;
    const LayoutRow row = m_layout->row(index);
    const std::uint64_t last = row.firstColumn + row.columns - 1;
    return index * bytesPerRow + std::clamp<std::uint64_t>(column, row.firstColumn, last);
}

std::optional<std::uint64_t> HexCursor::below(std::uint64_t row, std::uint64_t column) const
{
    const auto byte = m_layout->byteAtOrAfter(row * bytesPerRow);
    return byte ? std::optional(inRow(*byte, column)) : std::nullopt;
}

std::optional<std::uint64_t> HexCursor::above(std::uint64_t row, std::uint64_t column) const
{
    const auto byte = m_layout->byteAtOrBefore(row * bytesPerRow + (bytesPerRow - 1));
    return byte ? std::optional(inRow(*byte, column)) : std::nullopt;
}

std::optional<std::uint64_t> HexCursor::target(Move move, std::uint64_t pageRows) const
{
    const std::uint64_t cell = *m_cell;
    const std::uint64_t row = cell / bytesPerRow;
    const std::uint64_t column = cell % bytesPerRow;
    const std::uint64_t lastRow = m_layout->rowCount() - 1;
    const std::uint64_t rowCell = row * bytesPerRow;
    switch (move) {
    case Move::Left:
        return cell == 0 ? std::nullopt : m_layout->byteAtOrBefore(cell - 1);
    case Move::Right:
        return m_layout->byteAtOrAfter(cell + 1);
    case Move::Up:
        return row == 0 ? std::nullopt : above(row - 1, column);
    case Move::Down:
        return row == lastRow ? std::nullopt : below(row + 1, column);
    case Move::RowStart:
        return inRow(rowCell, 0);
    case Move::RowEnd:
        return inRow(rowCell, bytesPerRow - 1);
    case Move::PageUp: {
        const std::uint64_t wanted = row - std::min(row, pageRows);
        const auto found = above(wanted, column);
        return found ? found : below(wanted, column);
    }
    case Move::PageDown: {
        const std::uint64_t wanted = row + std::min(lastRow - row, pageRows);
        const auto found = below(wanted, column);
        return found ? found : above(wanted, column);
    }
    case Move::Start:
        return m_layout->byteAtOrAfter(0);
    case Move::End:
        return m_layout->byteAtOrBefore(std::numeric_limits<std::uint64_t>::max());
    }
    return std::nullopt;
}

void HexCursor::move(Move move, std::uint64_t pageRows, Selecting selecting)
{
    if (!m_cell)
        return;
    if (const auto cell = target(move, pageRows))
        moveTo(*cell, selecting);
    else if (selecting == Selecting::Drop)
        m_anchor.reset();
}

void HexCursor::moveTo(std::uint64_t cell, Selecting selecting)
{
    if (!m_cell)
        return;
    if (selecting == Selecting::Drop)
        m_anchor.reset();
    else if (!m_anchor)
        m_anchor = m_cell;
    const auto after = m_layout->byteAtOrAfter(cell);
    m_cell = after ? after : m_layout->byteAtOrBefore(cell);
}

void HexCursor::select(std::uint64_t first, std::uint64_t last)
{
    moveTo(first, Selecting::Drop);
    moveTo(last, Selecting::Extend);
}

void HexCursor::selectAll() { select(0, std::numeric_limits<std::uint64_t>::max()); }

} // namespace coredact
