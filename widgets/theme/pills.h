// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/triage/triage.h"
#include "widgets/theme/tokens.h"

#include <QFont>
#include <QRectF>
#include <QSize>
#include <QString>

class QPainter;

namespace coredact {

/// A rounded label: a filter chip, a verdict, a key cap.
struct Pill {
    QString text;
    QColor fill; ///< invalid: none
    QColor border; ///< invalid: none
    QColor ink;
    bool dashed = false; ///< the border
    bool bold = false;
    bool square = false; ///< radius 4 instead of half the height
};

QSize pillSize(const Pill& pill, const QFont& font);
/// Paints inside `box`, vertically centred; the text is elided where the box is too narrow.
void paintPill(QPainter& painter, const QRectF& box, const Pill& pill, const QFont& font);

/// The three looks of a verdict, for lists: dashed outline, filled dark chip, green outline; to be
/// read on `under`.
Pill verdictPill(const QString& text, Verdict verdict, const Tokens& tokens, const QColor& under);
/// A filter chip; a chosen one has the accent, is filled and bold.
Pill filterPill(const QString& text, bool chosen, const Tokens& tokens);
/// A key cap beside a button's text.
Pill keyPill(const QString& text, const QColor& ink);

} // namespace coredact
