// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/memorymap/mapcolumns.h"

#include <QWidget>

#include <functional>
#include <memory>

class QPainter;

namespace coredact {

struct Tokens;

/// The address space as a strip: regions by kind, findings as ticks above it, what the hex view
/// shows as a frame, stack pointers and the crash below it. Wheel zooms, dragging pans, a click
/// or Enter goes there. What it paints is worked out per pixel column, once for each zoom.
class MemoryMapStrip : public QWidget {
    Q_OBJECT

public:
    explicit MemoryMapStrip(QWidget* parent = nullptr);

    /// Regions, threads and the crash of a dump; nothing of it is kept but names and addresses.
    /// Ticks and lens of another dump are dropped.
    void setDump(const Dump& dump);
    void clear();
    /// The places of findings; those that the map does not hold are left out.
    void setTicks(const std::vector<MapTick>& ticks);
    /// Places that the analyst marked by hand.
    void setBookmarks(std::vector<MapPlace> places);
    void setTitles(std::function<QString(std::uint32_t finding)> titles);
    /// What the hex view shows; nothing hides the frame.
    void setLens(const std::optional<std::pair<MapPlace, MapPlace>>& lens);

    const MapScale& scale() const { return m_scale; }
    const MapWindow& window() const { return m_window; }
    void setWindow(const MapWindow& window);
    void showAll() { setWindow({}); }
    /// Where a place is painted; nothing outside of the window.
    std::optional<int> xOf(const MapPlace& place) const;
    std::optional<MapPlace> placeAt(int x) const;
    /// The place at the caret, in words; what a screen reader says.
    QString spokenPlace() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// By click or Enter.
    void placeWanted(const coredact::MapPlace& place);
    /// Together with placeWanted, where a finding's tick was meant.
    void findingPicked(quint32 finding);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Marker {
        std::uint64_t address = 0;
        QString text; ///< "thread 2231"
        bool crash = false;
    };
    QRect band() const; ///< where the regions are
    int tickHeight() const;
    void workOut();
    void moveCaret(double position);
    void caretToTick(bool next);
    void go(int x);
    QString toolTipAt(const QPoint& position) const;
    QString placeText(const MapPlace& place) const;
    /// The place at x, or the first address where there is no memory.
    std::optional<MapPlace> addressNear(int x) const;
    const MapColumn* tickNear(int x) const;
    void paintBand(QPainter& painter, const Tokens& tokens) const;
    void paintTicks(QPainter& painter, const Tokens& tokens) const;
    void paintBookmarks(QPainter& painter) const;
    void paintMarkers(QPainter& painter, const Tokens& tokens) const;
    void paintLens(QPainter& painter, const Tokens& tokens) const;
    void paintAxis(QPainter& painter, const Tokens& tokens) const;
    void paintLegend(QPainter& painter, const Tokens& tokens) const;

    MapScale m_scale;
    std::vector<PlacedTick> m_ticks;
    std::vector<Marker> m_markers;
    std::vector<MapPlace> m_bookmarks;
    std::vector<RegionKind> m_kinds; ///< those in the legend
    std::vector<MapColumn> m_columns; ///< of the band
    std::function<QString(std::uint32_t)> m_titles;
    std::optional<std::pair<MapPlace, MapPlace>> m_lens;
    MapWindow m_window;
    double m_caret = 0; ///< on the scale
    QString m_crash;
    QString m_fileParts; ///< what the legend calls them
    int m_pressX = 0;
    double m_pressBegin = 0;
    bool m_pressed = false;
    bool m_panned = false;
};

} // namespace coredact
