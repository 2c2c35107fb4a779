// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/memorymap/mapstrip.h"

#include "models/figures.h"
#include "models/texts.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/looks.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <set>

namespace coredact {

namespace {

constexpr int margin = 16;
constexpr int leastLens = 10;
constexpr int labels = 5; ///< on the axis

/// "7f28 c000 0000": four digits at a time are read without counting.
QString grouped(std::uint64_t address)
{
    QString text = hexText(address, 12);
    for (auto at = text.size() - 4; at > 0; at -= 4)
        text.insert(at, QLatin1Char(' '));
    return text;
}

/// Unknown memory and vdso pages need no legend of their own.
const std::initializer_list<RegionKind> legendOrder {RegionKind::File, RegionKind::Heap,
                                                     RegionKind::Anonymous, RegionKind::Stack,
                                                     RegionKind::Structure};

double heightShare(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return 1;
    case Severity::High:
        return 0.75;
    case Severity::Medium:
        return 0.55;
    case Severity::Low:
        return 0.38;
    case Severity::Info:
        break;
    }
    return 0.25;
}

} // namespace

MemoryMapStrip::MemoryMapStrip(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Memory map"));
    setAccessibleDescription(
        tr("Arrow keys move along the address space, with Ctrl from finding to finding, "
           "Enter goes there, plus and minus zoom."));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void MemoryMapStrip::setDump(const Dump& dump)
{
    m_scale = MapScale(dump);
    m_ticks.clear();
    m_markers.clear();
    m_bookmarks.clear();
    m_lens.reset();
    m_crash.clear();
    // Where no memory is known, all of the file is one such part.
    m_fileParts = dump.segments.empty() ? tr("bytes of the file") : tr("notes");
    std::set<RegionKind> kinds;
    for (const MapBlock& block : m_scale.blocks())
        kinds.insert(block.kind);
    m_kinds.clear();
    std::copy_if(legendOrder.begin(), legendOrder.end(), std::back_inserter(m_kinds),
                 [&kinds](RegionKind kind) { return kinds.contains(kind); });
    for (const Thread& thread : dump.threads) {
        const QString name = tr("thread %1").arg(thread.id);
        m_markers.push_back({thread.sp, tr("stack of %1").arg(name), false});
        if (!thread.signal || !m_crash.isEmpty())
            continue;
        m_crash = (Texts::endsProcess(dump.format, *thread.signal) ? tr("crash: %1, pc %2")
                                                                   : tr("stopped: %1, pc %2"))
                      .arg(name, hexText(thread.pc));
        m_markers.push_back({thread.pc, m_crash, true});
    }
    m_caret = 0;
    m_window = {};
    workOut();
}

void MemoryMapStrip::clear() { setDump({}); }

void MemoryMapStrip::setTicks(const std::vector<MapTick>& ticks)
{
    m_ticks = placed(m_scale, ticks);
    workOut();
}

void MemoryMapStrip::setBookmarks(std::vector<MapPlace> places)
{
    m_bookmarks = std::move(places);
    update();
}

void MemoryMapStrip::setTitles(std::function<QString(std::uint32_t)> titles)
{
    m_titles = std::move(titles);
}

void MemoryMapStrip::setLens(const std::optional<std::pair<MapPlace, MapPlace>>& lens)
{
    if (m_lens == lens)
        return;
    m_lens = lens;
    update();
}

void MemoryMapStrip::setWindow(const MapWindow& window)
{
    if (m_window == window)
        return;
    m_window = window;
    workOut();
}

int MemoryMapStrip::tickHeight() const { return fontMetrics().height() * 5 / 4; }

QRect MemoryMapStrip::band() const
{
    const int unit = fontMetrics().height();
    return {margin, unit * 3 / 4 + tickHeight(), std::max(width() - 2 * margin, 1), unit * 2};
}

QSize MemoryMapStrip::sizeHint() const
{
    const int unit = fontMetrics().height();
    return {600, band().bottom() + unit * 13 / 4 + 8};
}

QSize MemoryMapStrip::minimumSizeHint() const { return {200, sizeHint().height()}; }

void MemoryMapStrip::workOut()
{
    m_columns = columnsOf(m_scale, m_ticks, m_window, band().width());
    update();
}

void MemoryMapStrip::resizeEvent(QResizeEvent*) { workOut(); }

void MemoryMapStrip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        workOut();
    QWidget::changeEvent(event);
}

