// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/datavalues.h"
#include "models/occurrencesmodel.h"
#include "models/textpreview.h"

#include <QScrollArea>

class QGridLayout;
class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace coredact {

class DataPanel;
class PreviewView;
class SeverityIcon;

/// What one finding is, why it matters and what to do about it, with all its places. Everything
/// that comes from a dump is shown as plain text. Forwards wishes; decides nothing.
class Inspector : public QScrollArea {
    Q_OBJECT

public:
    explicit Inspector(QWidget* parent = nullptr);

    /// Null shows what to do first.
    void showFinding(const FindingPtr& finding, const Decision& decision);
    void showDecision(const Decision& decision);
    void showPreview(TextPreview preview);
    void showValues(std::vector<DataValue> values);
    void sayOfValues(const QString& text);
    /// Seconds until what is revealed is masked again; 0: masked.
    void showRevealed(int secondsLeft);
    void selectOccurrence(int row);
    int occurrenceRow() const; ///< -1 for none
    void focusNote();
    /// As narrow as the contents allow, also before there is a finding; they scroll up and down
    /// only.
    QSize minimumSizeHint() const override;

signals:
    void redactWanted();
    void keepWanted();
    void revealWanted();
    void noteEdited(const QString& note);
    void noteLeft(); ///< by Enter, or by Escape as it was before
    void occurrenceChosen(quint64 fileOffset, quint64 size);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeButtons();
    QFrame* makeBox(const char* kind, const QString& title, QLabel*& text);
    void addFact(QGridLayout* facts, QLabel*& name, QLabel*& value, const QString& text);
    void dressPlaces();
    void showIdentities(const Finding& finding);
    static QString kindText(const Finding& finding);
    static QString whereText(const Finding& finding);
    static QString noteText(NotSought reason);
    static QString verdictText(const Decision& decision);
    void occurrenceClicked(const QModelIndex& index);

    FindingPtr m_finding;
    OccurrencesModel m_occurrences;
    QLabel* m_empty = nullptr;
    QWidget* m_body = nullptr;
    SeverityIcon* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_kind = nullptr;
    QLabel* m_where = nullptr;
    QLabel* m_identityName = nullptr;
    QLabel* m_identity = nullptr;
    QLabel* m_belongsName = nullptr;
    QLabel* m_belongs = nullptr;
    QLabel* m_rule = nullptr;
    QLabel* m_verdict = nullptr;
    QLabel* m_explanation = nullptr;
    QFrame* m_proofBox = nullptr;
    QFrame* m_evidenceBox = nullptr; ///< what speaks for or against what is not proved
    QLabel* m_evidence = nullptr;
    QLabel* m_proof = nullptr;
    QFrame* m_adviceBox = nullptr;
    QLabel* m_advice = nullptr;
    QPushButton* m_reveal = nullptr;
    QTableView* m_places = nullptr;
    PreviewView* m_preview = nullptr;
    QLineEdit* m_note = nullptr;
    QString m_noted; ///< the decision's, whatever is being typed
    DataPanel* m_values = nullptr;
};

} // namespace coredact
