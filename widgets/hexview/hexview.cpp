// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/hexview.h"

#include "widgets/hexview/hexaccess.h"
#include "widgets/hexview/hexoverview.h"
#include "widgets/hexview/secretclipboard.h"
#include "widgets/theme/fonts.h"

#include <QAccessible>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>

namespace coredact {

namespace {

constexpr int leastZoom = 50;
constexpr int mostZoom = 400;
constexpr int dragInterval = 50;

int digitsFor(std::uint64_t largest, int least)
{
    int digits = 1;
    while (largest >>= 4U)
        ++digits;
    return std::max(digits, least);
}

} // namespace

HexView::HexView(QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_layout(std::make_shared<const ByteLayout>())
    , m_dragTimer(new QTimer(this))
    , m_overview(new HexOverview(this))
    , m_clipboard(new SecretClipboard(this))
{
    installHexAccess();
    setAccessibleName(tr("Bytes of the dump"));
    setAccessibleDescription(tr("Arrow keys move, Shift selects, Tab goes to the text column."));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // the overview stands in for it
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(false);
    m_dragTimer->setInterval(dragInterval);
    connect(m_dragTimer, &QTimer::timeout, this, &HexView::dragScroll);
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, &HexView::scrollAction);
    connect(m_overview, &HexOverview::rowWanted, this, [this](quint64 row) {
        scrollTo(row - std::min<std::uint64_t>(row, visibleRows() / 2));
    });
    connect(m_overview, &HexOverview::turned, this,
            [this](int rows) { scrollTo(m_scroll.moved(m_top, rows)); });
    refont();
}

HexView::~HexView() = default;

void HexView::setLayoutOfBytes(std::shared_ptr<const ByteLayout> layout)
{
    const auto place = cursorPlace();
    m_layout = layout ? std::move(layout) : std::make_shared<const ByteLayout>();
    m_cursor = HexCursor(*m_layout);
    m_pendingCopy.reset();
    m_top = 0;
    refont();
    m_overview->setAreas(m_layout->areas(), m_layout->rowCount());
    markOverview();
    if (!place || !goToOffset(place->fileOffset))
        moved(std::nullopt);
}

void HexView::setBytes(ByteCache* bytes)
{
    if (m_bytes)
        disconnect(m_bytes, nullptr, this, nullptr);
    m_bytes = bytes;
    if (m_bytes)
        connect(m_bytes, &ByteCache::arrived, this, &HexView::bytesArrived);
    viewport()->update();
}

void HexView::setMarks(std::vector<HexMark> marks)
{
    m_marks = HexMarks(std::move(marks));
    markOverview();
    viewport()->update();
}

void HexView::setTitles(std::function<QString(std::uint32_t)> titles)
{
    m_titles = std::move(titles);
}

void HexView::setRevealed(std::optional<std::uint32_t> finding)
{
    m_revealed = finding;
    viewport()->update();
}

void HexView::setZoom(int percent)
{
    percent = std::clamp(percent, leastZoom, mostZoom);
    if (percent == m_zoom)
        return;
    m_zoom = percent;
    refont();
    emit zoomChanged(m_zoom);
}

QSize HexView::sizeHint() const
{
    return {m_geometry.width() + m_overview->sizeHint().width(), m_geometry.rowHeight() * 24};
}

void HexView::refont()
{
    const QFont font = scaled(monospaceFont(this->font()), m_zoom);
    m_glyphs = HexGlyphs(font);
    const std::uint64_t address = m_layout->largestAddress();
    m_geometry = HexGeometry(font, address == 0 ? 0 : digitsFor(address, 12),
                             digitsFor(m_layout->fileSize(), 6));
    relayout();
}

std::uint64_t HexView::visibleRows() const
{
    return static_cast<std::uint64_t>(std::max(viewport()->height() / m_geometry.rowHeight(), 1));
}

void HexView::relayout()
{
    placeOverview();
    m_scroll = ScrollMap(m_layout->rowCount(), visibleRows());
    verticalScrollBar()->setRange(0, m_scroll.maximum());
    verticalScrollBar()->setPageStep(
        static_cast<int>(std::min<std::uint64_t>(visibleRows(), 1U << 20)));
    horizontalScrollBar()->setRange(0, std::max(m_geometry.width() - viewport()->width(), 0));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(static_cast<int>(m_geometry.characterWidth()));
    scrollTo(m_top);
}

void HexView::placeOverview()
{
    const int width = m_overview->sizeHint().width();
    setViewportMargins(0, 0, width, 0);
    const QRect area = contentsRect();
    m_overview->setGeometry(area.right() - width + 1, area.top(), width, area.height());
}

void HexView::markOverview()
{
    std::vector<HexOverview::Bar> bars;
    bars.reserve(m_marks.all().size());
    for (const HexMark& mark : m_marks.all()) {
        if (const auto cell = m_layout->cellOfOffset(mark.file.first()))
            bars.push_back({*cell / bytesPerRow, (mark.file.size() - 1) / bytesPerRow + 1,
                            mark.severity, mark.verdict});
    }
    m_overview->setBars(std::move(bars));
}

void HexView::scrollTo(std::uint64_t top)
{
    m_top = std::min(top, m_scroll.lastTop());
    verticalScrollBar()->setValue(m_scroll.valueOf(m_top));
    m_overview->setFrame(m_top, visibleRows());
    viewport()->update();
    emit viewMoved();
}

void HexView::scrollAction(int action)
{
    const auto page = static_cast<std::int64_t>(visibleRows());
    const auto by = [&](std::int64_t rows) {
        m_top = m_scroll.moved(m_top, rows);
        verticalScrollBar()->setSliderPosition(m_scroll.valueOf(m_top));
    };
    // The bar's own steps may stand for many rows; a step of a row is always one row.
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
        return by(1);
    case QAbstractSlider::SliderSingleStepSub:
        return by(-1);
    case QAbstractSlider::SliderPageStepAdd:
        return by(page);
    case QAbstractSlider::SliderPageStepSub:
        return by(-page);
    default:
        m_top = m_scroll.topOf(verticalScrollBar()->sliderPosition());
    }
}

