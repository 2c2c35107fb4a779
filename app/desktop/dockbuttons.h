// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QDockWidget;
class QToolButton;

namespace coredact {

/// Beside the tabs: shows and hides the tables that are not always wanted, by a button for each,
/// or by one with a menu where there is little room.
class DockButtons : public QWidget {
    Q_OBJECT

public:
    DockButtons(const QList<QDockWidget*>& docks, QWidget* parent);

    /// `room`: pixels that the buttons may take.
    void fit(int room);

private:
    QList<QToolButton*> m_buttons;
    QToolButton* m_menu;
};

} // namespace coredact
