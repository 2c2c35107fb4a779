// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytecache.h"
#include "widgets/hexview/bytelayout.h"
#include "widgets/hexview/hexcursor.h"
#include "widgets/hexview/hexgeometry.h"
#include "widgets/hexview/hexmarks.h"
#include "widgets/hexview/hexpainter.h"
#include "widgets/hexview/hextext.h"
#include "widgets/hexview/scrollmap.h"

#include <QAbstractScrollArea>
#include <QPointer>

#include <functional>

namespace coredact {

class HexOverview;
class SecretClipboard;

/// The bytes of a dump with addresses, offsets and findings. Paints only what is on screen, keeps
/// no bytes of its own, shows masked bytes as dots, and never sets the PRIMARY selection. All
/// positions have 64 bits.
class HexView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit HexView(QWidget* parent = nullptr);
    ~HexView() override;

    /// Which rows there are; cursor, selection and marks' rows start anew, and the cursor goes to
    /// the same byte of the file where it is still shown. Null: nothing to show.
    void setLayoutOfBytes(std::shared_ptr<const ByteLayout> layout);
    const ByteLayout& layoutOfBytes() const { return *m_layout; }
    /// Where bytes come from; not owned.
    void setBytes(ByteCache* bytes);
    void setMarks(std::vector<HexMark> marks);
    /// Places that the analyst marked by hand.
    void setBookmarks(const std::vector<FileRange>& places);
    /// Places where another file differs.
    void setChanges(const std::vector<HexChange>& changes);
    /// Title of a finding by its number, for tool tips; called on hover.
    void setTitles(std::function<QString(std::uint32_t finding)> titles);

    /// Shows the bytes of one finding; nothing masks all again. Who calls it minds the time.
    void setRevealed(std::optional<std::uint32_t> finding);
    std::optional<std::uint32_t> revealed() const { return m_revealed; }

    /// Moves the cursor there and scrolls to it; false where it is not shown.
    bool goToOffset(std::uint64_t fileOffset);
    bool goToAddress(std::uint64_t address);
    /// Selects a run of the file and scrolls to its begin; false where it is not shown.
    bool select(FileRange range);
    std::optional<BytePlace> cursorPlace() const;
    /// The first and the last byte on screen; nothing when there is none.
    struct Visible {
        BytePlace first;
        BytePlace last;
    };
    std::optional<Visible> visible() const;
    /// First and last selected byte of the file, where something is selected.
    std::optional<FileRange> selectedRange() const;
    /// The topmost finding at the cursor.
    std::optional<std::uint32_t> findingAtCursor() const;

    /// Puts the selection, or the byte at the cursor, on the clipboard. Bytes that are not here
    /// yet are waited for. Emits copyRefused when the selection is too long.
    void copy(CopyAs as);
    int zoom() const { return m_zoom; } ///< in percent
    void setZoom(int percent);
    /// The row of the cursor in words; masked bytes are not among them.
    QString spokenRow() const;

    const HexGeometry& geometryOfRows() const { return m_geometry; }
    std::uint64_t topRow() const { return m_top; }
    void setTopRow(std::uint64_t row) { scrollTo(row); } ///< as far as there are rows
    QSize sizeHint() const override;

signals:
    void cursorMoved(const coredact::BytePlace& place);
    void selectionChanged();
    void viewMoved(); ///< visible() is another one
    void findingPicked(quint32 finding); ///< by click or double click on its bytes
    void contextMenuWanted(const QPoint& globalPosition, const coredact::BytePlace& place);
    void nextFindingWanted();
    void previousFindingWanted();
    void zoomChanged(int percent);
    void copyRefused(const QString& why);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void refont();
    void relayout();
    void placeOverview();
    void markOverview();
    void scrollTo(std::uint64_t top);
    void scrollAction(int action);
    void showCell(std::uint64_t cell);
    void showColumn(unsigned column); ///< where not all of a row has room
    bool goToCell(std::optional<std::uint64_t> cell);
    void moved(std::optional<std::uint64_t> from);
    void dragScroll();
    void bytesArrived();
    void finishCopy();
    void pick(std::uint64_t cell);
    std::uint64_t visibleRows() const;
    HexSource source() const { return {m_marks, m_bytes, m_revealed}; }
    HexRowState stateOf(std::uint64_t row, const LayoutRow& at) const;
    void paintNoticeRow(HexPainter& painter, const LayoutRow& row, int y);
    QString toolTipAt(const QPoint& position) const;
    std::optional<std::uint32_t> findingAt(std::uint64_t cell) const;
    std::optional<std::uint64_t> cellAt(const QPoint& position) const;
    std::uint64_t nearestCell(const QPoint& position) const;
    static std::optional<HexCursor::Move> moveFor(const QKeyEvent& event);
    bool handleCommand(const QKeyEvent& event);

    std::shared_ptr<const ByteLayout> m_layout;
    QPointer<ByteCache> m_bytes;
    HexMarks m_marks;
    IntervalIndex m_bookmarks; ///< by file offset
    IntervalIndex m_changes; ///< by file offset; the id is 1 for what is not expected
    std::function<QString(std::uint32_t)> m_titles;
    std::optional<std::uint32_t> m_revealed;
    HexCursor m_cursor;
    HexPane m_pane = HexPane::Hex;
    HexGeometry m_geometry;
    HexGlyphs m_glyphs;
    ScrollMap m_scroll;
    std::uint64_t m_top = 0;
    int m_zoom = 100;
    int m_wheelRest = 0; ///< parts of a wheel step that were too small to scroll a row
    bool m_dragging = false;
    QPoint m_dragPoint;
    QTimer* m_dragTimer;
    std::optional<CopyAs> m_pendingCopy;
    HexCursor::Cells m_pendingCells;
    HexOverview* m_overview;
    SecretClipboard* m_clipboard;
};

} // namespace coredact
