// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/program.h"
#include "tests/support/sampledumps.h"

#include <nlohmann/json.hpp>

#include <QCryptographicHash>
#include <QTest>

#include <csignal>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include <unistd.h>

using namespace coredact::test;
using nlohmann::json;

/// Whether a program has come so far that SIGINT does not end it at once.
static bool waitsForInterrupts(qint64 program)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(program));
    if (!status.open(QIODevice::ReadOnly))
        return false;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("SigBlk:"))
            return ((line.mid(7).trimmed().toULongLong(nullptr, 16) >> (SIGINT - 1)) & 1) != 0;
    return false;
}

static QByteArray contentOf(const ElfCoreBuilder& builder)
{
    const std::vector<std::uint8_t> content = builder.build().content();
    return {reinterpret_cast<const char*>(content.data()), static_cast<qsizetype>(content.size())};
}

class CliRedactTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_place = std::make_unique<Workplace>();
        m_state = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_state->path().toLocal8Bit());
    }
    void redactThenVerify();
    void redactKeepsWhatWasAskedFor();
    void redactTakesAnEditedReport();
    void personalDataStayByPolicyAndTheCertificateSaysSo();
    void redactRefusesExistingTargetsAndLinks();
    void redactIntoAFolderNamesTheCopyItself();
    void minimiseKeepsTheStackAlone();
    void minimiseIsStrictWhereUnknownNotesWent();
    void minimiseRefusesADumpWithoutStacks();
    void customFillsScansAndKeepsByClass();
    void warnsOfASecondCopyUnderAnotherPolicy();
    void saysThatACertificateIsNeverReplaced();
    void refusesNamesThatExistBeforeItScans();
    void customSaysWhichClassesAndChoicesThereAre();
    void verifySeesAChangedByte();
    void verifySeesAForgedFill();
    void redactsWhatCompressesWell();
    void writesNothingIntoACopyWhereStandardFilesAreClosed();
    void interruptEndsAtOnceAndLeavesNoFile();

private:
    Answer cli(std::initializer_list<const char*> arguments) const { return m_place->cli(arguments); }
    QString path(const char* name) const { return m_place->path(name); }

    std::unique_ptr<Workplace> m_place;
    std::unique_ptr<QTemporaryDir> m_state; ///< what was exported before
};

void CliRedactTest::redactThenVerify()
{
    const QByteArray before = readFile(path("core"));
    const Answer redacted = cli({"redact", "core", "-o", "copy", "--format", "json"});
    QCOMPARE(redacted.code, 0);
    const json result = json::parse(redacted.output.toStdString());
    QCOMPARE(result["published"].get<bool>(), true);
    QCOMPARE(result["verification"]["passed"].get<bool>(), true);
    QVERIFY(result["promise"].get<std::string>().find("unknown secrets may remain")
            != std::string::npos);
    QCOMPARE(m_place->files(), list({"copy", "copy.coredact.json", "core"}));
    QVERIFY(readFile(path("core")) == before);
    QCOMPARE(readFile(path("copy")).size(), before.size());
    QCOMPARE(cli({"verify", "copy"}).code, 0);
    QCOMPARE(cli({"verify", "copy", "--original", "core"}).code, 0);
    writeFile(path("values"), m_place->token + "\n");
    QCOMPARE(cli({"verify", "copy", "--secrets-from", "values"}).code, 0);
    QCOMPARE(cli({"verify", "core", "--certificate", "copy.coredact.json"}).code, 4);
}

void CliRedactTest::redactKeepsWhatWasAskedFor()
{
    for (const char* id : {"f1", "github-token"}) {
        const Answer answer = cli({"redact", "core", "-o", "copy", "--keep", id});
        QCOMPARE(answer.code, 0);
        QVERIFY(answer.output.contains("0 secrets redacted, 1 kept"));
        QVERIFY(readFile(path("copy")).contains(m_place->token));
        // The certificate says what was kept, so a recipient's scan may find it, and nothing else.
        QCOMPARE(cli({"verify", "copy"}).code, 0);
        QVERIFY(QFile::remove(path("copy")) && QFile::remove(path("copy.coredact.json")));
    }
}

