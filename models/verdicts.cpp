// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/verdicts.h"

#include "models/texts.h"

#include <QUndoCommand>

namespace coredact {

/// One act of the analyst: undone and redone as a whole.
class VerdictCommand : public QUndoCommand {
public:
    VerdictCommand(Verdicts& verdicts, std::vector<Verdicts::Change> changes, const QString& text)
        : QUndoCommand(text)
        , m_verdicts(verdicts)
        , m_changes(std::move(changes))
    {
    }
    void undo() override { m_verdicts.apply(m_changes, false); }
    void redo() override { m_verdicts.apply(m_changes, true); }

private:
    Verdicts& m_verdicts;
    std::vector<Verdicts::Change> m_changes;
};

Verdicts::Verdicts(QObject* parent)
    : QObject(parent)
{
}

const std::string& Verdicts::finalName(const std::string& finding) const
{
    const auto known = m_finalByProvisional.find(finding);
    return known == m_finalByProvisional.end() ? finding : known->second;
}

Decision Verdicts::decisionFor(std::string_view finding) const
{
    return m_triage.decisionFor(finding);
}

void Verdicts::decide(const std::vector<std::string>& findings, Verdict verdict, Reason reason)
{
    std::vector<Change> changes;
    for (const std::string& finding : findings) {
        const Decision before = decisionFor(finding);
        const Decision after {verdict, reason, before.note};
        if (!(before == after))
            changes.push_back({finding, before, after});
    }
    const int count = static_cast<int>(changes.size());
    push(std::move(changes),
         tr("%1 (%n findings)", "undo text: verdict", count).arg(Texts::verdict(verdict)));
}

void Verdicts::setNote(const std::string& finding, const std::string& note)
{
    const Decision before = decisionFor(finding);
    Decision after = before;
    after.note = note;
    if (!(before == after))
        push({{finding, before, after}}, tr("note"));
}

void Verdicts::replace(const Triage& decisions)
{
    std::vector<Change> changes;
    for (const auto& [finding, after] : decisions.decisions) {
        const Decision before = decisionFor(finding);
        if (!(before == after))
            changes.push_back({finding, before, after});
    }
    push(std::move(changes), tr("decisions of a session"));
}

void Verdicts::push(std::vector<Change> changes, const QString& text)
{
    if (!changes.empty())
        m_undo.push(new VerdictCommand(*this, std::move(changes), text));
}

void Verdicts::apply(const std::vector<Change>& changes, bool forward)
{
    QStringList names;
    names.reserve(static_cast<qsizetype>(changes.size()));
    for (const Change& change : changes) {
        const std::string& finding = finalName(change.finding);
        const Decision& decision = forward ? change.after : change.before;
        if (decision == Decision {})
            m_triage.decisions.erase(finding);
        else
            m_triage.decisions[finding] = decision;
        names << Texts::fromUtf8(finding);
    }
    emit changed(names);
}

void Verdicts::load(Triage triage)
{
    m_undo.clear();
    m_finalByProvisional.clear();
    m_triage = std::move(triage);
    emit reloaded();
}

void Verdicts::restore(const Triage& earlier)
{
    QStringList names;
    for (const auto& [finding, decision] : earlier.decisions) {
        const Decision known = decisionFor(finding);
        if (decision.reason == Reason::Policy
            || (known != Decision {} && known.reason != Reason::Policy))
            continue;
        m_triage.decisions[finding] = decision;
        names << Texts::fromUtf8(finding);
    }
    if (!names.isEmpty())
        emit changed(names);
}

void Verdicts::assume(Triage triage)
{
    QStringList names;
    for (const Triage* one : {&std::as_const(triage), &std::as_const(m_triage)}) {
        for (const auto& [finding, decision] : one->decisions) {
            if (triage.decisionFor(finding) != m_triage.decisionFor(finding))
                names << Texts::fromUtf8(finding);
        }
    }
    if (names.isEmpty())
        return;
    names.removeDuplicates();
    m_undo.clear();
    m_triage = std::move(triage);
    emit changed(names);
}

void Verdicts::rename(const std::map<std::string, std::string>& finalByProvisional)
{
    QStringList names;
    for (const auto& [provisional, final] : finalByProvisional) {
        m_finalByProvisional[provisional] = final;
        if (auto node = m_triage.decisions.extract(provisional)) {
            m_triage.decisions[final] = std::move(node.mapped());
            names << Texts::fromUtf8(final);
        }
    }
    if (!names.isEmpty())
        emit changed(names);
}

} // namespace coredact
