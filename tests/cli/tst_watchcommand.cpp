// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/descriptor.h"
#include "tests/cli/program.h"
#include "tests/support/sampledumps.h"

#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace coredact::test;
using coredact::Descriptor;

class WatchCommandTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void onceScansEachDumpOnce();
    void onceGivesTheWorstExitCode();
    void onceLeavesFilesThatAreStillWritten();
    void onceTellsThatAFileChangedWhileItWasScanned();
    void foldersThatCannotBeReadAreTold();
    void otherFilesAreLeftAlone();
    void archivesAreLeftAloneButTold();
    void redactsIntoAnotherFolder();
    void redactsByTheChosenPolicyAndAnewWhenItChanges();
    void signsItsCopiesAndAnewWithAnotherKey();
    void refusesToRedactIntoTheWatchedFolder();
    void newRulesLookAgain();
    void otherValuesLookAgain();
    void failuresAreTriedThreeTimes();
    void liveSeesRenamedAndSlowlyWrittenDumps();
    void survivesARestart();
    void leavesNoCoreOfItself();

private:
    QString path(const char* name) const { return m_folder->filePath(QLatin1String(name)); }
    QStringList watching(std::initializer_list<const char*> more) const;
    Answer once(std::initializer_list<const char*> more = {}) const;
    bool appears(const char* name) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_token;
};

void WatchCommandTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_token = madeUpToken("watch");
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("in")));
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("out")));
}

QStringList WatchCommandTest::watching(std::initializer_list<const char*> more) const
{
    QStringList arguments {QStringLiteral("watch"),    path("in"),
                           QStringLiteral("--state"),  path("state"),
                           QStringLiteral("--settle"), QStringLiteral("0.3")};
    for (const char* argument : more)
        arguments += QString::fromUtf8(argument);
    return arguments;
}

Answer WatchCommandTest::once(std::initializer_list<const char*> more) const
{
    return run(watching(more) + QStringList {QStringLiteral("--once")}, m_folder->path());
}

bool WatchCommandTest::appears(const char* name) const
{
    QElapsedTimer timer;
    timer.start();
    while (!QFile::exists(path(name)) && timer.elapsed() < 60000)
        QTest::qSleep(50);
    return QFile::exists(path(name));
}

static void append(const QString& name, const QByteArray& bytes)
{
    QFile file(name);
    if (file.open(QIODevice::Append))
        file.write(bytes);
}

static int lines(const QByteArray& output, const char* begin)
{
    int count = 0;
    for (const QByteArray& line : output.split('\n'))
        count += line.startsWith(begin) ? 1 : 0;
    return count;
}

void WatchCommandTest::onceScansEachDumpOnce()
{
    writeFile(path("in/one"), coreWith(m_token));
    QVERIFY(QDir(path("in")).mkdir(QStringLiteral("deep")));
    writeFile(path("in/deep/two"), smallCore(noise(8192)));
    const Answer first = once();
    QCOMPARE(first.code, 1);
    QCOMPARE(lines(first.output, "scanned "), 2);
    const auto report = nlohmann::json::parse(readFile(path("in/one.coredact.json")).toStdString());
    QCOMPARE(report["dumps"][0]["findings"].size(), std::size_t {1});
    QVERIFY(QFile::exists(path("in/deep/two.coredact.json")));
    const Answer second = once();
    QCOMPARE(second.code, 0);
    QCOMPARE(second.output, QByteArray());
    writeFile(path("in/three"), smallCore(noise(4096)));
    QCOMPARE(lines(once().output, "scanned "), 1);
}

void WatchCommandTest::onceGivesTheWorstExitCode()
{
    writeFile(path("in/clean"), smallCore(noise(8192)));
    QCOMPARE(once().code, 0);
    writeFile(path("in/found"), coreWith(m_token));
    writeFile(path("in/cut"), coreWith(m_token).left(20000));
    QCOMPARE(once().code, 3);
}