std::optional<int> MemoryMapStrip::xOf(const MapPlace& place) const
{
    const auto position = m_scale.positionOf(place);
    if (!position || *position < m_window.begin || *position > m_window.begin + m_window.width)
        return std::nullopt;
    const QRect area = band();
    const int x = static_cast<int>(m_window.xOf(*position, area.width()));
    return area.left() + std::min(x, area.width() - 1);
}

std::optional<MapPlace> MemoryMapStrip::placeAt(int x) const
{
    const QRect area = band();
    const double position = m_window.positionAt(x - area.left() + 0.5, area.width());
    return m_scale.placeAt(std::clamp(position, 0.0, 1.0));
}

std::optional<MapPlace> MemoryMapStrip::addressNear(int x) const
{
    const auto place = placeAt(x);
    if (!place || place->address)
        return place;
    const auto memory = std::find_if(m_scale.blocks().begin(), m_scale.blocks().end(),
                                     [](const MapBlock& block) { return block.memory; });
    if (memory == m_scale.blocks().end())
        return std::nullopt;
    const MapPlace first {memory->first, 0};
    return xOf(first) ? std::optional(first) : std::nullopt;
}

void MemoryMapStrip::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(0, height() - 1, width(), 1, tokens.line);
    if (m_scale.blocks().empty())
        return;
    paintBand(painter, tokens);
    paintBookmarks(painter);
    paintTicks(painter, tokens);
    paintAxis(painter, tokens);
    paintMarkers(painter, tokens);
    paintLens(painter, tokens);
    paintLegend(painter, tokens);
    if (hasFocus() && m_caret >= m_window.begin && m_caret <= m_window.begin + m_window.width) {
        const QRect area = band();
        const int x = area.left() + static_cast<int>(m_window.xOf(m_caret, area.width()));
        painter.fillRect(x, area.top() - 4, 1, area.height() + 8, tokens.text);
    }
}

void MemoryMapStrip::paintBand(QPainter& painter, const Tokens& tokens) const
{
    const QRect area = band();
    for (std::size_t index = 0; index < m_columns.size(); ++index) {
        const MapColumn& column = m_columns[index];
        if (!column.block || column.edge)
            continue;
        const QColor fill = regionFill(column.kind, tokens);
        painter.fillRect(area.left() + static_cast<int>(index), area.top(), 1, area.height(),
                         column.saved ? fill : blend(fill, tokens.panel, 0.45));
    }
}

void MemoryMapStrip::paintTicks(QPainter& painter, const Tokens& tokens) const
{
    const QRect area = band();
    const int bottom = area.top() - 1;
    // From the least to the most severe, so that a neighbour's second pixel hides nothing graver.
    for (int severity = static_cast<int>(Severity::Info); severity >= 0; --severity) {
        for (std::size_t index = 0; index < m_columns.size(); ++index) {
            const MapColumn& column = m_columns[index];
            if (column.ticks == 0 || static_cast<int>(column.severity) != severity)
                continue;
            const int height
                = static_cast<int>(std::lround(tickHeight() * heightShare(column.severity)));
            const QColor colour = column.verdict == Verdict::Keep ? keptColour()
                : column.verdict == Verdict::Redact               ? tokens.text
                                                                  : severityColour(column.severity);
            painter.fillRect(area.left() + static_cast<int>(index), bottom - height, 2, height,
                             colour);
        }
    }
}

void MemoryMapStrip::paintBookmarks(QPainter& painter) const
{
    const QRect area = band();
    for (const MapPlace& place : m_bookmarks) {
        if (const auto x = xOf(place))
            painter.fillRect(*x, area.top(), 2, area.height(), markedColour());
    }
}

