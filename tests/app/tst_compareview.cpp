// SPDX-License-Identifier: GPL-3.0-or-later
#include "openwindow.h"
#include "plantedcore.h"

#include "models/exportjob.h"
#include "widgets/compare/compareview.h"
#include "widgets/hexview/hexview.h"

#include <QClipboard>
#include <QTabWidget>

using namespace coredact;
using namespace coredact::test;

class TestCompareView : public QObject {
    Q_OBJECT

public:
    static void initMain() { usePrivateHome(); }

private slots:
    void saysWhyEachByteChanged();
    void warnsOfChangesThatNobodyPlanned();
    void goesFromChangeToChange();
    void movesBothTogether();
    void keepsSecretsMasked();
    void refusesAFileOfAnotherSize();
    void endsWithTheDump();

private:
    /// The dump in a window, and a redacted copy of it, with the first token kept.
    struct Compared {
        Compared()
        {
            open.window.open(core.path);
            ok = QTest::qWaitFor(
                [this] { return open.document().state() == Document::State::Scanned; }, 60000);
            const FindingPtr kept = open.findings().findingAt(open.tokenRows().front());
            open.document().verdicts().decide({kept->id}, Verdict::Keep, Reason::TestData);
            keptPlace = kept->occurrences.front().pieces.front().file;
            const FindingPtr gone = open.findings().findingAt(open.tokenRows().back());
            gonePlace = gone->occurrences.front().pieces.front().file;
            target = core.folder.filePath(QStringLiteral("copy.core"));
            HandOver options;
            options.target = target.toStdString();
            options.triage = open.document().verdicts().triage();
            ExportJob job;
            job.start(open.document().engine(), open.document().findings(), options);
            ok = ok && QTest::qWaitFor([&] { return job.outcome().has_value(); }, 60000)
                && (*job.outcome()).ok() && (*job.outcome())->published;
        }
        Comparison comparison {engineProcesses()};
        bool compare()
        {
            comparison.start(open.document().engine(), open.document().findings(), target);
            return QTest::qWaitFor(
                [this] {
                    return comparison.state() == Comparison::State::Ready
                        || comparison.state() == Comparison::State::Failed;
                },
                60000);
        }
        static QByteArray copied(HexView& hex, FileRange range)
        {
            hex.select(range);
            QGuiApplication::clipboard()->clear();
            hex.copy(CopyAs::Text);
            if (!QTest::qWaitFor([] { return !QGuiApplication::clipboard()->text().isEmpty(); },
                                 10000))
                return {};
            return QGuiApplication::clipboard()->text().toUtf8();
        }

        PlantedCore core;
        OpenWindow open;
        QString target;
        FileRange keptPlace = *FileRange::make(0, 1);
        FileRange gonePlace = *FileRange::make(0, 1);
        bool ok = false;
    };
};

void TestCompareView::saysWhyEachByteChanged()
{
    Compared all;
    QVERIFY(all.ok && all.compare());
    CompareView view(all.open.document(), all.comparison);
    QVERIFY(!all.comparison.changes().empty());
    bool token = false;
    for (const Change& change : all.comparison.changes()) {
        QCOMPARE(change.origin, Change::Origin::Plan);
        QVERIFY(!change.reason.isEmpty());
        QVERIFY2(!change.reason.startsWith(QStringLiteral("policy:")), qPrintable(change.reason));
        token = token
            || (change.range == all.gonePlace && change.reason.contains(QStringLiteral("GitHub")));
        QVERIFY(!change.range.overlaps(all.keptPlace));
    }
    QVERIFY(token);
}

void TestCompareView::warnsOfChangesThatNobodyPlanned()
{
    Compared all;
    QVERIFY(all.ok);
    QFile copy(all.target);
    QVERIFY(copy.open(QFile::ReadWrite) && copy.seek(copy.size() - 1) && copy.putChar('!'));
    copy.close();
    QVERIFY(all.compare());
    const Change& last = all.comparison.changes().back();
    QCOMPARE(last.origin, Change::Origin::Other);
    QCOMPARE(last.range.first(), std::uint64_t(copy.size()) - 1);
    QVERIFY(QFile::remove(all.target + QStringLiteral(".coredact.json")));
    QVERIFY(all.compare());
    for (const Change& change : all.comparison.changes())
        QCOMPARE(change.origin, Change::Origin::Unknown);
}

