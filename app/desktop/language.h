// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>

namespace coredact {

/// Installs the program's and Qt's own texts for the locale; English where there are none. The
/// application must exist.
void installLanguage(const QLocale& locale);

} // namespace coredact
