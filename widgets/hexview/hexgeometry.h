// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/hexview/bytelayout.h"

#include <QFont>
#include <QRectF>

namespace coredact {

enum class HexPane { Hex, Text };

/// Where the columns of a row lie, in pixels from the left edge of the unscrolled row. Follows
/// the font: whole pixels, so that columns are sharp.
class HexGeometry {
public:
    HexGeometry() = default;
    /// Without digits there is no column of addresses.
    HexGeometry(const QFont& font, int addressDigits, int offsetDigits);

    int rowHeight() const { return m_rowHeight; }
    int baseline() const { return m_baseline; } ///< from the top of the row
    int width() const { return m_width; }
    double characterWidth() const { return m_character; }
    int addressX() const { return m_addressX; }
    int addressDigits() const { return m_addressDigits; }
    int offsetX() const { return m_offsetX; }
    int offsetDigits() const { return m_offsetDigits; }
    /// The place of a column's byte in either pane; `y` is the top of the row.
    QRectF cell(HexPane pane, unsigned column, int y) const;
    /// The place of columns `first` to `last` together; without the gap behind `last`.
    QRectF run(HexPane pane, unsigned first, unsigned last, int y) const;

    struct Target {
        HexPane pane = HexPane::Hex;
        unsigned column = 0;
    };
    /// The byte under x; nothing left of the bytes, between the panes or right of the text.
    std::optional<Target> at(int x) const;
    /// The byte nearest to x in a pane; for dragging.
    unsigned nearest(HexPane pane, int x) const;

private:
    int left(HexPane pane, unsigned column) const;

    double m_character = 8;
    int m_rowHeight = 21;
    int m_baseline = 15;
    int m_addressX = 0;
    int m_addressDigits = 12;
    int m_offsetX = 0;
    int m_offsetDigits = 8;
    int m_hexX = 0;
    int m_pair = 21; ///< from one byte to the next
    int m_groupGap = 10; ///< more after each fourth
    int m_textX = 0;
    int m_letter = 8;
    int m_width = 0;
};

} // namespace coredact
