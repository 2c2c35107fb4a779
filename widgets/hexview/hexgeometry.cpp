// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexgeometry.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace coredact {

namespace {

constexpr unsigned bytesPerGroup = 4;

int rounded(double value) { return static_cast<int>(std::lround(value)); }

} // namespace

HexGeometry::HexGeometry(const QFont& font, int addressDigits, int offsetDigits)
    : m_addressDigits(addressDigits)
    , m_offsetDigits(offsetDigits)
{
    const QFontMetricsF metrics(font);
    m_character = metrics.horizontalAdvance(QLatin1Char('0'));
    // Fonts with far-reaching ascenders give far too tall lines; digits need 1.6 times their size.
    const double digit = metrics.capHeight();
    m_rowHeight = std::max(rounded(digit * 2.2), 8);
    m_baseline = rounded((m_rowHeight + digit) / 2);
    m_addressX = rounded(m_character * 1.75);
    m_offsetX = m_addressX;
    if (addressDigits > 0)
        m_offsetX += rounded(m_character * (addressDigits + 4.0));
    m_hexX = m_offsetX + rounded(m_character * (offsetDigits + 2.5));
    m_pair = rounded(m_character * 2.7);
    m_groupGap = rounded(m_character * 1.3);
    m_letter = std::max(rounded(m_character + 0.3), 1);
    m_textX = left(HexPane::Hex, bytesPerRow - 1) + m_pair + rounded(m_character * 2.5);
    m_width = m_textX + m_letter * static_cast<int>(bytesPerRow) + rounded(m_character * 1.75);
}

int HexGeometry::left(HexPane pane, unsigned column) const
{
    const int at = static_cast<int>(column);
    if (pane == HexPane::Text)
        return m_textX + at * m_letter;
    return m_hexX + at * m_pair + static_cast<int>(column / bytesPerGroup) * m_groupGap;
}

QRectF HexGeometry::cell(HexPane pane, unsigned column, int y) const
{
    return run(pane, column, column, y);
}

QRectF HexGeometry::run(HexPane pane, unsigned first, unsigned last, int y) const
{
    const int begin = left(pane, first);
    const int end = left(pane, last) + (pane == HexPane::Hex ? m_pair : m_letter);
    return QRectF(begin, y, end - begin, m_rowHeight);
}

std::optional<HexGeometry::Target> HexGeometry::at(int x) const
{
    for (const HexPane pane : {HexPane::Hex, HexPane::Text}) {
        const QRectF all = run(pane, 0, bytesPerRow - 1, 0);
        if (x >= all.left() && x < all.right())
            return Target {pane, nearest(pane, x)};
    }
    return std::nullopt;
}

unsigned HexGeometry::nearest(HexPane pane, int x) const
{
    unsigned column = 0;
    while (column + 1 < bytesPerRow && x >= left(pane, column + 1))
        ++column;
    return column;
}

} // namespace coredact
