// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/faultyplace.h"

#include <random>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace coredact::test;
using namespace coredact::faults;

/// Runs `redact` under every kind of fault. After each: nothing under the copy's name, or a copy
/// that its recipient can verify; nothing else left; the original as it was.
class FaultTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_place = std::make_unique<FaultyPlace>(); }
    void cleanup() { QVERIFY(m_place->originalIsUntouched()); }

    void failingCalls_data();
    void failingCalls();
    void shortWritesAndReadsAreMadeGood();
    void killedAtEveryHook_data();
    void killedAtEveryHook();
    void killedAtAnyMoment();
    void aFullFileSystem();
    void aFileThatMayNotGrow();
    void anInputThatChanges_data();
    void anInputThatChanges();

private:
    FaultyPlace& place() const { return *m_place; }
    std::uint32_t callsOf(Call call, Program program) const;
    bool waitsOrEnds(QProcess& program) const;
    /// What is there now may be there after a program was killed at any moment.
    QByteArray wrongAfterAKill() const;

    std::unique_ptr<FaultyPlace> m_place;
};

namespace {

/// The engines that this program started and that have not ended.
QList<pid_t> enginesOf(qint64 program)
{
    QList<pid_t> engines;
    const QString all = QStringLiteral("/proc/%1/task").arg(program);
    for (const QString& task : QDir(all).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QByteArray& child : readFile(all + '/' + task + "/children").split(' ')) {
            // A sanitizer has a process of its own when the program ends, which waits for it.
            const QString name = QStringLiteral("/proc/%1/comm").arg(child.toInt());
            if (child.toInt() > 0 && readFile(name).trimmed() == "coredact-engine")
                engines += child.toInt();
        }
    }
    return engines;
}

struct InputFault {
    const char* name;
    void (*change)(const QString& path, qsizetype size);
};

void patch(const QString& path, qint64 at, const QByteArray& bytes)
{
    struct stat before = {};
    stat(path.toUtf8().constData(), &before);
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(at) || file.write(bytes) != bytes.size())
        qFatal("the input cannot be changed");
    file.close();
    // As if nobody had been there.
    const timespec times[] = {before.st_atim, before.st_mtim};
    utimensat(AT_FDCWD, path.toUtf8().constData(), times, 0);
}

const InputFault inputFaults[] = {
    {"cut short", [](const QString& path, qsizetype size) { QFile::resize(path, size / 2); }},
    {"emptied", [](const QString& path, qsizetype) { QFile::resize(path, 0); }},
    {"longer", [](const QString& path, qsizetype size) { QFile::resize(path, size + 4096); }},
    {"changed at the front", [](const QString& path, qsizetype) { patch(path, 9000, "changed"); }},
    {"changed at the end",
     [](const QString& path, qsizetype size) { patch(path, size - 2000, "changed"); }},
    {"replaced",
     [](const QString& path, qsizetype size) {
         writeFile(path + ".new", QByteArray(size, 'n'));
         std::rename((path + ".new").toUtf8().constData(), path.toUtf8().constData());
     }},
};

/// A file system of `size` bytes on `folder`, where that is allowed.
bool mountSmall(const QString& folder, qsizetype size)
{
    const QByteArray options = "size=" + QByteArray::number(size) + ",mode=700";
    return mount("tmpfs", folder.toUtf8().constData(), "tmpfs", 0, options.constData()) == 0;
}

} // namespace

std::uint32_t FaultTest::callsOf(Call call, Program program) const
{
    place().plan(call, program, Count, 0, 0);
    const Answer answer = place().redact();
    if (answer.code != 0)
        qFatal("the program fails without a fault");
    place().clear();
    return place().control().counted;
}

bool FaultTest::waitsOrEnds(QProcess& program) const
{
    QElapsedTimer timer;
    timer.start();
    while (place().control().waiting == 0 && timer.elapsed() < 120000)
        if (program.waitForFinished(2))
            return false;
    return place().control().waiting != 0;
}

QByteArray FaultTest::wrongAfterAKill() const
{
    const QStringList there = place().copies();
    // The certificate gets its name before the copy: alone it says nothing wrong.
    if (there.isEmpty() || there == list({"copy.coredact.json"}))
        return {};
    if (there != list({"copy", "copy.coredact.json"}))
        return "left behind: " + there.join(' ').toUtf8();
    return place().copyIsWhole() ? QByteArray() : QByteArray("the copy is not whole");
}

void FaultTest::failingCalls_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("error");
    QTest::addColumn<bool>("onwards");
    const std::pair<const char*, Call> calls[]
        = {{"write", Write},        {"fsync", Sync},         {"linkat", Link},
           {"ftruncate", Truncate}, {"O_TMPFILE", MakeFile}, {"read", Read}};
    for (const auto& [name, call] : calls)
        for (const auto& [word, error] : {std::pair {"ENOSPC", ENOSPC}, std::pair {"EIO", EIO}})
            for (const bool onwards : {false, true})
                if (isLongRun()
                    || (error == (call == Write ? ENOSPC : EIO) && !(onwards && call == Read)))
                    QTest::addRow("%s %s %s", name, word, onwards ? "from then on" : "once")
                        << int(call) << error << onwards;
}

