// SPDX-License-Identifier: GPL-3.0-or-later
// What keys and pointer do to a hex view.
#include "models/figures.h"
#include "models/texts.h"
#include "widgets/hexview/hexview.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTimer>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <array>

namespace coredact {

std::optional<std::uint64_t> HexView::cellAt(const QPoint& position) const
{
    const auto target = m_geometry.at(position.x() + horizontalScrollBar()->value());
    if (!target || position.y() < 0)
        return std::nullopt;
    const std::uint64_t row
        = m_top + static_cast<std::uint64_t>(position.y() / m_geometry.rowHeight());
    const std::uint64_t cell = row * bytesPerRow + target->column;
    return m_layout->placeAt(cell) ? std::optional(cell) : std::nullopt;
}

std::uint64_t HexView::nearestCell(const QPoint& position) const
{
    const int line = position.y() < 0 ? -1 : position.y() / m_geometry.rowHeight();
    const std::uint64_t row = line < 0 ? m_top - std::min<std::uint64_t>(m_top, 1)
                                       : m_top + static_cast<std::uint64_t>(line);
    if (row >= m_layout->rowCount())
        return std::numeric_limits<std::uint64_t>::max();
    return row * bytesPerRow
        + m_geometry.nearest(m_pane, position.x() + horizontalScrollBar()->value());
}

void HexView::mousePressEvent(QMouseEvent* event)
{
    const QPoint position = event->position().toPoint();
    const auto target = m_geometry.at(position.x() + horizontalScrollBar()->value());
    if (event->button() != Qt::LeftButton || !target)
        return;
    m_pane = target->pane;
    const auto from = m_cursor.cell();
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    m_cursor.moveTo(nearestCell(position),
                    extend ? HexCursor::Selecting::Extend : HexCursor::Selecting::Drop);
    m_dragging = true;
    m_dragPoint = position;
    moved(from);
    if (const auto cell = cellAt(position); cell && !extend)
        pick(*cell);
}

void HexView::pick(std::uint64_t cell)
{
    if (const auto finding = findingAt(cell))
        emit findingPicked(*finding);
}

void HexView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_dragging || !(event->buttons() & Qt::LeftButton))
        return;
    m_dragPoint = event->position().toPoint();
    const bool outside = m_dragPoint.y() < 0 || m_dragPoint.y() >= viewport()->height();
    if (outside && !m_dragTimer->isActive())
        m_dragTimer->start();
    else if (!outside)
        m_dragTimer->stop();
    const auto from = m_cursor.cell();
    if (nearestCell(m_dragPoint) != from)
        m_cursor.moveTo(nearestCell(m_dragPoint), HexCursor::Selecting::Extend);
    if (m_cursor.cell() != from)
        moved(from);
}

void HexView::dragScroll()
{
    const int beyond
        = m_dragPoint.y() < 0 ? m_dragPoint.y() : m_dragPoint.y() - viewport()->height();
    scrollTo(m_scroll.moved(m_top, beyond / m_geometry.rowHeight() + (beyond < 0 ? -1 : 1)));
    const auto from = m_cursor.cell();
    m_cursor.moveTo(
        nearestCell({m_dragPoint.x(), std::clamp(m_dragPoint.y(), 0, viewport()->height() - 1)}),
        HexCursor::Selecting::Extend);
    moved(from);
}

void HexView::mouseReleaseEvent(QMouseEvent*)
{
    m_dragging = false;
    m_dragTimer->stop();
}

void HexView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || !cell)
        return;
    const auto place = m_layout->placeAt(*cell);
    std::optional<std::uint32_t> top;
    m_marks.touching(place->fileOffset, place->fileOffset, [&](std::uint32_t index) {
        if (!top || m_marks.covers(index, *top))
            top = index;
    });
    if (top)
        select(m_marks.at(*top).file);
}

void HexView::wheelEvent(QWheelEvent* event)
{
    const int turn = event->angleDelta().y();
    if (event->modifiers() & Qt::ControlModifier) {
        setZoom(m_zoom + (turn > 0 ? 10 : turn < 0 ? -10 : 0));
        event->accept();
        return;
    }
    if (turn == 0) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    constexpr int step = 120 / 3; // a notch is 120 and scrolls three rows
    m_wheelRest += turn;
    scrollTo(m_scroll.moved(m_top, -(m_wheelRest / step)));
    m_wheelRest %= step;
    event->accept();
}

