// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplereport.h"

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;
using nlohmann::json;

class SarifTest : public QObject {
    Q_OBJECT

private slots:
    void holdsToTheSchemaOfSarif();
    void saysWhereEachPieceLies();
    void repeatsNumbersAsDecimalText();
    void leavesOutAddressesThatReadersCannotHold();
    void suppressesWhatIsKept();
    void everyFindingNamesARule();
    void tellsCoverageAndSkippedFiles();
    void showsNoSnippet();
    void percentEncodesPaths();
};

static json sample()
{
    return json::parse(report::toSarif(sampleReport()));
}

static json run()
{
    return sample()["runs"][0];
}

/// Runs tests/report/validate.py over the log; what it prints is the reason of a failure.
static QByteArray problems(const std::string& sarif)
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("log.sarif")));
    if (!file.open(QIODevice::WriteOnly))
        return "cannot write";
    file.write(QByteArray::fromStdString(sarif));
    file.close();
    QProcess validator;
    validator.setProcessChannelMode(QProcess::MergedChannels);
    validator.start(QStringLiteral("python3"),
                    {QStringLiteral(COREDACT_SOURCE_DIR "/tests/report/validate.py"),
                     file.fileName()});
    if (!validator.waitForFinished(60000))
        return "the validator did not run";
    const QByteArray output = validator.readAll();
    return validator.exitCode() == 0 ? QByteArray() : output + " (see above)";
}

void SarifTest::holdsToTheSchemaOfSarif()
{
    QCOMPARE(problems(report::toSarif(sampleReport())), QByteArray());
    QCOMPARE(problems(report::toSarif(emptyReport())), QByteArray());
    QCOMPARE(problems(report::toSarif({})), QByteArray());
    // The validator is awake: a log with a member that SARIF does not know is refused.
    json wrong = sample();
    wrong["runs"][0]["results"][0]["snippetOfMine"] = 1;
    QVERIFY(!problems(wrong.dump()).isEmpty());
}

void SarifTest::saysWhereEachPieceLies()
{
    const json locations = run()["results"][0]["locations"];
    QCOMPARE(locations.size(), std::size_t {3});
    const json& first = locations[0]["physicalLocation"];
    QCOMPARE(first["region"]["byteOffset"].get<std::uint64_t>(), std::uint64_t {4096});
    QCOMPARE(first["region"]["byteLength"].get<std::uint64_t>(), std::uint64_t {200});
    QCOMPARE(first["address"]["absoluteAddress"].get<std::uint64_t>(),
             std::uint64_t {0x7f0000001000});
    QCOMPARE(locations[0]["logicalLocations"][0]["name"].get<std::string>(),
             std::string("[heap]"));
}

void SarifTest::repeatsNumbersAsDecimalText()
{
    const json properties = run()["results"][1]["locations"][0]["properties"];
    QCOMPARE(properties["offset"].get<std::string>(), std::string("21474836480"));
    QCOMPARE(properties["address"].get<std::string>(), std::string("0xffffffff81000000"));
}

void SarifTest::leavesOutAddressesThatReadersCannotHold()
{
    QVERIFY(!run()["results"][1]["locations"][0]["physicalLocation"].contains("address"));
}

void SarifTest::suppressesWhatIsKept()
{
    const json results = run()["results"];
    QVERIFY(results[0]["suppressions"].empty());
    QCOMPARE(results[1]["suppressions"][0]["status"].get<std::string>(), std::string("accepted"));
    QCOMPARE(results[0]["baselineState"].get<std::string>(), std::string("new"));
    QCOMPARE(results[2]["baselineState"].get<std::string>(), std::string("unchanged"));
}

void SarifTest::everyFindingNamesARule()
{
    const json log = run();
    const json& rules = log["tool"]["driver"]["rules"];
    for (const json& each : log["results"])
        QCOMPARE(rules[each["ruleIndex"].get<std::size_t>()]["id"].get<std::string>(),
                 each["ruleId"].get<std::string>());
    QCOMPARE(rules.size(), std::size_t {3});
}

void SarifTest::tellsCoverageAndSkippedFiles()
{
    const json invocation = run()["invocations"][0];
    QCOMPARE(invocation["executionSuccessful"].get<bool>(), false);
    QCOMPARE(invocation["exitCode"].get<int>(), 3);
    QStringList kinds;
    for (const json& note : invocation["toolExecutionNotifications"])
        kinds += QString::fromStdString(note["descriptor"]["id"].get<std::string>());
    QCOMPARE(kinds, (QStringList {QStringLiteral("coverage"), QStringLiteral("incomplete"),
                                  QStringLiteral("diagnostic"), QStringLiteral("diagnostic"),
                                  QStringLiteral("skipped"), QStringLiteral("skipped")}));
}

void SarifTest::showsNoSnippet()
{
    QVERIFY(report::toSarif(sampleReport()).find("snippet") == std::string::npos);
}

void SarifTest::percentEncodesPaths()
{
    QCOMPARE(run()["artifacts"][0]["location"]["uri"].get<std::string>(),
             std::string("dumps/core%201.1234"));
    const json other = json::parse(report::toSarif(emptyReport()));
    QCOMPARE(other["runs"][0]["artifacts"][0]["location"]["uri"].get<std::string>(),
             std::string("file:///var/crash/core"));
}

QTEST_GUILESS_MAIN(SarifTest)
#include "tst_sarif.moc"
