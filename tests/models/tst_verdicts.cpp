// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/verdicts.h"

#include <QSignalSpy>
#include <QTest>

using namespace coredact;

class TestVerdicts : public QObject {
    Q_OBJECT

private slots:
    void undoesAndRedoesOneActOverMany();
    void keepsTheNoteWhenTheVerdictChanges();
    void doesNothingForTheSameVerdict();
    void undoesUnderTheFinalName();
    void hasNothingToUndoAfterLoading();
};

void TestVerdicts::undoesAndRedoesOneActOverMany()
{
    Verdicts verdicts;
    QSignalSpy changed(&verdicts, &Verdicts::changed);
    verdicts.decide({"a", "b"}, Verdict::Redact);
    verdicts.decide({"b"}, Verdict::Keep, Reason::Revoked);
    QCOMPARE(verdicts.decisionFor("b").reason, Reason::Revoked);
    verdicts.undoStack()->undo();
    QCOMPARE(verdicts.decisionFor("b").verdict, Verdict::Redact);
    verdicts.undoStack()->undo();
    QVERIFY(verdicts.triage().decisions.empty());
    verdicts.undoStack()->redo();
    QCOMPARE(verdicts.decisionFor("a").verdict, Verdict::Redact);
    QCOMPARE(changed.count(), 5);
}

void TestVerdicts::keepsTheNoteWhenTheVerdictChanges()
{
    Verdicts verdicts;
    verdicts.setNote("a", "ask the owner");
    verdicts.decide({"a"}, Verdict::Keep, Reason::TestData);
    QCOMPARE(verdicts.decisionFor("a").note, std::string("ask the owner"));
    verdicts.undoStack()->undo();
    QCOMPARE(verdicts.decisionFor("a").note, std::string("ask the owner"));
    QCOMPARE(verdicts.decisionFor("a").verdict, Verdict::Pending);
}

void TestVerdicts::doesNothingForTheSameVerdict()
{
    Verdicts verdicts;
    verdicts.decide({"a"}, Verdict::Redact);
    verdicts.decide({"a"}, Verdict::Redact);
    QCOMPARE(verdicts.undoStack()->count(), 1);
}

void TestVerdicts::undoesUnderTheFinalName()
{
    Verdicts verdicts;
    verdicts.decide({"seen1"}, Verdict::Redact);
    verdicts.rename({{"seen1", "f9"}});
    QCOMPARE(verdicts.decisionFor("f9").verdict, Verdict::Redact);
    QCOMPARE(verdicts.decisionFor("seen1").verdict, Verdict::Pending);
    verdicts.undoStack()->undo();
    QVERIFY(verdicts.triage().decisions.empty());
    verdicts.undoStack()->redo();
    QCOMPARE(verdicts.decisionFor("f9").verdict, Verdict::Redact);
}

void TestVerdicts::hasNothingToUndoAfterLoading()
{
    Verdicts verdicts;
    verdicts.decide({"a"}, Verdict::Redact);
    Triage triage;
    triage.decisions["b"] = {Verdict::Keep, Reason::AcceptedRisk, {}};
    verdicts.load(triage);
    QVERIFY(!verdicts.undoStack()->canUndo());
    QCOMPARE(verdicts.triage(), triage);
}

QTEST_GUILESS_MAIN(TestVerdicts)
#include "tst_verdicts.moc"
