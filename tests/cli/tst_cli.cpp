// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/program.h"
#include "tests/support/archives.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <memory>
#include <set>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

using namespace coredact::test;
using nlohmann::json;

class CliTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_place = std::make_unique<Workplace>(); }
    void aPipeIsToldToBeSavedFirst();
    void scanFindsTheTokenEverywhere();
    void scanOfNothingSecretIsZero();
    void scanOfACutOffCoreIsThree();
    void scanOfAnEmptyFileIsThree();
    void scanOfAMissingFileIsTwoAndScansTheRest();
    void scanTakesFoldersAndTellsWhatItSkips();
    void scanIsTheSameForAnyNumberOfThreads();
    void scanWritesEveryFormat();
    void scanRefusesToReplaceTheDump();
    void scanThresholdsLeaveOutAndSaySo();
    void scanBaselineIsNotCounted();
    void scanLooksForGivenValues();
    void scanTakesRuleFiles();
    void noOutputHoldsTheSecret();
    void mapShowsTheSegment();
    void rulesAreListedShownAndChecked();
    void examplesOfARuleFileAreChecked();
    void fieldsThatAreNotSupportedAreListed();
    void formatsAreListed();
    void compressedDumpsAreScanned_data();
    void compressedDumpsAreScanned();
    void archivesAreToldAndNeverCopied();
    void compressedFilesThatCannotBeReadAreNeverCopied();

private:
    json scanned(std::initializer_list<const char*> arguments, int code) const;
    Answer cli(std::initializer_list<const char*> arguments) const
    {
        return m_place->cli(arguments);
    }
    QString path(const char* name) const { return m_place->path(name); }

    std::unique_ptr<Workplace> m_place;
};

json CliTest::scanned(std::initializer_list<const char*> arguments, int code) const
{
    QStringList list {QStringLiteral("scan"), QStringLiteral("--format"), QStringLiteral("json")};
    for (const char* argument : arguments)
        list += QString::fromUtf8(argument);
    const Answer answer = run(list, m_place->folder());
    if (answer.code != code)
        qWarning("exit code %d, not %d: %s", answer.code, code, answer.errors.constData());
    json document = json::parse(answer.output.toStdString(), nullptr, false);
    return answer.code == code ? document : json();
}

void CliTest::aPipeIsToldToBeSavedFirst()
{
    QCOMPARE(mkfifo(path("pipe").toUtf8().constData(), 0600), 0);
    for (const char* input : {"pipe", "-"}) {
        const json report = scanned({input}, 2);
        QCOMPARE(report["skipped"].size(), std::size_t {1});
        const std::string reason = report["skipped"][0]["reason"].get<std::string>();
        QVERIFY2(reason.find("save it to a file first") != std::string::npos, reason.c_str());
    }
    for (const QStringList& command : {list({"redact", "pipe", "-o", "copy"}),
                                       list({"map", "pipe"}), list({"verify", "pipe"})}) {
        const Answer answer = run(command, m_place->folder());
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.errors.contains("save it to a file first"), answer.errors.constData());
    }
    QVERIFY(run({"map", "."}, m_place->folder()).errors.contains("is a folder"));
}

void CliTest::scanFindsTheTokenEverywhere()
{
    const json report = scanned({"core"}, 1);
    QVERIFY(report.is_object());
    const json& dump = report["dumps"][0];
    QCOMPARE(dump["format"].get<std::string>(), std::string("elf-core"));
    QVERIFY(dump["coverage"]["scannedBytes"] == dump["coverage"]["fileBytes"]);
    QCOMPARE(dump["findings"].size(), std::size_t {1});
    const json& finding = dump["findings"][0];
    QCOMPARE(finding["confidence"].get<std::string>(), std::string("verified"));
    std::set<std::string> encodings;
    for (const json& occurrence : finding["occurrences"])
        encodings.insert(occurrence["encoding"].get<std::string>());
    QVERIFY(encodings.contains("raw") && encodings.contains("utf-16le"));
}