/// "Undecided means redacted" holds for secrets; what a shown pack finds is kept, and told as kept.
void CliRedactTest::personalDataStayByPolicyAndTheCertificateSaysSo()
{
    const QByteArray account = "DE8937040044" "0532013000";
    writeFile(path("dump.raw"), QByteArray(64, '\1') + "iban " + account + QByteArray(64, '\2')
                  + m_place->token + QByteArray(64, '\3'));
    const auto findingOf = [](const Answer& answer, const char* rule) {
        const json report = json::parse(answer.output.toStdString());
        for (const json& finding : report["dumps"][0]["findings"])
            if (finding["rule"] == rule)
                return finding;
        return json();
    };
    const Answer scanned = cli({"scan", "dump.raw", "--format", "json"});
    const json shown = findingOf(scanned, "iban");
    QCOMPARE(shown["verdict"].get<std::string>(), std::string("keep"));
    QCOMPARE(shown["reason"].get<std::string>(), std::string("left by policy"));
    QVERIFY(findingOf(cli({"scan", "dump.raw", "--format", "json", "--pack", "personal-data=off"}),
                      "iban")
                .is_null());

    QCOMPARE(cli({"redact", "dump.raw", "-o", "shown.raw"}).code, 0);
    QVERIFY(readFile(path("shown.raw")).contains(account));
    QVERIFY(!readFile(path("shown.raw")).contains(m_place->token));
    QVERIFY(readFile(path("shown.raw.coredact.json"))
                .contains("By policy what the rules of the pack personal-data find"));
    QCOMPARE(cli({"verify", "shown.raw"}).code, 0);
    QCOMPARE(cli({"verify", "shown.raw", "--certificate", "shown.raw.coredact.json", "--pack",
                  "personal-data=redact"})
                 .code,
             0); // its place is listed as kept

    QCOMPARE(cli({"redact", "dump.raw", "-o", "none.raw", "--pack", "personal-data=redact"}).code,
             0);
    QVERIFY(!readFile(path("none.raw")).contains(account.mid(4)));
    QVERIFY(!readFile(path("none.raw.coredact.json")).contains("By policy"));
    QCOMPARE(cli({"redact", "dump.raw", "-o", "x.raw", "--pack", "personal-data"}).code, 2);
}

void CliRedactTest::redactTakesAnEditedReport()
{
    json report
        = json::parse(cli({"scan", "core", "--format", "json"}).output.toStdString());
    report["dumps"][0]["findings"][0]["verdict"] = "keep";
    report["dumps"][0]["findings"][0]["reason"] = "test data";
    writeFile(path("reviewed.json"), QByteArray::fromStdString(report.dump()));
    QCOMPARE(cli({"redact", "core", "-o", "copy", "--verdicts", "reviewed.json"}).code, 0);
    QVERIFY(readFile(path("copy")).contains(m_place->token));
    report["dumps"][0]["findings"][0]["verdict"] = "maybe";
    writeFile(path("reviewed.json"), QByteArray::fromStdString(report.dump()));
    QCOMPARE(cli({"redact", "core", "-o", "other", "--verdicts", "reviewed.json"}).code, 2);
    QVERIFY(!QFile::exists(path("other")));
}

void CliRedactTest::redactRefusesExistingTargetsAndLinks()
{
    const QByteArray before = readFile(path("core"));
    writeFile(path("there"), "something");
    QCOMPARE(link(path("core").toUtf8().constData(), path("hard").toUtf8().constData()), 0);
    QVERIFY(QFile::link(path("core"), path("soft")));
    QVERIFY(QFile::link(path("nowhere"), path("dangling")));
    for (const char* target : {"core", "there", "hard", "soft", "dangling", "none/copy"}) {
        const Answer answer = cli({"redact", "core", "-o", target});
        QCOMPARE(answer.code, 2);
        QVERIFY2(readFile(path("core")) == before, target);
    }
    QCOMPARE(readFile(path("there")), QByteArray("something"));
    QCOMPARE(m_place->files(), list({"core", "dangling", "hard", "soft", "there"}));
}

void CliRedactTest::redactIntoAFolderNamesTheCopyItself()
{
    QVERIFY(QDir(m_place->folder()).mkdir(QStringLiteral("out")));
    QCOMPARE(cli({"redact", "core", "-o", "out"}).code, 0);
    const QStringList names = QDir(path("out")).entryList(QDir::Files);
    QCOMPARE(names.size(), 2);
    QVERIFY(names[0].startsWith(QStringLiteral("redacted-")));
    QVERIFY(names[0].endsWith(QStringLiteral(".core")));
    QCOMPARE(names[1], names[0] + QStringLiteral(".coredact.json"));
}

