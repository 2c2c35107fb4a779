// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/buttonrow.h"

#include <QBoxLayout>
#include <QEvent>
#include <QPushButton>

#include <algorithm>

namespace coredact {

namespace {

constexpr int gap = 8;

} // namespace

ButtonRow::ButtonRow(const std::vector<QPushButton*>& buttons, QWidget* parent)
    : QWidget(parent)
    , m_buttons(buttons)
    , m_line(new QBoxLayout(QBoxLayout::LeftToRight, this))
{
    m_line->setContentsMargins(0, 0, 0, 0);
    m_line->setSpacing(gap);
    for (QPushButton* button : m_buttons)
        m_line->addWidget(button, 1);
}

QSize ButtonRow::minimumSizeHint() const
{
    QSize least;
    for (const QPushButton* button : m_buttons)
        least = least.expandedTo(button->minimumSizeHint());
    return least;
}

bool ButtonRow::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest) // of a button with new words
        arrange();
    return QWidget::event(event);
}

void ButtonRow::resizeEvent(QResizeEvent* event)
{
    arrange();
    QWidget::resizeEvent(event);
}

void ButtonRow::arrange()
{
    // With their keys, which one learns there.
    int widest = 0;
    for (const QPushButton* button : m_buttons)
        widest = std::max(widest, button->sizeHint().width());
    const int count = static_cast<int>(m_buttons.size());
    const bool fits = width() >= count * widest + (count - 1) * gap;
    m_line->setDirection(fits ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

} // namespace coredact
