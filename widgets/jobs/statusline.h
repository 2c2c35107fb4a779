// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobprogress.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace coredact {

/// The status bar's line: a running job with its rate and a way to cancel it, the file's size
/// and how much of it is covered, what is undecided, and the three safeties.
class StatusLine : public QWidget {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    void showJob(const JobProgress& progress);
    void hideJob();
    void say(const QString& text); ///< beside the job, or where it would be; "" for nothing
    QString said() const;
    void showFile(const QString& size, const QString& covered); ///< "" hides it
    void showUndecided(const QString& count, const QString& words);
    /// As high as with a job, so that nothing moves when one begins or ends.
    QSize sizeHint() const override;
    /// `problem` colours it: a protection that this kernel does not give.
    void showSafeties(const QString& text, const QString& details, bool problem);

signals:
    void cancelWanted();

private:
    QProgressBar* m_bar;
    QLabel* m_job;
    QToolButton* m_cancel;
    QLabel* m_said;
    QLabel* m_file;
    QLabel* m_undecided;
    QLabel* m_safeties;
};

} // namespace coredact