void CliTest::scanOfNothingSecretIsZero()
{
    writeFile(path("core"), smallCore(noise(64 * 1024)));
    const Answer answer = cli({"scan", "core"});
    QCOMPARE(answer.code, 0);
    QVERIFY(answer.output.contains("unknown secrets may remain"));
    QVERIFY(answer.errors.isEmpty());
}

void CliTest::scanOfACutOffCoreIsThree()
{
    writeFile(path("core"), coreWith(m_place->token).left(4096 + 30000));
    const json report = scanned({"core"}, 3);
    QVERIFY(report.is_object());
    QVERIFY(!report["dumps"][0]["coverage"]["incomplete"].empty());
    QCOMPARE(report["dumps"][0]["findings"].size(), std::size_t {1});
}

void CliTest::scanOfAnEmptyFileIsThree()
{
    writeFile(path("core"), {});
    const Answer answer = cli({"scan", "core"});
    QCOMPARE(answer.code, 3);
    QVERIFY(answer.output.contains("the file is empty"));
}

void CliTest::scanOfAMissingFileIsTwoAndScansTheRest()
{
    const json report = scanned({"none", "core"}, 2);
    QVERIFY(report.is_object());
    QCOMPARE(report["dumps"].size(), std::size_t {1});
    QCOMPARE(report["skipped"][0]["path"].get<std::string>(), std::string("none"));
    QCOMPARE(report["skipped"][0]["failed"].get<bool>(), true);
}

void CliTest::scanTakesFoldersAndTellsWhatItSkips()
{
    QVERIFY(QDir(m_place->folder()).mkpath(QStringLiteral("in/deep")));
    writeFile(path("in/deep/core"), coreWith(m_place->token));
    writeFile(path("in/notes.txt"), "plain text is scanned as raw bytes");
    QCOMPARE(mkfifo(path("in/pipe").toUtf8().constData(), 0600), 0);
    QVERIFY(QFile::link(path("core"), path("in/link")));
    const json report = scanned({"in"}, 1);
    QVERIFY(report.is_object());
    QCOMPARE(report["dumps"].size(), std::size_t {2});
    QCOMPARE(report["dumps"][0]["path"].get<std::string>(), std::string("in/deep/core"));
    QCOMPARE(report["skipped"].size(), std::size_t {2});
    QCOMPARE(report["skipped"][1]["reason"].get<std::string>(), std::string("a named pipe"));
}

void CliTest::scanIsTheSameForAnyNumberOfThreads()
{
    for (const char* format : {"json", "sarif", "text"}) {
        const Answer one = cli({"scan", "core", "--format", format, "--jobs", "1"});
        const Answer eight = cli({"scan", "core", "--format", format, "--jobs", "8"});
        QCOMPARE(one.code, 1);
        QVERIFY(!one.output.isEmpty());
        QVERIFY2(one.output == eight.output, format);
    }
}

