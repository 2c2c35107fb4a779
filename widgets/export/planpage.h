// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/exportpreview.h"
#include "scanner/redact/plan.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QTreeWidget;

namespace coredact {

class ClassTable;
class ModeChoice;
class SigningChoice;

/// Before an export: where to, in which mode and with which fill, who signs, and what will change
/// and what stays, and why.
class PlanPage : public QWidget {
    Q_OBJECT

public:
    explicit PlanPage(const QString& target, QWidget* parent = nullptr);

    QString target() const;
    /// Why the copy cannot be written there, in the user's language; "" where nothing is known
    /// against it. What can be told without trying, so that nobody waits for a refusal.
    QString targetProblem() const;
    CopyWish wish() const;
    bool wantsPrivateRecord() const;
    const SigningChoice& signing() const { return *m_signing; }
    /// How many secrets go from the whole dump, for the promises of the modes.
    void showPromises(int secrets);
    void showPreview(const ExportPreview& preview);
    /// In place of a preview.
    void say(const QString& text);

signals:
    void wishChanged();
    void placesChanged(); ///< the target or the key

private:
    QWidget* makeTarget(const QString& target);
    QWidget* makePolicy();
    void browse();
    QWidget* makeClasses();
    void showClasses(const ExportPreview& preview);
    void addShares(const QString& title, const std::vector<ExportPreview::Share>& shares);
    void addKept(const ExportPreview& preview);
    void addConflicts(const ExportPreview& preview);

    QLineEdit* m_target = nullptr;
    QLabel* m_problem = nullptr;
    ModeChoice* m_mode = nullptr;
    QWidget* m_classesBox = nullptr;
    ClassTable* m_classes = nullptr;
    QLabel* m_costs = nullptr;
    SigningChoice* m_signing = nullptr;
    QComboBox* m_fill = nullptr;
    QCheckBox* m_vectors = nullptr;
    QCheckBox* m_seed = nullptr;
    QCheckBox* m_values = nullptr;
    QCheckBox* m_unknown = nullptr;
    QCheckBox* m_roundUp = nullptr;
    QCheckBox* m_record = nullptr;
    QLabel* m_summary = nullptr;
    QTreeWidget* m_shares = nullptr;
};

} // namespace coredact
