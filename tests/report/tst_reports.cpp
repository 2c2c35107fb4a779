// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplereport.h"

#include "scanner/report/fingerprint.h"
#include "scanner/report/outcome.h"
#include "scanner/report/words.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace coredact;
using nlohmann::json;

/// Compares with tests/report/golden/<name>, where @VERSION@ stands for the program's version.
/// With COREDACT_UPDATE_GOLDEN set, writes the file instead: look at the change before committing.
static void compareWithGolden(const std::string& text, const char* name)
{
    QString ours = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    ours.replace(QStringLiteral(COREDACT_VERSION), QStringLiteral("@VERSION@"));
    QFile file(QStringLiteral(COREDACT_SOURCE_DIR "/tests/report/golden/%1").arg(QLatin1String(name)));
    if (qEnvironmentVariableIsSet("COREDACT_UPDATE_GOLDEN")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(ours.toUtf8());
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), name);
    const QStringList golden = QString::fromUtf8(file.readAll()).split(u'\n');
    const QStringList lines = ours.split(u'\n');
    for (qsizetype i = 0; i < qMin(golden.size(), lines.size()); ++i)
        QCOMPARE(lines[i], golden[i]);
    QCOMPARE(lines.size(), golden.size());
}

class ReportsTest : public QObject {
    Q_OBJECT

private slots:
    void scanJsonIsExactlyTheContract();
    void textForPeopleIsAsAgreed();
    void onlyWhatIsProvedIsCalledProof();
    void csvIsAsAgreed();
    void htmlIsAsAgreed();
    void mapJsonIsExactlyTheContract();
    void redactionJsonIsExactlyTheContract();
    void everyFormatIsTheSameTwice();
    void jsonIsPlainAscii();
    void argumentsOfTheProcessAreInNoReport();
    void noFormatLetsSteeringCharactersThrough();
    void csvFieldsAreNoFormulas();
    void htmlTakesNoMarkupFromADump();
    void htmlAsksForNothingFromOutside();
    void emptyReportMakesNoPromiseItCannotKeep();
    void severalFilesWithNothingFoundAreALineEach();
    void sayWhyCopiesAreNotSought();
    void outcomeCountsNeitherKeptNorKnown();
    void incompleteScanOutranksFindings();
    void failedFileIsAFailure();
    void fingerprintsFollowPlacesAndIdentityOnly();
    void failedVerificationShowsNoPromise();
};

static report::ScannedDump mappedDump()
{
    report::ScannedDump scanned = sampleReport().dumps.front();
    Dump& dump = scanned.dump;
    dump.segments = {{*AddressRange::make(0x400000, 4096), *FileRange::make(4096, 4096),
                      {true, false, true}, RegionKind::File, "/bin/x"}};
    dump.regions = {{*AddressRange::make(0xffffffffff600000, 4096), {true, true, false},
                     RegionKind::Vdso, "[vsyscall]", 0}};
    dump.modules = {{*AddressRange::make(0x400000, 8192), "/bin/x", "00ff"}};
    dump.threads = {{7, "main", 0x401000, 0x7ffc0000, 11U, {}}, {8, "", 0x401004, 0x7ffd0000, {}, {}}};
    dump.fields = {{"NT_PRPSINFO.psargs", *FileRange::make(600, 80), FieldKind::Text}};
    dump.structure = {*FileRange::make(0, 64)};
    return scanned;
}

static HandedOver handedOver(bool passed)
{
    HandedOver result;
    result.exported.report = {8192, 256, "1234"};
    result.exported.planDigest = "sha256:9999";
    result.exported.edits.push_back({*FileRange::make(4096, 200), Fill::X, "r", "f1", ""});
    result.exported.edits.push_back(
        {*FileRange::make(5000, 56), Fill::X, std::string(foundInCopy), "", ""});
    result.exported.conflicts.push_back({*FileRange::make(0, 4), "f1", "structural bytes"});
    result.verification.checks = {{"every change lies in the plan", passed, "256 bytes"}};
    result.verification.sha256 = "1234";
    if (!passed)
        result.verification.violations = {{"bytes", 77, "a byte outside the plan changed"}};
    result.target = "out/redacted-1.core";
    result.certificate = "out/redacted-1.core.coredact.json";
    result.published = passed;
    return result;
}

void ReportsTest::scanJsonIsExactlyTheContract()
{
    compareWithGolden(report::toJson(sampleReport()), "scan.json");
}

void ReportsTest::textForPeopleIsAsAgreed()
{
    compareWithGolden(report::toText(sampleReport()), "scan.txt");
}