void CliTest::scanWritesEveryFormat()
{
    for (const char* format : {"text", "json", "sarif", "csv", "html"}) {
        const Answer answer = cli({"scan", "core", "--format", format, "-o", "report"});
        QCOMPARE(answer.code, 1);
        QVERIFY(answer.output.isEmpty());
        QVERIFY(readFile(path("report")).contains("github-token"));
        struct stat status { };
        QCOMPARE(stat(path("report").toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, mode_t {0600});
    }
    QCOMPARE(m_place->files(), list({"core", "report"}));
}

void CliTest::scanRefusesToReplaceTheDump()
{
    QCOMPARE(link(path("core").toUtf8().constData(), path("hard").toUtf8().constData()), 0);
    QVERIFY(QFile::link(path("core"), path("soft")));
    const QByteArray before = readFile(path("core"));
    for (const char* target : {"core", "hard", "soft"}) {
        QCOMPARE(cli({"scan", "core", "-o", target}).code, 2);
        QVERIFY(readFile(path("core")) == before);
    }
}

void CliTest::scanThresholdsLeaveOutAndSaySo()
{
    writeFile(path("rule.toml"),
              "[[rules]]\nid = \"test-word\"\ndescription = \"Test word\"\n"
              "regex = '''plumbat-[0-9]{6}'''\nkeywords = [\"plumbat-\"]\n");
    writeFile(path("core"),
              coreWith("plumbat-"
                       "482913"));
    QVERIFY(scanned({"core", "--only-rules", "rule.toml"}, 1).is_object());
    const json report
        = scanned({"core", "--only-rules", "rule.toml", "--min-severity", "critical"}, 0);
    QVERIFY(report.is_object());
    QVERIFY(report["dumps"][0]["findings"].empty());
    QCOMPARE(report["dumps"][0]["belowThreshold"].get<int>(), 1);
}

void CliTest::scanBaselineIsNotCounted()
{
    QCOMPARE(cli({"scan", "core", "--format", "json", "-o", "last.json"}).code, 1);
    const json report = scanned({"core", "--baseline", "last.json"}, 0);
    QVERIFY(report.is_object());
    QCOMPARE(report["dumps"][0]["findings"][0]["known"].get<bool>(), true);
    writeFile(path("core"), coreWith(madeUpToken("another seed")) + QByteArray(16, '\0'));
    QVERIFY(scanned({"core", "--baseline", "last.json"}, 1).is_object());
}

void CliTest::scanLooksForGivenValues()
{
    const QByteArray value = "unguessable" + m_place->token.mid(8, 8);
    writeFile(path("core"), coreWith(value));
    QVERIFY(scanned({"core"}, 0).is_object());
    writeFile(path("values"), "something else\n" + value + "\n");
    const json report = scanned({"core", "--secrets-from", "values"}, 1);
    QVERIFY(report.is_object());
    const json& findings = report["dumps"][0]["findings"];
    QCOMPARE(findings.size(), std::size_t {1});
    QCOMPARE(findings[0]["rule"].get<std::string>(), std::string("given-secret"));
    QVERIFY(findings[0]["occurrences"].size() >= 2);
}

void CliTest::scanTakesRuleFiles()
{
    writeFile(path("rule.toml"),
              "[[rules]]\nid = \"test-word\"\ndescription = \"Test word\"\n"
              "regex = '''plumbat-[0-9]{6}'''\nkeywords = [\"plumbat-\"]\n");
    writeFile(path("core"),
              coreWith(m_place->token
                       + " plumbat-"
                         "482913"));
    QCOMPARE(scanned({"core"}, 1)["dumps"][0]["findings"].size(), std::size_t {1});
    QCOMPARE(scanned({"core", "--rules", "rule.toml"}, 1)["dumps"][0]["findings"].size(),
             std::size_t {2});
    QCOMPARE(scanned({"core", "--only-rules", "rule.toml"}, 1)["dumps"][0]["findings"].size(),
             std::size_t {1});
    QCOMPARE(scanned({"core", "--disable", "github-token"}, 0)["dumps"][0]["findings"].size(),
             std::size_t {0});
}

void CliTest::noOutputHoldsTheSecret()
{
    const QByteArray part = m_place->token.mid(10, 12);
    QByteArray all;
    for (const char* format : {"text", "json", "sarif", "csv", "html"}) {
        const Answer answer = cli({"scan", "core", "--format", format, "--progress"});
        all += answer.output + answer.errors;
    }
    const Answer redacted = cli({"redact", "core", "-o", "copy", "--private-record", "record"});
    QCOMPARE(redacted.code, 0);
    all += redacted.output + redacted.errors + readFile(path("record"))
        + readFile(path("copy.coredact.json")) + readFile(path("copy"));
    QVERIFY(!all.contains(part));
    QVERIFY(!all.contains(part.toHex()));
    QVERIFY(!all.contains(part.toBase64().left(12)));
}

void CliTest::mapShowsTheSegment()
{
    const Answer answer = cli({"map", "core", "--format", "json"});
    QCOMPARE(answer.code, 0);
    const json map = json::parse(answer.output.toStdString());
    QCOMPARE(map["schema"].get<std::string>(), std::string("coredact-map/1"));
    QCOMPARE(map["segments"].size(), std::size_t {1});
    QCOMPARE(map["segments"][0]["address"].get<std::string>(), std::string("0x10000"));
    QCOMPARE(map["segments"][0]["offset"].get<int>(), 4096);
    QCOMPARE(map["segments"][0]["access"].get<std::string>(), std::string("rw-"));
    QVERIFY(cli({"map", "core"}).output.contains("offset 4096"));
    writeFile(path("core"), coreWith(m_place->token).left(20000));
    QCOMPARE(cli({"map", "core"}).code, 3);
}

void CliTest::rulesAreListedShownAndChecked()
{
    const Answer list = cli({"rules", "list", "--format", "json"});
    QCOMPARE(list.code, 0);
    const json rules = json::parse(list.output.toStdString())["rules"];
    QVERIFY(rules.size() >= 5);
    for (const json& rule : rules) {
        QVERIFY2(!rule["explanation"].get<std::string>().empty(),
                 rule["id"].get<std::string>().c_str());
        QVERIFY2(!rule["remediation"].get<std::string>().empty(),
                 rule["id"].get<std::string>().c_str());
    }
    const Answer shown = cli({"rules", "show", "github-token"});
    QCOMPARE(shown.code, 0);
    QVERIFY(shown.output.contains("What to do"));
    writeFile(path("good.toml"),
              "[[rules]]\nid = \"test-word\"\ndescription = \"Test word\"\n"
              "regex = '''plumbat-[0-9]{6}'''\nkeywords = [\"plumbat-\"]\n");
    QCOMPARE(cli({"rules", "check", "good.toml"}).code, 0);
    writeFile(path("bad.toml"), "[[rules]]\nid = \"bad\"\nregex = '''('''\n");
    const Answer bad = cli({"rules", "check", "bad.toml"});
    QCOMPARE(bad.code, 1);
    QVERIFY(bad.output.contains("bad.toml"));
    writeFile(path("half.toml"), readFile(path("bad.toml")) + readFile(path("good.toml")));
    const Answer half = cli({"rules", "check", "half.toml"});
    QCOMPARE(half.code, 1);
    QVERIFY(half.output.contains("1 rule in use, 1 problem"));
    QCOMPARE(cli({"rules", "check", "none.toml"}).code, 2);
}

void CliTest::examplesOfARuleFileAreChecked()
{
    const QByteArray rule = "[[rules]]\nid = \"test-word\"\ndescription = \"Test word\"\n"
                            "regex = '''plumbat-[0-9]{6}'''\n";
    writeFile(path("right.toml"),
              rule + "examples = [\"plumbat-123456\"]\ncounterExamples = [\"plumbat-x\"]\n");
    QCOMPARE(cli({"rules", "check", "right.toml"}).code, 0);
    writeFile(path("wrong.toml"),
              rule
                  + "examples = [\"plumbat-123456\", \"plumbat-12\"]\n"
                    "counterExamples = [[\"plumbat-\", \"654321\"]]\n");
    const Answer wrong = cli({"rules", "check", "wrong.toml"});
    QCOMPARE(wrong.code, 1);
    QVERIFY(wrong.output.contains("rule test-word: example 2 is not found"));
    QVERIFY(wrong.output.contains("rule test-word: counter-example 1 is found"));
    QVERIFY(wrong.output.contains("1 rule in use, 2 problems"));
    QVERIFY(!wrong.output.contains("654321"));
}

/// What other scanners' rules ask for and a scan of memory cannot do.
void CliTest::fieldsThatAreNotSupportedAreListed()
{
    writeFile(path("foreign.toml"),
              "minVersion = \"v8.25.0\"\n[extend]\nuseDefault = true\n[[rules]]\n"
              "id = \"test-word\"\ndescription = \"Test word\"\nregex = '''plumbat-[0-9]{6}'''\n"
              "path = '''.*'''\nfilter = \"x\"\nvalidate = \"y\"\nskipReport = true\nsurprise = 1\n"
              "[[rules.required]]\nid = \"other\"\n[[rules.allowlists]]\npaths = ['''x''']\n");
    const Answer answer = cli({"rules", "check", "foreign.toml"});
    QCOMPARE(answer.code, 1);
    for (const char* field :
         {"extend", "path", "filter", "validate", "skipReport", "surprise", "required", "paths"})
        QVERIFY2(answer.output.contains(field), field);
    QVERIFY(answer.output.contains("1 rule in use, 8 problems"));
}

void CliTest::formatsAreListed()
{
    const Answer answer = cli({"formats", "--format", "json"});
    QCOMPARE(answer.code, 0);
    QVERIFY(answer.output.contains("elf-core") && answer.output.contains("minidump"));
    QVERIFY(answer.output.contains("zstd"));
    QVERIFY(cli({"formats"}).output.contains("raw"));
}

void CliTest::compressedDumpsAreScanned_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("ending");
    QTest::newRow("xz") << QStringLiteral("xz") << QStringLiteral("xz");
    QTest::newRow("bzip2") << QStringLiteral("bzip2") << QStringLiteral("bz2");
}

