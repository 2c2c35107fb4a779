// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "app/desktop/dumppage.h"
#include "app/desktop/gotodialog.h"
#include "app/desktop/keepdialog.h"
#include "app/desktop/summarypage.h"
#include "widgets/inspector/inspector.h"
#include "widgets/jobs/messagebar.h"

#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTimer>
#include <QToolBar>

#include <csignal>

using namespace coredact;
using namespace coredact::test;

#define OPEN(name, core) \
    OpenWindow name; \
    name.window.open((core).path); \
    QTRY_COMPARE_WITH_TIMEOUT(name.document().state(), Document::State::Scanned, 30000)

class TestWindow : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void cleanup();
    void offersToOpenBeforeThereIsADump();
    void findsSecretsAndShowsTheFirst();
    void decidesByKeyAndUndoes();
    void keepsWithAReason();
    void revealsForAWhileAndMasksAgain();
    void goesToAddressesAndSaysWhyNot();
    void searchesTheDump();
    void summarisesProcessAndFindings();
    void bringsBackTheSession();
    void survivesTheDeathOfItsEngine();
    void saysWhyAFileDoesNotOpen();
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

void TestWindow::decidesByKeyAndUndoes()
{
    OPEN(open, m_core);
    open.key(Qt::Key_R);
    QCOMPARE(open.verdictOf(0), Verdict::Redact);
    open.key(Qt::Key_N);
    QCOMPARE(open.part<FindingsPanel>().currentRow(), 1);
    open.key(Qt::Key_R);
    QCOMPARE(open.verdictOf(1), Verdict::Redact);
    open.key(Qt::Key_U);
    QCOMPARE(open.verdictOf(1), Verdict::Pending);
    open.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(open.verdictOf(1), Verdict::Redact);
    open.key(Qt::Key_Z, Qt::ControlModifier);
    open.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(open.verdictOf(0), Verdict::Pending);
    open.key(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(open.verdictOf(0), Verdict::Redact);
    open.list().selectAll();
    open.key(Qt::Key_R);
    QCOMPARE(open.verdictOf(1), Verdict::Redact);
}

void TestWindow::keepsWithAReason()
{
    OPEN(open, m_core);
    QTimer::singleShot(200, [] {
        auto* dialog = qobject_cast<KeepDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        QTest::keyClick(dialog, Qt::Key_2);
        QTest::keyClick(dialog, Qt::Key_Return);
    });
    open.key(Qt::Key_K);
    const Decision decision
        = open.document().verdicts().decisionFor(open.findings().findingAt(0)->id);
    QCOMPARE(decision.verdict, Verdict::Keep);
    QCOMPARE(decision.reason, Reason::TestData);
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
    QTRY_COMPARE(hex.cursorPlace()->address, PlantedCore::Page + 3000);
    QCOMPARE(hex.selectedRange()->size(), std::uint64_t(6));
}

void TestWindow::summarisesProcessAndFindings()
{
    OPEN(open, m_core);
    const QString pid = QString::number(samplecore::ProcessId);
    QTRY_VERIFY(!open.part<SummaryPage>().lines().filter(pid).isEmpty());
    const QString places = QStringLiteral("%1 places").arg(open.findings().placeCount());
    QTRY_VERIFY(!open.part<SummaryPage>().lines().filter(places).isEmpty());
}

void TestWindow::bringsBackTheSession()
{
    {
        OPEN(open, m_core);
        QTRY_VERIFY(!filesHolding(privateHome() + QStringLiteral("/sessions"), {"SQLite"}).isEmpty());
        open.key(Qt::Key_R);
    }
    OPEN(open, m_core);
    QTRY_COMPARE(open.verdictOf(0), Verdict::Redact);
    QVERIFY(!open.document().verdicts().undoStack()->canUndo());
}

void TestWindow::survivesTheDeathOfItsEngine()
{
    OPEN(open, m_core);
    open.key(Qt::Key_R);
    const int rows = open.findings().rowCount();
    QList<QByteArray> pids;
    QDirIterator tasks(QStringLiteral("/proc/self/task"), QDir::Dirs | QDir::NoDotAndDotDot);
    while (tasks.hasNext()) {
        QFile file(tasks.next() + QStringLiteral("/children"));
        if (file.open(QFile::ReadOnly))
            pids << file.readAll().split(' ');
    }
    for (const QByteArray& pid : pids) {
        if (pid.toInt() > 1)
            kill(pid.toInt(), SIGKILL);
    }
    QTRY_COMPARE(open.document().state(), Document::State::Failed);
    QVERIFY(!open.part<MessageBar>().text().isEmpty());
    QCOMPARE(open.findings().rowCount(), rows);
    open.window.actions().restart->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QCOMPARE(open.verdictOf(0), Verdict::Redact);
    QVERIFY(open.part<MessageBar>().text().isEmpty());
}

void TestWindow::saysWhyAFileDoesNotOpen()
{
    OpenWindow open;
    open.window.open(QStringLiteral("/nowhere/core"));
    QTRY_COMPARE(open.document().state(), Document::State::Failed);
    QVERIFY(!open.part<MessageBar>().text().isEmpty());
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
        QTRY_VERIFY(!filesHolding(privateHome() + QStringLiteral("/sessions"), {"SQLite"}).isEmpty());
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
