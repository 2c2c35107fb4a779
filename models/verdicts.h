// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/triage/triage.h"

#include <QObject>
#include <QStringList>
#include <QUndoStack>

#include <vector>

namespace coredact {

/// The analyst's verdicts over the open dump. Every change goes through an undo command; a
/// change over many findings is one command. Lives in the thread of the window.
class Verdicts : public QObject {
    Q_OBJECT

public:
    struct Change {
        std::string finding;
        Decision before;
        Decision after;
    };

    explicit Verdicts(QObject* parent = nullptr);

    const Triage& triage() const { return m_triage; }
    Decision decisionFor(std::string_view finding) const;
    /// Gives the same verdict to all of them; their notes stay. Keep without a reason, and a
    /// reason without Keep, are the caller's mistake.
    void decide(const std::vector<std::string>& findings, Verdict verdict,
                Reason reason = Reason::None);
    void setNote(const std::string& finding, const std::string& note);

    /// Takes over the decisions of somebody else in one act; other findings keep theirs.
    void replace(const Triage& decisions);

    QUndoStack* undoStack() { return &m_undo; }

    /// Replaces all verdicts, as from a session; there is nothing to undo after it.
    void load(Triage triage);
    /// Takes over earlier decisions on findings that have none yet but of policy; no act to undo.
    /// What was policy then is not taken over: policy is made anew.
    void restore(const Triage& earlier);
    /// In place of all decisions, by policy; no act to undo, and earlier acts cannot be undone any
    /// more, since that would bring back the policy before.
    void assume(Triage triage);
    /// From now on `provisional` and `final` are the same finding: a scan names its findings only
    /// at its end. Undo commands go on working.
    void rename(const std::map<std::string, std::string>& finalByProvisional);

signals:
    /// These findings have another verdict, reason or note now.
    void changed(const QStringList& findings);
    /// All may be different.
    void reloaded();

private:
    friend class VerdictCommand;
    void apply(const std::vector<Change>& changes, bool forward);
    void push(std::vector<Change> changes, const QString& text);
    const std::string& finalName(const std::string& finding) const;

    Triage m_triage;
    QUndoStack m_undo;
    std::map<std::string, std::string> m_finalByProvisional;
};

} // namespace coredact
