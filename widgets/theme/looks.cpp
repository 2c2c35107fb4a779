// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/looks.h"

#include <QPainter>

#include <algorithm>

namespace coredact {

QColor severityColour(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return QColor(0xd55e00);
    case Severity::High:
        return QColor(0xe69f00);
    case Severity::Medium:
        return QColor(0x3a9ad9);
    case Severity::Low:
    case Severity::Info:
        break;
    }
    return QColor(0x7a8794);
}

QColor keptColour() { return QColor(0x009e73); }

QColor markedColour() { return QColor(0xb8609a); }

QPainterPath severityShape(Severity severity, const QRectF& box)
{
    QPainterPath path;
    const QPointF middle = box.center();
    switch (severity) {
    case Severity::Critical:
        path.addPolygon(
            QPolygonF({QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y()),
                       QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y())}));
        path.closeSubpath();
        break;
    case Severity::High:
        path.addPolygon(QPolygonF({QPointF(middle.x(), box.top() + box.height() * 0.06),
                                   QPointF(box.right(), box.bottom() - box.height() * 0.06),
                                   QPointF(box.left(), box.bottom() - box.height() * 0.06)}));
        path.closeSubpath();
        break;
    case Severity::Medium:
        path.addEllipse(box.adjusted(1, 1, -1, -1));
        break;
    case Severity::Low:
        path.addRect(box.adjusted(1, 1, -1, -1));
        break;
    case Severity::Info: {
        const double ring = std::max(1.0, box.width() / 7);
        path.addEllipse(box.adjusted(1, 1, -1, -1));
        path.addEllipse(box.adjusted(1 + ring, 1 + ring, -1 - ring, -1 - ring));
        break;
    }
    }
    return path;
}

void paintSeverity(QPainter& painter, Severity severity, const QRectF& box)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(severityShape(severity, box), severityColour(severity));
    painter.restore();
}

QColor regionColour(RegionKind kind)
{
    switch (kind) {
    case RegionKind::File:
        return QColor(0x7f8ea3);
    case RegionKind::Heap:
        return QColor(0x4f9d8f);
    case RegionKind::Anonymous:
        return QColor(0x5f87b8);
    case RegionKind::Stack:
        return QColor(0x8a7fc0);
    case RegionKind::Vdso:
    case RegionKind::Structure:
        return QColor(0xa08a6a);
    case RegionKind::Unknown:
        break;
    }
    return QColor(0x8b929a);
}

QColor regionFill(RegionKind kind, const Tokens& tokens)
{
    const double strength = tokens.highContrast() ? 0.85 : tokens.dark() ? 0.5 : 0.6;
    return blend(regionColour(kind), tokens.panel, strength);
}

BytesLook bytesLook(Severity severity, Verdict verdict, const Tokens& tokens,
                    const QColor& background)
{
    const QColor colour = severityColour(severity);
    switch (verdict) {
    case Verdict::Pending:
        return {.fill = blend(colour, background, 0.25),
                .underline = colour,
                .outline = {},
                .strike = {},
                .text = tokens.text};
    case Verdict::Redact:
        return {.fill = tokens.text,
                .underline = {},
                .outline = {},
                .strike = blend(background, tokens.text, 0.75),
                .text = background};
    case Verdict::Keep:
        break;
    }
    return {
        .fill = {}, .underline = {}, .outline = keptColour(), .strike = {}, .text = tokens.text};
}

} // namespace coredact
