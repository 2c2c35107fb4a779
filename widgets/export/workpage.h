// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobprogress.h"
#include "scanner/redact/verify.h"

#include <QWidget>

class QLabel;
class QProgressBar;

namespace coredact {

class CheckList;

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
    QLabel* m_progress;
    QProgressBar* m_bar;
    CheckList* m_checks;
};

} // namespace coredact
