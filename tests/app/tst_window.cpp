// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "app/desktop/dumppage.h"
#include "app/desktop/gotodialog.h"
#include "app/desktop/summarypage.h"
#include "widgets/inspector/datapanel.h"
#include "widgets/inspector/inspector.h"
#include "widgets/jobs/messagebar.h"
#include "widgets/jobs/statusline.h"

#include <QAccessible>
#include <QClipboard>
#include <QDockWidget>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryFile>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

using namespace coredact;
using namespace coredact::test;

class TestWindow : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void cleanup();
    void offersToOpenBeforeThereIsADump();
    void saysThatAFileIsNoDump();
    void findsSecretsAndShowsTheFirst();
    void revealsForAWhileAndMasksAgain();
    void goesToAddressesAndSaysWhyNot();
    void searchesTheDump();
    void searchesForExpressionsAndSaysWhatIsWrong();
    void goesBackToTheBytesOnEscape();
    void bookmarksPlacesAndUndoesThat();
    void hidesValuesThatTurnOutToBeASecrets();
    void stepsThroughRegions();
    void showsThreadsAndModulesByAButton();
    void goesToTheStackOfAClickedThread();
    void fitsTheScreenAtFirst();
    void givesWholeRowsOfBytesRoomBeforeTheDocks();
    void cutsNothingOffOfTheInspectorWhereThereIsLittleRoom();
    void namesEverythingForScreenReaders();
    void summarisesProcessAndFindings();
    void bringsBackTheSession();
    void survivesTheDeathOfItsEngine();
    void takesKeysAfterTheEngineIsRestarted();
    void saysWhyAFileDoesNotOpen();
    void saysWhatWasNotLookedInto();
    void closesTheDumpAndForgetsIt();
    void leavesNothingOfTheDumpOnDisk();

private:
    PlantedCore m_core;
};

void TestWindow::cleanup()
{
    QDir(privateHome() + QStringLiteral("/sessions")).removeRecursively();
}

void TestWindow::offersToOpenBeforeThereIsADump()
{
    OpenWindow open;
    Actions& actions = open.window.actions();
    QVERIFY(actions.open->isEnabled());
    for (const QAction* action : {actions.exportCopy, actions.goTo, actions.redact, actions.undo,
                                  actions.scanAgain, actions.find})
        QVERIFY2(!action->isEnabled(), qPrintable(action->text()));
    QVERIFY(!open.part<FindingsPanel>().isVisible());
}

/// A text without secrets looks like a clean dump.
void TestWindow::saysThatAFileIsNoDump()
{
    QTemporaryFile text;
    QVERIFY(text.open());
    text.write("nothing but words\n");
    text.flush();
    OpenWindow open;
    open.window.open(text.fileName());
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QVERIFY(open.part<MessageBar>().text().contains(QStringLiteral("plain bytes")));
    open.window.open(m_core.path);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QVERIFY(open.part<MessageBar>().text().isEmpty());
}

void TestWindow::findsSecretsAndShowsTheFirst()
{
    OPEN(open, m_core);
    QCOMPARE(open.tokenRows().size(), std::size_t(2));
    std::size_t places = 0;
    for (const int row : open.tokenRows())
        places += open.findings().findingAt(row)->occurrences.size();
    QCOMPARE(places, std::size_t(3));
    QVERIFY(open.part<FindingsPanel>().isVisible());
    QCOMPARE(open.part<FindingsPanel>().currentRow(), 0);
    const FindingPtr first = open.findings().findingAt(0);
    const auto place = open.part<DumpPage>().hex().cursorPlace();
    QCOMPARE(place->fileOffset, first->occurrences.front().pieces.front().file.first());
    QVERIFY(open.window.actions().exportCopy->isEnabled());
    QVERIFY(open.window.windowTitle().startsWith(QStringLiteral("core.planted")));
}

void TestWindow::revealsForAWhileAndMasksAgain()
{
    OPEN(open, m_core);
    HexView& hex = open.part<DumpPage>().hex();
    QVERIFY(!hex.revealed());
    open.key(Qt::Key_V);
    QVERIFY(hex.revealed());
    open.key(Qt::Key_V);
    QVERIFY(!hex.revealed());
    open.key(Qt::Key_V);
    open.key(Qt::Key_N);
    QVERIFY2(!hex.revealed(), "another finding masks the first");
    open.key(Qt::Key_V);
    QTRY_VERIFY_WITH_TIMEOUT(!hex.revealed(), (DumpPage::revealSeconds + 2) * 1000);
}