void CliRedactTest::minimiseKeepsTheStackAlone()
{
    // A thread's stack and a heap, each with a token.
    ElfCoreBuilder builder(Endian::Little, 8, 62);
    const std::uint64_t stack = 0x7f2000000000;
    builder.note("CORE", 1, amd64Status(builder, 7, 11, 0x400000, stack + 512));
    const auto memory = [&](const QByteArray& text) {
        const QByteArray bytes = noise(2000) + ' ' + text + ' ' + noise(6000);
        return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
    };
    builder.load({stack, memory(m_place->token), {}, 6, 0});
    builder.load({0x602000, memory("what no rule knows"), {}, 6, 0});
    writeFile(path("core"), contentOf(builder));
    const QByteArray before = readFile(path("core"));
    const Answer answer = cli({"redact", "core", "-o", "copy", "--mode", "minimise", "--format",
                               "json", "--private-record", "record"});
    QVERIFY2(answer.code == 0, answer.errors.constData());
    const json result = json::parse(answer.output.toStdString());
    QCOMPARE(result["mode"].get<std::string>(), std::string("minimise"));
    QCOMPARE(result["promise"].get<std::string>(),
             std::string("only stacks, selected registers, modules and loader data were kept"));
    QVERIFY(result["keptBytes"]["stack"].get<int>() > 6000);
    const QByteArray copy = readFile(path("copy"));
    QVERIFY(copy.size() == before.size() && readFile(path("core")) == before);
    QVERIFY(!copy.contains(m_place->token) && !copy.contains("what no rule knows"));
    // The record names the original, not what was left of it.
    const json record = json::parse(readFile(path("record")).toStdString());
    QCOMPARE(record["originalSha256"].get<std::string>(),
             QCryptographicHash::hash(before, QCryptographicHash::Sha256).toHex().toStdString());
    QCOMPARE(cli({"verify", "copy"}).code, 0);
    QCOMPARE(cli({"verify", "copy", "--original", "core"}).code, 0);
    // A byte put back where all was dropped: by its place, not by the digest alone.
    QByteArray changed = copy;
    const qsizetype heap = before.indexOf("what no rule knows");
    changed[heap] = 'w';
    writeFile(path("copy"), changed);
    const Answer refused = cli({"verify", "copy", "--format", "json"});
    QCOMPARE(refused.code, 4);
    bool told = false;
    const json verified = json::parse(refused.output.toStdString());
    for (const json& violation : verified["violations"])
        told = told
            || (violation["check"] == "minimise" && violation["offset"].get<qsizetype>() == heap);
    QVERIFY(told);
}

/// Chromium's minidumps have a stream of Crashpad's that no reader knows.
void CliRedactTest::minimiseIsStrictWhereUnknownNotesWent()
{
    ElfCoreBuilder builder(Endian::Little, 8, 62);
    const std::uint64_t stack = 0x7f2000000000;
    builder.note("CORE", 1, amd64Status(builder, 7, 11, 0x400000, stack + 512));
    builder.note("ODD", 99, FileBuilder(Endian::Little).text("what no reader knows"));
    builder.load({stack, std::vector<std::uint8_t>(4096, 's'), {}, 6, 0});
    writeFile(path("core"), contentOf(builder));
    const Answer answer = cli({"redact", "core", "-o", "copy", "--mode", "minimise", "--strict"});
    QVERIFY2(answer.code == 0, answer.output + answer.errors);
    QVERIFY(readFile(path("core")).contains("what no reader knows"));
    QVERIFY(!readFile(path("copy")).contains("no reader"));
    QCOMPARE(cli({"verify", "copy", "--original", "core"}).code, 0);
}

void CliRedactTest::minimiseRefusesADumpWithoutStacks()
{
    const Answer minimise = cli({"redact", "core", "-o", "copy", "--mode", "minimise"});
    QCOMPARE(minimise.code, 2);
    QVERIFY(minimise.errors.contains("stack"));
    QCOMPARE(m_place->files(), list({"core"}));
}

