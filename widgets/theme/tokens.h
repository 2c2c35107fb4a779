// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

class QPalette;

namespace coredact {

/// Which set of colours is on screen.
enum class Look { Light, Dark, HighContrastLight, HighContrastDark };

/// The named colours of one look. Widgets take colours from here and from looks.h only.
struct Tokens {
    Look look = Look::Light;
    QColor window; ///< menu bar, tool bar, status bar, gaps
    QColor panel; ///< docks and side columns
    QColor raised; ///< buttons, fields, cards
    QColor line; ///< one-pixel borders
    QColor text;
    QColor dim; ///< second-rank text
    QColor faint; ///< what recedes: zeros, offsets, disabled text
    QColor accent;
    QColor onAccent; ///< text on the accent
    QColor selection; ///< rows and bytes that are selected; `text` is readable on it
    QColor hexBackground;
    QColor hexAlternate;

    bool dark() const { return look == Look::Dark || look == Look::HighContrastDark; }
    bool highContrast() const
    {
        return look == Look::HighContrastLight || look == Look::HighContrastDark;
    }
};

const Tokens& tokensFor(Look look);

/// The look that a palette was made for; for a foreign palette, light or dark by luminance.
const Tokens& tokensOf(const QPalette& palette);

/// The look of the application's palette; GUI thread only.
const Tokens& currentTokens();

/// Every palette role and group, so that nothing of another theme shines through.
QPalette paletteFor(const Tokens& tokens);

/// `share` of `over`, laid on `under`; 0 gives `under`, 1 gives `over`.
QColor blend(const QColor& over, const QColor& under, double share);

/// True when the colour needs light text on it (WCAG relative luminance below 0.18).
bool isDark(const QColor& colour);

/// WCAG 2.1 contrast of two opaque colours, 1 to 21.
double contrast(const QColor& one, const QColor& other);

/// `ink`, darker or lighter by as little as makes it readable as text on `under` (4.5 to 1).
QColor legible(const QColor& ink, const QColor& under);

} // namespace coredact
