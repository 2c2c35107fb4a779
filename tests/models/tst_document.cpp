// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeengine.h"
#include "made.h"
#include "models/document.h"

#include <QSignalSpy>
#include <QTest>

using namespace coredact;

class TestDocument : public QObject {
    Q_OBJECT

private slots:
    void init();
    void opensAndScans();
    void showsFindingsWhileTheScanRuns();
    void keepsVerdictsGivenBeforeTheFindingsHadNames();
    void losesNoTriageWhenTheEngineDies();
    void decidesOnNoOtherFindingWhenTheEngineDiesInAScan();
    void saysThatTheFileChangedOnRestart();
    void cancelsAScanWithoutFailing();
    void saysWhyAFileDoesNotOpen();
    void servesBytesAndSearches();
    void tellsHowFarASearchIsAndEndsIt();
    void dropsAnswersOfAClosedDump();
    void leavesWhatAShownPackFinds();
    void findsDecisionsByTheirPlacesAfterOtherRules();

private:
    EngineStarter starter()
    {
        return [this]() -> Result<std::shared_ptr<Engine>> {
            m_engine = std::make_shared<FakeEngine>(m_dump, m_bytes);
            return std::shared_ptr<Engine>(m_engine);
        };
    }
    static bool scanning(const Document& document)
    {
        return document.state() == Document::State::Scanning;
    }

    Dump m_dump;
    std::vector<std::uint8_t> m_bytes;
    std::shared_ptr<FakeEngine> m_engine;
};

void TestDocument::init()
{
    m_dump = made::dump();
    m_bytes.assign(m_dump.size, 0);
    m_engine.reset();
}

void TestDocument::opensAndScans()
{
    Document document(starter());
    QSignalSpy opened(&document, &Document::dumpOpened);
    document.open(QStringLiteral("/somewhere/core.1"));
    QCOMPARE(document.state(), Document::State::Opening);
    QTRY_VERIFY(scanning(document));
    QCOMPARE(opened.count(), 1);
    QCOMPARE(document.name(), QStringLiteral("core.1"));
    m_engine->progress(1000, 4000);
    m_engine->finishScan({made::finding("f1", Severity::High, 0x1000)});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    QCOMPARE(document.findings()->size(), std::size_t(1));
    QCOMPARE(document.findingsModel().rowCount(), 1);
    QCOMPARE(document.progress().total, 4000ULL);
}

void TestDocument::showsFindingsWhileTheScanRuns()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->see(made::finding("", Severity::High, 0x1000));
    m_engine->see(made::finding("", Severity::Low, 0x2000));
    QTRY_COMPARE(document.findingsModel().rowCount(), 2);
    QVERIFY(scanning(document));
}

void TestDocument::keepsVerdictsGivenBeforeTheFindingsHadNames()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->see(made::finding("", Severity::High, 0x1000));
    QTRY_COMPARE(document.findingsModel().rowCount(), 1);
    const std::string provisional = document.findingsModel().findingAt(0)->id;
    document.verdicts().decide({provisional}, Verdict::Keep, Reason::TestData);
    m_engine->finishScan({made::finding("f5", Severity::High, 0x1000)});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    QCOMPARE(document.verdicts().decisionFor("f5").verdict, Verdict::Keep);
}

void TestDocument::losesNoTriageWhenTheEngineDies()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->finishScan({made::finding("f1", Severity::High, 0x1000)});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    document.verdicts().decide({"f1"}, Verdict::Redact);
    const std::weak_ptr<const Dump> dump = document.dump();
    m_engine->die();
    QTRY_COMPARE(document.state(), Document::State::Failed);
    QCOMPARE(document.failure().code, ErrorCode::Sandbox);
    QCOMPARE(document.findingsModel().rowCount(), 1);
    document.restart();
    QTRY_VERIFY(scanning(document));
    QCOMPARE(document.findingsModel().rowCount(), 1);
    m_engine->finishScan({made::finding("f1", Severity::High, 0x1000)});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    QCOMPARE(document.verdicts().decisionFor("f1").verdict, Verdict::Redact);
    QVERIFY(document.verdicts().undoStack()->canUndo());
    QVERIFY(dump.lock() != document.dump());
    QVERIFY(!dump.expired()); // the findings' places still speak of it
}

void TestDocument::decidesOnNoOtherFindingWhenTheEngineDiesInAScan()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    const Finding test = made::finding("", Severity::High, 0x1000);
    const Finding live = made::finding("", Severity::High, 0x2000);
    m_engine->see(test);
    QTRY_COMPARE(document.findingsModel().rowCount(), 1);
    const std::string name = document.findingsModel().findingAt(0)->id;
    document.verdicts().decide({name}, Verdict::Keep, Reason::TestData);
    m_engine->die();
    QTRY_COMPARE(document.state(), Document::State::Failed);
    document.restart();
    QTRY_VERIFY(scanning(document));
    // With several threads the order differs from scan to scan.
    m_engine->see(live);
    m_engine->see(test);
    QTRY_COMPARE(document.findingsModel().rowCount(), 2);
    const auto verdictAt = [&document](std::uint64_t offset) {
        for (const FindingPtr& finding : document.findingsModel().findings()) {
            if (finding->occurrences.front().pieces.front().file.first() == offset)
                return document.verdicts().decisionFor(finding->id).verdict;
        }
        return Verdict::Redact;
    };
    QCOMPARE(verdictAt(0x1000), Verdict::Keep);
    QCOMPARE(verdictAt(0x2000), Verdict::Pending);
    m_engine->finishScan({made::finding("f1", Severity::High, 0x1000),
                          made::finding("f2", Severity::High, 0x2000)});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    QCOMPARE(document.verdicts().decisionFor("f1").verdict, Verdict::Keep);
    QCOMPARE(document.verdicts().decisionFor("f2").verdict, Verdict::Pending);
}

