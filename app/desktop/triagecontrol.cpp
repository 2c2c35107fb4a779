// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/triagecontrol.h"

#include "app/desktop/keepdialog.h"
#include "models/texts.h"

#include <QUndoStack>

namespace coredact {

TriageControl::TriageControl(Document& document, FindingsPanel& panel, DumpPage& page,
                             QWidget* window)
    : QObject(window)
    , m_document(document)
    , m_panel(panel)
    , m_page(page)
    , m_window(window)
{
}

std::vector<std::string> TriageControl::targets()
{
    if (const FindingPtr aimed = m_page.aimedAt(m_panel.current()))
        m_panel.select(QString::fromStdString(aimed->id));
    std::vector<std::string> ids = m_panel.selectedIds();
    if (const FindingPtr current = m_panel.current(); ids.empty() && current)
        ids.push_back(current->id);
    return ids;
}

void TriageControl::decide(Verdict verdict, Reason reason)
{
    m_document.verdicts().decide(targets(), verdict, reason);
}

void TriageControl::keep()
{
    const std::vector<std::string> ids = targets();
    if (ids.empty())
        return;
    Verdicts& verdicts = m_document.verdicts();
    const Decision before = ids.size() == 1 ? verdicts.decisionFor(ids.front()) : Decision {};
    KeepDialog dialog(static_cast<int>(ids.size()), before, m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    verdicts.undoStack()->beginMacro(tr("keep"));
    verdicts.decide(ids, Verdict::Keep, dialog.reason());
    if (ids.size() == 1)
        verdicts.setNote(ids.front(), Texts::toUtf8(dialog.note()));
    verdicts.undoStack()->endMacro();
}

void TriageControl::setNote(const QString& note)
{
    if (const FindingPtr finding = m_panel.current())
        m_document.verdicts().setNote(finding->id, Texts::toUtf8(note));
}

void TriageControl::toggleReveal()
{
    if (m_page.revealing())
        return m_page.mask();
    targets();
    if (const FindingPtr finding = m_panel.current()) {
        m_page.reveal(finding->id);
        emit revealed();
    }
}

} // namespace coredact