void ReportsTest::onlyWhatIsProvedIsCalledProof()
{
    report::Report scanned = sampleReport();
    scanned.dumps[0].findings[0].confidence = Confidence::Likely;
    for (const std::string& text : {report::toText(scanned), report::toHtml(scanned)}) {
        QVERIFY(text.find("Proof") == std::string::npos);
        QVERIFY(text.find("Evidence") != std::string::npos);
    }
}

void ReportsTest::csvIsAsAgreed()
{
    compareWithGolden(report::toCsv(sampleReport()), "scan.csv");
}

void ReportsTest::htmlIsAsAgreed()
{
    compareWithGolden(report::toHtml(sampleReport()), "scan.html");
}

void ReportsTest::mapJsonIsExactlyTheContract()
{
    compareWithGolden(report::mapToJson(mappedDump()), "map.json");
    compareWithGolden(report::mapToText(mappedDump()), "map.txt");
}

void ReportsTest::redactionJsonIsExactlyTheContract()
{
    compareWithGolden(report::handOverToJson(handedOver(true), sampleReport()), "redact.json");
    compareWithGolden(report::handOverToText(handedOver(true), sampleReport()), "redact.txt");
    compareWithGolden(report::verificationToJson(handedOver(false).verification), "verify.json");
}

void ReportsTest::everyFormatIsTheSameTwice()
{
    for (const auto format : {report::toJson, report::toSarif, report::toCsv, report::toHtml})
        QVERIFY(format(sampleReport()) == format(sampleReport()));
}

void ReportsTest::jsonIsPlainAscii()
{
    for (const std::string& text : {report::toJson(sampleReport()), report::toSarif(sampleReport()),
                                    report::mapToJson(mappedDump())}) {
        for (const char c : text)
            QVERIFY((c >= ' ' && c < 0x7f) || c == '\n');
    }
}

void ReportsTest::argumentsOfTheProcessAreInNoReport()
{
    const std::string all = report::toJson(sampleReport()) + report::toSarif(sampleReport())
        + report::toCsv(sampleReport()) + report::toHtml(sampleReport())
        + report::toText(sampleReport()) + report::mapToJson(mappedDump())
        + report::mapToText(mappedDump());
    QVERIFY(all.find("never-shown") == std::string::npos);
}

void ReportsTest::noFormatLetsSteeringCharactersThrough()
{
    const std::string all = report::toJson(sampleReport()) + report::toSarif(sampleReport())
        + report::toCsv(sampleReport()) + report::toHtml(sampleReport())
        + report::toText(sampleReport()) + report::mapToText(mappedDump());
    QVERIFY(all.find('\x1b') == std::string::npos);
    QVERIFY(all.find("\xe2\x80\xae") == std::string::npos);
}

void ReportsTest::csvFieldsAreNoFormulas()
{
    report::Report report = sampleReport();
    for (const char* title : {"=1+1", "+1", "-1", "@x", "  =1", "\t=1", "＝1"}) {
        report.dumps[0].findings[1].title = title;
        const QString csv = QString::fromStdString(report::toCsv(report));
        for (const QString& cell : csv.split(u'\n').at(4).split(u','))
            QVERIFY2(!QRegularExpression(QStringLiteral("^\"? *[=+@＝-]")).match(cell).hasMatch(),
                     title);
    }
}

void ReportsTest::htmlTakesNoMarkupFromADump()
{
    report::Report report = sampleReport();
    report.dumps[0].path = "<img src=x onerror=alert(1)>";
    report.dumps[0].dump.process.name = "<script>\"'&";
    const std::string page = report::toHtml(report);
    QVERIFY(page.find("<img") == std::string::npos);
    QVERIFY(page.find("<script") == std::string::npos);
    QVERIFY(page.find("<token>") == std::string::npos);
    QVERIFY(page.find("<fixture>") == std::string::npos);
}

void ReportsTest::htmlAsksForNothingFromOutside()
{
    const std::string page = report::toHtml(sampleReport());
    for (const char* outside : {"http:", "https:", "src=", "href=", "@import", "url("})
        QVERIFY2(page.find(outside) == std::string::npos, outside);
}

void ReportsTest::emptyReportMakesNoPromiseItCannotKeep()
{
    const std::string text = report::toText(emptyReport());
    QVERIFY(text.find("unknown secrets may remain") != std::string::npos);
    const std::string html = report::toHtml(emptyReport());
    for (const std::string& page : {text, html.substr(html.find("<body>"))}) {
        QVERIFY(page.find("clean") == std::string::npos);
        QVERIFY(page.find("safe") == std::string::npos);
    }
}

