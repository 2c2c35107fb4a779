// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/triage/triage.h"

#include <QDialog>

class QButtonGroup;
class QLineEdit;
class QPushButton;

namespace coredact {

/// Asks why something may stay in the copy. A reason is needed; digits choose one.
class KeepDialog : public QDialog {
    Q_OBJECT

public:
    /// `count` findings are kept at once; the note is that of a single one.
    KeepDialog(int count, const Decision& before, QWidget* parent = nullptr);

    Reason reason() const;
    QString note() const;

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QButtonGroup* m_reasons;
    QLineEdit* m_note;
    QPushButton* m_keep;
};

} // namespace coredact