void CliRedactTest::customFillsScansAndKeepsByClass()
{
    const Answer filled = cli({"redact", "core", "-o", "copy", "--mode", "custom", "--class",
                               "anonymous=fill", "--format", "json"});
    QCOMPARE(filled.code, 0);
    const json result = json::parse(filled.output.toStdString());
    QCOMPARE(result["mode"].get<std::string>(), std::string("custom"));
    QVERIFY(result["promise"].get<std::string>().starts_with("filled whole: anonymous; scanned"));
    QVERIFY(result["bytesChanged"].get<std::uint64_t>() >= 64 * 1024);
    QCOMPARE(cli({"verify", "copy"}).code, 0);
    QCOMPARE(cli({"verify", "copy", "--original", "core"}).code, 0);

    const Answer kept = cli({"redact", "core", "-o", "other", "--mode", "custom", "--class",
                             "anonymous=keep"});
    QCOMPARE(kept.code, 0);
    QVERIFY(kept.output.contains("kept with its class: anonymous"));
    QVERIFY(readFile(path("other")).contains(m_place->token));
    QCOMPARE(cli({"verify", "other"}).code, 0);
    QCOMPARE(cli({"verify", "other", "--original", "core"}).code, 0);
    // What is kept is not what the other copy's certificate says.
    QCOMPARE(cli({"verify", "other", "--certificate", "copy.coredact.json"}).code, 4);
}

void CliRedactTest::warnsOfASecondCopyUnderAnotherPolicy()
{
    const char* const words = "made before under another policy";
    const Answer first = cli({"redact", "core", "-o", "one"});
    QVERIFY(first.code == 0 && !first.errors.contains(words));
    const Answer again = cli({"redact", "core", "-o", "two"});
    QVERIFY(again.code == 0 && !again.errors.contains(words));
    const Answer other = cli({"redact", "core", "-o", "three", "--keep-arguments", "--format", "json"});
    QCOMPARE(other.code, 0); // it warns and does not refuse
    QVERIFY2(other.errors.contains(words), other.errors.constData());
    QCOMPARE(json::parse(other.output.toStdString())["earlierPolicies"].get<int>(), 1);
    QVERIFY(readFile(path("three")).size() == readFile(path("one")).size());
    for (const char* certificate : {"one.coredact.json", "three.coredact.json"})
        QVERIFY(!readFile(path(certificate)).contains("earlierPolicies"));
}

void CliRedactTest::saysThatACertificateIsNeverReplaced()
{
    writeFile(path("earlier.json"), "of another copy");
    const Answer answer
        = cli({"redact", "core", "-o", "copy", "--certificate", "earlier.json"});
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.errors.contains("earlier.json exists already")
                 && answer.errors.contains("name another certificate"),
             answer.errors.constData());
    QCOMPARE(readFile(path("earlier.json")), QByteArray("of another copy"));
    QVERIFY(!QFile::exists(path("copy")));
}

void CliRedactTest::refusesNamesThatExistBeforeItScans()
{
    writeFile(path("earlier.json"), "of another copy");
    writeFile(path("there"), "another copy");
    // Decisions are read after the scan: that they are wrong is not yet known.
    writeFile(path("wrong.json"), "no decisions");
    const QStringList before = m_place->files();
    for (const auto& [output, certificate, record] :
         {std::tuple("copy", "earlier.json", "record"), std::tuple("copy", "new.json", "there"),
          std::tuple("there", "new.json", "record")}) {
        const Answer answer
            = cli({"redact", "core", "-o", output, "--certificate", certificate,
                   "--private-record", record, "--verdicts", "wrong.json"});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.errors.contains("exists already"), answer.errors.constData());
        QCOMPARE(m_place->files(), before);
    }
}

void CliRedactTest::customSaysWhichClassesAndChoicesThereAre()
{
    for (const auto& [choice, words] :
         {std::pair("heep=fill", "classes are stack, heap"), std::pair("heap=full", "heap=keep"),
          std::pair("heap", "heap=keep")}) {
        const Answer answer
            = cli({"redact", "core", "-o", "copy", "--mode", "custom", "--class", choice});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.errors.contains(words), answer.errors.constData());
    }
    const Answer twice = cli({"redact", "core", "-o", "copy", "--mode", "custom", "--class",
                              "heap=fill", "--class", "heap=keep"});
    QCOMPARE(twice.code, 2);
    QCOMPARE(cli({"redact", "core", "-o", "copy", "--class", "heap=fill"}).code, 2);
    QCOMPARE(m_place->files(), list({"core"}));
}

