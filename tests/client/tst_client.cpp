// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/client/processlook.h"

#include "scanner/client/client.h"

#include <QtTest>

#include <csignal>
#include <fstream>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace coredact;
using namespace coredact::protocol;

namespace {

const std::string hostileEngine = COREDACT_BINARY_DIR "/bin/coredact-hostile-engine";

rlim_t memoryInUse()
{
    std::ifstream statistics("/proc/self/statm");
    rlim_t pages = 0;
    statistics >> pages;
    return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

LoadRules misdeed(const std::string& how) { return {{}, {true, {how}, {}}}; }

} // namespace

class TestClient : public QObject {
    Q_OBJECT

private slots:
    void init() { m_descriptors = openDescriptors(); }
    void cleanup()
    {
        QCOMPARE(openDescriptors(), m_descriptors);
        QVERIFY(noChildIsLeft());
    }

    void saysWhichEngineIsMissing()
    {
        const auto client = Client::start("/nonexistent/coredact-engine");
        QVERIFY(!client);
        QCOMPARE(client.error().code, ErrorCode::Sandbox);
        QVERIFY(client.error().message.find("/nonexistent/coredact-engine") != std::string::npos);
    }

    /// A thread needs memory for its stack.
    void saysThatNoThreadCanBeStarted()
    {
        rlimit before = {};
        QCOMPARE(getrlimit(RLIMIT_AS, &before), 0);
        const rlimit little {memoryInUse() + (1U << 20), before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_AS, &little), 0);
        const auto client = Client::start(hostileEngine);
        QCOMPARE(setrlimit(RLIMIT_AS, &before), 0);
        QVERIFY(!client);
        QVERIFY2(client.error().message.find("thread") != std::string::npos,
                 client.error().message.c_str());
    }

    void anEngineThatSaysNonsenseIsEnded_data()
    {
        QTest::addColumn<QString>("how");
        for (const char* how :
             {"garbage", "huge length", "no cbor", "cut message", "nobody asked", "wrong answer"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void anEngineThatSaysNonsenseIsEnded()
    {
        QFETCH(QString, how);
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        const auto answer = (*client)->call(misdeed(how.toStdString()));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Sandbox);
        QVERIFY(answer.error().message.starts_with("the engine "));
        QTRY_VERIFY_WITH_TIMEOUT(!(*client)->alive(), 60000);
        // The process is collected while the client lives.
        QTRY_VERIFY_WITH_TIMEOUT(kill((*client)->processId(), 0) == -1 && errno == ESRCH, 60000);
    }

    void aPlaceOutsideTheFileIsNonsense()
    {
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        const auto answer = (*client)->call(Search {{1}, false, false, 0, false});
        QVERIFY(!answer);
        QVERIFY(answer.error().message.find("outside the file") != std::string::npos);
        QTRY_VERIFY_WITH_TIMEOUT(!(*client)->alive(), 60000);
    }

    void aSecondAnswerIsNonsense()
    {
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        QVERIFY((*client)->call(misdeed("two answers")).ok());
        QTRY_VERIFY_WITH_TIMEOUT(!(*client)->alive(), 60000);
        QVERIFY(!(*client)->call(SandboxCheck {}));
    }

    void descriptorsThatNobodyWantsAreClosed()
    {
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        const std::size_t before = openDescriptors();
        QVERIFY((*client)->call(misdeed("descriptors")).ok());
        QTRY_COMPARE_WITH_TIMEOUT(openDescriptors(), before, 60000);
    }

    void saysHowAnEngineEnded()
    {
        const auto left = Client::start(hostileEngine);
        QVERIFY(left.ok());
        const auto exited = (*left)->call(misdeed("exit"));
        QVERIFY(!exited);
        QCOMPARE(exited.error().message, "the engine stopped: it ended with status 7");
        const auto crashed = Client::start(hostileEngine);
        QVERIFY(crashed.ok());
        const auto died = (*crashed)->call(misdeed("signal"));
        QVERIFY(!died);
        QVERIFY(died.error().message.starts_with("the engine stopped: it was killed by signal 15"));
    }

    void everyOpenRequestEndsWhenTheEngineDies()
    {
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        std::atomic<int> failed = 0;
        for (int i = 0; i < 20; ++i)
            (*client)->send(SandboxCheck {}, {}, [&](const Event& event) {
                failed += std::holds_alternative<Failed>(event);
            });
        kill((*client)->processId(), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(failed.load(), 20, 60000);
        QVERIFY(!(*client)->alive());
        const auto later = (*client)->call(SandboxCheck {});
        QVERIFY(!later);
        QVERIFY(later.error().message.starts_with("the engine stopped: it was killed by signal 9"));
    }

    void endsAnEngineThatIsSilentInAMessage()
    {
        auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        std::atomic<bool> failed = false;
        (*client)->send(misdeed("silence"), {}, [&](const Event& event) {
            failed = std::holds_alternative<Failed>(event);
        });
        QTest::qWait(50);
        QVERIFY(!failed);
        client->reset();
        QVERIFY(failed);
    }

    void endsAnEngineThatDoesNotCareForACancel()
    {
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        const auto answer = (*client)->call(SandboxCheck {}, {}, {}, [] { return true; });
        QVERIFY(!answer);
        QVERIFY(!(*client)->alive());
    }

    void refusesWhatIsTooLargeAndGoesOn()
    {
        const auto client = Client::start(hostileEngine);
        QVERIFY(client.ok());
        LoadRules large;
        large.files.emplace_back("large.toml", std::string((256U << 20) + 1, 'a'));
        const auto answer = (*client)->call(large);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::TooLarge);
        QVERIFY((*client)->alive());
    }

    void opensOnlyRegularFiles()
    {
        QTemporaryDir folder;
        const std::string base = folder.path().toStdString();
        QVERIFY(!openDump(base));
        QVERIFY(!openDump(base + "/missing"));
        QCOMPARE(mkfifo((base + "/pipe").c_str(), 0600), 0);
        const auto pipe = openDump(base + "/pipe");
        QVERIFY(!pipe);
        QCOMPARE(pipe.error().code, ErrorCode::Unsupported);
        QFile file(folder.filePath(QStringLiteral("dump")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("x") == 1);
        file.close();
        QCOMPARE(symlink((base + "/dump").c_str(), (base + "/link").c_str()), 0);
        const auto linked = openDump(base + "/link");
        QVERIFY(linked.ok());
        QCOMPARE(QFileInfo(QString::fromStdString(linked->path)).fileName(),
                 QStringLiteral("dump"));
        QCOMPARE(write(linked->descriptor.number(), "y", 1), ssize_t {-1});
    }

    void temporaryFilesHaveNoName()
    {
        QTemporaryDir folder;
        const auto file = unlinkedFile(folder.path().toStdString());
        QVERIFY(file.ok());
        QCOMPARE(write(file->number(), "x", 1), ssize_t {1});
        QVERIFY(
            QDir(folder.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
        struct stat status = {};
        QCOMPARE(fstat(file->number(), &status), 0);
        QCOMPARE(status.st_nlink, nlink_t {0});
        QCOMPARE(status.st_mode & 0777U, 0600U);
        QVERIFY(!unlinkedFile("/nonexistent/folder"));
    }

private:
    std::size_t m_descriptors = 0;
};

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
