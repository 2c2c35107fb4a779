// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/panelheader.h"

#include "widgets/theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace coredact {

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_figure(new QLabel(this))
{
    auto* name = new QLabel(title.toUpper(), this);
    name->setTextFormat(Qt::PlainText);
    name->setProperty("rank", QStringLiteral("caption"));
    QFont font = name->font();
    font.setLetterSpacing(QFont::PercentageSpacing, 104);
    name->setFont(font);
    m_figure->setTextFormat(Qt::PlainText);
    m_figure->setProperty("rank", QStringLiteral("dim"));
    m_figure->setMinimumWidth(1);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 6, 12, 6);
    line->addWidget(name);
    line->addStretch(1);
    line->addWidget(m_figure);
}

void PanelHeader::setFigure(const QString& text) { m_figure->setText(text); }

QString PanelHeader::figure() const { return m_figure->text(); }

void PanelHeader::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = currentTokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
}

} // namespace coredact