void MemoryMapStrip::paintMarkers(QPainter& painter, const Tokens& tokens) const
{
    const QRect area = band();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (const Marker& marker : m_markers) {
        const auto x = xOf({marker.address, 0});
        if (!x)
            continue;
        const double half = marker.crash ? 5 : 3;
        const double top = area.bottom() + 2;
        painter.setBrush(marker.crash ? tokens.text : regionColour(RegionKind::Stack));
        painter.drawPolygon(
            QPolygonF({QPointF(*x + 0.5, top), QPointF(*x + 0.5 + half, top + half * 1.6),
                       QPointF(*x + 0.5 - half, top + half * 1.6)}));
    }
    painter.restore();
}

void MemoryMapStrip::paintLens(QPainter& painter, const Tokens& tokens) const
{
    if (!m_lens)
        return;
    const auto first = m_scale.positionOf(m_lens->first);
    const auto last = m_scale.positionOf(m_lens->second);
    if (!first || !last)
        return;
    const QRectF area = band();
    double left = area.left() + m_window.xOf(std::min(*first, *last), area.width());
    double right = area.left() + m_window.xOf(std::max(*first, *last), area.width());
    if (right - left < leastLens) {
        left = (left + right - leastLens) / 2;
        right = left + leastLens;
    }
    left = std::max(left, area.left() - 3);
    right = std::min(right, area.right() + 3);
    if (right <= left)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = tokens.accent;
    fill.setAlphaF(0.12F);
    painter.setBrush(fill);
    painter.setPen(QPen(tokens.accent, 2));
    painter.drawRoundedRect(QRectF(left, area.top() - 1, right - left, area.height() + 2), 3, 3);
    painter.restore();
}

void MemoryMapStrip::paintAxis(QPainter& painter, const Tokens& tokens) const
{
    const QRect area = band();
    painter.save();
    painter.setFont(scaled(monospaceFont(font()), 85));
    painter.setPen(tokens.dim);
    const QFontMetrics metrics = painter.fontMetrics();
    const int y = area.bottom() + fontMetrics().height() * 3 / 4 + metrics.ascent();
    int free = area.left();
    for (int label = 0; label < labels; ++label) {
        const int x = area.left() + (area.width() - 1) * label / (labels - 1);
        const auto place = addressNear(x);
        if (!place)
            continue;
        const QString text = grouped(*place->address);
        const int width = metrics.horizontalAdvance(text);
        const int begin = xOf(*place).value_or(x);
        const int left = std::clamp(begin - width * label / (labels - 1), area.left(),
                                    std::max(area.right() - width, area.left()));
        if (left < free || left + width > area.right() + margin)
            continue;
        painter.drawText(left, y, text);
        free = left + width + metrics.averageCharWidth() * 2;
    }
    painter.restore();
}

void MemoryMapStrip::paintLegend(QPainter& painter, const Tokens& tokens) const
{
    const QRect area = band();
    painter.save();
    painter.setFont(scaled(font(), 92));
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = area.bottom() + fontMetrics().height() * 2;
    const int baseline = line + metrics.ascent();
    const int square = metrics.ascent() * 2 / 3;
    int x = area.left();
    for (const RegionKind kind : m_kinds) {
        const QString text = kind == RegionKind::Structure ? m_fileParts : Texts::regionKind(kind);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(regionColour(kind));
        painter.drawRoundedRect(QRectF(x, baseline - square, square, square), 1.5, 1.5);
        painter.setPen(tokens.dim);
        painter.drawText(x + square + 6, baseline, text);
        x += square + 6 + metrics.horizontalAdvance(text) + 16;
    }
    const int room = area.right() - x;
    if (!m_crash.isEmpty() && room > metrics.height() * 4) {
        const QString text = metrics.elidedText(m_crash, Qt::ElideRight, room - square - 6);
        const int left = area.right() - metrics.horizontalAdvance(text);
        const double half = square / 2.0;
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.text);
        painter.drawPolygon(
            QPolygonF({QPointF(left - 6 - half, baseline - square), QPointF(left - 6, baseline),
                       QPointF(left - 6 - square, baseline)}));
        painter.setPen(tokens.dim);
        painter.drawText(left, baseline, text);
    }
    painter.restore();
}

} // namespace coredact
