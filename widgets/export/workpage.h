// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobprogress.h"
#include "scanner/redact/verify.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QTreeWidget;
class QTreeWidgetItem;

namespace coredact {

/// While an export runs: how far it is, and each check of the verification as it ends.
class WorkPage : public QWidget {
    Q_OBJECT

public:
    explicit WorkPage(QWidget* parent = nullptr);

    /// `withValues`: secrets are redacted, so that their values are searched for.
    void begin(bool withValues);
    void showProgress(const JobProgress& progress);
    void showCheck(const Check& check);
    void say(const QString& text);

private:
    QTreeWidgetItem* rowOf(const QString& name);

    QLabel* m_progress;
    QProgressBar* m_bar;
    QTreeWidget* m_checks;
};

} // namespace coredact