void TestWindow::goesToAddressesAndSaysWhyNot()
{
    OPEN(open, m_core);
    QTimer::singleShot(200, [] {
        auto* dialog = qobject_cast<GoToDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        auto* place = dialog->findChild<QLineEdit*>();
        place->setText(QStringLiteral("123"));
        QTest::keyClick(place, Qt::Key_Return);
        QVERIFY2(dialog->isVisible(), "an address that is not there keeps the dialog open");
        place->setText(QStringLiteral("0x700bb8"));
        QTest::keyClick(place, Qt::Key_Return);
    });
    open.key(Qt::Key_G, Qt::ControlModifier);
    QCOMPARE(open.part<DumpPage>().hex().cursorPlace()->address, PlantedCore::Page + 3000);
    open.window.actions().back->trigger();
    QVERIFY(open.part<DumpPage>().hex().cursorPlace()->address != PlantedCore::Page + 3000);
}

void TestWindow::searchesTheDump()
{
    OPEN(open, m_core);
    auto* field = open.window.findChild<QToolBar*>()->findChild<QLineEdit*>();
    field->setText(QStringLiteral("NEEDLE"));
    QTest::keyClick(field, Qt::Key_Return);
    const HexView& hex = open.part<DumpPage>().hex();
    QTRY_COMPARE_WITH_TIMEOUT(hex.cursorPlace()->address, PlantedCore::Page + 3000, 60000);
    QCOMPARE(hex.selectedRange()->size(), std::uint64_t(6));
}

void TestWindow::searchesForExpressionsAndSaysWhatIsWrong()
{
    OPEN(open, m_core);
    auto* field = open.window.findChild<QToolBar*>()->findChild<QLineEdit*>();
    field->setText(QStringLiteral("re:n[e]+dle in ha."));
    QTest::keyClick(field, Qt::Key_Return);
    const HexView& hex = open.part<DumpPage>().hex();
    QTRY_COMPARE_WITH_TIMEOUT(hex.cursorPlace()->address, PlantedCore::Page + 3000, 60000);
    QCOMPARE(hex.selectedRange()->size(), std::uint64_t(13));
    const StatusLine& status = open.part<StatusLine>();
    QTRY_VERIFY_WITH_TIMEOUT(status.said().startsWith(QStringLiteral("Found")), 60000);
    field->setText(QStringLiteral("re:("));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY2(status.said().contains(QStringLiteral("regular expression")),
                 qPrintable(status.said()));
    field->setText(QStringLiteral("nowhere to be found"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(status.said(), QStringLiteral("Not found"), 60000);
}

void TestWindow::goesBackToTheBytesOnEscape()
{
    OPEN(open, m_core);
    open.window.activateWindow();
    open.key(Qt::Key_F, Qt::ControlModifier);
    auto* field = open.window.findChild<QToolBar*>()->findChild<QLineEdit*>();
    QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), field, 60000);
    QTest::keyClick(field, Qt::Key_Escape);
    QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), &open.part<DumpPage>().hex(), 60000);
}

void TestWindow::hidesValuesThatTurnOutToBeASecrets()
{
    OPEN(open, m_core);
    const auto& values = open.part<DataPanel>();
    QTRY_VERIFY_WITH_TIMEOUT(open.part<DumpPage>().findingAtCursor(), 60000);
    QVERIFY(values.values().empty());
    // As while a scan runs: the byte at the cursor is nobody's, then a secret's.
    const std::vector<FindingPtr> all = open.findings().findings();
    open.findings().assign({});
    QTRY_VERIFY_WITH_TIMEOUT(!values.values().empty(), 60000);
    open.findings().assign(all);
    QTRY_VERIFY_WITH_TIMEOUT(open.part<DumpPage>().findingAtCursor(), 60000);
    QVERIFY(values.values().empty());
}

void TestWindow::bookmarksPlacesAndUndoesThat()
{
    OPEN(open, m_core);
    Actions& actions = open.window.actions();
    const HexView& hex = open.part<DumpPage>().hex();
    Bookmarks& bookmarks = open.document().bookmarks();
    QVERIFY(!actions.nextBookmark->isEnabled());
    const std::uint64_t first = hex.cursorPlace()->fileOffset;
    open.key(Qt::Key_B, Qt::ControlModifier);
    QCOMPARE(bookmarks.rowCount(), 1);
    open.key(Qt::Key_N);
    const std::uint64_t second = hex.cursorPlace()->fileOffset;
    QVERIFY(first != second);
    open.key(Qt::Key_B, Qt::ControlModifier);
    QCOMPARE(bookmarks.rowCount(), 2);
    open.key(Qt::Key_F6);
    QCOMPARE(hex.cursorPlace()->fileOffset, first);
    open.key(Qt::Key_F6, Qt::ShiftModifier);
    QCOMPARE(hex.cursorPlace()->fileOffset, second);
    open.key(Qt::Key_B, Qt::ControlModifier);
    QCOMPARE(bookmarks.rowCount(), 1);
    open.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(bookmarks.rowCount(), 2);
}

