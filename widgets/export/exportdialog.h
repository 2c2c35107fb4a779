// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/exportjob.h"
#include "models/exportpreview.h"

#include <QDialog>

#include <memory>

class QPushButton;
class QStackedWidget;

namespace coredact {

class OutcomePage;
class PlanPage;
class WorkPage;

/// From the plan to the verified copy. The document must outlive the dialog and be Scanned.
/// Closing it while it works cancels, and then nothing stays behind.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(Document& document, QWidget* parent = nullptr);

    enum class Stage { Plan, Work, Outcome };
    Stage stage() const;
    /// A name for the copy in the folder of the original at `path` that tells nothing of where it
    /// came from (`copyName`).
    static QString suggestedTarget(const QString& path, const std::string& format,
                                   const std::vector<std::string>& containers);
    void reject() override;

    void start();

signals:
    /// The verified copy, beside the original; the dialog closes.
    void comparisonWanted(const QString& copy, const std::vector<coredact::Edit>& edits);

private:
    /// The dump that the copy is made from: the window's, or its minimised form.
    Document& subject();
    Triage triage();
    CopyWish wish() const;
    int secretsToGo() const; ///< from the whole dump
    void wishChanged();
    void openMinimised();
    void dumpChanged(); ///< its engine ended or was started again
    void askForPlan();
    void planAnswered(const protocol::Event& event);
    void finished();
    void goBack(); ///< from a failure to the plan, with a fresh engine where the last one ended
    void dressButtons();

    Document& m_document;
    std::unique_ptr<Document> m_minimised; ///< from the first wish for it on
    ExportJob m_job;
    std::optional<ExportPreview> m_preview;
    std::uint64_t m_plans = 0; ///< asked so far; older answers are dropped
    QStackedWidget* m_pages;
    PlanPage* m_plan;
    WorkPage* m_work;
    OutcomePage* m_outcome;
    QPushButton* m_export;
    QPushButton* m_back;
    QPushButton* m_close;
};

} // namespace coredact
