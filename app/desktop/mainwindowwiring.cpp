// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/mainwindow.h"

#include "app/desktop/firstpage.h"
#include "app/desktop/helpoverlay.h"
#include "app/desktop/navigator.h"
#include "app/desktop/panelheader.h"
#include "app/desktop/triagecontrol.h"
#include "models/occurrencesmodel.h"
#include "models/texts.h"
#include "widgets/compare/compareview.h"
#include "widgets/findings/findingspanel.h"
#include "widgets/inspector/inspector.h"
#include "widgets/jobs/messagebar.h"
#include "widgets/jobs/statusline.h"
#include "widgets/memorymap/regiontable.h"

#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QTableView>

namespace coredact {

namespace {

constexpr int zoomStep = 10;

}

void MainWindow::connectFile()
{
    const auto on
        = [this](QAction* action, auto what) { connect(action, &QAction::triggered, this, what); };
    on(m_actions.open, &MainWindow::chooseFile);
    on(m_actions.openSample, [this] { open(FirstPage::samplePath()); });
    on(m_actions.takeSession, &MainWindow::takeSession);
    on(m_actions.saveSession, &MainWindow::saveSession);
    on(m_actions.saveReport, &MainWindow::saveReport);
    on(m_actions.exportCopy, &MainWindow::exportCopy);
    on(m_actions.close, [this] { m_document.close(); });
    on(m_actions.quit, [this] { close(); });
    on(m_actions.scanAgain, [this] { m_document.scan(); });
    on(m_actions.packs, &MainWindow::choosePacks);
    on(m_actions.cancel, &MainWindow::cancelJob);
    on(m_actions.restart, [this] { m_document.restart(); });
    on(m_actions.checkSandbox, &MainWindow::checkSandbox);
    on(m_actions.about, &MainWindow::showAbout);
    on(m_actions.help, [this] { new HelpOverlay(m_actions.keys(), this); });
    connect(m_firstPage, &FirstPage::openWanted, this, &MainWindow::chooseFile);
    connect(m_firstPage, &FirstPage::sampleWanted, this, &MainWindow::open);
    connect(m_status, &StatusLine::cancelWanted, this, &MainWindow::cancelJob);
    connect(m_messages, &MessageBar::actionWanted, this, [this] { m_document.restart(); });
    connect(m_messages, &MessageBar::focusLost, this, [this] { m_dumpPage->hex().setFocus(); });
}

void MainWindow::connectTriage()
{
    const auto on = [this](QAction* action, auto what) {
        connect(action, &QAction::triggered, m_triage, what);
    };
    on(m_actions.redact, [this] { m_triage->decide(Verdict::Redact); });
    on(m_actions.undecide, [this] { m_triage->decide(Verdict::Pending); });
    on(m_actions.keep, &TriageControl::keep);
    const std::pair<QAction*, Reason> reasons[] = {
        {m_actions.keepFalsePositive, Reason::FalsePositive},
        {m_actions.keepTestData, Reason::TestData},
        {m_actions.keepAcceptedRisk, Reason::AcceptedRisk},
        {m_actions.keepRevoked, Reason::Revoked},
    };
    for (const auto& [action, reason] : reasons)
        on(action, [this, reason = reason] { m_triage->decide(Verdict::Keep, reason); });
    on(m_actions.reveal, &TriageControl::toggleReveal);
    on(m_actions.note, [this] { m_inspector->focusNote(); });
    connect(m_triage, &TriageControl::revealed, this, [this] {
        m_tabs->setCurrentWidget(m_dumpPage);
        goToOccurrence(m_inspector->occurrenceRow() < 0 ? 0 : m_inspector->occurrenceRow());
    });
    connect(m_inspector, &Inspector::redactWanted, m_actions.redact, &QAction::trigger);
    connect(m_inspector, &Inspector::keepWanted, m_actions.keep, &QAction::trigger);
    connect(m_inspector, &Inspector::revealWanted, m_actions.reveal, &QAction::trigger);
    connect(m_inspector, &Inspector::noteEdited, m_triage, &TriageControl::setNote);
    connect(m_inspector, &Inspector::noteLeft, this, [this] { m_dumpPage->hex().setFocus(); });
    connect(m_dumpPage, &DumpPage::revealChanged, this, [this](int secondsLeft) {
        m_inspector->showRevealed(secondsLeft);
        showFigures();
    });
    QUndoStack* stack = m_document.verdicts().undoStack();
    connect(m_actions.undo, &QAction::triggered, stack, &QUndoStack::undo);
    connect(m_actions.redo, &QAction::triggered, stack, &QUndoStack::redo);
    connect(stack, &QUndoStack::indexChanged, this, &MainWindow::updateActions);
}

void MainWindow::connectPlaces()
{
    const auto on
        = [this](QAction* action, auto what) { connect(action, &QAction::triggered, this, what); };
    on(m_actions.goTo, &MainWindow::askWhereTo);
    on(m_actions.goToCrash, [this] {
        for (const Thread& thread : m_document.dump()->threads) {
            if (thread.signal && !m_navigator->goToAddress(thread.pc))
                m_navigator->goToAddress(thread.sp);
        }
    });
    on(m_actions.back, [this] { m_navigator->back(); });
    on(m_actions.forward, [this] { m_navigator->forward(); });
    using Step = FindingsPanel::Step;
    using Among = FindingsPanel::Among;
    on(m_actions.nextFinding, [this] { m_findings->step(Step::Next, Among::All); });
    on(m_actions.previousFinding, [this] { m_findings->step(Step::Previous, Among::All); });
    on(m_actions.nextUndecided, [this] { m_findings->step(Step::Next, Among::Undecided); });
    on(m_actions.nextPlace, [this] { stepPlace(1); });
    on(m_actions.previousPlace, [this] { stepPlace(-1); });
    using Way = Navigator::Way;
    on(m_actions.nextRegion, [this] { m_navigator->stepRegion(Way::Forwards); });
    on(m_actions.previousRegion, [this] { m_navigator->stepRegion(Way::Backwards); });
    on(m_actions.bookmark, &MainWindow::toggleBookmark);
    on(m_actions.nextBookmark, [this] { m_navigator->stepBookmark(Way::Forwards); });
    on(m_actions.previousBookmark, [this] { m_navigator->stepBookmark(Way::Backwards); });
    connect(&m_document.bookmarks(), &Bookmarks::changed, this, &MainWindow::updateActions);
    on(m_actions.filter, [this] { m_findings->focusSearch(); });
    connect(m_navigator, &Navigator::moved, this, &MainWindow::updateActions);
    connectSearch();
    connectBytes();
    connectTables();
}

void MainWindow::connectSearch()
{
    connect(m_actions.find, &QAction::triggered, this, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    connect(m_actions.findNext, &QAction::triggered, this, [this] { search(false); });
    connect(m_actions.findPrevious, &QAction::triggered, this, [this] { search(true); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] { search(false); });
    // Escape stops the search, and without one goes back to the bytes.
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_search, nullptr, nullptr,
                                 Qt::WidgetShortcut);
    connect(escape, &QShortcut::activated, this, [this] {
        if (m_navigator->searching())
            m_navigator->cancelSearch();
        else
            m_dumpPage->hex().setFocus();
    });
    connect(m_navigator, &Navigator::said, m_status, &StatusLine::say);
    connect(m_navigator, &Navigator::searchingChanged, this, [this] {
        showProgress();
        updateActions();
    });
    connect(&m_document, &Document::searchProgressed, this, &MainWindow::showProgress);
}

void MainWindow::connectBytes()
{
    HexView& hex = m_dumpPage->hex();
    const auto on
        = [this](QAction* action, auto what) { connect(action, &QAction::triggered, this, what); };
    connect(&hex, &HexView::nextFindingWanted, m_actions.nextFinding, &QAction::trigger);
    connect(&hex, &HexView::previousFindingWanted, m_actions.previousFinding, &QAction::trigger);
    on(m_actions.copyHex, [&hex] { hex.copy(CopyAs::Hex); });
    on(m_actions.copyText, [&hex] { hex.copy(CopyAs::Text); });
    on(m_actions.copyAddress, [&hex] { hex.copy(CopyAs::Address); });
    on(m_actions.zoomIn, [&hex] { hex.setZoom(hex.zoom() + zoomStep); });
    on(m_actions.zoomOut, [&hex] { hex.setZoom(hex.zoom() - zoomStep); });
    on(m_actions.zoomReset, [&hex] { hex.setZoom(100); });
    connect(&hex, &HexView::zoomChanged, this,
            [this](int percent) { m_settings.setZoom(percent); });
    connect(&hex, &HexView::cursorMoved, this, &MainWindow::showCursor);
    connect(&hex, &HexView::copyRefused, this,
            [this](const QString& why) { m_messages->say(MessageBar::Kind::Note, why); });
    connect(&hex, &HexView::contextMenuWanted, this, [this](const QPoint& position) {
        QMenu menu;
        menu.addActions({m_actions.copyHex, m_actions.copyText, m_actions.copyAddress});
        menu.addSeparator();
        menu.addActions({m_actions.redact, m_actions.keep, m_actions.undecide, m_actions.reveal});
        menu.addSeparator();
        menu.addActions({m_actions.bookmark, m_actions.goTo});
        menu.exec(position);
    });
}

void MainWindow::connectTables()
{
    const auto toAddress = [this](const QModelIndex& index) {
        goToAddress(index.data(ThreadsModel::AddressRole).toULongLong());
    };
    const auto toBookmark = [this](const QModelIndex& index) {
        m_tabs->setCurrentWidget(m_dumpPage);
        m_navigator->goToOffset(index.data(Bookmarks::OffsetRole).toULongLong());
    };
    for (const auto signal : {&QTableView::clicked, &QTableView::activated}) {
        connect(m_threadTable, signal, this, toAddress);
        connect(m_moduleTable, signal, this, toAddress);
        connect(m_bookmarkTable, signal, this, toBookmark);
    }
    auto* remove = new QShortcut(QKeySequence(Qt::Key_Delete), m_bookmarkTable, nullptr, nullptr,
                                 Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this,
            [this] { m_document.bookmarks().remove(m_bookmarkTable->currentIndex().row()); });
    connect(m_regions, &RegionTable::regionWanted, this, &MainWindow::goToAddress);
}

void MainWindow::connectDocument()
{
    connect(&m_document, &Document::stateChanged, this, &MainWindow::stateChanged);
    connect(&m_document, &Document::dumpOpened, this, &MainWindow::showDump);
    connect(&m_document, &Document::progressChanged, this, &MainWindow::showProgress);
    connect(&m_figuresSoon, &QTimer::timeout, this, &MainWindow::showFigures);
    const auto soon = [this] {
        if (!m_figuresSoon.isActive())
            m_figuresSoon.start();
    };
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_document.findingsModel(), signal, this, soon);
    connect(&m_document.findingsModel(), &QAbstractItemModel::dataChanged, this, soon);
    connect(&m_document.findingsModel(), &QAbstractItemModel::modelReset, this, soon);
    connect(m_findings, &FindingsPanel::summaryChanged, this, soon);
    connect(m_findings, &FindingsPanel::currentChanged, this, &MainWindow::showFinding);
    connect(m_findings, &FindingsPanel::activated, this, [this] {
        m_tabs->setCurrentWidget(m_dumpPage);
        if (const FindingPtr finding = m_findings->current())
            goToOccurrence(firstShown(*finding));
        m_dumpPage->hex().setFocus();
    });
    connect(m_dumpPage, &DumpPage::findingPicked, m_findings, &FindingsPanel::select);
    connect(m_dumpPage, &DumpPage::marksChanged, this, [this] {
        showPreview();
        showCursor(); // its values may be a secret's by now
    });
    connect(&m_document.bytes(), &ByteCache::arrived, this, [this] {
        showPreview();
        showCursor();
    });
    connect(m_inspector, &Inspector::occurrenceChosen, this,
            [this] { goToOccurrence(m_inspector->occurrenceRow()); });
    const auto decided = [this] {
        if (const FindingPtr finding = m_findings->current())
            m_inspector->showDecision(m_document.verdicts().decisionFor(finding->id));
    };
    connect(&m_document.verdicts(), &Verdicts::changed, this, decided);
    connect(&m_document.verdicts(), &Verdicts::reloaded, this, decided);
}

