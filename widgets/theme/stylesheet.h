// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace coredact {

struct Tokens;

/// What the palette cannot say to Fusion: flat borders of one pixel, radius 4 to 6, tabs, docks,
/// thin scroll bars. Widgets ask for variants by dynamic property or object name:
///   QPushButton[primary="true"]   the one action of a place, filled with the accent
///   QLabel[rank="title"|"dim"|"caption"], QFrame[card="true"|"proof"|"advice"],
///   QWidget[panel="true"] with WA_StyledBackground
QString styleSheetFor(const Tokens& tokens);

} // namespace coredact
