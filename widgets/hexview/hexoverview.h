// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/hexview/bytelayout.h"
#include "widgets/hexview/hexmarks.h"

#include <QWidget>

namespace coredact {

/// All rows of a layout as one column beside the hex view: kinds as muted blocks, findings as
/// bars, a frame around what is on screen. Stands in for the scroll bar. What it paints is worked
/// out per pixel line once, when rows, marks or the height change.
class HexOverview : public QWidget {
    Q_OBJECT

public:
    explicit HexOverview(QWidget* parent = nullptr);

    void setAreas(std::vector<LayoutArea> areas, std::uint64_t rows);
    /// `rows`: of the first byte of each mark, beside it.
    struct Bar {
        std::uint64_t row = 0;
        std::uint64_t rows = 1;
        Severity severity = Severity::Info;
        Verdict verdict = Verdict::Pending;
    };
    void setBars(std::vector<Bar> bars);
    void setFrame(std::uint64_t firstRow, std::uint64_t rows);

    /// The row under a widget position, and back.
    std::uint64_t rowAt(int y) const;
    int yOf(std::uint64_t row) const;
    QSize sizeHint() const override;

signals:
    /// The person wants this row in the middle of the hex view.
    void rowWanted(quint64 row);
    void turned(int rows); ///< by wheel

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void workOut();
    QRect column() const;

    struct Line {
        RegionKind kind = RegionKind::Unknown;
        bool gap = true;
        bool edge = false; ///< an area begins here and there is room to show it
        bool finding = false;
        Severity severity = Severity::Info;
        Verdict verdict = Verdict::Pending;
    };
    std::vector<LayoutArea> m_areas;
    std::vector<Bar> m_bars;
    std::vector<Line> m_lines; ///< one for each pixel line of the column
    std::uint64_t m_rows = 0;
    std::uint64_t m_frameRow = 0;
    std::uint64_t m_frameRows = 0;
};

} // namespace coredact
