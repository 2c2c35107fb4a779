// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexpainter.h"

#include "widgets/theme/looks.h"

#include <QFontMetricsF>
#include <QPainter>

namespace coredact {

namespace {

QStaticText laidOut(const QString& text, const QFont& font)
{
    QStaticText glyph(text);
    glyph.setTextFormat(Qt::PlainText);
    glyph.setPerformanceHint(QStaticText::AggressiveCaching);
    glyph.prepare(QTransform(), font);
    return glyph;
}

} // namespace

HexGlyphs::HexGlyphs(const QFont& font)
    : m_font(font)
    , m_middleDot(laidOut(QStringLiteral("\u00b7"), font))
    , m_bullet(laidOut(QStringLiteral("\u2022"), font))
{
    const QString hex = QStringLiteral("0123456789abcdef");
    for (unsigned value = 0; value < m_pairs.size(); ++value)
        m_pairs[value] = laidOut(QString(hex[value / 16]) + hex[value % 16], font);
    for (unsigned value = 0; value < m_digits.size(); ++value)
        m_digits[value] = laidOut(QString(hex[value]), font);
    for (unsigned value = 0; value < m_letters.size(); ++value)
        m_letters[value] = laidOut(QString(QChar(0x20 + value)), font);
}

const QStaticText& HexGlyphs::letter(std::uint8_t byte) const
{
    return printable(byte) ? m_letters[byte - 0x20U] : m_middleDot;
}

HexPainter::HexPainter(QPainter& painter, const HexGeometry& geometry, const HexGlyphs& glyphs,
                       const Tokens& tokens, const HexMarks& marks)
    : m_painter(painter)
    , m_geometry(geometry)
    , m_glyphs(glyphs)
    , m_tokens(tokens)
    , m_offsetInk(legible(tokens.faint, tokens.hexAlternate))
    , m_marks(marks)
    , m_noticeFont(painter.font())
    , m_ascent(QFontMetricsF(glyphs.font()).ascent())
{
    m_painter.setFont(glyphs.font());
}

void HexPainter::draw(double x, double y, const QStaticText& glyph)
{
    m_painter.drawStaticText(QPointF(x, y + m_geometry.baseline() - m_ascent), glyph);
}

void HexPainter::paintNumber(std::uint64_t value, int digits, int x, int y)
{
    for (int place = 0; place < digits; ++place) {
        const int shift = 4 * (digits - 1 - place);
        const auto digit = static_cast<unsigned>(shift < 64 ? (value >> shift) & 15U : 0U);
        draw(x + place * m_geometry.characterWidth(), y, m_glyphs.digit(digit));
    }
}

void HexPainter::paintBytes(const LayoutRow& row, const HexCells& cells, const HexRowState& state,
                            int y, int width)
{
    m_background = state.alternate ? m_tokens.hexAlternate : m_tokens.hexBackground;
    m_painter.fillRect(0, y, width, m_geometry.rowHeight(), m_background);
    if (row.address) {
        m_painter.setPen(m_tokens.dim);
        paintNumber(*row.address - *row.address % bytesPerRow, m_geometry.addressDigits(),
                    m_geometry.addressX(), y);
    }
    m_painter.setPen(m_offsetInk);
    paintNumber(row.fileOffset, m_geometry.offsetDigits(), m_geometry.offsetX(), y);
    paintChanges(cells, state, y);
    for (const HexPane pane : {HexPane::Hex, HexPane::Text}) {
        paintBackgrounds(pane, cells, state, y);
        for (unsigned column = 0; column < bytesPerRow; ++column)
            paintCell(pane, cells[column], m_geometry.cell(pane, column, y));
    }
    paintBookmarks(state, y);
    if (state.cursor)
        paintCursor(state, y);
}

void HexPainter::paintBookmarks(const HexRowState& state, int y)
{
    // A line above the bytes, since below them is where findings have theirs; a bar at the edge.
    bool any = false;
    for (unsigned column = 0; column < bytesPerRow; ++column) {
        if (!state.bookmarked[column])
            continue;
        any = true;
        for (const HexPane pane : {HexPane::Hex, HexPane::Text}) {
            const QRectF box = m_geometry.cell(pane, column, y);
            m_painter.fillRect(QRectF(box.left(), box.top(), box.width(), 2), markedColour());
        }
    }
    if (any)
        m_painter.fillRect(2, y, 4, m_geometry.rowHeight(), markedColour());
}

void HexPainter::paintChanges(const HexCells& cells, const HexRowState& state, int y)
{
    using Change = HexRowState::Change;
    // A finding's own look lies over the tint; the line above the bytes stays, and a bar at the
    // edge, of another width for what nobody planned.
    Change most = Change::None;
    for (unsigned column = 0; column < bytesPerRow; ++column) {
        const Change change = state.changed[column];
        if (change == Change::None || cells[column].state == HexCell::State::Blank)
            continue;
        most = std::max(most, change);
        const QColor colour
            = change == Change::Expected ? m_tokens.accent : severityColour(Severity::Critical);
        for (const HexPane pane : {HexPane::Hex, HexPane::Text}) {
            const QRectF box = m_geometry.cell(pane, column, y);
            m_painter.fillRect(box, blend(colour, m_background, 0.25));
            m_painter.fillRect(QRectF(box.left(), box.top(), box.width(), 2), colour);
        }
    }
    if (most == Change::Expected)
        m_painter.fillRect(2, y, 3, m_geometry.rowHeight(), m_tokens.accent);
    if (most == Change::Unexpected)
        m_painter.fillRect(2, y, 6, m_geometry.rowHeight(), severityColour(Severity::Critical));
}

void HexPainter::paintBackgrounds(HexPane pane, const HexCells& cells, const HexRowState& state,
                                  int y)
{
    // A run ends where the mark changes and, between the groups of the hex pane, at a group.
    for (unsigned first = 0; first < bytesPerRow;) {
        unsigned last = first;
        const auto sameRun = [&](unsigned next) {
            return next < bytesPerRow && cells[next].mark == cells[first].mark
                && !(pane == HexPane::Hex && next % 4 == 0);
        };
        while (sameRun(last + 1))
            ++last;
        if (cells[first].mark)
            paintRun(m_geometry.run(pane, first, last, y), m_marks.at(*cells[first].mark));
        first = last + 1;
    }
    QColor selection = m_tokens.selection;
    selection.setAlphaF(0.8F);
    for (unsigned column = 0; column < bytesPerRow; ++column) {
        if (state.selected[column] && cells[column].state != HexCell::State::Blank)
            m_painter.fillRect(m_geometry.cell(pane, column, y), selection);
    }
}

void HexPainter::paintRun(const QRectF& box, const HexMark& mark)
{
    const BytesLook look = bytesLook(mark.severity, mark.verdict, m_tokens, m_background);
    if (look.fill.isValid())
        m_painter.fillRect(box, look.fill);
    if (look.underline.isValid())
        m_painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width(), 2), look.underline);
    if (look.outline.isValid()) {
        m_painter.setPen(look.outline);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(box.adjusted(0.5, 1.5, -0.5, -1.5));
    }
    if (look.strike.isValid())
        m_painter.fillRect(QRectF(box.left() + 2, box.center().y(), box.width() - 4, 1),
                           look.strike);
}

