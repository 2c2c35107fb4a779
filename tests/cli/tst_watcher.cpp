// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watcher.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QElapsedTimer>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

using namespace coredact;
using namespace coredact::cli;
using namespace std::chrono_literals;

class WatcherTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void tellsOldFilesAtOnce();
    void tellsAFileOnceOnly();
    void tellsAFileRenamedIntoPlace();
    void tellsAFileLinkedIntoPlace();
    void waitsUntilTheWriterHasClosed();
    void waitsForAFileThatKeepsChanging();
    void followsNewFoldersAndWhatIsInThem();
    void followsAFolderThatWasMovedIn();
    void tellsAgainAfterAChange();
    void tellsAgainWhenAsked();
    void leavesOutReportsAndExcludedFolders();
    void leavesOutWhatIsDone();
    void leavesOutLinksAndPipes();
    void seesChangesByPollingAlone();
    void endsEarlyForASignal();
    void refusesWhatIsNoFolder();
    void tellsThatAFolderIsGoneAndBack();

private:
    QString path(const char* name) const { return m_folder->filePath(QLatin1String(name)); }
    void write(const char* name, const QByteArray& bytes = "x") const;
    static QStringList names(const std::vector<WatchedFile>& files);
    Watcher start(WatcherOptions options = {}, Watcher::Done done = {}) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void WatcherTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void WatcherTest::write(const char* name, const QByteArray& bytes) const
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QStringList WatcherTest::names(const std::vector<WatchedFile>& files)
{
    QStringList list;
    for (const WatchedFile& file : files)
        list += QString::fromStdString(file.path).section(u'/', -1);
    return list;
}

Watcher WatcherTest::start(WatcherOptions options, Watcher::Done done) const
{
    options.folders = {m_folder->path().toStdString()};
    if (options.quiet == 2000ms)
        options.quiet = 100ms;
    auto watcher = Watcher::start(options, done ? done : [](const FileIdentity&) { return false; });
    if (!watcher)
        qFatal("the watcher did not start");
    return std::move(*watcher);
}

static QStringList list(std::initializer_list<const char*> names)
{
    QStringList all;
    for (const char* name : names)
        all += QLatin1String(name);
    return all;
}

void WatcherTest::tellsOldFilesAtOnce()
{
    write("b");
    write("a");
    QTest::qSleep(2200); // older than any rounding of time stamps
    WatcherOptions options;
    options.quiet = 1000ms;
    Watcher watcher = start(options);
    QCOMPARE(names(watcher.next(0ms, -1)), list({"a", "b"}));
}

void WatcherTest::tellsAFileOnceOnly()
{
    Watcher watcher = start();
    write("core");
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
    QCOMPARE(names(watcher.next(400ms, -1)), QStringList());
    QVERIFY(watcher.unfinished().empty());
}