void MainWindow::connectComparison()
{
    connect(m_actions.compareWith, &QAction::triggered, this, &MainWindow::compareWith);
    const auto step = [this](int by) {
        m_tabs->setCurrentWidget(m_compare);
        m_compare->stepChange(by);
    };
    connect(m_actions.nextChange, &QAction::triggered, this, [step] { step(1); });
    connect(m_actions.previousChange, &QAction::triggered, this, [step] { step(-1); });
    connect(m_compare, &CompareView::closeWanted, this, [this] { m_comparison.stop(); });
    connect(&m_comparison, &Comparison::stateChanged, this, &MainWindow::showComparison);
}

void MainWindow::connectSession()
{
    connect(&m_sessions, &SessionKeeper::failed, this, [this](const Error& error) {
        m_messages->say(MessageBar::Kind::Problem,
                        tr("Your decisions are not being saved. %1").arg(Texts::error(error)));
    });
    connect(&m_sessions, &SessionKeeper::restored, this, [this](int decisions, int unmatched) {
        QString text = tr("%n decisions of an earlier session are back.", nullptr, decisions);
        if (unmatched > 0)
            text += QLatin1Char(' ')
                + tr("%n fit no finding any more and are undecided again.", nullptr, unmatched);
        m_messages->say(MessageBar::Kind::Note, text);
    });
    connect(&m_sessions, &SessionKeeper::placeRestored, this, [this](quint64 offset) {
        if (m_findings->currentRow() < 0)
            m_navigator->goToOffset(offset);
    });
}

} // namespace coredact