void FaultTest::failingCalls()
{
    QFETCH(const int, call);
    QFETCH(const int, error);
    QFETCH(const bool, onwards);
    // Reads are many: in a short run some of them stand for all.
    const std::uint32_t all = callsOf(static_cast<Call>(call), Any);
    QVERIFY(all > 0);
    const std::uint32_t step = call == Read && !isLongRun() ? std::max(1U, all / 3) : 1;
    bool reached = true;
    LongRun run;
    for (std::uint32_t at = 1; reached; at += step) {
        run.at(at, all);
        place().plan(static_cast<Call>(call), Any, Fail, error, at, onwards);
        const Answer answer = place().redact();
        reached = place().control().reached != 0;
        QVERIFY2(answer.code >= 0, "the program was ended by a signal");
        QVERIFY(!answer.errors.contains(place().token));
        if (answer.code == 0 || answer.code == 3) {
            // Some faults are no hindrance: a room for what need not be unpacked, for one. What
            // could not be read is said to be missing.
            QCOMPARE(place().copies(), list({"copy", "copy.coredact.json"}));
            QVERIFY(place().copyIsWhole());
        } else {
            QVERIFY2(reached, answer.errors.constData());
            QVERIFY(answer.code == 2 || answer.code == 4);
            QVERIFY(!answer.errors.isEmpty() || answer.output.contains("NOT WRITTEN"));
            QCOMPARE(place().copies(), QStringList());
        }
        QVERIFY(place().originalIsUntouched());
        place().clear();
    }
}

void FaultTest::shortWritesAndReadsAreMadeGood()
{
    for (const Call call : {Write, Read}) {
        const std::uint32_t all = callsOf(call, Any);
        const std::uint32_t step = isLongRun() ? 1 : std::max(1U, all / 3);
        // Reads are a few more or less from run to run, by how the threads share the windows: only
        // what lies past the first half may be a call that does not come.
        bool reached = true;
        LongRun run;
        for (std::uint32_t at = 1; reached; at += step) {
            run.at(at, all);
            place().plan(call, Any, Shorten, 0, at, at == 1);
            QCOMPARE(place().redact().code, 0);
            reached = place().control().reached != 0;
            QVERIFY(reached || at > all / 2);
            QVERIFY(place().copyIsWhole());
            place().clear();
        }
    }
}

void FaultTest::killedAtEveryHook_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("program");
    for (const auto& [name, program] :
         {std::pair {"the front end", FrontEnd}, std::pair {"the engine", Engine}})
        for (const auto& [word, call] :
             {std::pair {"write", Write}, std::pair {"fsync", Sync}, std::pair {"linkat", Link},
              std::pair {"ftruncate", Truncate}, std::pair {"O_TMPFILE", MakeFile}})
            if (program == FrontEnd || call == Write || call == Sync || call == Truncate)
                QTest::addRow("%s at %s", name, word) << int(call) << int(program);
}

void FaultTest::killedAtEveryHook()
{
    QFETCH(const int, call);
    QFETCH(const int, program);
    LongRun run;
    for (std::uint32_t at = 1;; ++at) {
        run.at(at);
        place().plan(static_cast<Call>(call), static_cast<Program>(program), Wait, 0, at);
        QProcess front;
        place().start(front);
        const bool waits = waitsOrEnds(front);
        if (!waits) {
            QCOMPARE(front.exitCode(), 0);
            QVERIFY(place().copyIsWhole());
            break;
        }
        const QList<pid_t> engines = enginesOf(front.processId());
        kill(place().control().waiting, SIGKILL);
        QVERIFY(front.waitForFinished(60000));
        if (program == Engine) {
            // The front end lives, says so, and leaves nothing.
            QCOMPARE(front.exitStatus(), QProcess::NormalExit);
            QCOMPARE(front.exitCode(), 2);
            QVERIFY(front.readAllStandardError().contains("engine"));
            QCOMPARE(place().copies(), QStringList());
        }
        for (const pid_t engine : engines)
            QTRY_VERIFY_WITH_TIMEOUT(kill(engine, 0) != 0, 20000); // none goes on alone
        QCOMPARE(wrongAfterAKill(), QByteArray());
        QVERIFY(place().originalIsUntouched());
        place().clear();
        QVERIFY(at < 1000);
    }
}