void HexPainter::paintCell(HexPane pane, const HexCell& cell, const QRectF& box)
{
    if (cell.state == HexCell::State::Blank)
        return;
    QColor ink = m_tokens.text;
    if (cell.mark) {
        const HexMark& mark = m_marks.at(*cell.mark);
        ink = bytesLook(mark.severity, mark.verdict, m_tokens, m_background).text;
    }
    const bool recedes = pane == HexPane::Hex ? cell.byte == 0 : !HexGlyphs::printable(cell.byte);
    if (cell.state != HexCell::State::Here || (recedes && !cell.masked))
        ink = blend(ink, m_tokens.faint, cell.mark ? 0.35 : 0);
    paintCharacters(cell, pane, box, ink);
}

void HexPainter::paintCharacters(const HexCell& cell, HexPane pane, const QRectF& box,
                                 const QColor& ink)
{
    const double character = m_geometry.characterWidth();
    const bool pair = pane == HexPane::Hex;
    const double x = box.left() + (box.width() - (pair ? 2 : 1) * character) / 2;
    if (cell.state == HexCell::State::Awaited) {
        const double height = m_geometry.rowHeight() / 3.0;
        m_painter.fillRect(
            QRectF(x, box.center().y() - height / 2, (pair ? 2 : 1) * character - 1, height),
            m_tokens.line);
        return;
    }
    m_painter.setPen(ink);
    if (cell.state == HexCell::State::Here && !cell.masked) {
        draw(x, box.top(), pair ? m_glyphs.pair(cell.byte) : m_glyphs.letter(cell.byte));
        return;
    }
    const QStaticText& glyph
        = cell.state == HexCell::State::Here ? m_glyphs.bullet() : m_glyphs.question();
    draw(x, box.top(), glyph);
    if (pair)
        draw(x + character, box.top(), glyph);
}

void HexPainter::paintCursor(const HexRowState& state, int y)
{
    m_painter.setBrush(Qt::NoBrush);
    for (const HexPane pane : {HexPane::Hex, HexPane::Text}) {
        const bool here = pane == state.focusPane && state.focused;
        m_painter.setPen(QPen(m_tokens.accent, here ? 2 : 1));
        const double inset = here ? 1 : 0.5;
        m_painter.drawRect(
            m_geometry.cell(pane, *state.cursor, y).adjusted(inset, inset, -inset, -inset));
    }
}

void HexPainter::paintNotice(const QString& text, int y, int height, int width)
{
    m_painter.fillRect(0, y, width, height, m_tokens.hexBackground);
    const QRectF box = QRectF(m_geometry.addressX(), y, width - 2 * m_geometry.addressX(), height)
                           .adjusted(0.5, height / 8.0 + 0.5, -0.5, -height / 8.0 - 0.5);
    QPen pen(m_tokens.line, 1, Qt::CustomDashLine);
    pen.setDashPattern({4, 3});
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(pen);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRoundedRect(box, 4, 4);
    m_painter.restore();
    m_painter.setFont(m_noticeFont);
    m_painter.setPen(m_tokens.dim);
    const QString shown = m_painter.fontMetrics().elidedText(text, Qt::ElideMiddle,
                                                             static_cast<int>(box.width()) - 16);
    m_painter.drawText(box, Qt::AlignCenter, shown);
    m_painter.setFont(m_glyphs.font());
}

} // namespace coredact
