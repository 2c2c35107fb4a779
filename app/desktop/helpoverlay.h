// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointer>
#include <QWidget>

class QAction;

namespace coredact {

/// The keys of the window over its contents, made from the actions themselves; any key or click
/// closes it.
class HelpOverlay : public QWidget {
    Q_OBJECT

public:
    HelpOverlay(const QList<QAction*>& actions, QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Line {
        QString key;
        QString words;
    };
    QList<Line> m_lines;
    QPointer<QWidget> m_before; ///< had the focus, and gets it back
};

} // namespace coredact
