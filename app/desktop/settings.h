// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QByteArray>
#include <QSettings>

namespace coredact {

/// What the window remembers from one start to the next: its layout and looks. Nothing of a dump,
/// not even its name. One file, <config folder>/coredact/coredact.ini.
class Settings {
public:
    Settings();

    /// Sends what Qt itself wants to remember (the history of file dialogs) nowhere. Call once,
    /// before any dialog.
    static void keepQtQuiet();

    QByteArray geometry() const;
    QByteArray layout() const;
    void setLayout(const QByteArray& geometry, const QByteArray& layout);
    Appearance appearance() const;
    void setAppearance(Appearance appearance);
    int zoom() const; ///< of the hex view, in percent
    void setZoom(int percent);

private:
    QSettings m_file;
};

} // namespace coredact
