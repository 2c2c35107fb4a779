// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeengine.h"
#include "made.h"
#include "models/reportfile.h"
#include "models/sessionkeeper.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;

class TestSessions : public QObject {
    Q_OBJECT

private slots:
    void init();
    void writesEveryDecisionAtOnce();
    void bringsBackWhatWasDecided();
    void writesWhatWasDecidedBeforeTheScanWasDone();
    void keepsNoSessionForNoFolder();
    void saysWhyDecisionsAreNotSaved();
    void bringsBackBookmarks();
    void takesOverASessionAsOneAct();
    void savesNoReportOverAFile();

private:
    /// A document with two findings, one named while the scan ran.
    struct Desk {
        Desk(TestSessions& test, const QString& folder)
            : document([&test, this]() -> Result<std::shared_ptr<Engine>> {
                engine = std::make_shared<FakeEngine>(test.m_dump,
                                                      std::vector<std::uint8_t>(test.m_dump.size));
                return std::shared_ptr<Engine>(engine);
            })
            , keeper(document, folder)
        {
        }
        void open(const QString& path)
        {
            document.open(path);
            QTRY_COMPARE(document.state(), Document::State::Scanning);
        }
        void finish()
        {
            engine->finishScan({made::finding("f1", Severity::High, 0x1000),
                                made::finding("f2", Severity::Low, 0x2000)});
            QTRY_COMPARE(document.state(), Document::State::Scanned);
        }
        Verdict verdict(const char* id) { return document.verdicts().decisionFor(id).verdict; }

        std::shared_ptr<FakeEngine> engine;
        Document document;
        SessionKeeper keeper;
    };
    QString sessions() const { return m_folder->filePath(QStringLiteral("sessions")); }
    /// What a second reader finds in the session file.
    std::vector<StoredVerdict> stored() const
    {
        const QStringList names = QDir(sessions()).entryList(QDir::Files);
        if (names.isEmpty())
            return {};
        const QString path = QDir(sessions()).filePath(names.constFirst());
        const auto session = Session::openExisting(path.toStdString());
        if (!session)
            return {};
        const auto verdicts = session->verdicts();
        return verdicts ? *verdicts : std::vector<StoredVerdict>();
    }

