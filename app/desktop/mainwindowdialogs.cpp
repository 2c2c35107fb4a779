// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/mainwindow.h"

#include "app/desktop/gotodialog.h"
#include "app/desktop/navigator.h"
#include "app/desktop/packsdialog.h"
#include "models/reportfile.h"
#include "models/texts.h"
#include "widgets/compare/compareview.h"
#include "widgets/export/exportdialog.h"
#include "widgets/jobs/filechoice.h"
#include "widgets/jobs/messagebar.h"

#include <QMessageBox>
#include <QTabWidget>

namespace coredact {

void MainWindow::chooseFile() { open(chooseFileToOpen(this, tr("Open a dump"))); }

void MainWindow::exportCopy()
{
    if (m_document.state() != Document::State::Scanned)
        return;
    m_dumpPage->mask();
    ExportDialog dialog(m_document, this);
    connect(&dialog, &ExportDialog::comparisonWanted, this,
            [this](const QString& copy, const std::vector<Edit>& edits) { compare(copy, edits); });
    dialog.exec();
}

void MainWindow::compareWith()
{
    const QString path = chooseFileToOpen(this, tr("Compare with a copy"));
    if (!path.isEmpty())
        compare(path, std::nullopt);
}

void MainWindow::compare(const QString& copy, std::optional<std::vector<Edit>> edits)
{
    // What is not scanned is not masked.
    const auto engine = m_document.engine();
    if (!engine || m_document.state() != Document::State::Scanned)
        return;
    m_dumpPage->mask();
    m_comparison.start(engine, m_document.findings(), copy, std::move(edits));
    m_tabs->setCurrentWidget(m_compare);
}

void MainWindow::showComparison()
{
    const bool there = m_comparison.state() != Comparison::State::None;
    m_tabs->setTabVisible(m_tabs->indexOf(m_compare), there);
    if (!there && m_tabs->currentWidget() == m_compare)
        m_tabs->setCurrentWidget(m_dumpPage);
    fitDockButtons();
    updateActions();
}

void MainWindow::saveReport()
{
    const QString path
        = chooseFileToSave(this, tr("Save report"), m_document.path() + QStringLiteral(".html"),
                           tr("Reports (*.html *.json *.sarif *.csv *.txt)"));
    if (path.isEmpty())
        return;
    if (const Status saved = saveReportOf(m_document, path); !saved)
        m_messages->say(MessageBar::Kind::Problem, Texts::error(saved.error()));
    else
        m_messages->say(MessageBar::Kind::Note, tr("The report is saved. It holds no secret."));
}

void MainWindow::takeSession()
{
    const QString path
        = chooseFileToOpen(this, tr("Take over decisions of a session or an edited report"),
                           tr("Sessions and reports (*.coredact-session *.json);;All files (*)"));
    if (path.isEmpty())
        return;
    const Result<int> taken = m_sessions.take(path);
    if (!taken)
        m_messages->say(MessageBar::Kind::Problem, Texts::error(taken.error()));
    else
        m_messages->say(MessageBar::Kind::Note,
                        tr("%n decisions were taken over.", nullptr, *taken));
}

void MainWindow::saveSession()
{
    const QString path = chooseFileToSave(this, tr("Save session as"),
                                          m_document.path() + QStringLiteral(".coredact-session"));
    if (path.isEmpty())
        return;
    if (const Status saved = m_sessions.saveAs(path); !saved)
        m_messages->say(MessageBar::Kind::Problem, Texts::error(saved.error()));
    else
        m_messages->say(MessageBar::Kind::Note, tr("The session is saved. It holds no secret."));
}

void MainWindow::askWhereTo()
{
    m_tabs->setCurrentWidget(m_tabs->widget(0));
    GoToDialog dialog([this](const QString& typed) { return m_navigator->goToTyped(typed); }, this);
    dialog.exec();
}

void MainWindow::choosePacks()
{
    PacksDialog dialog(m_document.packs(), this);
    if (dialog.exec() == QDialog::Accepted)
        m_document.setPacks(dialog.packs());
}

void MainWindow::checkSandbox()
{
    m_document.ask(protocol::SandboxCheck {}, [this](const protocol::Event& event) {
        if (const auto* failed = std::get_if<protocol::Failed>(&event))
            return m_messages->say(MessageBar::Kind::Problem, Texts::error(failed->error));
        const auto* checked = std::get_if<protocol::SandboxChecked>(&event);
        if (!checked)
            return;
        QStringList lines;
        bool all = true;
        for (const Check& check : checked->checks) {
            all = all && check.passed;
            lines << QStringLiteral("%1  %2  %3")
                         .arg(check.passed ? QStringLiteral("✓") : QStringLiteral("✗"),
                              Texts::check(check.name), Texts::fromDump(check.detail));
        }
        QMessageBox box(all ? QMessageBox::Information : QMessageBox::Warning,
                        tr("Sandbox of the engine"), lines.join(QLatin1Char('\n')), QMessageBox::Ok,
                        this);
        box.setTextFormat(Qt::PlainText);
        box.exec();
    });
}

void MainWindow::showAbout()
{
    QMessageBox box(this);
    box.setWindowTitle(tr("About Coredact"));
    box.setTextFormat(Qt::PlainText);
    box.setText(tr("Coredact %1", "version").arg(QStringLiteral(COREDACT_VERSION)));
    box.setInformativeText(
        tr("Opens crash dumps, shows the secrets in them, and hands on a redacted copy that was "
           "verified. It works offline and never writes the original.\n\n"
           "Free software under the GNU General Public License, version 3 or later."));
    box.exec();
}

} // namespace coredact
