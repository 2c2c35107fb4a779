// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace coredact {

/// Qt's own file dialogs, which, unlike the desktop's, tell nobody which files were chosen. The
/// program's start keeps their history out of any file. The last folder is remembered while the
/// program runs. "" when the person cancelled.
QString chooseFileToOpen(QWidget* parent, const QString& title, const QString& filter = {});
QString chooseFileToSave(QWidget* parent, const QString& title, const QString& suggestion,
                         const QString& filter = {});

} // namespace coredact
