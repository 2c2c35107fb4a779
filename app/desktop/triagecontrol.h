// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/dumppage.h"
#include "widgets/findings/findingspanel.h"

#include <QObject>

namespace coredact {

/// What the verdict keys and menus do to the selected findings.
class TriageControl : public QObject {
    Q_OBJECT

public:
    TriageControl(Document& document, FindingsPanel& panel, DumpPage& page, QWidget* window);

    void decide(Verdict verdict, Reason reason = Reason::None);
    /// Asks for the reason first.
    void keep();
    void setNote(const QString& note);
    /// Shows the current finding's bytes for a few seconds, or masks them again.
    void toggleReveal();

signals:
    void revealed(); ///< go to the bytes

private:
    /// The selected findings or the current one; where the bytes have the keys and the cursor is
    /// on another finding, that one, which becomes the selected one.
    std::vector<std::string> targets();

    Document& m_document;
    FindingsPanel& m_panel;
    DumpPage& m_page;
    QWidget* m_window;
};

} // namespace coredact