void WatcherTest::tellsAFileRenamedIntoPlace()
{
    const QTemporaryDir elsewhere(QDir::tempPath() + QStringLiteral("/elsewhere-XXXXXX"));
    QFile file(elsewhere.filePath(QStringLiteral("partial")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("bytes");
    file.close();
    Watcher watcher = start();
    QVERIFY(QFile::rename(file.fileName(), path("core")));
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

void WatcherTest::tellsAFileLinkedIntoPlace()
{
    Watcher watcher = start();
    const int file = open(m_folder->path().toUtf8().constData(), O_TMPFILE | O_RDWR, 0600);
    if (file >= 0) {
        QCOMPARE(::write(file, "x", 1), 1);
        const QByteArray name = "/proc/self/fd/" + QByteArray::number(file);
        QCOMPARE(linkat(AT_FDCWD, name.constData(), AT_FDCWD, path("core").toUtf8().constData(),
                        AT_SYMLINK_FOLLOW), 0);
        close(file);
    } else {
        write(".other"); // a file system without O_TMPFILE: a hard link does the same
        QCOMPARE(link(path(".other").toUtf8().constData(), path("core").toUtf8().constData()), 0);
    }
    QVERIFY(names(watcher.next(60s, -1)).contains(QStringLiteral("core")));
}

void WatcherTest::waitsUntilTheWriterHasClosed()
{
    Watcher watcher = start();
    QFile file(path("core"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("half");
    file.flush();
    // Nothing changes for much longer than the quiet time, but the writer has not closed.
    QCOMPARE(names(watcher.next(450ms, -1)), QStringList());
    QCOMPARE(watcher.unfinished().size(), std::size_t {1});
    file.write("whole");
    file.close();
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

void WatcherTest::waitsForAFileThatKeepsChanging()
{
    WatcherOptions options;
    options.quiet = 400ms;
    Watcher watcher = start(options);
    for (int i = 0; i < 8; ++i) {
        QFile file(path("core"));
        QVERIFY(file.open(QIODevice::Append));
        file.write("more");
        file.close();
        QCOMPARE(names(watcher.next(100ms, -1)), QStringList());
    }
    const auto files = watcher.next(60s, -1);
    QCOMPARE(names(files), list({"core"}));
    QCOMPARE(files[0].identity.size, std::uint64_t {32});
}

void WatcherTest::followsNewFoldersAndWhatIsInThem()
{
    Watcher watcher = start();
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("2026/11")));
    write("2026/11/first");
    QCOMPARE(names(watcher.next(60s, -1)), list({"first"}));
    write("2026/11/second");
    QCOMPARE(names(watcher.next(60s, -1)), list({"second"}));
}

void WatcherTest::followsAFolderThatWasMovedIn()
{
    const QTemporaryDir elsewhere(QDir::tempPath() + QStringLiteral("/elsewhere-XXXXXX"));
    QVERIFY(QDir(elsewhere.path()).mkdir(QStringLiteral("box")));
    Watcher watcher = start();
    QVERIFY(QDir().rename(elsewhere.filePath(QStringLiteral("box")), path("box")));
    QCOMPARE(names(watcher.next(300ms, -1)), QStringList());
    write("box/core");
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

void WatcherTest::tellsAgainAfterAChange()
{
    Watcher watcher = start();
    write("core", "one");
    QCOMPARE(watcher.next(60s, -1).size(), std::size_t {1});
    write("core", "another");
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

void WatcherTest::tellsAgainWhenAsked()
{
    Watcher watcher = start();
    write("core");
    const auto files = watcher.next(60s, -1);
    QCOMPARE(files.size(), std::size_t {1});
    watcher.again(files[0].path, 500ms);
    QCOMPARE(names(watcher.next(200ms, -1)), QStringList());
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

void WatcherTest::leavesOutReportsAndExcludedFolders()
{
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("out")));
    WatcherOptions options;
    options.excluded = {path("out").toStdString()};
    Watcher watcher = start(options);
    write("core.coredact.json");
    write(".coredact-abc");
    write("out/redacted-1.core");
    write("outside");
    QCOMPARE(names(watcher.next(2s, -1)), list({"outside"}));
    QCOMPARE(names(watcher.next(300ms, -1)), QStringList());
}

void WatcherTest::leavesOutWhatIsDone()
{
    write("known");
    write("new");
    const auto known = identityOf(path("known").toStdString());
    QVERIFY(known.has_value());
    Watcher watcher = start({}, [&](const FileIdentity& file) { return file == *known; });
    QCOMPARE(names(watcher.next(60s, -1)), list({"new"}));
}

void WatcherTest::leavesOutLinksAndPipes()
{
    write("real");
    QVERIFY(QFile::link(path("real"), path("link")));
    QCOMPARE(mkfifo(path("pipe").toUtf8().constData(), 0600), 0);
    Watcher watcher = start();
    QCOMPARE(names(watcher.next(60s, -1)), list({"real"}));
    QCOMPARE(names(watcher.next(300ms, -1)), QStringList());
}

void WatcherTest::seesChangesByPollingAlone()
{
    WatcherOptions options;
    options.poll = 200ms;
    Watcher watcher = start(options);
    // Other time stamps make it another file, and inotify is not asked about those.
    write("core");
    QCOMPARE(watcher.next(60s, -1).size(), std::size_t {1});
    const utimbuf earlier {1'000'000'000, 1'000'000'000};
    QCOMPARE(utime(path("core").toUtf8().constData(), &earlier), 0);
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

void WatcherTest::endsEarlyForASignal()
{
    Watcher watcher = start();
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    QCOMPARE(::write(ends[1], "x", 1), 1);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(watcher.next(120s, ends[0]).empty());
    QVERIFY(timer.elapsed() < 100000);
    close(ends[0]);
    close(ends[1]);
}

void WatcherTest::refusesWhatIsNoFolder()
{
    write("file");
    WatcherOptions options;
    options.folders = {path("file").toStdString()};
    const auto watcher = Watcher::start(options, [](const FileIdentity&) { return false; });
    QVERIFY(!watcher);
    QCOMPARE(watcher.error().code, ErrorCode::Usage);
}

void WatcherTest::tellsThatAFolderIsGoneAndBack()
{
    WatcherOptions options;
    options.poll = 100ms;
    Watcher watcher = start(options);
    QVERIFY(watcher.unseen().empty());
    QVERIFY(QDir(m_folder->path()).removeRecursively());
    QCOMPARE(names(watcher.next(60s, -1)), QStringList());
    QCOMPARE(watcher.unseen().size(), std::size_t(1));
    QCOMPARE(watcher.unseen()[0].path, m_folder->path().toStdString());
    QVERIFY(QDir().mkdir(m_folder->path()));
    QCOMPARE(names(watcher.next(60s, -1)), QStringList());
    QVERIFY(watcher.unseen().empty());
    write("core");
    QCOMPARE(names(watcher.next(60s, -1)), list({"core"}));
}

QTEST_GUILESS_MAIN(WatcherTest)
#include "tst_watcher.moc"
