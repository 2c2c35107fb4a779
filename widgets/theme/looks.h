// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/scan/finding.h"
#include "scanner/triage/triage.h"
#include "widgets/theme/tokens.h"

#include <QPainterPath>

class QPainter;

namespace coredact {

/// Severity colours after Okabe and Ito; the same in every look.
QColor severityColour(Severity severity);
QColor keptColour(); ///< kept, or proved
QColor markedColour(); ///< marked by hand

/// Critical ◆, high ▲, medium ●, low ■, info ○: as a path that fills `box`, so that no font
/// decides what it looks like.
QPainterPath severityShape(Severity severity, const QRectF& box);
void paintSeverity(QPainter& painter, Severity severity, const QRectF& box);

/// Full colour of a region kind, for legends.
QColor regionColour(RegionKind kind);
/// About half its strength, for areas.
QColor regionFill(RegionKind kind, const Tokens& tokens);

/// How a run of a finding's bytes is painted, in the hex view and in the export preview.
struct BytesLook {
    QColor fill; ///< invalid: none
    QColor underline; ///< two pixels at the bottom; invalid: none
    QColor outline; ///< one pixel around the run; invalid: none
    QColor strike; ///< one pixel through the middle; invalid: none
    QColor text;
};
BytesLook bytesLook(Severity severity, Verdict verdict, const Tokens& tokens,
                    const QColor& background);

} // namespace coredact
