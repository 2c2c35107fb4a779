// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/threads.h"

#include <QtTest>

#include <array>
#include <atomic>
#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace coredact;

class TestThreads : public QObject {
    Q_OBJECT

private slots:
    void callsEachNumberOnce();
    void goesOnWhereNoThreadCanBeStarted();
};

void TestThreads::callsEachNumberOnce()
{
    for (const std::size_t count : {1U, 2U, 7U}) {
        std::array<std::atomic<int>, 8> calls {};
        inThreads(count, [&](std::size_t i) { ++calls[i]; });
        for (std::size_t i = 0; i < calls.size(); ++i)
            QCOMPARE(calls[i].load(), i < count ? 1 : 0);
    }
}

namespace {

/// In a process that may have no further thread: how many items get done, out of 10.
int doneWithoutThreads()
{
    const rlimit none = {0, 0};
    const uid_t nobody = 65534; // root is under no limit
    if (setrlimit(RLIMIT_NPROC, &none) != 0 || (geteuid() == 0 && setuid(nobody) != 0))
        return -1;
    std::atomic<int> next = 0;
    std::atomic<int> done = 0;
    inThreads(4, [&](std::size_t) {
        while (next++ < 10)
            ++done;
    });
    return done;
}

} // namespace

void TestThreads::goesOnWhereNoThreadCanBeStarted()
{
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL); // of std::terminate: not to QtTest's handler
        _exit(doneWithoutThreads());
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status)); // not ended by std::terminate
    QCOMPARE(WEXITSTATUS(status), 10);
}

QTEST_APPLESS_MAIN(TestThreads)
#include "tst_threads.moc"