void HexView::contextMenuEvent(QContextMenuEvent* event)
{
    QPoint position = event->globalPos();
    if (event->reason() == QContextMenuEvent::Mouse) {
        const auto cell = cellAt(event->pos());
        if (cell && !m_cursor.selected(*cell))
            goToCell(cell);
    } else if (m_cursor.cell()) {
        const int y
            = static_cast<int>(*m_cursor.cell() / bytesPerRow - m_top) * m_geometry.rowHeight();
        const auto column = static_cast<unsigned>(*m_cursor.cell() % bytesPerRow);
        position = viewport()->mapToGlobal(m_geometry.cell(m_pane, column, y).bottomLeft().toPoint()
                                           - QPoint(horizontalScrollBar()->value(), 0));
    }
    if (const auto place = cursorPlace())
        emit contextMenuWanted(position, *place);
}

bool HexView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = toolTipAt(help->pos());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, viewport());
    return true;
}

QString HexView::toolTipAt(const QPoint& position) const
{
    const auto cell = cellAt(position);
    if (!cell)
        return {};
    const BytePlace place = *m_layout->placeAt(*cell);
    const LayoutSection* segment = m_layout->segmentAt(place.fileOffset);
    const LayoutSection& section = segment ? *segment : *m_layout->row(*cell / bytesPerRow).section;
    QStringList lines;
    if (const auto finding = findingAt(*cell); finding && m_titles)
        lines << m_titles(*finding);
    if (place.address)
        lines << tr("Address: %1").arg(hexText(*place.address));
    lines << tr("File offset: %1").arg(hexText(place.fileOffset));
    lines << tr("Region: %1").arg(HexText::sectionName(*m_layout, section));
    // As rich text with every character escaped, so that names of a dump stay names.
    return QStringLiteral("<p style='white-space:pre'>%1</p>")
        .arg(lines.join(QLatin1Char('\n')).toHtmlEscaped());
}

std::optional<HexCursor::Move> HexView::moveFor(const QKeyEvent& event)
{
    using Move = HexCursor::Move;
    const bool whole = event.modifiers() & Qt::ControlModifier;
    switch (event.key()) {
    case Qt::Key_Left:
        return Move::Left;
    case Qt::Key_Right:
        return Move::Right;
    case Qt::Key_Up:
        return Move::Up;
    case Qt::Key_Down:
        return Move::Down;
    case Qt::Key_PageUp:
        return Move::PageUp;
    case Qt::Key_PageDown:
        return Move::PageDown;
    case Qt::Key_Home:
        return whole ? Move::Start : Move::RowStart;
    case Qt::Key_End:
        return whole ? Move::End : Move::RowEnd;
    default:
        return std::nullopt;
    }
}

bool HexView::handleCommand(const QKeyEvent& event)
{
    const bool control = event.modifiers() & Qt::ControlModifier;
    const bool shift = event.modifiers() & Qt::ShiftModifier;
    if (event.matches(QKeySequence::Copy)) {
        copy(m_pane == HexPane::Hex ? CopyAs::Hex : CopyAs::Text);
    } else if (event.matches(QKeySequence::SelectAll)) {
        const auto from = m_cursor.cell();
        const std::uint64_t top = m_top;
        m_cursor.selectAll();
        moved(from);
        scrollTo(top);
    } else if (event.matches(QKeySequence::ZoomIn)) {
        setZoom(m_zoom + 10);
    } else if (event.matches(QKeySequence::ZoomOut)) {
        setZoom(m_zoom - 10);
    } else if (control && event.key() == Qt::Key_0) {
        setZoom(100);
    } else if (event.key() == Qt::Key_N && !control) {
        shift ? emit previousFindingWanted() : emit nextFindingWanted();
    } else if (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) {
        if (m_cursor.cell())
            pick(*m_cursor.cell());
    } else {
        return false;
    }
    return true;
}

void HexView::keyPressEvent(QKeyEvent* event)
{
    if (const auto move = moveFor(*event)) {
        const auto from = m_cursor.cell();
        m_cursor.move(*move, visibleRows(),
                      event->modifiers() & Qt::ShiftModifier ? HexCursor::Selecting::Extend
                                                             : HexCursor::Selecting::Drop);
        moved(from);
        return;
    }
    if (!handleCommand(*event))
        QAbstractScrollArea::keyPressEvent(event);
}

bool HexView::focusNextPrevChild(bool next)
{
    const HexPane before = next ? HexPane::Hex : HexPane::Text;
    if (!hasFocus() || m_pane != before)
        return QAbstractScrollArea::focusNextPrevChild(next);
    m_pane = next ? HexPane::Text : HexPane::Hex;
    viewport()->update();
    return true;
}

void HexView::focusInEvent(QFocusEvent* event)
{
    if (event->reason() == Qt::TabFocusReason)
        m_pane = HexPane::Hex;
    else if (event->reason() == Qt::BacktabFocusReason)
        m_pane = HexPane::Text;
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void HexView::focusOutEvent(QFocusEvent* event)
{
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

} // namespace coredact
