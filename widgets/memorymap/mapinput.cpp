// SPDX-License-Identifier: GPL-3.0-or-later
// What keys and pointer do to the memory map.
#include "models/figures.h"
#include "models/placemap.h"
#include "models/texts.h"
#include "widgets/memorymap/mapstrip.h"

#include <QAccessible>
#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace coredact {

namespace {

constexpr double zoomStep = 0.8;
constexpr int tickReach = 3; ///< pixels beside a tick that still mean it

} // namespace

void MemoryMapStrip::wheelEvent(QWheelEvent* event)
{
    const QPoint turn = event->angleDelta();
    if (turn.y() != 0) {
        const QRect area = band();
        const double fixed = m_window.positionAt(event->position().x() - area.left(), area.width());
        setWindow(m_window.zoomed(std::pow(zoomStep, turn.y() / 120.0), fixed));
    } else if (turn.x() != 0) {
        setWindow(m_window.moved(-m_window.width * turn.x() / 1200.0));
    }
    event->accept();
}

void MemoryMapStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = true;
    m_panned = false;
    m_pressX = event->position().toPoint().x();
    m_pressBegin = m_window.begin;
}

void MemoryMapStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_pressed)
        return;
    const int way = event->position().toPoint().x() - m_pressX;
    m_panned = m_panned || std::abs(way) >= QApplication::startDragDistance();
    if (!m_panned)
        return;
    const MapWindow start {m_pressBegin, m_window.width};
    setWindow(start.moved(-m_window.width * way / band().width()));
}

void MemoryMapStrip::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_pressed)
        return;
    m_pressed = false;
    if (!m_panned)
        go(event->position().toPoint().x());
}

const MapColumn* MemoryMapStrip::tickNear(int x) const
{
    const int column = x - band().left();
    for (int away = 0; away <= tickReach; ++away) {
        for (const int at : {column - away, column + away}) {
            if (at >= 0 && at < static_cast<int>(m_columns.size())
                && m_columns[static_cast<std::size_t>(at)].ticks > 0)
                return &m_columns[static_cast<std::size_t>(at)];
        }
    }
    return nullptr;
}

void MemoryMapStrip::go(int x)
{
    const QRect area = band();
    const MapColumn* column = tickNear(x);
    std::optional<MapPlace> place = placeAt(x);
    if (!place)
        return;
    if (column) {
        // The tick itself rather than the pixel that stands for so many bytes.
        const auto index = static_cast<double>(column - m_columns.data());
        const double begin = m_window.positionAt(index, area.width());
        const double end = m_window.positionAt(index + 1, area.width());
        auto tick = std::partition_point(m_ticks.begin(), m_ticks.end(),
                                         [&](const PlacedTick& t) { return t.position < begin; });
        for (; tick != m_ticks.end() && tick->position <= end; ++tick) {
            if (tick->tick.finding == column->finding) {
                place = tick->tick.place;
                break;
            }
        }
    }
    if (const auto position = m_scale.positionOf(*place))
        moveCaret(*position);
    emit placeWanted(*place);
    if (column)
        emit findingPicked(column->finding);
}

void MemoryMapStrip::moveCaret(double position)
{
    m_caret = std::clamp(position, 0.0, 1.0);
    if (m_caret < m_window.begin || m_caret > m_window.begin + m_window.width)
        setWindow(m_window.moved(m_caret - m_window.begin - m_window.width / 2));
    update();
    if (QAccessible::isActive()) {
        QAccessibleEvent event(this, QAccessible::DescriptionChanged);
        setAccessibleDescription(spokenPlace());
        QAccessible::updateAccessibility(&event);
    }
}

void MemoryMapStrip::caretToTick(bool next)
{
    if (next) {
        const auto tick = std::find_if(m_ticks.begin(), m_ticks.end(),
                                       [this](const auto& t) { return t.position > m_caret; });
        if (tick != m_ticks.end())
            moveCaret(tick->position);
        return;
    }
    const auto tick = std::find_if(m_ticks.rbegin(), m_ticks.rend(),
                                   [this](const auto& t) { return t.position < m_caret; });
    if (tick != m_ticks.rend())
        moveCaret(tick->position);
}

void MemoryMapStrip::keyPressEvent(QKeyEvent* event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const bool right = event->key() == Qt::Key_Right;
        if (control)
            caretToTick(right);
        else
            moveCaret(m_caret + (right ? 1 : -1) * m_window.width / 100);
        return;
    }
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        setWindow(m_window.moved((event->key() == Qt::Key_PageDown ? 1 : -1) * m_window.width / 2));
        return;
    case Qt::Key_Home:
        return moveCaret(0);
    case Qt::Key_End:
        return moveCaret(1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return setWindow(m_window.zoomed(zoomStep, m_caret));
    case Qt::Key_Minus:
        return setWindow(m_window.zoomed(1 / zoomStep, m_caret));
    case Qt::Key_0:
    case Qt::Key_Escape:
        return showAll();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return go(band().left() + static_cast<int>(m_window.xOf(m_caret, band().width())));
    default:
        QWidget::keyPressEvent(event);
    }
}

void MemoryMapStrip::focusInEvent(QFocusEvent* event)
{
    update();
    QWidget::focusInEvent(event);
}

void MemoryMapStrip::focusOutEvent(QFocusEvent* event)
{
    update();
    QWidget::focusOutEvent(event);
}

bool MemoryMapStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = toolTipAt(help->pos());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(
            help->globalPos(),
            QStringLiteral("<p style='white-space:pre'>%1</p>").arg(text.toHtmlEscaped()), this);
    return true;
}

QString MemoryMapStrip::placeText(const MapPlace& place) const
{
    const MapBlock* block = m_scale.blockOf(place);
    if (!block)
        return {};
    const QString range
        = QStringLiteral("%1 – %2").arg(hexText(block->first), hexText(block->last));
    const QString size = byteSizeText(block->last - block->first + 1);
    if (!block->memory)
        return tr("not memory\nfile offset %1 · %2").arg(range, size);
    const QString name = block->name.empty() ? Texts::regionKind(block->kind)
                                             : Texts::fromDump(fileName(block->name));
    QStringList lines {name + QLatin1Char(' ') + Texts::access(block->access),
                       QStringLiteral("%1 · %2").arg(range, size)};
    if (!block->saved)
        lines << tr("not in the dump");
    return lines.join(QLatin1Char('\n'));
}

QString MemoryMapStrip::toolTipAt(const QPoint& position) const
{
    const auto place = placeAt(position.x());
    if (!place || !band().adjusted(-2, -tickHeight(), 2, 12).contains(position))
        return {};
    QStringList lines;
    if (const MapColumn* column = tickNear(position.x())) {
        if (m_titles)
            lines << m_titles(column->finding);
        if (column->ticks > 1)
            lines << tr("%n place(s) of findings here", nullptr, static_cast<int>(column->ticks));
    }
    if (position.y() > band().bottom()) {
        for (const Marker& marker : m_markers) {
            const auto x = xOf({marker.address, 0});
            if (x && std::abs(*x - position.x()) <= tickReach)
                lines << marker.text;
        }
    }
    lines << placeText(*place);
    return lines.join(QLatin1Char('\n'));
}

QString MemoryMapStrip::spokenPlace() const
{
    const auto place = m_scale.placeAt(m_caret);
    if (!place)
        return {};
    const QString text = placeText(*place);
    return place->address ? tr("address %1, %2").arg(hexText(*place->address), text)
                          : tr("file offset %1, %2").arg(hexText(place->fileOffset), text);
}

} // namespace coredact
