// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexoverview.h"

#include "widgets/theme/looks.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>

namespace coredact {

namespace {

constexpr int margin = 8;
constexpr int leastFrame = 10;

} // namespace

HexOverview::HexOverview(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Overview of the bytes"));
    setAccessibleDescription(tr("Click or drag to scroll the bytes."));
    setCursor(Qt::PointingHandCursor);
}

QSize HexOverview::sizeHint() const { return {std::max(40, fontMetrics().height() * 3), 200}; }

void HexOverview::setAreas(std::vector<LayoutArea> areas, std::uint64_t rows)
{
    m_areas = std::move(areas);
    m_rows = rows;
    m_bars.clear();
    workOut();
}

void HexOverview::setBars(std::vector<Bar> bars)
{
    m_bars = std::move(bars);
    workOut();
}

void HexOverview::setFrame(std::uint64_t firstRow, std::uint64_t rows)
{
    m_frameRow = firstRow;
    m_frameRows = rows;
    update();
}

QRect HexOverview::column() const
{
    return rect().adjusted(margin, margin - 2, -margin, -margin + 2);
}

int HexOverview::yOf(std::uint64_t row) const
{
    if (m_rows == 0)
        return column().top();
    const double share = static_cast<double>(std::min(row, m_rows)) / static_cast<double>(m_rows);
    return column().top() + static_cast<int>(share * column().height());
}

std::uint64_t HexOverview::rowAt(int y) const
{
    if (m_rows == 0 || column().height() <= 0)
        return 0;
    const int line = std::clamp(y - column().top(), 0, column().height());
    const double share = static_cast<double>(line) / column().height();
    const auto row = static_cast<std::uint64_t>(share * static_cast<double>(m_rows - 1));
    return std::min(row, m_rows - 1);
}

void HexOverview::workOut()
{
    const int top = column().top();
    const int height = std::max(column().height(), 0);
    m_lines.assign(static_cast<std::size_t>(height), {});
    const auto lineOf
        = [&](std::uint64_t row) { return std::clamp(yOf(row) - top, 0, std::max(height - 1, 0)); };
    const auto fill = [&](std::uint64_t row, std::uint64_t rows, int least, const auto& change) {
        const int first = lineOf(row);
        const int last = std::max(lineOf(row + rows) - 1, first + least - 1);
        for (int line = first; line <= std::min(last, height - 1); ++line)
            change(m_lines[static_cast<std::size_t>(line)], line == first, last - first);
    };
    for (const LayoutArea& area : m_areas) {
        fill(area.firstRow, area.rows, area.gap ? 0 : 1, [&](Line& line, bool first, int length) {
            line.kind = area.kind;
            line.gap = area.gap;
            line.edge = first && length >= 4;
        });
    }
    for (const Bar& bar : m_bars) {
        fill(bar.row, bar.rows, 3, [&](Line& line, bool, int) {
            if (line.finding && line.severity < bar.severity)
                return;
            line.finding = true;
            line.severity = bar.severity;
            line.verdict = bar.verdict;
        });
    }
    update();
}

void HexOverview::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(0, 0, 1, height(), tokens.line);
    const QRect box = column();
    for (std::size_t index = 0; index < m_lines.size(); ++index) {
        const Line& line = m_lines[index];
        const int y = box.top() + static_cast<int>(index);
        if (!line.gap && !line.edge)
            painter.fillRect(box.left(), y, box.width(), 1, regionFill(line.kind, tokens));
        if (line.finding) {
            const QColor colour = line.verdict == Verdict::Keep ? keptColour()
                : line.verdict == Verdict::Redact               ? tokens.text
                                                                : severityColour(line.severity);
            painter.fillRect(box.left(), y, box.width(), 1, colour);
        }
    }
    if (m_rows == 0)
        return;
    const int top = yOf(m_frameRow);
    const int bottom = std::max(yOf(m_frameRow + m_frameRows), top + leastFrame);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(box.left() - 4, top, box.width() + 8, bottom - top), 4, 4);
}

void HexOverview::resizeEvent(QResizeEvent*) { workOut(); }

void HexOverview::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        emit rowWanted(rowAt(event->position().toPoint().y()));
}

void HexOverview::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        emit rowWanted(rowAt(event->position().toPoint().y()));
}

void HexOverview::wheelEvent(QWheelEvent* event)
{
    emit turned(-event->angleDelta().y() * 3 / 120);
    event->accept();
}

} // namespace coredact