void CliTest::compressedDumpsAreScanned()
{
    QFETCH(QString, program);
    QFETCH(QString, ending);
    QCOMPARE(QProcess::execute(program, {QStringLiteral("-k"), path("core")}), 0);
    const QByteArray packed = "core." + ending.toLatin1();
    const QByteArray copy = "copy." + ending.toLatin1();
    const json report = scanned({packed.constData()}, 1);
    QVERIFY(report.is_object());
    QCOMPARE(QString::fromStdString(report["dumps"][0]["container"][0].get<std::string>()),
             program);
    QCOMPARE(report["dumps"][0]["findings"].size(), std::size_t {1});
    QCOMPARE(cli({"redact", packed.constData(), "-o", copy.constData()}).code, 0);
    QCOMPARE(cli({"verify", copy.constData()}).code, 0);
}

/// What an archive holds is not looked into: to say nothing of it, or to hand on a copy with all
/// secrets still inside, would be a lie.
void CliTest::archivesAreToldAndNeverCopied()
{
    const QByteArray core = readFile(path("core"));
    for (const char* format : {"zip", "7zip"}) {
        const auto packed = archiveOf(coredact::asBytes(core.toStdString()), format);
        writeFile(
            path("archive"),
            {reinterpret_cast<const char*>(packed.data()), static_cast<qsizetype>(packed.size())});
        const Answer scan = cli({"scan", "archive"});
        QCOMPARE(scan.code, 3);
        QVERIFY2((scan.output + scan.errors).contains("archive, and what it holds was not looked"),
                 scan.output.constData());
        const Answer redact = cli({"redact", "archive", "-o", "copy"});
        QCOMPARE(redact.code, 2);
        QVERIFY2(redact.errors.contains("no redacted copy can be made of"),
                 redact.errors.constData());
        QVERIFY(!m_place->files().contains(QStringLiteral("copy")));
    }
}

void CliTest::compressedFilesThatCannotBeReadAreNeverCopied()
{
    QCOMPARE(QProcess::execute(QStringLiteral("xz"), {QStringLiteral("-k"), path("core")}), 0);
    QByteArray packed = readFile(path("core.xz"));
    packed[7] = static_cast<char>(packed[7] ^ 0x5a); // the flags of the stream
    writeFile(path("core.xz"), packed);
    QCOMPARE(cli({"scan", "core.xz"}).code, 3);
    const Answer redact = cli({"redact", "core.xz", "-o", "copy.xz"});
    QCOMPARE(redact.code, 2);
    QVERIFY2(redact.errors.contains("cannot be read"), redact.errors.constData());
    QVERIFY(!m_place->files().contains(QStringLiteral("copy.xz")));
}

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
