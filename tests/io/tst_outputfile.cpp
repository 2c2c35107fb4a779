// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/outputfile.h"
#include "scanner/io/sparsewriter.h"
#include "tests/support/memoryfile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace coredact;
using namespace coredact::test;

namespace {

QStringList everythingIn(const QString& folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System
                                  | QDir::NoDotAndDotDot);
}

} // namespace

class TestOutputFile : public QObject {
    Q_OBJECT
private slots:
    void init();
    void hasNoNameUntilItIsPublished();
    void copiesWhereFilesCannotBeAnonymous();
    void neverReplacesAnExistingFile();
    void isReadableByItsOwnerOnly();
    void leavesNothingWhenKilled();
    void leavesNothingWhenTheDiskIsFull();
    void refusesTheOriginalThroughAnyLink();
    void saysWhatAFolderLacks();
    void findsTheFolderOfAPath();

private:
    std::string path(const char* name) const
    {
        return (m_folder->path() + QLatin1Char('/') + QLatin1String(name)).toStdString();
    }
    std::string folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestOutputFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestOutputFile::hasNoNameUntilItIsPublished()
{
    auto file = OutputFile::make(folder());
    QVERIFY(file.ok());
    QVERIFY(writeAllAt(file->descriptor(), 0, asBytes("content")).ok());
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
    QVERIFY(file->publish(path("out")).ok());
    QCOMPARE(everythingIn(m_folder->path()), QStringList {QStringLiteral("out")});
    QFile written(m_folder->filePath(QStringLiteral("out")));
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll(), QByteArray("content"));
}

void TestOutputFile::copiesWhereFilesCannotBeAnonymous()
{
    auto file = OutputFile::makeForCopying(folder());
    QVERIFY(file.ok());
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
    QVERIFY(writeAllAt(file->descriptor(), 5U << 20, asBytes("content")).ok());
    QCOMPARE(ftruncate(file->descriptor(), 9 << 20), 0);
    QVERIFY(file->publish(path("out")).ok());
    QCOMPARE(everythingIn(m_folder->path()), QStringList {QStringLiteral("out")});
    const Descriptor written(open(path("out").c_str(), O_RDONLY));
    QVERIFY(contents(written.number()) == contents(file->descriptor()));
    QVERIFY(storedBytes(written.number()) < (4U << 20)); // holes stay holes
    QCOMPARE(file->publish(path("out")).error().code, ErrorCode::Refused);
    QCOMPARE(everythingIn(m_folder->path()), QStringList {QStringLiteral("out")});
}

void TestOutputFile::neverReplacesAnExistingFile()
{
    QFile existing(m_folder->filePath(QStringLiteral("out")));
    QVERIFY(existing.open(QIODevice::WriteOnly));
    existing.write("a longer old content");
    existing.close();
    auto file = OutputFile::make(folder());
    QVERIFY(writeAllAt(file->descriptor(), 0, asBytes("new")).ok());
    const Status status = file->publish(path("out"));
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::Refused);
    QVERIFY(existing.open(QIODevice::ReadOnly));
    QCOMPARE(existing.readAll(), QByteArray("a longer old content"));
}

void TestOutputFile::isReadableByItsOwnerOnly()
{
    const mode_t old = umask(0);
    auto file = OutputFile::make(folder());
    QVERIFY(file->publish(path("out")).ok());
    umask(old);
    struct stat status = {};
    QCOMPARE(stat(path("out").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t {0600});
}

void TestOutputFile::leavesNothingWhenKilled()
{
    for (int round = 0; round < 20; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            auto file = OutputFile::make(folder());
            const std::vector<std::uint8_t> bytes(1U << 16, 'x');
            for (std::uint64_t offset = 0;; offset += bytes.size())
                if (!file.ok() || !writeAllAt(file->descriptor(), offset % (64U << 20), bytes).ok())
                    _exit(1);
        }
        QTest::qSleep(round);
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        QVERIFY(everythingIn(m_folder->path()).isEmpty());
    }
}

void TestOutputFile::leavesNothingWhenTheDiskIsFull()
{
    // A small file system where root may mount one; else a limit on the size of files.
    const bool mounted = mount("none", folder().c_str(), "tmpfs", 0, "size=1m") == 0;
    struct rlimit old = {};
    getrlimit(RLIMIT_FSIZE, &old);
    if (!mounted) {
        std::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit small = {1U << 20, old.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    }
    {
        auto file = OutputFile::make(folder());
        QVERIFY(file.ok());
        const std::vector<std::uint8_t> bytes(2U << 20, 'x');
        const Status status = writeAllAt(file->descriptor(), 0, bytes);
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::System);
        QVERIFY(status.error().offset.has_value());
    }
    setrlimit(RLIMIT_FSIZE, &old);
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
    if (mounted)
        QCOMPARE(umount(folder().c_str()), 0);
}

void TestOutputFile::refusesTheOriginalThroughAnyLink()
{
    QFile made(m_folder->filePath(QStringLiteral("core")));
    QVERIFY(made.open(QIODevice::WriteOnly));
    made.close();
    QCOMPARE(symlink("core", path("soft").c_str()), 0);
    QCOMPARE(symlink("soft", path("softer").c_str()), 0);
    QCOMPARE(link(path("core").c_str(), path("hard").c_str()), 0);
    const Descriptor original(open(path("core").c_str(), O_RDONLY));
    for (const char* name : {"core", "soft", "softer", "hard", "./core"}) {
        const Status status = refuseAlias(original.number(), path(name));
        QVERIFY2(!status.ok(), name);
        QCOMPARE(status.error().code, ErrorCode::Refused);
    }
    QVERIFY(refuseAlias(original.number(), path("another")).ok());
    QVERIFY(refuseAlias(original.number(), path("missing/another")).ok());
}

void TestOutputFile::saysWhatAFolderLacks()
{
    const auto file = OutputFile::make(path("missing"));
    QVERIFY(!file.ok());
    QVERIFY(!file.error().message.empty());
    QVERIFY(temporaryFile(folder()).ok());
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

void TestOutputFile::findsTheFolderOfAPath()
{
    QCOMPARE(folderOf("core"), std::string("."));
    QCOMPARE(folderOf("/core"), std::string("/"));
    QCOMPARE(folderOf("a/b/core"), std::string("a/b"));
}

QTEST_GUILESS_MAIN(TestOutputFile)
#include "tst_outputfile.moc"