void TestDocument::saysThatTheFileChangedOnRestart()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->die();
    QTRY_COMPARE(document.state(), Document::State::Failed);
    m_dump.size += 1;
    document.restart();
    QTRY_COMPARE(document.state(), Document::State::Failed);
    QCOMPARE(document.failure().code, ErrorCode::Changed);
}

void TestDocument::cancelsAScanWithoutFailing()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    document.cancel();
    QTRY_COMPARE(document.state(), Document::State::Opened);
    document.scan();
    QVERIFY(scanning(document));
}

void TestDocument::saysWhyAFileDoesNotOpen()
{
    Document document(starter());
    document.open(QStringLiteral("missing"));
    QTRY_COMPARE(document.state(), Document::State::Failed);
    QCOMPARE(document.failure().code, ErrorCode::System);
    QVERIFY(!document.dump());
}

void TestDocument::servesBytesAndSearches()
{
    m_bytes[0x9000] = 0xab;
    m_bytes[0x9001] = 0xcd;
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    QCOMPARE(document.bytes().at(0x9000).state, ByteCache::State::Asked);
    QTRY_COMPARE(document.bytes().at(0x9000).state, ByteCache::State::Here);
    QCOMPARE(document.bytes().at(0x9000).bytes[1], std::uint8_t(0xcd));
    QSignalSpy found(&document, &Document::found);
    protocol::Search search;
    search.pattern = {0xab, 0xcd};
    document.search(search);
    QTRY_COMPARE(found.count(), 1);
    QCOMPARE(found[0][0].value<std::optional<FileRange>>()->first(), std::uint64_t(0x9000));
}

void TestDocument::tellsHowFarASearchIsAndEndsIt()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->holdSearches();
    QSignalSpy progressed(&document, &Document::searchProgressed);
    QSignalSpy failed(&document, &Document::searchFailed);
    protocol::Search search;
    search.pattern = {1};
    document.search(search);
    QVERIFY(document.searching());
    m_engine->searchProgress(1000, 4000);
    QTRY_COMPARE(progressed.count(), 1);
    QCOMPARE(document.searchProgress().done, quint64(1000));
    document.search(search); // ends the first
    QCOMPARE(m_engine->searchesCancelled(), 1);
    QVERIFY(document.searching());
    document.cancelSearch();
    QCOMPARE(m_engine->searchesCancelled(), 2);
    QVERIFY(!document.searching());
    QTest::qWait(50);
    QCOMPARE(failed.count(), 0);
    QVERIFY2(scanning(document), "the scan goes on");
}

void TestDocument::dropsAnswersOfAClosedDump()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    const auto engine = m_engine;
    engine->see(made::finding("", Severity::High, 0x1000));
    document.close();
    QTest::qWait(120);
    QCOMPARE(document.findingsModel().rowCount(), 0);
    QCOMPARE(document.state(), Document::State::Empty);
}

void TestDocument::leavesWhatAShownPackFinds()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->finishScan({});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    const Finding card = made::finding("f1", Severity::High, 0x1000);
    RuleInfo rule;
    rule.id = card.rule;
    rule.pack = "personal-data";
    m_engine->know({rule});
    document.scan();
    m_engine->finishScan({card, made::finding("f2", Severity::Low, 0x2000)});
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    const Verdicts& verdicts = document.verdicts();
    QCOMPARE(verdicts.decisionFor("f1").verdict, Verdict::Keep);
    QCOMPARE(verdicts.decisionFor("f1").reason, Reason::Policy);
    QCOMPARE(verdicts.decisionFor("f2").verdict, Verdict::Pending);

    // Nothing brings the policy back that was taken back: neither undo nor a session.
    document.verdicts().decide({"f1"}, Verdict::Redact);
    document.verdicts().undoStack()->undo();
    PackPolicy packs;
    packs.uses["personal-data"] = PackUse::Redact;
    document.setPacks(packs);
    QCOMPARE(verdicts.decisionFor("f1").verdict, Verdict::Pending);
    document.verdicts().undoStack()->redo();
    document.verdicts().undoStack()->undo();
    Triage earlier;
    earlier.decisions["f1"] = {Verdict::Keep, Reason::Policy, {}};
    document.verdicts().restore(earlier);
    QCOMPARE(verdicts.decisionFor("f1").verdict, Verdict::Pending);
}

void TestDocument::findsDecisionsByTheirPlacesAfterOtherRules()
{
    Document document(starter());
    document.open(QStringLiteral("core"));
    QTRY_VERIFY(scanning(document));
    m_engine->finishScan(
        {made::finding("f1", Severity::High, 0x1000), made::finding("f2", Severity::Low, 0x2000)},
        "all");
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    document.verdicts().decide({"f2"}, Verdict::Keep, Reason::TestData);
    PackPolicy packs;
    packs.uses["wallets"] = PackUse::Off;
    document.setPacks(packs);
    QVERIFY(scanning(document));
    m_engine->finishScan(
        {made::finding("f1", Severity::Low, 0x2000), made::finding("f2", Severity::Medium, 0x3000)},
        "fewer");
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    QCOMPARE(document.verdicts().decisionFor("f1").verdict, Verdict::Keep);
    QCOMPARE(document.verdicts().decisionFor("f2").verdict, Verdict::Pending);
}

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