void WatchCommandTest::onceLeavesFilesThatAreStillWritten()
{
    QFile file(path("in/core"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(coreWith(m_token).left(30000));
    file.flush();
    const Answer early = once();
    QCOMPARE(early.code, 3);
    QCOMPARE(lines(early.output, "later "), 1);
    QVERIFY(!QFile::exists(path("in/core.coredact.json")));
    file.write(coreWith(m_token).mid(30000));
    file.close();
    const Answer late = once();
    QCOMPARE(late.code, 1);
    QCOMPARE(lines(late.output, "scanned "), 1);
}

void WatchCommandTest::onceTellsThatAFileChangedWhileItWasScanned()
{
    const QString name = path("in/core");
    writeFile(name, coreWith(m_token));
    const Descriptor reads(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    QVERIFY(inotify_add_watch(reads.number(), QFile::encodeName(name).constData(), IN_ACCESS) >= 0);
    std::atomic<bool> ended = false;
    std::thread writer([&] {
        while (!ended) {
            pollfd waiting {reads.number(), POLLIN, 0};
            std::array<char, 4096> events;
            if (poll(&waiting, 1, 20) > 0 && read(reads.number(), events.data(), events.size()) > 0)
                append(name, "more");
        }
    });
    const Answer answer = once();
    ended = true;
    writer.join();
    QCOMPARE(answer.code, 3);
    QVERIFY(lines(answer.output, "later ") >= 1);
    QVERIFY(!QFile::exists(path("in/core.coredact.json")));
}

/// Deeper than a path can be long, which not even the superuser can read.
void WatchCommandTest::foldersThatCannotBeReadAreTold()
{
    const std::string name(200, 'd');
    int folder = open(QFile::encodeName(path("in")).constData(), O_RDONLY | O_DIRECTORY);
    for (int depth = 0; depth < 25; ++depth) {
        QCOMPARE(mkdirat(folder, name.c_str(), 0700), 0);
        const int deeper = openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY);
        close(folder);
        folder = deeper;
        QVERIFY(folder >= 0);
    }
    close(folder);
    writeFile(path("in/clean"), smallCore(noise(4096)));
    const Answer answer = once();
    QProcess::execute(QStringLiteral("rm"), {QStringLiteral("-rf"), path("in")});
    QCOMPARE(answer.code, 2);
    QCOMPARE(lines(answer.output, "scanned "), 1);
    QCOMPARE(lines(answer.output, "not watched "), 1);
}

void WatchCommandTest::otherFilesAreLeftAlone()
{
    writeFile(path("in/notes.txt"), "token " + m_token);
    const Answer answer = once();
    QCOMPARE(answer.code, 0);
    QCOMPARE(lines(answer.output, "left alone "), 1);
    QVERIFY(!QFile::exists(path("in/notes.txt.coredact.json")));
    QCOMPARE(once().output, QByteArray());
    QCOMPARE(once({"--all"}).code, 1);
    QVERIFY(QFile::exists(path("in/notes.txt.coredact.json")));
}

/// One may hold a dump.
void WatchCommandTest::archivesAreLeftAloneButTold()
{
    writeFile(path("in/core.zip"), "PK\x03\x04" + noise(5000));
    writeFile(path("in/empty.txt"), {});
    const Answer answer = once();
    QCOMPARE(answer.code, 3);
    QCOMPARE(lines(answer.output, "left alone "), 2);
    QVERIFY2(answer.output.contains("this is a ZIP archive"), answer.output.constData());
    QVERIFY(!QFile::exists(path("in/core.zip.coredact.json")));
}

void WatchCommandTest::redactsIntoAnotherFolder()
{
    const QByteArray core = coreWith(m_token);
    writeFile(path("in/core.host.user.1234"), core);
    const Answer answer = once({"--redact-to", "out", "--report-to", "out"});
    QCOMPARE(answer.code, 0);
    QCOMPARE(lines(answer.output, "redacted "), 1);
    QVERIFY(readFile(path("in/core.host.user.1234")) == core);
    QCOMPARE(QDir(path("in")).entryList(QDir::Files).size(), 1);
    const QStringList copies
        = QDir(path("out")).entryList({QStringLiteral("redacted-*.core")}, QDir::Files);
    QCOMPARE(copies.size(), 1);
    const QByteArray copy = readFile(path("out/") + copies[0]);
    QCOMPARE(copy.size(), core.size());
    QVERIFY(!copy.contains(m_token.mid(6, 12)));
    QVERIFY(QFile::exists(path("out/") + copies[0] + QStringLiteral(".coredact.json")));
    QCOMPARE(QDir(path("out")).entryList(QDir::Files).size(), 3);
    QCOMPARE(run({QStringLiteral("verify"), path("out/") + copies[0]}).code, 0);
    QCOMPARE(once({"--redact-to", "out", "--report-to", "out"}).output, QByteArray());
}

void WatchCommandTest::redactsByTheChosenPolicyAndAnewWhenItChanges()
{
    const auto bytes = sampleCore().build().content();
    const QByteArray core(reinterpret_cast<const char*>(bytes.data()),
                          static_cast<qsizetype>(bytes.size()));
    QVERIFY(core.contains("./app --fast=1"));
    writeFile(path("in/core"), core);
    const auto copied = [this](std::initializer_list<const char*> more) {
        const QDir out(path("out"));
        for (const QString& old : out.entryList(QDir::Files))
            QFile::remove(out.filePath(old));
        QStringList all = watching({"--redact-to", "out", "--once"});
        for (const char* argument : more)
            all += QString::fromUtf8(argument);
        run(all, m_folder->path());
        const QStringList copies = out.entryList({QStringLiteral("redacted-*.core")}, QDir::Files);
        return copies.isEmpty() ? QByteArray() : readFile(out.filePath(copies[0]));
    };
    QVERIFY(copied({}).contains("./app --fast=X"));
    QVERIFY(copied({}).isEmpty());
    QVERIFY(copied({"--keep-arguments"}).contains("./app --fast=1"));
    QVERIFY(copied({"--fill", "zero"}).contains(QByteArray("./app --fast=\0", 14)));
    // Nothing claims the last byte of the page that the headers are in.
    QByteArray padded = smallCore(noise(4096));
    padded[4000] = 'p';
    writeFile(path("in/core"), padded);
    QCOMPARE(copied({})[4000], 'p');
    QCOMPARE(copied({"--strict"})[4000], '\0');
}

void WatchCommandTest::signsItsCopiesAndAnewWithAnotherKey()
{
    writeFile(path("in/core"), coreWith(m_token));
    for (const char* key : {"one.key", "other.key"}) {
        QCOMPARE(run({QStringLiteral("keygen"), path(key)}).code, 0);
        QVERIFY(QDir(path("out")).removeRecursively() && QDir().mkdir(path("out")));
        QCOMPARE(once({"--redact-to", "out", "--sign", key}).code, 0);
        QCOMPARE(once({"--redact-to", "out", "--sign", key}).output, QByteArray());
        const QDir out(path("out"));
        const QStringList copies = out.entryList({QStringLiteral("*.core")}, QDir::Files);
        QCOMPARE(copies.size(), 1);
        const QString copy = out.filePath(copies.first());
        QVERIFY(QFile::exists(copy + QStringLiteral(".coredact.json.sig")));
        const Answer checked = run({QStringLiteral("verify"), copy, QStringLiteral("--signer"),
                                    path(key) + QStringLiteral(".pub")});
        QVERIFY2(checked.code == 0, (checked.output + checked.errors).constData());
    }
    const Answer scanOnly = once({"--sign", "one.key"});
    QCOMPARE(scanOnly.code, 2);
    QVERIFY(scanOnly.errors.contains("--redact-to"));
    QCOMPARE(once({"--redact-to", "out", "--sign", "missing.key"}).code, 2);
}

void WatchCommandTest::refusesToRedactIntoTheWatchedFolder()
{
    writeFile(path("in/core"), coreWith(m_token));
    for (const char* folder : {"in", ".", "in/../in"})
        QCOMPARE(once({"--redact-to", folder}).code, 2);
    // One inside it is not watched.
    QVERIFY(QDir(path("in")).mkdir(QStringLiteral("copies")));
    QCOMPARE(once({"--redact-to", "in/copies"}).code, 0);
    QCOMPARE(once({"--redact-to", "in/copies"}).output, QByteArray());
}

void WatchCommandTest::newRulesLookAgain()
{
    writeFile(path("in/core"), coreWith(m_token));
    QCOMPARE(once().code, 1);
    QCOMPARE(once().output, QByteArray());
    const Answer other = once({"--disable", "github-token"});
    QCOMPARE(other.code, 0);
    QCOMPARE(lines(other.output, "scanned "), 1);
}

void WatchCommandTest::otherValuesLookAgain()
{
    writeFile(path("in/core"), coreWith("the word Rhododendron"));
    writeFile(path("values"), "Hippopotamus\n");
    const auto code = [&] { return once({"--secrets-from", "values"}).code; };
    QCOMPARE(code(), 0);
    writeFile(path("values"), "Rhododendron\n");
    QCOMPARE(code(), 1);
    QCOMPARE(once({"--secrets-from", "values"}).output, QByteArray());
}

void WatchCommandTest::failuresAreTriedThreeTimes()
{
    // The report cannot be written: a folder has its name.
    writeFile(path("in/core"), coreWith(m_token));
    QVERIFY(QDir(path("in")).mkdir(QStringLiteral("core.coredact.json")));
    for (int i = 1; i <= 3; ++i) {
        const Answer answer = once();
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.output.contains("try " + QByteArray::number(i) + " of 3"));
    }
    const Answer after = once();
    QCOMPARE(after.code, 0);
    QCOMPARE(after.output, QByteArray());
}

void WatchCommandTest::liveSeesRenamedAndSlowlyWrittenDumps()
{
    QProcess program;
    program.setWorkingDirectory(m_folder->path());
    program.start(programPath(), watching({}));
    QVERIFY(program.waitForReadyRead(60000)); // "watching"
    const QByteArray core = coreWith(m_token);

    QFile slow(path("in/slow"));
    QVERIFY(slow.open(QIODevice::WriteOnly));
    slow.write(core.left(40000));
    slow.flush();
    writeFile(path("out/partial"), core);
    QVERIFY(QFile::rename(path("out/partial"), path("in/renamed")));
    QVERIFY(appears("in/renamed.coredact.json"));
    QVERIFY(!QFile::exists(path("in/slow.coredact.json")));
    slow.write(core.mid(40000));
    slow.close();
    QVERIFY(appears("in/slow.coredact.json"));
    const auto report
        = nlohmann::json::parse(readFile(path("in/slow.coredact.json")).toStdString());
    QCOMPARE(report["dumps"][0]["size"].get<qint64>(), qint64 {core.size()});

    kill(static_cast<pid_t>(program.processId()), SIGTERM);
    QVERIFY(program.waitForFinished(60000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
    const QByteArray output = program.readAllStandardOutput();
    QCOMPARE(lines(output, "scanned "), 2);
}

void WatchCommandTest::survivesARestart()
{
    writeFile(path("in/core"), coreWith(m_token));
    for (int round = 0; round < 2; ++round) {
        QProcess program;
        program.setWorkingDirectory(m_folder->path());
        program.start(programPath(), watching({}));
        QVERIFY(program.waitForReadyRead(60000));
        QVERIFY(appears("in/core.coredact.json"));
        if (round == 0) {
            QVERIFY(appears("state")); // written after the line that tells the work
            program.kill(); // as in a crash
        } else {
            QTest::qSleep(1500); // long enough to do it twice
            kill(static_cast<pid_t>(program.processId()), SIGTERM);
        }
        QVERIFY(program.waitForFinished(60000));
        QCOMPARE(lines(program.readAllStandardOutput(), "scanned "), round == 0 ? 1 : 0);
    }
}

void WatchCommandTest::leavesNoCoreOfItself()
{
    writeFile(path("in/core"), coreWith(m_token));
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("here")));
    QProcess program;
    program.setWorkingDirectory(path("here"));
    program.setChildProcessModifier([] {
        const rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_CORE, &all);
    });
    program.start(programPath(), watching({}));
    QVERIFY(appears("in/core.coredact.json"));
    kill(static_cast<pid_t>(program.processId()), SIGABRT); // a sanitizer would take SIGSEGV
    QVERIFY(program.waitForFinished(60000));
    QCOMPARE(program.exitStatus(), QProcess::CrashExit);
    QVERIFY(QDir(path("here")).isEmpty());
}

QTEST_GUILESS_MAIN(WatchCommandTest)
#include "tst_watchcommand.moc"