void HexView::scrollContentsBy(int, int)
{
    // Somebody else may have set the bar: follow it unless it already says where we are.
    if (m_scroll.valueOf(m_top) != verticalScrollBar()->value())
        m_top = m_scroll.topOf(verticalScrollBar()->value());
    m_overview->setFrame(m_top, visibleRows());
    viewport()->update();
    emit viewMoved();
}

void HexView::showColumn(unsigned column)
{
    QScrollBar& bar = *horizontalScrollBar();
    const QRect box = m_geometry.cell(m_pane, column, 0).toAlignedRect();
    const int width = viewport()->width();
    if (box.left() >= bar.value() && box.right() < bar.value() + width)
        return;
    // With the addresses, where they fit beside it.
    bar.setValue(box.right() < width ? 0 : box.right() - width + 1);
}

void HexView::showCell(std::uint64_t cell)
{
    showColumn(static_cast<unsigned>(cell % bytesPerRow));
    const std::uint64_t row = cell / bytesPerRow;
    const std::uint64_t rows = visibleRows();
    if (row >= m_top && row - m_top < rows)
        return;
    const bool near = row < m_top ? m_top - row <= rows : row - m_top < 2 * rows;
    if (near)
        scrollTo(row < m_top ? row : row - rows + 1);
    else
        scrollTo(row - std::min(row, rows / 3));
}

bool HexView::goToCell(std::optional<std::uint64_t> cell)
{
    if (!cell)
        return false;
    const auto from = m_cursor.cell();
    m_cursor.moveTo(*cell, HexCursor::Selecting::Drop);
    moved(from);
    return true;
}

