// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/severityicon.h"

#include "models/texts.h"
#include "widgets/theme/looks.h"

#include <QPainter>

namespace coredact {

SeverityIcon::SeverityIcon(QWidget* parent)
    : QWidget(parent)
{
    setFixedSize(14, 14);
}

void SeverityIcon::showSeverity(Severity severity)
{
    m_severity = severity;
    setAccessibleName(Texts::severity(severity));
    update();
}

void SeverityIcon::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintSeverity(painter, m_severity, QRectF(rect()).adjusted(1, 1, -1, -1));
}

} // namespace coredact
