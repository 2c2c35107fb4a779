// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/jobs/messagebar.h"

#include "widgets/theme/looks.h"

#include <QAccessible>
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace coredact {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_action(new QPushButton(this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* close = new QToolButton(this);
    close->setText(QStringLiteral("✕"));
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(tr("Dismiss the message"));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(14, 6, 8, 6);
    line->addWidget(m_text, 1);
    line->addWidget(m_action);
    line->addWidget(close);
    connect(m_action, &QPushButton::clicked, this, &MessageBar::actionWanted);
    connect(close, &QToolButton::clicked, this, &MessageBar::dismiss);
    setVisible(false);
}

void MessageBar::say(Kind kind, const QString& text, const QString& action)
{
    m_kind = kind;
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setVisible(true);
    setAccessibleName(text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageBar::dismiss()
{
    // Qt would hand the keys on to the next text field, which takes them for words.
    const bool focused = isAncestorOf(QApplication::focusWidget());
    setVisible(false);
    if (focused)
        emit focusLost();
}

QString MessageBar::text() const { return isVisible() ? m_text->text() : QString(); }

void MessageBar::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    const QColor colour
        = m_kind == Kind::Problem ? severityColour(Severity::Critical) : tokens.accent;
    QPainter painter(this);
    painter.fillRect(rect(), blend(colour, tokens.panel, 0.12));
    painter.fillRect(QRect(0, 0, 3, height()), colour);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
}

} // namespace coredact