void ReportsTest::severalFilesWithNothingFoundAreALineEach()
{
    report::Report report = emptyReport();
    report.dumps = {report.dumps[0], report.dumps[0], sampleReport().dumps[0]};
    const std::string text = report::toText(report);
    const std::string line = "/var/crash/core: raw, 512 bytes: nothing found\n";
    QVERIFY(text.starts_with(line + line + "\ndumps/core 1.1234\n"));
    QVERIFY(text.ends_with("3 files scanned, 1 secret found by the rules in use; unknown secrets "
                           "may remain.\n"));
}

void ReportsTest::sayWhyCopiesAreNotSought()
{
    report::Report report = sampleReport();
    const auto written = [&] {
        return std::array {report::toText(report), report::toHtml(report), report::toJson(report),
                           report::toSarif(report)};
    };
    const std::array before = written();
    const std::array<std::string, 2> inWords {"full of this word", "Everybody has this key"};
    const std::array<std::string, 2> inMembers {"\"word\": true", "\"published\": true"};
    for (const NotSought reason : {NotSought::CommonWord, NotSought::PublishedKey}) {
        report.dumps[0].findings[0].notSought = reason;
        const std::array after = written();
        const std::size_t which = reason == NotSought::CommonWord ? 0 : 1;
        for (std::size_t i = 0; i < after.size(); ++i) {
            const auto& notes = i < 2 ? inWords : inMembers;
            QVERIFY(before[i].find(notes[which]) == std::string::npos);
            QVERIFY2(after[i].find(notes[which]) != std::string::npos, after[i].c_str());
            QVERIFY(after[i].find(notes[1 - which]) == std::string::npos);
        }
    }
}

void ReportsTest::outcomeCountsNeitherKeptNorKnown()
{
    report::Report report = sampleReport();
    report.skipped.clear();
    report::ScannedDump& dump = report.dumps[0];
    dump.incomplete.clear();
    dump.scannedBytes = dump.dump.size;
    QCOMPARE(report::outcomeOf(report), report::Outcome::Findings);
    QCOMPARE(report::countedFindings(dump), std::uint64_t {1});
    dump.known.insert("f1");
    QCOMPARE(report::outcomeOf(report), report::Outcome::Clean);
}

void ReportsTest::incompleteScanOutranksFindings()
{
    QCOMPARE(report::outcomeOf(sampleReport()), report::Outcome::Incomplete);
    report::Report report = emptyReport();
    QCOMPARE(report::outcomeOf(report), report::Outcome::Clean);
    report.dumps[0].scannedBytes -= 1;
    QCOMPARE(report::outcomeOf(report), report::Outcome::Incomplete);
}

void ReportsTest::failedFileIsAFailure()
{
    report::Report report = emptyReport();
    report.skipped = {{"socket", "a socket", false}};
    QCOMPARE(report::outcomeOf(report), report::Outcome::Clean);
    report.skipped.push_back({"core", "cannot open", true});
    QCOMPARE(report::outcomeOf(report), report::Outcome::Failed);
}

void ReportsTest::fingerprintsFollowPlacesAndIdentityOnly()
{
    const Finding finding = sampleReport().dumps[0].findings[0];
    Finding other = finding;
    other.id = "f9";
    other.title = "another title";
    other.explanation.clear();
    QCOMPARE(report::placesFingerprint(other), report::placesFingerprint(finding));
    QCOMPARE(report::identityFingerprint(other), report::identityFingerprint(finding));
    other.occurrences.pop_back();
    QVERIFY(report::placesFingerprint(other) != report::placesFingerprint(finding));
    QCOMPARE(report::identityFingerprint(other), report::identityFingerprint(finding));
    other.identity->value += "0";
    QVERIFY(report::identityFingerprint(other) != report::identityFingerprint(finding));
    other.identity = Identity {"token-type", "ghp"}; // many tokens are of one type
    QVERIFY(report::identityFingerprint(other).empty());
    other.identity.reset();
    QVERIFY(report::identityFingerprint(other).empty());
}

void ReportsTest::failedVerificationShowsNoPromise()
{
    const std::string text = report::handOverToText(handedOver(false), sampleReport());
    QVERIFY(text.find("NOT WRITTEN") != std::string::npos);
    QVERIFY(text.find("Promise") == std::string::npos);
    const json document = json::parse(report::handOverToJson(handedOver(false), sampleReport()));
    QVERIFY(!document.contains("promise"));
    QVERIFY(!document.contains("target"));
    QCOMPARE(document["published"].get<bool>(), false);
}

QTEST_GUILESS_MAIN(ReportsTest)
#include "tst_reports.moc"
