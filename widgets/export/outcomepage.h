// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/client.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace coredact {

class CheckList;

/// After an export: verified or not, check by check, and where the copy lies.
class OutcomePage : public QWidget {
    Q_OBJECT

public:
    explicit OutcomePage(QWidget* parent = nullptr);

    void showOutcome(const Result<HandedOver>& outcome, int promised);
    QString headline() const;
    bool published() const { return m_published; } ///< the copy has its name

signals:
    void folderWanted(const QString& folder);
    void comparisonWanted(); ///< the copy beside the original

private:
    void showFailure(const QString& headline, const QString& text);

    QLabel* m_headline;
    QLabel* m_text;
    CheckList* m_checks;
    QPushButton* m_folder;
    QPushButton* m_compare;
    QString m_path;
    bool m_published = false;
};

} // namespace coredact