bool HexView::goToOffset(std::uint64_t fileOffset)
{
    return goToCell(m_layout->cellOfOffset(fileOffset));
}

bool HexView::goToAddress(std::uint64_t address)
{
    return goToCell(m_layout->cellOfAddress(address));
}

bool HexView::select(FileRange range)
{
    const auto first = m_layout->cellOfOffset(range.first());
    const auto last = m_layout->cellOfOffset(range.last());
    if (!first || !last)
        return false;
    m_cursor.select(*last, *first);
    moved(std::nullopt);
    return true;
}

void HexView::moved(std::optional<std::uint64_t> from)
{
    viewport()->update();
    if (m_cursor.cell())
        showCell(*m_cursor.cell());
    emit selectionChanged();
    if (m_cursor.cell() == from)
        return;
    if (const auto place = cursorPlace())
        emit cursorMoved(*place);
    if (QAccessible::isActive()) {
        QAccessibleValueChangeEvent event(this, spokenRow());
        QAccessible::updateAccessibility(&event);
    }
}

std::optional<BytePlace> HexView::cursorPlace() const
{
    return m_cursor.cell() ? m_layout->placeAt(*m_cursor.cell()) : std::nullopt;
}

std::optional<HexView::Visible> HexView::visible() const
{
    const auto first = m_layout->byteAtOrAfter(m_top * bytesPerRow);
    const auto last = m_layout->byteAtOrBefore((m_top + visibleRows()) * bytesPerRow - 1);
    if (!first || !last || *last < *first)
        return std::nullopt;
    return Visible {*m_layout->placeAt(*first), *m_layout->placeAt(*last)};
}

std::optional<FileRange> HexView::selectedRange() const
{
    const auto cells = m_cursor.selection();
    if (!cells)
        return std::nullopt;
    const auto first = m_layout->placeAt(cells->first);
    const auto last = m_layout->placeAt(cells->last);
    if (!first || !last)
        return std::nullopt;
    return FileRange::between(std::min(first->fileOffset, last->fileOffset),
                              std::max(first->fileOffset, last->fileOffset));
}

std::optional<std::uint32_t> HexView::findingAt(std::uint64_t cell) const
{
    const auto place = m_layout->placeAt(cell);
    if (!place)
        return std::nullopt;
    std::optional<std::uint32_t> top;
    m_marks.touching(place->fileOffset, place->fileOffset, [&](std::uint32_t index) {
        if (!top || m_marks.covers(index, *top))
            top = index;
    });
    return top ? std::optional(m_marks.at(*top).finding) : std::nullopt;
}

std::optional<std::uint32_t> HexView::findingAtCursor() const
{
    return m_cursor.cell() ? findingAt(*m_cursor.cell()) : std::nullopt;
}

QString HexView::spokenRow() const
{
    if (!m_cursor.cell())
        return {};
    return HexText::spoken(*m_layout, *m_cursor.cell() / bytesPerRow, source());
}

void HexView::bytesArrived()
{
    viewport()->update();
    finishCopy();
}

void HexView::copy(CopyAs as)
{
    if (!m_cursor.cell())
        return;
    m_pendingCells
        = m_cursor.selection().value_or(HexCursor::Cells {*m_cursor.cell(), *m_cursor.cell()});
    if (m_pendingCells.last - m_pendingCells.first >= HexText::mostCopied) {
        emit copyRefused(tr("The selection is too long for the clipboard; up to 1 MiB fits."));
        return;
    }
    m_pendingCopy = as;
    finishCopy();
}

void HexView::finishCopy()
{
    if (!m_pendingCopy)
        return;
    const auto copied = HexText::copied(*m_layout, m_pendingCells, source(), *m_pendingCopy);
    if (!copied.complete)
        return;
    m_pendingCopy.reset();
    m_clipboard->put(copied.text);
}

