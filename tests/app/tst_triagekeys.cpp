// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "app/desktop/dumppage.h"
#include "app/desktop/helpoverlay.h"
#include "app/desktop/keepdialog.h"
#include "widgets/inspector/inspector.h"

#include <QLineEdit>
#include <QTimer>
#include <QToolBar>

using namespace coredact;
using namespace coredact::test;

/// Deciding on findings by the keyboard.
class TestTriageKeys : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void cleanup();
    void decidesByKeyAndUndoes();
    void keepsWithAReason();
    void takesKeysForFindingsAtOnce();
    void takesKeysForTheFindingUnderTheCursor();
    void staysWhereFindingsLieInsideEachOther();
    void leavesTheKeysToWhoIsTyping();
    void goesBackFromTheNoteByKeys();
    void goesFromTheFilterToTheListByKeys();
    void showsTheKeysAndGoesBackToWhereItWas();

private:
    PlantedCore m_core;
};

void TestTriageKeys::cleanup()
{
    QDir(privateHome() + QStringLiteral("/sessions")).removeRecursively();
}

void TestTriageKeys::decidesByKeyAndUndoes()
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

void TestTriageKeys::keepsWithAReason()
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

void TestTriageKeys::takesKeysForFindingsAtOnce()
{
    OPEN(open, m_core);
    QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), &open.list(), 60000);
    auto& panel = open.part<FindingsPanel>();
    QCOMPARE(panel.currentRow(), 0);
    QCOMPARE(panel.selectedIds().size(), std::size_t(1));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_R);
    QCOMPARE(open.verdictOf(0), Verdict::Redact);
}

void TestTriageKeys::takesKeysForTheFindingUnderTheCursor()
{
    OPEN(open, m_core);
    auto& panel = open.part<FindingsPanel>();
    HexView& hex = open.part<DumpPage>().hex();
    const std::vector<int> rows = open.tokenRows();
    const auto offsetOf = [&](int row) {
        return open.findings().findingAt(row)->occurrences.front().pieces.front().file.first();
    };
    const auto select = [&](int row) {
        panel.select(QString::fromStdString(open.findings().findingAt(row)->id));
    };
    select(rows[0]);
    open.window.activateWindow();
    hex.setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(hex.hasFocus(), 60000);
    QVERIFY(hex.goToOffset(offsetOf(rows[1])));
    QCOMPARE(panel.current(), open.findings().findingAt(rows[1]));
    QTest::keyClick(&hex, Qt::Key_R);
    QCOMPARE(open.verdictOf(rows[1]), Verdict::Redact);
    QCOMPARE(open.verdictOf(rows[0]), Verdict::Pending);

    // One that the filter hides is not shown for walking over it, only for deciding on it.
    auto* filter = panel.findChild<QLineEdit*>();
    filter->setText(QStringLiteral("no finding is called so"));
    QVERIFY(hex.goToOffset(offsetOf(rows[0])));
    QCOMPARE(panel.current(), FindingPtr());
    QVERIFY(open.window.actions().redact->isEnabled());
    QTest::keyClick(&hex, Qt::Key_R);
    QCOMPARE(open.verdictOf(rows[0]), Verdict::Redact);
    QCOMPARE(filter->text(), QString());

    open.list().clearSelection();
    QTest::keyClick(&hex, Qt::Key_U);
    QCOMPARE(open.verdictOf(rows[0]), Verdict::Pending);
}

void TestTriageKeys::staysWhereFindingsLieInsideEachOther()
{
    OPEN(open, m_core);
    const FindingPtr outer = open.findings().findingAt(open.tokenRows()[0]);
    Finding inner = *outer;
    inner.id = "inner";
    inner.severity = Severity::Low;
    std::vector<FindingPtr> all = open.findings().findings();
    all.push_back(std::make_shared<const Finding>(inner));
    open.findings().assign(all);
    HexView& hex = open.part<DumpPage>().hex();
    const std::uint64_t place = outer->occurrences.front().pieces.front().file.first() + 3;
    auto& page = open.part<DumpPage>();
    QTRY_COMPARE_WITH_TIMEOUT(page.marks().findings().size(), all.size(), 60000);
    hex.goToOffset(place);
    open.part<FindingsPanel>().select(QStringLiteral("inner"));
    QCOMPARE(open.part<FindingsPanel>().current()->id, std::string("inner"));
    QCOMPARE(hex.cursorPlace()->fileOffset, place);
}

void TestTriageKeys::leavesTheKeysToWhoIsTyping()
{
    OpenWindow open;
    open.window.open(m_core.path);
    QTRY_VERIFY_WITH_TIMEOUT(open.document().dump() != nullptr, 60000);
    auto* field = open.window.findChild<QToolBar*>()->findChild<QLineEdit*>();
    QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), &open.part<DumpPage>().hex(), 60000);
    field->setFocus();
    QTRY_COMPARE_WITH_TIMEOUT(open.document().state(), Document::State::Scanned, 30000);
    QTest::qWait(50);
    QCOMPARE(QApplication::focusWidget(), field);
}

void TestTriageKeys::goesBackFromTheNoteByKeys()
{
    OPEN(open, m_core);
    open.window.activateWindow();
    HexView& hex = open.part<DumpPage>().hex();
    auto* note = open.part<Inspector>().findChild<QLineEdit*>();
    const auto noted = [&open] {
        return open.document().verdicts().decisionFor(open.findings().findingAt(0)->id).note;
    };
    const std::pair<Qt::Key, const char*> ways[]
        = {{Qt::Key_Return, "rotated"}, {Qt::Key_Escape, "never mind"}};
    for (const auto& [key, words] : ways) {
        open.window.actions().note->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), note, 60000);
        note->setText(QLatin1String(words));
        QTest::keyClick(note, key);
        QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), &hex, 60000);
        QCOMPARE(noted(), std::string("rotated"));
        QCOMPARE(note->text(), QStringLiteral("rotated"));
    }
}

void TestTriageKeys::goesFromTheFilterToTheListByKeys()
{
    OPEN(open, m_core);
    open.window.activateWindow();
    auto& panel = open.part<FindingsPanel>();
    auto* filter = panel.findChild<QLineEdit*>();
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Down, Qt::Key_Escape}) {
        open.window.actions().filter->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), filter, 60000);
        filter->setText(QStringLiteral("github"));
        QVERIFY(open.list().model()->rowCount() > 0);
        QTest::keyClick(filter, key);
        QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), &open.list(), 60000);
        QCOMPARE(panel.selectedIds().size(), std::size_t(1));
        QCOMPARE(filter->text().isEmpty(), key == Qt::Key_Escape);
    }
    QCOMPARE(open.list().model()->rowCount(), open.findings().rowCount());
}

void TestTriageKeys::showsTheKeysAndGoesBackToWhereItWas()
{
    OPEN(open, m_core);
    open.key(Qt::Key_R);
    open.list().setFocus();
    open.window.actions().help->trigger();
    auto* overlay = open.window.findChild<HelpOverlay*>();
    QVERIFY(overlay);
    QVERIFY(overlay->accessibleName().contains(QStringLiteral(": Undo;"))); // not what it undoes
    QTest::keyClick(overlay, Qt::Key_Escape);
    QCOMPARE(open.window.focusWidget(), &open.list());
}

QTEST_MAIN(TestTriageKeys)
#include "tst_triagekeys.moc"