void TestCompareView::goesFromChangeToChange()
{
    Compared all;
    QVERIFY(all.ok && all.compare());
    CompareView view(all.open.document(), all.comparison);
    const int count = static_cast<int>(all.comparison.changes().size());
    QVERIFY(count > 1);
    QCOMPARE(view.currentChange(), 0);
    view.stepChange(1);
    QCOMPARE(view.currentChange(), 1);
    const auto& second = all.comparison.changes()[1];
    QCOMPARE(view.copy().cursorPlace()->fileOffset, second.range.first());
    QVERIFY2(view.said().contains(second.reason), qPrintable(view.said()));
    view.stepChange(-1);
    view.stepChange(-1);
    QCOMPARE(view.currentChange(), count - 1);
    // From a place between two changes to the next one and the one before.
    view.original().goToOffset(second.range.first() - 1);
    QCOMPARE(view.currentChange(), -1);
    view.stepChange(1);
    QCOMPARE(view.currentChange(), 1);
    view.original().goToOffset(second.range.first() - 1);
    view.stepChange(-1);
    QCOMPARE(view.currentChange(), 0);
}

void TestCompareView::movesBothTogether()
{
    Compared all;
    QVERIFY(all.ok && all.compare());
    CompareView view(all.open.document(), all.comparison);
    view.resize(900, 500);
    view.show();
    view.original().goToOffset(0);
    QCOMPARE(view.copy().cursorPlace()->fileOffset, std::uint64_t(0));
    view.copy().goToOffset(all.gonePlace.first());
    QCOMPARE(view.original().cursorPlace()->fileOffset, all.gonePlace.first());
    QCOMPARE(view.original().topRow(), view.copy().topRow());
    view.original().setTopRow(3);
    QCOMPARE(view.copy().topRow(), view.original().topRow());
}

void TestCompareView::keepsSecretsMasked()
{
    Compared all;
    QVERIFY(all.ok && all.compare());
    CompareView view(all.open.document(), all.comparison);
    const QByteArray fill(static_cast<qsizetype>(all.gonePlace.size()), 'X');
    QCOMPARE(Compared::copied(view.copy(), all.gonePlace), fill);
    for (HexView* hex : {&view.copy(), &view.original()}) {
        const QByteArray kept = Compared::copied(*hex, all.keptPlace);
        QVERIFY(!kept.isEmpty() && !kept.contains(all.core.first.mid(8, 4))
                && !kept.contains(all.core.second.mid(8, 4)));
    }
    // A file that was never redacted shows its secrets as little as the original does.
    QVERIFY(QFile::remove(all.target) && QFile::copy(all.core.path, all.target));
    QVERIFY(all.compare());
    QVERIFY(all.comparison.changes().empty());
    const QByteArray same = Compared::copied(view.copy(), all.gonePlace);
    QVERIFY(!same.isEmpty() && !same.contains(all.core.first.mid(8, 4))
            && !same.contains(all.core.second.mid(8, 4)));
}

void TestCompareView::refusesAFileOfAnotherSize()
{
    Compared all;
    QVERIFY(all.ok);
    QVERIFY(QFile::resize(all.target, 5000));
    QVERIFY(all.compare());
    QCOMPARE(all.comparison.state(), Comparison::State::Failed);
    CompareView view(all.open.document(), all.comparison);
    QVERIFY2(view.said().contains(QStringLiteral("another size")), qPrintable(view.said()));
}

void TestCompareView::endsWithTheDump()
{
    Compared all;
    QVERIFY(all.ok);
    auto& tabs = all.open.part<QTabWidget>();
    auto& view = all.open.part<CompareView>();
    QVERIFY(!tabs.isTabVisible(tabs.indexOf(&view)));
    QVERIFY(all.open.window.actions().compareWith->isEnabled());
    QVERIFY(!all.open.window.actions().nextChange->isEnabled());
    all.open.window.compare(all.target, std::nullopt);
    QTRY_VERIFY_WITH_TIMEOUT(all.open.window.actions().nextChange->isEnabled(), 30000);
    QCOMPARE(tabs.currentWidget(), &view);
    all.open.window.actions().nextChange->trigger();
    QCOMPARE(view.currentChange(), 1);
    all.open.window.actions().close->trigger();
    QVERIFY(!tabs.isTabVisible(tabs.indexOf(&view)));
    QVERIFY(!all.open.window.actions().compareWith->isEnabled());
}

QTEST_MAIN(TestCompareView)
#include "tst_compareview.moc"