void CliRedactTest::verifySeesAChangedByte()
{
    QCOMPARE(cli({"redact", "core", "-o", "copy"}).code, 0);
    QByteArray copy = readFile(path("copy"));
    copy[9000] = static_cast<char>(copy[9000] ^ 1);
    writeFile(path("copy"), copy);
    const Answer alone = cli({"verify", "copy"});
    QCOMPARE(alone.code, 4);
    QVERIFY(alone.output.contains("VERIFICATION FAILED"));
    QVERIFY(!alone.output.contains("Promise"));
    QCOMPARE(cli({"verify", "copy", "--original", "core"}).code, 4);
}

void CliRedactTest::verifySeesAForgedFill()
{
    QCOMPARE(cli({"redact", "core", "-o", "copy"}).code, 0);
    // The secret put back, and the certificate's digest with it: the fill gives it away.
    const QByteArray core = readFile(path("core"));
    QByteArray copy = readFile(path("copy"));
    const qsizetype at = core.indexOf(m_place->token);
    copy.replace(at, m_place->token.size(), m_place->token);
    writeFile(path("copy"), copy);
    const Answer answer = cli({"verify", "copy", "--format", "json"});
    QCOMPARE(answer.code, 4);
    const json result = json::parse(answer.output.toStdString());
    bool fill = false;
    for (const json& violation : result["violations"])
        fill = fill || violation["check"].get<std::string>() == "fill";
    QVERIFY(fill);
}

void CliRedactTest::redactsWhatCompressesWell()
{
    // The secret lies far behind the end of the compressed file.
    writeFile(path("core"), coreWith(m_place->token) + QByteArray(1 << 20, ' ') + m_place->token);
    for (const auto& [program, name] : {std::pair {"xz", "core.xz"}, std::pair {"gzip", "core.gz"}}) {
        QCOMPARE(QProcess::execute(QLatin1String(program), {QStringLiteral("-k"), path("core")}), 0);
        QVERIFY(readFile(path(name)).size() < 200000);
        const QByteArray copy = "copy-" + QByteArray(name);
        QCOMPARE(cli({"redact", name, "-o", copy.constData()}).code, 0);
        QCOMPARE(cli({"verify", copy.constData()}).code, 0);
        QCOMPARE(cli({"verify", copy.constData(), "--original", name}).code, 0);
    }
}

void CliRedactTest::interruptEndsAtOnceAndLeavesNoFile()
{
    // Large enough to be interrupted in its midst.
    QFile large(path("large"));
    QVERIFY(large.open(QIODevice::WriteOnly));
    const QByteArray block = noise(1 << 20);
    for (int i = 0; i < 192; ++i)
        large.write(block);
    large.close();
    QProcess program;
    program.setWorkingDirectory(m_place->folder());
    program.start(programPath(), list({"redact", "large", "-o", "copy", "--jobs", "1"}));
    QVERIFY(program.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(waitsForInterrupts(program.processId()), 60000);
    QTest::qSleep(300);
    kill(static_cast<pid_t>(program.processId()), SIGINT);
    QVERIFY(program.waitForFinished(60000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 130);
    QVERIFY(program.readAllStandardError().contains("interrupted"));
    QCOMPARE(m_place->files(), list({"core", "large"}));
}

void CliRedactTest::writesNothingIntoACopyWhereStandardFilesAreClosed()
{
    QProcess shell;
    shell.setWorkingDirectory(m_place->folder());
    shell.start(QStringLiteral("sh"),
                {QStringLiteral("-c"), QStringLiteral("exec \"$0\" redact core -o copy <&- >&- 2>&-"),
                 programPath()});
    QVERIFY(shell.waitForFinished(120000));
    QCOMPARE(shell.exitCode(), 0);
    QCOMPARE(cli({"verify", "copy", "--original", "core"}).code, 0);
}

QTEST_GUILESS_MAIN(CliRedactTest)
#include "tst_cliredact.moc"
