// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/baseline.h"
#include "app/cli/filesunder.h"
#include "app/cli/givenvalues.h"
#include "app/cli/progressline.h"
#include "app/cli/reportfile.h"
#include "scanner/client/copyname.h"
#include "tests/report/samplereport.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace coredact;
using namespace coredact::cli;

class CliPartsTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void filesComeInOrderFromAllFolders();
    void filesThatAreNoneAreTold();
    void reportReplacesAnEarlierOneAtOnce();
    void reportRefusesTheDumpThroughAnyLink();
    void reportLeavesNoFileBehindWhenItFails();
    void reportGoesIntoAPipe();
    void readTextRefusesWhatIsTooLarge();
    void givenValuesAreOneALine();
    void givenValuesRefuseShortOnesWithoutQuotingThem();
    void baselineKnowsItsOwnFindings();
    void baselineKnowsAnIdentityInAnotherDump();
    void baselineDoesNotKnowANewSecretOfANewDump();
    void baselineRefusesWhatIsNoReport();
    void copyNamesTellNothing();
    void progressTextSaysRateAndTimeLeft();

private:
    std::string path(const char* name) const
    {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
    std::string write(const char* name, const QByteArray& bytes) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

std::string CliPartsTest::write(const char* name, const QByteArray& bytes) const
{
    QFile file(QString::fromStdString(path(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a test file");
    return path(name);
}

void CliPartsTest::filesComeInOrderFromAllFolders()
{
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("b/c")));
    write("z", "1");
    write("a", "1");
    write("b/c/x", "1");
    write("b/a", "1");
    const FoundFiles found = filesUnder({path("z"), m_folder->path().toStdString()});
    QCOMPARE(found.files,
             (std::vector<std::string> {path("z"), path("a"), path("b/a"), path("b/c/x"),
                                        path("z")}));
    QVERIFY(found.skipped.empty());
}

void CliPartsTest::filesThatAreNoneAreTold()
{
    write("real", "1");
    QCOMPARE(symlink("real", path("link").c_str()), 0);
    QCOMPARE(mkfifo(path("pipe").c_str(), 0600), 0);
    const FoundFiles found
        = filesUnder({m_folder->path().toStdString(), path("none"), path("link"), "/dev/null"});
    QCOMPARE(found.files, (std::vector<std::string> {path("real"), path("link")}));
    QCOMPARE(found.skipped.size(), std::size_t {4});
    QVERIFY(!found.skipped[0].failed && found.skipped[0].path == path("link"));
    QVERIFY(!found.skipped[1].failed && found.skipped[1].path == path("pipe"));
    QVERIFY(found.skipped[2].failed && found.skipped[2].path == path("none"));
    QVERIFY(found.skipped[3].failed && found.skipped[3].path == "/dev/null");
}

void CliPartsTest::reportReplacesAnEarlierOneAtOnce()
{
    QVERIFY(writeReport(path("report"), "one", {}).ok());
    QVERIFY(writeReport(path("report"), "two", {}).ok());
    QCOMPARE(*readText(path("report"), "it", 100), std::string("two"));
    struct stat status {};
    QCOMPARE(stat(path("report").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, mode_t {0600});
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void CliPartsTest::reportRefusesTheDumpThroughAnyLink()
{
    write("dump", "bytes");
    QCOMPARE(link(path("dump").c_str(), path("hard").c_str()), 0);
    QCOMPARE(symlink("dump", path("soft").c_str()), 0);
    for (const char* name : {"dump", "hard", "soft"}) {
        const Status status = writeReport(path(name), "report", {path("dump")});
        QVERIFY2(!status, name);
        QCOMPARE(status.error().code, ErrorCode::Refused);
        QCOMPARE(*readText(path("dump"), "it", 100), std::string("bytes"));
    }
}

void CliPartsTest::reportLeavesNoFileBehindWhenItFails()
{
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("taken")));
    QVERIFY(!writeReport(path("taken"), "report", {}));
    QVERIFY(!writeReport(path("none/report"), "report", {}));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 0);
}

void CliPartsTest::reportGoesIntoAPipe()
{
    QCOMPARE(mkfifo(path("pipe").c_str(), 0600), 0);
    const int reader = open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
    QVERIFY(reader >= 0);
    QVERIFY(writeReport(path("pipe"), "report", {}).ok());
    char text[16] {};
    QCOMPARE(::read(reader, text, sizeof text), 6);
    close(reader);
    QVERIFY(QFileInfo(QString::fromStdString(path("pipe"))).exists());
}

void CliPartsTest::readTextRefusesWhatIsTooLarge()
{
    write("file", QByteArray(101, 'x'));
    QVERIFY(readText(path("file"), "the file", 101).ok());
    const auto text = readText(path("file"), "the file", 100);
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::TooLarge);
}

