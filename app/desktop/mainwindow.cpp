// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/mainwindow.h"

#include "app/desktop/dumppage.h"
#include "app/desktop/firstpage.h"
#include "app/desktop/navigator.h"
#include "app/desktop/panelheader.h"
#include "app/desktop/triagecontrol.h"
#include "models/datavalues.h"
#include "models/figures.h"
#include "models/occurrencesmodel.h"
#include "models/texts.h"
#include "widgets/export/exportdialog.h"
#include "widgets/findings/findingspanel.h"
#include "widgets/inspector/inspector.h"
#include "widgets/jobs/messagebar.h"
#include "widgets/jobs/statusline.h"
#include "widgets/memorymap/regiontable.h"

#include <QCloseEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QLineEdit>
#include <QMimeData>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>

#include <chrono>

namespace coredact {

namespace {

QStringList localFiles(const QMimeData* mime)
{
    QStringList paths;
    for (const QUrl& url : mime->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    return paths;
}

/// Says which rules were left out, so that nobody takes a scan without them for one with them.
QString completeText(const PackPolicy& policy)
{
    QStringList off;
    for (const std::string& pack : policy.packsWith(PackUse::Off))
        off << Texts::pack(pack);
    return off.isEmpty() ? MainWindow::tr("Scan complete")
                         : MainWindow::tr("Scan complete, without the rules for %1", "packs")
                               .arg(off.join(QStringLiteral(", ")));
}

} // namespace

MainWindow::MainWindow(WindowOptions options, Theme& theme, QWidget* parent)
    : QMainWindow(parent)
    , m_options(std::move(options))
    , m_theme(theme)
    , m_document(m_options.engines)
    , m_comparison(m_options.engines)
    , m_sessions(m_document, m_options.sessionFolder)
    , m_filter(m_document.findingsModel())
    , m_actions(this)
{
    setAcceptDrops(true);
    setWindowTitle(tr("Coredact"));
    m_figuresSoon.setSingleShot(true);
    m_figuresSoon.setInterval(std::chrono::milliseconds(30));
    makePages();
    makeDocks();
    makeToolBar();
    makeMenus();
    makeStatusBar();
    m_navigator = new Navigator(m_document, *m_dumpPage, this);
    m_triage = new TriageControl(m_document, *m_findings, *m_dumpPage, this);
    m_dumpPage->hex().setZoom(m_settings.zoom());
    connectFile();
    connectTriage();
    connectPlaces();
    connectDocument();
    connectSession();
    connectComparison();
    restoreLayout();
    m_pages->setCurrentWidget(m_tabs);
    showDocks(false);
    // They would take the address of a file that is dropped on them for text.
    for (QLineEdit* field : findChildren<QLineEdit*>())
        field->setAcceptDrops(false);
    stateChanged();
}

MainWindow::~MainWindow()
{
    // While the panels are still there: emptying the undo stack and the models tells them so.
    m_comparison.stop();
    m_document.close();
    disconnect(&m_document, nullptr, this, nullptr);
    disconnect(&m_document.findingsModel(), nullptr, this, nullptr);
    m_findings->disconnect(this);
}

void MainWindow::open(const QString& path)
{
    if (path.isEmpty())
        return;
    if (const QFileInfo file(path); file.isDir()) {
        const QString name = Texts::fromDump(Texts::toUtf8(file.fileName()));
        return m_messages->say(MessageBar::Kind::Note,
                               tr("%1 is a folder: open the dumps in it one by one, or give the "
                                  "whole folder to “coredact-cli scan”.",
                                  "name")
                                   .arg(name));
    }
    m_document.open(path);
}

/// Who sees an empty list of findings must not take it for a clean dump.
void MainWindow::sayHowComplete()
{
    const auto& incomplete = m_document.outcome().incomplete;
    if (incomplete.empty()) {
        m_status->say(completeText(m_document.packs()));
        if (m_document.dump()->format == "raw")
            m_messages->say(MessageBar::Kind::Note,
                            tr("This is no kind of dump that Coredact knows. All of it was scanned "
                               "as plain bytes, without addresses, regions and threads."));
        return;
    }
    m_status->say(tr("Scan incomplete: see the summary"));
    m_messages->say(MessageBar::Kind::Problem,
                    tr("Not everything was looked into: %1", "reason")
                        .arg(QString::fromStdString(incomplete.front().reason)));
}

void MainWindow::stateChanged()
{
    using State = Document::State;
    const State state = m_document.state();
    m_firstPage->showOpening(state == State::Opening && !m_document.dump() ? m_document.name()
                                                                           : QString());
    if (state == State::Failed) {
        QString text = Texts::error(m_document.failure());
        if (m_document.dump())
            text += QLatin1Char(' ') + tr("Your decisions are kept.");
        m_messages->say(MessageBar::Kind::Problem, text,
                        m_document.dump() ? tr("Restart the engine") : tr("Try again"));
        m_dumpPage->mask();
    } else if (state == State::Opening) {
        m_messages->dismiss();
        m_status->say({});
    }
    if (state == State::Empty) {
        m_comparison.stop();
        m_inspector->showFinding(nullptr, {});
        m_navigator->forget();
        m_dumpPage->mask();
        m_search->clear();
        m_threads.show(nullptr, nullptr);
        m_modules.show(nullptr);
        m_messages->dismiss();
    }
    m_findings->setWaiting(state == State::Scanning || state == State::Opening ? tr("Scanning…")
                               : state == State::Scanned                       ? QString()
                                                                               : tr("Not scanned"));
    if (state == State::Scanned)
        sayHowComplete();
    if (state == State::Scanned && m_findings->selectedIds().empty()) {
        m_findings->step(FindingsPanel::Step::Next, FindingsPanel::Among::All);
        // Who is typing somewhere goes on there.
        if (m_dumpPage->hex().hasFocus())
            m_findings->focusList();
    }
    if (state == State::Opened)
        m_status->say(tr("Not scanned"));
    if (state == State::Scanning)
        m_status->say({});
    showDocks(m_document.dump() != nullptr);
    setWindowTitle(m_document.dump() ? tr("%1 – Coredact", "file").arg(m_document.name())
                                     : tr("Coredact"));
    showProgress();
    showFigures();
    updateActions();
}

void MainWindow::showDump()
{
    m_threads.show(m_document.dump(), m_document.places());
    m_modules.show(m_document.dump());
    for (QTableView* table : {m_threadTable, m_moduleTable, m_bookmarkTable})
        table->resizeColumnsToContents();
    m_tabs->setTabText(m_tabs->indexOf(m_dumpPage), m_document.name());
    fitDockButtons();
    m_regions->setRows(regionRows(*m_document.dump()));
}

void MainWindow::showProgress()
{
    using State = Document::State;
    const State state = m_document.state();
    if (m_navigator->searching()) {
        JobProgress progress = m_document.searchProgress();
        if (progress.stage.isEmpty())
            progress.stage = Texts::stage("search");
        m_status->showJob(progress);
    } else if (state == State::Scanning || state == State::Opening) {
        JobProgress progress = m_document.progress();
        if (progress.stage.isEmpty())
            progress.stage = Texts::stage(state == State::Scanning ? "scan" : "open");
        m_status->showJob(progress);
    } else {
        m_status->hideJob();
    }
}

void MainWindow::showFigures()
{
    const auto& dump = m_document.dump();
    m_findingsHeader->setFigure(dump ? m_findings->summary() : QString());
    const FindingsModel& model = m_document.findingsModel();
    int undecided = 0;
    for (int row = 0; row < model.rowCount(); ++row) {
        const Verdict verdict = m_document.verdicts().decisionFor(model.findingAt(row)->id).verdict;
        undecided += verdict == Verdict::Pending ? 1 : 0;
    }
    m_status->showFile(dump ? byteSizeText(dump->size) : QString(),
                       m_document.findings()
                           ? shareText(m_document.outcome().scannedBytes, dump->size)
                           : QString());
    m_status->showUndecided(dump ? countText(static_cast<quint64>(undecided)) : QString(),
                            Texts::verdict(Verdict::Pending));
    const int current = m_findings->currentRow();
    m_inspectorHeader->setFigure(
        current < 0 ? QString()
                    : tr("%1 of %2")
                          .arg(countText(static_cast<quint64>(current) + 1),
                               countText(static_cast<quint64>(m_filter.rowCount()))));
    QStringList gaps;
    for (const std::string& gap : m_document.sandboxGaps())
        gaps << Texts::fromDump(gap);
    for (const auto* more : {&m_options.networkGaps, &m_options.gaps}) {
        for (const std::string& gap : *more)
            gaps << Texts::fromDump(gap);
    }
    QStringList safeties;
    if (m_document.engine())
        safeties << (m_document.sandboxGaps().empty() ? tr("sandbox on")
                                                      : tr("sandbox incomplete"));
    safeties << (m_options.networkGaps.empty() ? tr("offline") : tr("network not denied"))
             << (m_dumpPage->revealing() ? tr("one secret revealed") : tr("secrets masked"));
    m_status->showSafeties(
        safeties.join(QStringLiteral(" · ")),
        gaps.isEmpty() ? tr("The engine can open no file, no socket and no other program; this "
                            "window can reach no network.")
                       : gaps.join(QLatin1Char('\n')),
        !gaps.isEmpty());
    if (m_document.state() == Document::State::Scanned && dump) {
        std::vector<RegionRow> rows = regionRows(*dump);
        countPlaces(rows, *m_document.findings());
        m_regions->setRows(std::move(rows));
    }
}

void MainWindow::showFinding()
{
    m_dumpPage->mask();
    const FindingPtr finding = m_findings->current();
    m_inspector->showFinding(
        finding, finding ? m_document.verdicts().decisionFor(finding->id) : Decision {});
    if (finding) {
        // What was clicked in the bytes stays under the cursor.
        if (!m_dumpPage->cursorIsOn(*finding))
            goToOccurrence(firstShown(*finding));
        showCursor();
        showPreview();
    }
    showFigures();
    updateActions();
}

void MainWindow::goToOccurrence(int row)
{
    const FindingPtr finding = m_findings->current();
    if (!finding || row < 0 || row >= static_cast<int>(finding->occurrences.size()))
        return;
    const Occurrence& occurrence = finding->occurrences[static_cast<std::size_t>(row)];
    if (occurrence.pieces.empty())
        return;
    m_navigator->goToOffset(occurrence.pieces.front().file.first());
    m_inspector->selectOccurrence(row);
}

void MainWindow::stepPlace(int by)
{
    const FindingPtr finding = m_findings->current();
    if (!finding)
        return;
    const int count = static_cast<int>(finding->occurrences.size());
    goToOccurrence((std::max(m_inspector->occurrenceRow(), 0) + by + count) % count);
}

void MainWindow::toggleBookmark()
{
    HexView& hex = m_dumpPage->hex();
    const auto place = hex.cursorPlace();
    if (!place)
        return;
    const auto byte = FileRange::make(place->fileOffset, 1);
    m_document.bookmarks().toggle(hex.selectedRange().value_or(*byte));
}

void MainWindow::goToAddress(quint64 address)
{
    m_tabs->setCurrentWidget(m_dumpPage);
    m_status->say(m_navigator->goToAddressOrSay(address));
}

void MainWindow::cancelJob()
{
    if (m_navigator->searching())
        m_navigator->cancelSearch();
    else
        m_document.cancel();
}

void MainWindow::showPreview()
{
    const FindingPtr finding = m_findings->current();
    if (!finding)
        return;
    const auto row = static_cast<std::size_t>(std::max(m_inspector->occurrenceRow(), 0));
    TextPreview preview;
    if (row < finding->occurrences.size()
        && textPreview(m_document.bytes(), m_dumpPage->marks(), *finding, finding->occurrences[row],
                       preview))
        m_inspector->showPreview(std::move(preview));
}

void MainWindow::showCursor()
{
    const auto place = m_dumpPage->hex().cursorPlace();
    if (!place || !m_document.dump())
        return m_inspector->sayOfValues({});
    m_sessions.remember(place->fileOffset);
    if (place->address)
        m_regions->showAddress(*place->address);
    // What the keys decide on is what the panels show.
    if (const FindingPtr aimed = m_dumpPage->aimedAt(m_findings->current())) {
        if (const QString id = QString::fromStdString(aimed->id); m_findings->shows(id))
            m_findings->select(id);
    }
    updateActions();
    const FindingPtr under = m_dumpPage->findingAtCursor();
    if (const FindingPtr finding = m_findings->current();
        finding && m_dumpPage->cursorIsOn(*finding)) {
        for (std::size_t row = 0; row < finding->occurrences.size(); ++row) {
            for (const Piece& piece : finding->occurrences[row].pieces) {
                if (piece.file.contains(place->fileOffset))
                    m_inspector->selectOccurrence(static_cast<int>(row));
            }
        }
    }
    if (under)
        return m_inspector->sayOfValues(tr("masked: part of a secret"));
    const ByteCache::Look look = m_document.bytes().at(place->fileOffset);
    std::size_t size = std::min<std::size_t>(look.bytes.size(), 8);
    // A value must not reach into the secret behind it.
    for (const Mark& mark : m_dumpPage->marks().near(place->fileOffset, place->fileOffset + size)) {
        if (mark.file.first() > place->fileOffset)
            size = std::min<std::size_t>(size, mark.file.first() - place->fileOffset);
    }
    m_inspector->showValues(
        dataValues(look.bytes.first(size), *m_document.dump(), m_document.places().get()));
}

void MainWindow::updateActions()
{
    using State = Document::State;
    const State state = m_document.state();
    const bool there = m_document.dump() != nullptr;
    const bool alive = there && m_document.engine() != nullptr;
    const bool finding = there && (m_findings->current() || m_dumpPage->findingAtCursor());
    m_actions.openSample->setEnabled(!FirstPage::samplePath().isEmpty());
    m_actions.exportCopy->setEnabled(state == State::Scanned);
    m_actions.saveReport->setEnabled(state == State::Scanned);
    m_actions.takeSession->setEnabled(state == State::Scanned);
    m_actions.saveSession->setEnabled(there);
    m_actions.close->setEnabled(state != State::Empty);
    m_actions.scanAgain->setEnabled(alive && state != State::Scanning);
    m_actions.packs->setEnabled(state != State::Scanning && state != State::Opening);
    m_actions.cancel->setEnabled(state == State::Scanning || state == State::Opening
                                 || m_navigator->searching());
    m_actions.restart->setEnabled(there || state == State::Failed);
    m_actions.checkSandbox->setEnabled(alive);
    m_actions.compareWith->setEnabled(state == State::Scanned);
    for (QAction* action : {m_actions.nextChange, m_actions.previousChange})
        action->setEnabled(!m_comparison.changes().empty());
    for (QAction* action : {m_actions.find, m_actions.findNext, m_actions.findPrevious})
        action->setEnabled(alive);
    // Without the focus first, which Qt would hand on to the next text field.
    if (!alive && m_search->hasFocus())
        m_dumpPage->hex().setFocus();
    m_search->setEnabled(alive);
    for (QAction* action :
         {m_actions.copyHex, m_actions.copyText, m_actions.copyAddress, m_actions.goTo,
          m_actions.goToCrash, m_actions.zoomIn, m_actions.zoomOut, m_actions.zoomReset,
          m_actions.filter, m_actions.nextFinding, m_actions.previousFinding,
          m_actions.nextUndecided, m_actions.nextRegion, m_actions.previousRegion,
          m_actions.bookmark})
        action->setEnabled(there);
    for (QAction* action : {m_actions.nextBookmark, m_actions.previousBookmark})
        action->setEnabled(m_document.bookmarks().rowCount() > 0);
    for (QAction* action : m_actions.verdicts()) {
        if (action)
            action->setEnabled(finding);
    }
    m_actions.nextPlace->setEnabled(finding);
    m_actions.previousPlace->setEnabled(finding);
    m_actions.back->setEnabled(m_navigator->canGoBack());
    m_actions.forward->setEnabled(m_navigator->canGoForward());
    const QUndoStack* stack = m_document.verdicts().undoStack();
    m_actions.undo->setEnabled(stack->canUndo());
    m_actions.redo->setEnabled(stack->canRedo());
    m_actions.undo->setText(stack->canUndo() ? tr("&Undo: %1").arg(stack->undoText())
                                             : tr("&Undo"));
    m_actions.redo->setText(stack->canRedo() ? tr("&Redo: %1").arg(stack->redoText())
                                             : tr("&Redo"));
}

void MainWindow::search(bool backwards)
{
    m_tabs->setCurrentWidget(m_dumpPage);
    m_navigator->search(m_search->text(),
                        backwards ? Navigator::Way::Backwards : Navigator::Way::Forwards);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const bool shown = m_pages->currentWidget() == m_tabs;
    m_settings.setLayout(saveGeometry(), shown ? saveState() : m_layout);
    m_document.close();
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event)
{
    // Somebody else may look at the screen now.
    if (event->type() == QEvent::ActivationChange && !isActiveWindow() && m_dumpPage)
        m_dumpPage->mask();
    QMainWindow::changeEvent(event);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_tabs && (event->type() == QEvent::Resize || event->type() == QEvent::Show))
        fitDockButtons();
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (localFiles(event->mimeData()).isEmpty())
        return;
    event->acceptProposedAction();
    m_firstPage->showDrop(FirstPage::Drop::Over);
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) { m_firstPage->showDrop(FirstPage::Drop::None); }

void MainWindow::dropEvent(QDropEvent* event)
{
    m_firstPage->showDrop(FirstPage::Drop::None);
    const QStringList paths = localFiles(event->mimeData());
    for (qsizetype at = 1; at < paths.size(); ++at)
        emit windowWanted(paths[at]);
    if (!paths.isEmpty())
        open(paths.constFirst());
}

} // namespace coredact