void TestWindow::stepsThroughRegions()
{
    OPEN(open, m_core);
    const HexView& hex = open.part<DumpPage>().hex();
    open.part<DumpPage>().hex().goToAddress(PlantedCore::Page + 100);
    open.key(Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(hex.cursorPlace()->address, PlantedCore::Page);
    open.key(Qt::Key_Up, Qt::AltModifier);
    QVERIFY(*hex.cursorPlace()->address < PlantedCore::Page);
    open.key(Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(hex.cursorPlace()->address, PlantedCore::Page);
    open.key(Qt::Key_Left, Qt::AltModifier);
    QVERIFY(*hex.cursorPlace()->address < PlantedCore::Page);
}

void TestWindow::showsThreadsAndModulesByAButton()
{
    OPEN(open, m_core);
    const QWidget* corner = open.window.findChild<QTabWidget*>()->cornerWidget();
    int docks = 0;
    for (QToolButton* button : corner->findChildren<QToolButton*>()) {
        if (!button->defaultAction())
            continue; // the menu, for narrow windows
        ++docks;
        auto* dock = qobject_cast<QDockWidget*>(button->defaultAction()->parent());
        QVERIFY(dock);
        QVERIFY(!dock->isVisible());
        button->click();
        QVERIFY(dock->isVisible());
        button->click();
        QVERIFY(!dock->isVisible());
    }
    QCOMPARE(docks, 3);
}

void TestWindow::goesToTheStackOfAClickedThread()
{
    OPEN(open, m_core);
    QTableView* threads = nullptr;
    for (QTableView* table : open.window.findChildren<QTableView*>())
        threads = table->accessibleName() == QStringLiteral("Threads") ? table : threads;
    QVERIFY(threads);
    const Thread& thread = open.document().dump()->threads.front();
    const bool saved = open.document().places()->offsetOf(thread.sp).has_value();
    emit threads->clicked(threads->model()->index(0, ThreadsModel::IdColumn));
    if (saved)
        QCOMPARE(open.part<DumpPage>().hex().cursorPlace()->address, thread.sp);
    else
        QVERIFY2(!open.part<StatusLine>().said().isEmpty(), "why not is said");
}

void TestWindow::fitsTheScreenAtFirst()
{
    OPEN(open, m_core);
    const QSize room = open.window.screen()->availableSize();
    QVERIFY(open.window.height() <= room.height());
    QVERIFY2(open.window.minimumSizeHint().width() <= 1000,
             qPrintable(QString::number(open.window.minimumSizeHint().width())));
}

void TestWindow::givesWholeRowsOfBytesRoomBeforeTheDocks()
{
    OpenWindow open;
    open.window.resize(1400, 700);
    open.window.open(m_core.path);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    const HexView& hex = open.part<DumpPage>().hex();
    QTRY_VERIFY2(
        hex.width() >= hex.sizeHint().width(),
        qPrintable(QStringLiteral("%1 of %2").arg(hex.width()).arg(hex.sizeHint().width())));
}

void TestWindow::cutsNothingOffOfTheInspectorWhereThereIsLittleRoom()
{
    OPEN(open, m_core);
    const auto& inspector = open.part<Inspector>();
    for (const int width : {1024, 1500, 1024, open.window.minimumSizeHint().width()}) {
        open.window.resize(width, 700);
        QTRY_VERIFY2(inspector.widget()->width() <= inspector.viewport()->width(),
                     qPrintable(QString::number(inspector.viewport()->width())));
    }
}

void TestWindow::namesEverythingForScreenReaders()
{
    OPEN(open, m_core);
    for (QWidget* widget : open.window.findChildren<QWidget*>()) {
        if (widget->focusPolicy() == Qt::NoFocus || widget->focusProxy() || !widget->isVisible())
            continue;
        const QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
        QVERIFY(spoken);
        const QString name = spoken->text(QAccessible::Name);
        QVERIFY2(!name.isEmpty() || qobject_cast<QTabBar*>(widget),
                 widget->metaObject()->className());
        for (const QByteArray& secret : {m_core.first, m_core.second})
            QVERIFY(!name.contains(QString::fromLatin1(secret.mid(4, 8))));
    }
}

void TestWindow::summarisesProcessAndFindings()
{
    OPEN(open, m_core);
    const QString pid = QString::number(samplecore::ProcessId);
    QTRY_VERIFY_WITH_TIMEOUT(!open.part<SummaryPage>().lines().filter(pid).isEmpty(), 60000);
    const QString places = QStringLiteral("%1 places").arg(open.findings().placeCount());
    QTRY_VERIFY_WITH_TIMEOUT(!open.part<SummaryPage>().lines().filter(places).isEmpty(), 60000);
}

void TestWindow::bringsBackTheSession()
{
    {
        OPEN(open, m_core);
        QTRY_VERIFY_WITH_TIMEOUT(
            !filesHolding(privateHome() + QStringLiteral("/sessions"), {"SQLite"}).isEmpty(),
            60000);
        open.key(Qt::Key_R);
    }
    OPEN(open, m_core);
    QTRY_COMPARE_WITH_TIMEOUT(open.verdictOf(0), Verdict::Redact, 60000);
    QVERIFY(!open.document().verdicts().undoStack()->canUndo());
}

void TestWindow::survivesTheDeathOfItsEngine()
{
    OPEN(open, m_core);
    open.key(Qt::Key_R);
    const int rows = open.findings().rowCount();
    killEngines();
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Failed, 60000);
    QVERIFY(!open.part<MessageBar>().text().isEmpty());
    QCOMPARE(open.findings().rowCount(), rows);
    open.window.actions().restart->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QCOMPARE(open.verdictOf(0), Verdict::Redact);
    QVERIFY(open.part<MessageBar>().text().isEmpty());
}

void TestWindow::takesKeysAfterTheEngineIsRestarted()
{
    OPEN(open, m_core);
    open.window.activateWindow();
    killEngines();
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Failed, 60000);
    auto* restart = open.part<MessageBar>().findChild<QPushButton*>();
    restart->setFocus();
    QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), restart, 60000);
    restart->click();
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QCOMPARE(QApplication::focusWidget(), &open.part<DumpPage>().hex());
}