void HexView::setBookmarks(const std::vector<FileRange>& places)
{
    std::vector<IntervalIndex::Interval> intervals;
    intervals.reserve(places.size());
    for (const FileRange& place : places)
        intervals.push_back({place.first(), place.last(), 0});
    m_bookmarks = IntervalIndex(std::move(intervals));
    viewport()->update();
}

void HexView::setChanges(const std::vector<HexChange>& changes)
{
    std::vector<IntervalIndex::Interval> intervals;
    intervals.reserve(changes.size());
    for (const HexChange& change : changes)
        intervals.push_back({change.file.first(), change.file.last(), change.expected ? 0U : 1U});
    m_changes = IntervalIndex(std::move(intervals));
    viewport()->update();
}

HexRowState HexView::stateOf(std::uint64_t row, const LayoutRow& at) const
{
    HexRowState state;
    state.alternate = row % 2 == 1;
    state.focusPane = m_pane;
    state.focused = hasFocus();
    if (m_cursor.cell() && *m_cursor.cell() / bytesPerRow == row)
        state.cursor = static_cast<unsigned>(*m_cursor.cell() % bytesPerRow);
    for (unsigned column = 0; column < bytesPerRow; ++column)
        state.selected[column] = m_cursor.selected(row * bytesPerRow + column);
    m_bookmarks.touching(at.fileOffset, at.fileOffset + (at.columns - 1),
                         [&](const IntervalIndex::Interval& bookmark) {
                             for (unsigned i = 0; i < at.columns; ++i) {
                                 const std::uint64_t offset = at.fileOffset + i;
                                 if (offset >= bookmark.first && offset <= bookmark.last)
                                     state.bookmarked[at.firstColumn + i] = true;
                             }
                         });
    using Change = HexRowState::Change;
    m_changes.touching(at.fileOffset, at.fileOffset + (at.columns - 1),
                       [&](const IntervalIndex::Interval& change) {
                           for (unsigned i = 0; i < at.columns; ++i) {
                               const std::uint64_t offset = at.fileOffset + i;
                               if (offset >= change.first && offset <= change.last)
                                   state.changed[at.firstColumn + i]
                                       = change.id == 0 ? Change::Expected : Change::Unexpected;
                           }
                       });
    return state;
}

void HexView::paintEvent(QPaintEvent* event)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(viewport());
    painter.fillRect(event->rect(), tokens.hexBackground);
    painter.translate(-horizontalScrollBar()->value(), 0);
    HexPainter rows(painter, m_geometry, m_glyphs, tokens, m_marks);
    const int width
        = std::max(viewport()->width() + horizontalScrollBar()->value(), m_geometry.width());
    for (std::uint64_t row = m_top; row < m_layout->rowCount(); ++row) {
        const int y = static_cast<int>(row - m_top) * m_geometry.rowHeight();
        if (y > event->rect().bottom())
            break;
        const LayoutRow at = m_layout->row(row);
        if (at.columns == 0)
            paintNoticeRow(rows, at, y);
        else if (y + m_geometry.rowHeight() > event->rect().top())
            rows.paintBytes(at, cellsOf(at, source()), stateOf(row, at), y, width);
    }
}

void HexView::paintNoticeRow(HexPainter& painter, const LayoutRow& row, int y)
{
    // A notice spans its rows; it is painted with the first one, or with the topmost on screen.
    if (row.rowInSection != 0 && y > 0)
        return;
    const int height = m_geometry.rowHeight();
    painter.paintNotice(HexText::notice(*m_layout, *row.section),
                        y - static_cast<int>(row.rowInSection) * height,
                        height * static_cast<int>(row.section->rows),
                        std::min(viewport()->width(), m_geometry.width()));
}

void HexView::resizeEvent(QResizeEvent*) { relayout(); }

void HexView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        refont();
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        viewport()->update();
    QAbstractScrollArea::changeEvent(event);
}

} // namespace coredact