    Dump m_dump;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestSessions::init()
{
    m_dump = made::dump();
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(QStringLiteral("core"));
    QFile file(m_path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(QByteArray(static_cast<int>(m_dump.size), 'c'));
}

void TestSessions::writesEveryDecisionAtOnce()
{
    Desk desk(*this, sessions());
    desk.open(m_path);
    desk.finish();
    QTRY_VERIFY(desk.keeper.saved());
    desk.document.verdicts().decide({"f1"}, Verdict::Redact);
    QCOMPARE(stored().size(), std::size_t(1));
    QCOMPARE(stored().front().decision.verdict, Verdict::Redact);
    desk.document.verdicts().undoStack()->undo();
    for (const StoredVerdict& verdict : stored())
        QCOMPARE(verdict.decision.verdict, Verdict::Pending);
}

void TestSessions::bringsBackWhatWasDecided()
{
    {
        Desk desk(*this, sessions());
        desk.open(m_path);
        desk.finish();
        QTRY_VERIFY(desk.keeper.saved());
        desk.document.verdicts().decide({"f2"}, Verdict::Keep, Reason::Revoked);
        desk.document.verdicts().setNote("f2", "told the owner");
    }
    Desk desk(*this, sessions());
    QSignalSpy restored(&desk.keeper, &SessionKeeper::restored);
    desk.open(m_path);
    desk.finish();
    QTRY_COMPARE(restored.count(), 1);
    QCOMPARE(restored[0][0].toInt(), 1);
    QCOMPARE(desk.verdict("f2"), Verdict::Keep);
    QCOMPARE(desk.document.verdicts().decisionFor("f2").note, std::string("told the owner"));
}

void TestSessions::writesWhatWasDecidedBeforeTheScanWasDone()
{
    Desk desk(*this, sessions());
    desk.open(m_path);
    desk.engine->see(made::finding("", Severity::High, 0x1000));
    QTRY_COMPARE(desk.document.findingsModel().rowCount(), 1);
    desk.document.verdicts().decide({desk.document.findingsModel().findingAt(0)->id},
                                    Verdict::Redact);
    desk.finish();
    QTRY_VERIFY(desk.keeper.saved());
    QCOMPARE(stored().size(), std::size_t(1));
    QCOMPARE(stored().front().finding, std::string("f1"));
}

void TestSessions::keepsNoSessionForNoFolder()
{
    Desk desk(*this, {});
    desk.open(m_path);
    desk.finish();
    QTest::qWait(100);
    QVERIFY(!desk.keeper.saved());
    QVERIFY(!QFile::exists(sessions()));
}

void TestSessions::saysWhyDecisionsAreNotSaved()
{
    QFile inTheWay(sessions());
    QVERIFY(inTheWay.open(QFile::WriteOnly));
    Desk desk(*this, sessions() + QStringLiteral("/deeper"));
    QSignalSpy failed(&desk.keeper, &SessionKeeper::failed);
    desk.open(m_path);
    desk.finish();
    QTRY_COMPARE(failed.count(), 1);
}

void TestSessions::bringsBackBookmarks()
{
    const FileRange kept = made::file(0x1000, 4);
    const FileRange removed = made::file(0x2000, 1);
    {
        Desk desk(*this, sessions());
        desk.open(m_path);
        Bookmarks& bookmarks = desk.document.bookmarks();
        bookmarks.toggle(removed); // perhaps before the session is there
        desk.finish();
        QTRY_VERIFY(desk.keeper.saved());
        bookmarks.toggle(kept);
        bookmarks.setData(bookmarks.index(0, Bookmarks::LabelColumn), QStringLiteral("odd"),
                          Qt::EditRole);
        bookmarks.toggle(removed);
    }
    Desk desk(*this, sessions());
    desk.open(m_path);
    const Bookmarks& bookmarks = desk.document.bookmarks();
    QTRY_COMPARE(bookmarks.rowCount(), 1);
    QCOMPARE(bookmarks.all().front(), (Bookmark {kept, "odd"}));
    QVERIFY(!desk.document.verdicts().undoStack()->canUndo());
    desk.document.close();
    QCOMPARE(bookmarks.rowCount(), 0);
}

void TestSessions::takesOverASessionAsOneAct()
{
    const QString copy = m_folder->filePath(QStringLiteral("copy.coredact-session"));
    {
        Desk desk(*this, sessions());
        desk.open(m_path);
        desk.finish();
        QTRY_VERIFY(desk.keeper.saved());
        desk.document.verdicts().decide({"f1", "f2"}, Verdict::Redact);
        QVERIFY(desk.keeper.saveAs(copy).ok());
        QVERIFY2(!desk.keeper.saveAs(copy).ok(), "a file is never replaced");
    }
    Desk desk(*this, {});
    desk.open(m_path);
    QVERIFY(!desk.keeper.take(copy).ok());
    desk.finish();
    const Result<int> taken = desk.keeper.take(copy);
    QVERIFY(taken.ok());
    QCOMPARE(*taken, 2);
    QCOMPARE(desk.verdict("f2"), Verdict::Redact);
    desk.document.verdicts().undoStack()->undo();
    QCOMPARE(desk.verdict("f1"), Verdict::Pending);
    QCOMPARE(desk.verdict("f2"), Verdict::Pending);
}

void TestSessions::savesNoReportOverAFile()
{
    Desk desk(*this, {});
    desk.open(m_path);
    const QString path = m_folder->filePath(QStringLiteral("report.json"));
    QVERIFY2(!saveReportOf(desk.document, path).ok(), "the scan is not complete");
    desk.finish();
    QVERIFY(saveReportOf(desk.document, path).ok());
    QFile file(path);
    QVERIFY(file.open(QFile::ReadOnly));
    QVERIFY(file.readAll().contains("coredact-scan/1"));
    QVERIFY(!saveReportOf(desk.document, path).ok());
    QVERIFY(!saveReportOf(desk.document, QStringLiteral("/nowhere/report.json")).ok());
}

QTEST_GUILESS_MAIN(TestSessions)
#include "tst_sessions.moc"