void CliPartsTest::givenValuesAreOneALine()
{
    const auto given = GivenValues::fromFile(write("values", "first\r\n\n second \nlast"));
    QVERIFY(given.ok());
    QCOMPARE(given->texts(), (std::vector<std::string> {"first", " second ", "last"}));
}

void CliPartsTest::givenValuesRefuseShortOnesWithoutQuotingThem()
{
    const auto given = GivenValues::fromFile(write("values", "long enough\nq7z\n"));
    QVERIFY(!given);
    QVERIFY(given.error().message.find("line 2") != std::string::npos);
    QVERIFY(given.error().message.find("q7z") == std::string::npos);
    QVERIFY(!GivenValues::fromFile(write("values", "\n\n")));
    QVERIFY(!GivenValues::fromFile(path("none")));
}

void CliPartsTest::baselineKnowsItsOwnFindings()
{
    report::Report report = sampleReport();
    const auto baseline = Baseline::fromText(report::toJson(report));
    QVERIFY(baseline.ok());
    report.dumps[0].known.clear();
    // A later version may know more copies of the same secret.
    report.dumps[0].findings[1].occurrences.push_back(
        report.dumps[0].findings[0].occurrences[0]);
    baseline->mark(report.dumps[0]);
    QCOMPARE(report.dumps[0].known.size(), std::size_t {3});
}

void CliPartsTest::baselineKnowsAnIdentityInAnotherDump()
{
    const auto baseline = Baseline::fromText(report::toJson(sampleReport()));
    report::ScannedDump other = sampleReport().dumps[0];
    other.known.clear();
    other.dump.size += 4096;
    baseline->mark(other);
    QCOMPARE(other.known, (std::set<std::string, std::less<>> {"f1"}));
    other.findings[0].identity->value = "another key";
    other.known.clear();
    baseline->mark(other);
    QVERIFY(other.known.empty());
}

void CliPartsTest::baselineDoesNotKnowANewSecretOfANewDump()
{
    const auto baseline = Baseline::fromText(report::toJson(sampleReport()));
    report::ScannedDump other = sampleReport().dumps[0];
    other.findings[0].identity.reset();
    other.dump.process.id = 4321; // the same program, crashed again: a new token at the old place
    QVERIFY(!baseline->knows(other, other.findings[1]));
    other = sampleReport().dumps[0];
    other.findings[1].rule = "another-rule";
    QVERIFY(!baseline->knows(other, other.findings[1]));
}

void CliPartsTest::baselineRefusesWhatIsNoReport()
{
    for (const char* text : {"", "{", "[]", "{}", "null", R"({"schema":"coredact-map/1","dumps":[]})",
                             R"({"schema":"coredact-scan/1"})", R"({"schema":1,"dumps":[]})"})
        QVERIFY2(!Baseline::fromText(text), text);
    // What is odd inside a report matches nothing, and harms nothing.
    for (const char* dumps : {"[1]", "[{}]", R"([{"findings":3}])", R"([{"findings":[[],null,{}]}])",
                              R"([{"findings":[{"occurrences":[{"pieces":[{"offset":-1}]}]}]}])"}) {
        const auto baseline = Baseline::fromText(
            std::string(R"({"schema":"coredact-scan/1","dumps":)") + dumps + "}");
        QVERIFY2(baseline.ok(), dumps);
        QVERIFY(!baseline->knows(sampleReport().dumps[0], sampleReport().dumps[0].findings[1]));
    }
}

void CliPartsTest::copyNamesTellNothing()
{
    const QRegularExpression name(QStringLiteral("^redacted-[a-z0-9]{8}\\.core\\.zst$"));
    const QString one = QString::fromStdString(copyName("elf-core", {"zstd"}));
    QVERIFY(name.match(one).hasMatch());
    QVERIFY(one != QString::fromStdString(copyName("elf-core", {"zstd"})));
    QVERIFY(QString::fromStdString(copyName("minidump", {})).endsWith(QStringLiteral(".dmp")));
    QVERIFY(QString::fromStdString(copyName("raw", {"gzip", "xz"}))
                .endsWith(QStringLiteral(".bin.xz.gz")));
}

void CliPartsTest::progressTextSaysRateAndTimeLeft()
{
    QCOMPARE(progressText("scan", 0, 100, 0), std::string("scan  0 %"));
    QCOMPARE(progressText("scan", 512 << 20, 2048ULL << 20, 1.0),
             std::string("scan  25 %  512.0 MiB/s  0:03 left"));
    QCOMPARE(progressText("open", 1 << 20, 0, 2.0), std::string("open  512.0 KiB/s"));
    QCOMPARE(progressText("scan", 100, 100, 5.0), std::string("scan  100 %  20 bytes/s"));
}

QTEST_GUILESS_MAIN(CliPartsTest)
#include "tst_cliparts.moc"
