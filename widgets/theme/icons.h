// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace coredact {

/// One of our own icons (resources/icons/<name>.svg), in the look's colours: text, faint when
/// disabled, accent when checked. It repaints in the colours of the palette of the moment, so it
/// need not be made anew when the look changes. Null icon where there is no such name.
QIcon lineIcon(const QString& name);

/// The program's own icon.
QIcon applicationIcon();

} // namespace coredact