void FaultTest::killedAtAnyMoment()
{
    place().plan(Calls, Any, Count, 0, 0);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(place().redact().code, 0);
    const auto whole = static_cast<int>(timer.nsecsElapsed() / 1000);
    place().clear();
    std::mt19937 chance(20240426);
    std::uniform_int_distribution<int> moment(0, whole + whole / 10);
    const unsigned all = isLongRun() ? 1000 : 50;
    LongRun run;
    for (unsigned i = 0; i < all; ++i) {
        run.at(i, all);
        QProcess front;
        place().start(front);
        QVERIFY(front.waitForStarted());
        usleep(static_cast<useconds_t>(moment(chance)));
        const QList<pid_t> engines = enginesOf(front.processId());
        // Now the front end, now the engine that is at work.
        if (i % 2 == 0 || engines.isEmpty())
            kill(static_cast<pid_t>(front.processId()), SIGKILL);
        else
            kill(engines.last(), SIGKILL);
        QVERIFY(front.waitForFinished(60000));
        for (const pid_t engine : engines)
            QTRY_VERIFY_WITH_TIMEOUT(kill(engine, 0) != 0, 20000);
        QCOMPARE(wrongAfterAKill(), QByteArray());
        QVERIFY(place().originalIsUntouched());
        place().clear();
    }
}

void FaultTest::aFullFileSystem()
{
    place().plan(Calls, Any, Count, 0, 0);
    const QString small = place().path("out");
    const qsizetype need = QFileInfo(place().path("in/core")).size();
    int done = 0;
    for (qsizetype size = 64 << 10; done == 0; size += need / 5) {
        if (!mountSmall(small, size)) {
            qInfo("no file system can be mounted here: aFileThatMayNotGrow stands for it");
            return;
        }
        const Answer answer = place().redact();
        const QStringList there = place().copies();
        const bool whole = answer.code == 0 && place().copyIsWhole();
        QCOMPARE(umount(small.toUtf8().constData()), 0);
        QVERIFY2(answer.code == 2 ? there.isEmpty() : whole, answer.errors.constData());
        QVERIFY(answer.code == 0 || answer.errors.contains("No space left"));
        done += answer.code == 0 ? 1 : 0;
        QVERIFY(size < 4 * need);
    }
}

/// The same without any rights: the size that a file may have is limited.
void FaultTest::aFileThatMayNotGrow()
{
    place().plan(Calls, Any, Count, 0, 0);
    const qsizetype need = QFileInfo(place().path("in/core")).size();
    for (const qsizetype size : {qsizetype(0), need / 3, need - 1, need + (1 << 20)}) {
        QProcess front;
        front.setChildProcessModifier([size] {
            signal(SIGXFSZ, SIG_IGN);
            const rlimit limit {static_cast<rlim_t>(size), static_cast<rlim_t>(size)};
            setrlimit(RLIMIT_FSIZE, &limit);
        });
        place().start(front);
        QVERIFY(front.waitForFinished(120000));
        QCOMPARE(front.exitStatus(), QProcess::NormalExit);
        if (size < need) {
            QCOMPARE(front.exitCode(), 2);
            QCOMPARE(place().copies(), QStringList());
        } else {
            QCOMPARE(front.exitCode(), 0);
            QVERIFY(place().copyIsWhole());
            place().clear();
        }
    }
}

void FaultTest::anInputThatChanges_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("call");
    int number = 0;
    for (const InputFault& fault : inputFaults) {
        QTest::addRow("%s while it is read", fault.name) << number << int(Read);
        QTest::addRow("%s while the copy is written", fault.name) << number << int(Write);
        ++number;
    }
}

void FaultTest::anInputThatChanges()
{
    QFETCH(const int, fault);
    QFETCH(const int, call);
    const qsizetype size = QFileInfo(place().path("in/core")).size();
    const std::uint32_t all = callsOf(static_cast<Call>(call), Engine);
    const std::uint32_t step = isLongRun() ? 1 : std::max(1U, all / (call == Read ? 3 : 2));
    LongRun run;
    for (std::uint32_t at = 1; at <= all; at += step) {
        run.at(at, all);
        place().plan(static_cast<Call>(call), Engine, Wait, 0, at);
        QProcess front;
        place().start(front);
        if (!waitsOrEnds(front))
            break; // what changed before made the way shorter
        inputFaults[fault].change(place().path("in/core"), size);
        const OriginalLook changed = OriginalLook::at(place().path("in/core"));
        place().control().released = 1;
        QVERIFY(front.waitForFinished(120000));
        QCOMPARE(front.exitStatus(), QProcess::NormalExit);
        if (front.exitCode() == 0) {
            // Changed where nobody looks any more, or another file by now.
            QCOMPARE(place().copies(), list({"copy", "copy.coredact.json"}));
            QVERIFY(place().copyIsWhole());
        } else {
            QVERIFY(front.exitCode() >= 2);
            QCOMPARE(place().copies(), QStringList());
        }
        QVERIFY(OriginalLook::at(place().path("in/core")) == changed);
        place().clear();
        place().makeOriginal();
    }
}

QTEST_GUILESS_MAIN(FaultTest)
#include "tst_faults.moc"
