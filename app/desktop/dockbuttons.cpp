// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/dockbuttons.h"

#include <QAction>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

namespace coredact {

DockButtons::DockButtons(const QList<QDockWidget*>& docks, QWidget* parent)
    : QWidget(parent)
    , m_menu(new QToolButton(this))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 8, 4);
    setAutoFillBackground(true); // over the line that the tabs draw behind what is in their corner
    line->setSpacing(4);
    auto* menu = new QMenu(this);
    for (QDockWidget* dock : docks) {
        QAction* action = dock->toggleViewAction();
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setFocusPolicy(Qt::TabFocus);
        line->addWidget(button);
        m_buttons << button;
        menu->addAction(action);
        connect(action, &QAction::triggered, dock, [dock](bool shown) {
            if (shown)
                dock->raise();
        });
    }
    m_menu->setText(tr("Tables"));
    m_menu->setMenu(menu);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setFocusPolicy(Qt::TabFocus);
    m_menu->setVisible(false);
    line->addWidget(m_menu);
}

void DockButtons::fit(int room)
{
    int wanted = 8;
    for (const QToolButton* button : m_buttons)
        wanted += button->sizeHint().width() + 4;
    const bool all = wanted <= room;
    for (QToolButton* button : m_buttons)
        button->setVisible(all);
    m_menu->setVisible(!all);
}

} // namespace coredact
