// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/helpoverlay.h"

#include "widgets/theme/pills.h"

#include <QAction>
#include <QApplication>
#include <QEvent>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace coredact {

HelpOverlay::HelpOverlay(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent)
    , m_before(QApplication::focusWidget())
{
    for (const QAction* action : actions) {
        if (action && !action->shortcut().isEmpty()) {
            m_lines << Line {action->shortcut().toString(QKeySequence::NativeText),
                             action->iconText()};
        }
    }
    setAttribute(Qt::WA_DeleteOnClose);
    setFocusPolicy(Qt::StrongFocus);
    QString spoken = tr("Keys");
    for (const Line& line : m_lines)
        spoken += QStringLiteral("; %1: %2").arg(line.key, line.words);
    setAccessibleName(spoken);
    parent->installEventFilter(this);
    setGeometry(parent->rect());
    setVisible(true);
    raise();
    setFocus();
}

bool HelpOverlay::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void HelpOverlay::closeEvent(QCloseEvent*)
{
    if (m_before)
        m_before->setFocus();
}

void HelpOverlay::keyPressEvent(QKeyEvent*) { close(); }

void HelpOverlay::mousePressEvent(QMouseEvent*) { close(); }

void HelpOverlay::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = tokens.window;
    veil.setAlphaF(0.75F);
    painter.fillRect(rect(), veil);

    const int lineHeight = fontMetrics().height() + 12;
    const int columns = 2;
    const int lines = static_cast<int>((m_lines.size() + columns - 1) / columns);
    QRect card(0, 0, std::min(width() - 40, 840), lines * lineHeight + 84);
    card.moveCenter(rect().center());
    painter.setPen(tokens.line);
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(tokens.text);
    painter.drawText(card.adjusted(28, 22, 0, 0), Qt::AlignLeft | Qt::AlignTop, tr("Keys"));

    const int columnWidth = (card.width() - 56) / columns;
    int keyWidth = 0;
    for (const Line& line : m_lines)
        keyWidth = std::max(keyWidth, pillSize(keyPill(line.key, tokens.text), font()).width());
    for (int at = 0; at < m_lines.size(); ++at) {
        const QRect line(card.left() + 28 + (at / lines) * columnWidth,
                         card.top() + 56 + (at % lines) * lineHeight, columnWidth, lineHeight);
        const Pill pill = keyPill(m_lines[at].key, tokens.text);
        const QSize size = pillSize(pill, font());
        paintPill(painter,
                  QRectF(line.left(), line.top() + (lineHeight - size.height()) / 2.0, size.width(),
                         size.height()),
                  pill, font());
        painter.setFont(font());
        painter.setPen(tokens.dim);
        painter.drawText(line.adjusted(keyWidth + 14, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(m_lines[at].words, Qt::ElideRight,
                                                  columnWidth - keyWidth - 22));
    }
}

} // namespace coredact