void TestWindow::saysWhyAFileDoesNotOpen()
{
    OpenWindow open;
    open.window.open(QStringLiteral("/nowhere/core"));
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Failed, 60000);
    QVERIFY(!open.part<MessageBar>().text().isEmpty());
    open.window.open(m_core.path);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QVERIFY(open.part<MessageBar>().text().isEmpty());
}

/// An empty list of findings looks like a clean dump.
void TestWindow::saysWhatWasNotLookedInto()
{
    QTemporaryFile archive;
    QVERIFY(archive.open());
    archive.write("PK\x03\x04" + QByteArray(5000, '\x01'));
    archive.flush();
    OpenWindow open;
    open.window.open(archive.fileName());
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QVERIFY(open.part<MessageBar>().text().contains(QStringLiteral("a ZIP archive")));
    open.window.open(m_core.path);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QVERIFY(open.part<MessageBar>().text().isEmpty());
}

void TestWindow::closesTheDumpAndForgetsIt()
{
    OPEN(open, m_core);
    open.window.actions().close->trigger();
    QCOMPARE(open.document().state(), Document::State::Empty);
    QCOMPARE(open.findings().rowCount(), 0);
    QVERIFY(!open.part<FindingsPanel>().isVisible());
    open.window.open(m_core.path);
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
}

void TestWindow::leavesNothingOfTheDumpOnDisk()
{
    {
        OPEN(open, m_core);
        QTRY_VERIFY_WITH_TIMEOUT(
            !filesHolding(privateHome() + QStringLiteral("/sessions"), {"SQLite"}).isEmpty(),
            60000);
        open.key(Qt::Key_R);
        open.key(Qt::Key_V);
        QTest::mouseDClick(open.part<DumpPage>().hex().viewport(), Qt::LeftButton, {},
                           QPoint(260, 40));
        QTest::qWait(50);
        QVERIFY(!QGuiApplication::clipboard()->supportsSelection()
                || QGuiApplication::clipboard()->text(QClipboard::Selection).isEmpty());
        open.window.close();
    }
    const QList<QByteArray> secrets {m_core.first, m_core.second, m_core.first.mid(8, 12)};
    QCOMPARE(filesHolding(privateHome(), secrets), QStringList());
    QCOMPARE(filesHolding(privateHome() + QStringLiteral("/xdg_config_home"), {"core.planted"}),
             QStringList());
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
