// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/panelheader.h"

#include "widgets/theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace coredact {

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_name(new QLabel(title.toUpper(), this))
    , m_figure(new QLabel(this))
{
    m_name->setTextFormat(Qt::PlainText);
    m_name->setProperty("rank", QStringLiteral("caption"));
    QFont font = m_name->font();
    font.setLetterSpacing(QFont::PercentageSpacing, 104);
    m_name->setFont(font);
    m_figure->setTextFormat(Qt::PlainText);
    m_figure->setProperty("rank", QStringLiteral("dim"));
    m_figure->setMinimumWidth(1);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 12, 6);
    line->addWidget(m_name);
    line->addStretch(1);
    line->addWidget(m_figure);
}

void PanelHeader::setFigure(const QString& text)
{
    m_text = text;
    showFigure();
}

void PanelHeader::showFigure()
{
    const QMargins margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right() - m_name->sizeHint().width()
        - 2 * layout()->spacing();
    const QString shown = m_figure->fontMetrics().elidedText(m_text, Qt::ElideRight, room);
    m_figure->setText(shown);
    m_figure->setToolTip(shown == m_text ? QString() : m_text);
}

void PanelHeader::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    showFigure();
}

void PanelHeader::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
}

} // namespace coredact
