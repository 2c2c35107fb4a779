// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/session.h"
#include "scanner/triage/verdictfile.h"

#include "tests/redact/findings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

FileRange range(std::uint64_t first, std::uint64_t size) { return *FileRange::make(first, size); }

std::string reportWith(const std::string& findings, const std::string& more = "")
{
    return "{\"schema\": \"coredact-scan/1\", \"dumps\": [{\"path\": \"core.1\", \"size\": 1000, "
           "\"findings\": ["
        + findings + "]}" + more + "]}";
}

const std::string keptFinding
    = "{\"id\": \"f1\", \"rule\": \"some-token\", \"verdict\": \"keep\", \"reason\": \"test "
      "data\", "
      "\"note\": \"from the fixture\", \"occurrences\": [{\"encoding\": \"raw\", \"pieces\": "
      "[{\"offset\": 10, \"length\": 20}]}]}";

StoredVerdict keep(std::string id, std::string rule, std::optional<FileRange> place)
{
    return {std::move(id), std::move(rule), place, {Verdict::Keep, Reason::TestData, ""}};
}

} // namespace

class TestVerdictFile : public QObject {
    Q_OBJECT

private slots:
    void namesVerdictsAndReasonsBothWays()
    {
        for (const Verdict verdict : {Verdict::Pending, Verdict::Redact, Verdict::Keep})
            QVERIFY(verdictFrom(toText(verdict)) == verdict);
        for (const Reason reason : {Reason::None, Reason::FalsePositive, Reason::TestData,
                                    Reason::AcceptedRisk, Reason::Revoked})
            QVERIFY(reasonFrom(toText(reason)) == reason);
        QVERIFY(!verdictFrom("KEEP"));
        QVERIFY(!reasonFrom("because"));
    }

    void isPendingWhereNobodyDecided()
    {
        QVERIFY(Triage().decisionFor("f1").verdict == Verdict::Pending);
    }

    void readsAnEditedReport()
    {
        const auto sheets = parseVerdicts(reportWith(keptFinding + ", {\"id\": \"f2\"}"));
        QVERIFY(sheets);
        QCOMPARE(sheets->size(), std::size_t(1));
        QCOMPARE(*sheets->front().size, std::uint64_t(1000));
        QCOMPARE(sheets->front().verdicts.size(), std::size_t(1));
        const StoredVerdict expected {"f1",
                                      "some-token",
                                      range(10, 20),
                                      {Verdict::Keep, Reason::TestData, "from the fixture"}};
        QVERIFY(sheets->front().verdicts.front() == expected);
    }

    void refusesWhatIsNoReportOrNoVerdict()
    {
        for (const std::string& text : {
                 std::string("not json"),
                 std::string("[]"),
                 std::string("{\"schema\": \"coredact-map/1\"}"),
                 std::string("{\"schema\": \"coredact-scan/1\", \"dumps\": 3}"),
                 reportWith("{\"id\": \"f1\", \"verdict\": \"maybe\"}"),
                 reportWith("{\"id\": \"f1\", \"verdict\": 3}"),
                 reportWith("{\"verdict\": \"keep\"}"),
                 reportWith("{\"id\": \"f1\", \"verdict\": \"keep\", \"reason\": \"lazy\"}"),
                 reportWith("{\"id\": \"f1\", \"verdict\": \"keep\", \"note\": \""
                            + std::string(5000, 'n') + "\"}"),
                 std::string(100000, '['),
             }) {
            const auto sheets = parseVerdicts(text);
            QVERIFY(!sheets);
            QCOMPARE(sheets.error().code, ErrorCode::Malformed);
        }
    }

    void takesTheDumpOfTheRightSize()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("report.json").toStdString();
        const auto write = [&](const std::string& text) {
            QFile file(QString::fromStdString(path));
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(text.data(), static_cast<qint64>(text.size()));
        };
        write(
            reportWith(keptFinding, ", {\"path\": \"core.2\", \"size\": 2000, \"findings\": []}"));
        QCOMPARE(readVerdicts(path, 1000)->size(), std::size_t(1));
        QCOMPARE(readVerdicts(path, 2000)->size(), std::size_t(0));
        QVERIFY(!readVerdicts(path, 3000));
        write(reportWith(keptFinding));
        QVERIFY(!readVerdicts(path, 1001));
        QVERIFY(!readVerdicts(path + ".missing", 1000));
    }

    void readsASessionInPlaceOfAReport()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("s").toStdString();
        {
            auto session = Session::open(path, {std::string(64, 'a'), 1000});
            QVERIFY(session);
            QVERIFY(session->record(finding("f1", {occurrence({range(10, 20)})}),
                                    {Verdict::Keep, Reason::Revoked, ""}));
        }
        QCOMPARE(readVerdicts(path, 1000)->size(), std::size_t(1));
        QVERIFY(!readVerdicts(path, 999));
    }

    void bringsDecisionsToTheSamePlaces()
    {
        // Other rules: the ids moved by one, and the finding has a copy before its old first one.
        const std::vector findings {
            finding("f1", {occurrence({range(5, 5)})}, "new-rule"),
            finding("f2", {occurrence({range(7, 20)}), occurrence({range(10, 20)})})};
        const auto adopted = adopt(std::vector {keep("f1", "some-token", range(10, 20))}, findings);
        QVERIFY(adopted.unmatched.empty());
        QVERIFY(adopted.triage.decisionFor("f2").verdict == Verdict::Keep);
        QVERIFY(adopted.triage.decisionFor("f1").verdict == Verdict::Pending);
    }

    void leavesPendingWhatDoesNotMatch()
    {
        const std::vector findings {finding("f1", {occurrence({range(10, 20)})})};
        for (const StoredVerdict& verdict :
             {keep("f1", "other-rule", range(10, 20)), keep("f1", "some-token", range(10, 21)),
              keep("f1", "some-token", range(11, 20)), keep("f1", "other-rule", std::nullopt),
              keep("f2", "", std::nullopt)}) {
            const auto adopted = adopt(std::vector {verdict}, findings);
            QVERIFY(adopted.triage.decisions.empty());
            QCOMPARE(adopted.unmatched.size(), std::size_t(1));
        }
    }

    void goesByTheIdWhereNothingElseIsKnown()
    {
        const std::vector findings {finding("f1", {occurrence({range(10, 20)})})};
        const auto adopted = adopt(std::vector {keep("f1", "", std::nullopt)}, findings);
        QVERIFY(adopted.triage.decisionFor("f1").verdict == Verdict::Keep);
    }
};

QTEST_GUILESS_MAIN(TestVerdictFile)
#include "tst_verdictfile.moc"
