// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/pills.h"

#include "widgets/theme/looks.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace coredact {

namespace {

QFont fontOf(const Pill& pill, QFont font)
{
    font.setBold(pill.bold);
    return font;
}

double paddingOf(const Pill& pill, const QFontMetricsF& metrics)
{
    return metrics.height() * (pill.square ? 0.3 : 0.55);
}

} // namespace

QSize pillSize(const Pill& pill, const QFont& font)
{
    const QFontMetricsF metrics(fontOf(pill, font));
    const double width = metrics.horizontalAdvance(pill.text) + 2 * paddingOf(pill, metrics) + 2;
    return {static_cast<int>(std::ceil(width)),
            static_cast<int>(std::ceil(metrics.height() * 1.3)) + 2};
}

void paintPill(QPainter& painter, const QRectF& box, const Pill& pill, const QFont& font)
{
    const QFont used = fontOf(pill, font);
    const QFontMetricsF metrics(used);
    const double height = std::min(box.height(), metrics.height() * 1.3 + 2);
    const QRectF shape = QRectF(box.left(), box.center().y() - height / 2, box.width(), height)
                             .adjusted(0.5, 0.5, -0.5, -0.5);
    const double radius = pill.square ? 4 : shape.height() / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(used);
    QPen pen(Qt::NoPen);
    if (pill.border.isValid())
        pen = QPen(pill.border, 1, pill.dashed ? Qt::DashLine : Qt::SolidLine);
    if (pill.dashed)
        pen.setDashPattern({3, 2});
    painter.setPen(pen);
    painter.setBrush(pill.fill.isValid() ? QBrush(pill.fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(shape, radius, radius);
    painter.setPen(pill.ink);
    const double room = shape.width() - 2 * paddingOf(pill, metrics) + 2;
    painter.drawText(shape, Qt::AlignCenter, metrics.elidedText(pill.text, Qt::ElideRight, room));
    painter.restore();
}

Pill verdictPill(const QString& text, Verdict verdict, const Tokens& tokens, const QColor& under)
{
    switch (verdict) {
    case Verdict::Redact:
        return {
            .text = text, .fill = tokens.text, .border = {}, .ink = tokens.raised, .bold = true};
    case Verdict::Keep:
        return {
            .text = text, .fill = {}, .border = keptColour(), .ink = legible(keptColour(), under)};
    case Verdict::Pending:
        break;
    }
    return {.text = text,
            .fill = {},
            .border = tokens.faint,
            .ink = legible(tokens.dim, under),
            .dashed = true};
}

Pill filterPill(const QString& text, bool chosen, const Tokens& tokens)
{
    // Bold and filled too: colour alone would not tell everybody.
    return {.text = text,
            .fill = chosen ? tokens.selection : tokens.raised,
            .border = chosen ? tokens.accent : tokens.line,
            .ink = chosen ? tokens.text : tokens.dim,
            .bold = chosen};
}

Pill keyPill(const QString& text, const QColor& ink)
{
    QColor border = ink;
    border.setAlphaF(0.5F);
    return {.text = text, .fill = {}, .border = border, .ink = ink, .square = true};
}

} // namespace coredact
