// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/descriptor.h"
#include "scanner/base/securebuffer.h"
#include "scanner/sandbox/sandbox.h"

#include <QtTest>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace coredact;

namespace {

/// Forks, enters the sandbox and runs `attempt` there. True when it said true; a child that died
/// or said false gives false.
bool inSandbox(const std::function<bool()>& attempt)
{
    const pid_t child = fork();
    if (child == 0) {
        sandbox::enter();
        _exit(attempt() ? 0 : 1);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
        && WEXITSTATUS(status) == 0;
}

bool refused(long outcome)
{
    return outcome == -1 && (errno == EPERM || errno == EACCES || errno == ENOSYS);
}

bool refusesSocket(int family)
{
    return inSandbox([=] { return refused(socket(family, SOCK_STREAM, 0)); });
}

} // namespace

class TestSandbox : public QObject {
    Q_OBJECT

private slots:
    void saysInWordsWhatIsMissing()
    {
        const pid_t child = fork();
        if (child == 0) {
            std::vector<std::string> gaps = sandbox::enter();
            const bool words = std::all_of(gaps.begin(), gaps.end(),
                                           [](const std::string& gap) { return gap.size() > 10; });
            _exit(words ? 0 : 1);
        }
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
    }

    void refusesToOpenFiles()
    {
        QVERIFY(inSandbox([] { return refused(open("/etc/passwd", O_RDONLY)); }));
        QVERIFY(inSandbox([] { return refused(openat(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY)); }));
        QVERIFY(inSandbox([] { return refused(creat("/tmp/coredact-tst-sandbox", 0600)); }));
        QVERIFY(inSandbox([] {
            return refused(syscall(SYS_openat2, AT_FDCWD, "/", nullptr, std::size_t {0}));
        }));
        // A folder that was opened before is no way out either.
        const Descriptor folder(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        QVERIFY(folder);
        QVERIFY(inSandbox([&] { return refused(openat(folder.number(), "etc", O_RDONLY)); }));
    }

    void refusesToChangeNames()
    {
        QVERIFY(inSandbox([] { return refused(unlink("/tmp/coredact-tst-nothing")); }));
        QVERIFY(inSandbox([] { return refused(rename("/tmp/coredact-a", "/tmp/coredact-b")); }));
        QVERIFY(inSandbox([] { return refused(mkdir("/tmp/coredact-tst-folder", 0700)); }));
        QVERIFY(inSandbox([] { return refused(symlink("/etc", "/tmp/coredact-tst-link")); }));
    }

    void refusesSockets()
    {
        QVERIFY(refusesSocket(AF_INET));
        QVERIFY(refusesSocket(AF_INET6));
        QVERIFY(refusesSocket(AF_UNIX));
        QVERIFY(refusesSocket(AF_NETLINK));
        QVERIFY(inSandbox([] {
            int pair[2];
            return refused(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
        }));
    }

    void refusesToConnectAnOpenSocket()
    {
        const Descriptor before(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        QVERIFY(before);
        QVERIFY(inSandbox([&] {
            sockaddr_in address = {};
            address.sin_family = AF_INET;
            address.sin_port = htons(9);
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            return refused(::connect(before.number(), reinterpret_cast<const sockaddr*>(&address),
                                   sizeof address));
        }));
    }

    void refusesToRunPrograms()
    {
        QVERIFY(inSandbox([] {
            char name[] = "/bin/true";
            char* const arguments[] = {name, nullptr};
            return refused(execv(name, arguments));
        }));
        const Descriptor program(open("/bin/true", O_RDONLY | O_CLOEXEC));
        QVERIFY(inSandbox([&] {
            char name[] = "true";
            char* const arguments[] = {name, nullptr};
            return refused(fexecve(program.number(), arguments, environ));
        }));
    }

    void refusesToStartProcesses()
    {
        QVERIFY(inSandbox([] {
            const pid_t child = fork();
            if (child == 0)
                _exit(0);
            return refused(child);
        }));
    }

    void refusesExecutableMemory()
    {
        const Descriptor library(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
        QVERIFY(inSandbox([] {
            return mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                == MAP_FAILED;
        }));
        QVERIFY(inSandbox([&] {
            return mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, library.number(), 0)
                == MAP_FAILED;
        }));
        QVERIFY(inSandbox([] {
            void* page
                = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            return page != MAP_FAILED && refused(mprotect(page, 4096, PROT_READ | PROT_EXEC));
        }));
    }

    void refusesToMapWhatItWrites()
    {
        const Descriptor file(memfd_create("coredact-test", MFD_CLOEXEC));
        QCOMPARE(ftruncate(file.number(), 4096), 0);
        const auto maps = [&](int how) {
            return mmap(nullptr, 4096, PROT_READ | PROT_WRITE, how, file.number(), 0)
                != MAP_FAILED;
        };
        QVERIFY(inSandbox([&] { return !maps(MAP_SHARED) && !maps(MAP_SHARED_VALIDATE); }));
        QVERIFY(inSandbox([&] { return maps(MAP_PRIVATE); }));
    }

    void refusesToTouchOtherProcesses()
    {
        QVERIFY(inSandbox([] { return refused(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
        QVERIFY(inSandbox([] { return refused(kill(getppid(), SIGCONT)); }));
        QVERIFY(inSandbox([] {
            return refused(syscall(SYS_tgkill, getppid(), getppid(), SIGCONT));
        }));
        QVERIFY(inSandbox([] {
            return refused(syscall(SYS_process_vm_readv, getppid(), nullptr, 0, nullptr, 0, 0));
        }));
    }

    void cannotTakeItsLimitsBack()
    {
        QVERIFY(inSandbox([] {
            rlimit core = {};
            const rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
            return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max <= 1
                && refused(setrlimit(RLIMIT_CORE, &more));
        }));
    }

    void leavesNoCoreOfAFrontEnd()
    {
        QTemporaryDir folder;
        // Where cores are allowed at all, the same crash leaves one without the call.
        const auto crash = [&folder] {
            rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
            setrlimit(RLIMIT_CORE, &core);
            const bool quiet = sandbox::leaveNoCore().empty();
            const bool limited = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max <= 1;
            if (chdir(QFile::encodeName(folder.path()).constData()) != 0 || !quiet || !limited)
                _exit(1);
            signal(SIGSEGV, SIG_DFL);
            raise(SIGSEGV);
        };
        const pid_t child = fork();
        if (child == 0)
            crash();
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY2(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "the limits were not set");
        QVERIFY(!WCOREDUMP(status));
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void readsAndWritesWhatWasHandedOver()
    {
        const Descriptor file(memfd_create("coredact-test", MFD_CLOEXEC));
        QVERIFY(inSandbox([&] {
            char byte = 0;
            return pwrite(file.number(), "x", 1, 5) == 1 && pread(file.number(), &byte, 1, 5) == 1
                && byte == 'x' && ftruncate(file.number(), 3) == 0
                && lseek(file.number(), 0, SEEK_END) == 3 && fsync(file.number()) == 0;
        }));
        QCOMPARE(lseek(file.number(), 0, SEEK_END), off_t {3});
    }

    void startsThreadsAndTakesMemory() { QVERIFY(m_startsThreads); }

    void answersWithAnErrorWhenMemoryEnds()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        const std::size_t much = std::size_t {1} << 46; // there is no limit of ours there
#else
        struct sysinfo system = {};
        QCOMPARE(sysinfo(&system), 0);
        const std::size_t much = std::size_t {system.totalram} * system.mem_unit;
#endif
        QVERIFY(inSandbox([=] {
            try {
                const SecureBuffer pages(much);
            } catch (const std::bad_alloc&) {
                return true;
            }
            return false;
        }));
    }

    void abortStillEndsTheProcess()
    {
        const pid_t child = fork();
        if (child == 0) {
            sandbox::enter();
            std::signal(SIGABRT, SIG_DFL);
            std::abort();
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGABRT);
    }

    void theSelfTestPassesInsideOnly()
    {
        QVERIFY(inSandbox([] {
            const std::vector<Check> checks = sandbox::selfTest();
            return checks.size() >= 10
                && std::all_of(checks.begin(), checks.end(),
                               [](const Check& check) { return check.passed; });
        }));
        const std::vector<Check> outside = sandbox::selfTest();
        QVERIFY(std::none_of(outside.begin(), outside.begin() + 7,
                             [](const Check& check) { return check.passed; }));
    }

    void theWindowKeepsLocalSocketsOnly()
    {
        const pid_t child = fork();
        if (child == 0) {
            sandbox::denyNetwork();
            const Descriptor local(socket(AF_UNIX, SOCK_STREAM, 0));
            const bool network = refused(socket(AF_INET, SOCK_STREAM, 0))
                && refused(socket(AF_INET6, SOCK_DGRAM, 0))
                && refused(socket(AF_NETLINK, SOCK_RAW, 0))
                && refused(syscall(SYS_io_uring_setup, 1, nullptr))
                && refused(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
            const Descriptor file(open("/", O_RDONLY | O_DIRECTORY));
            _exit(local && network && file ? 0 : 1);
        }
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
    }

private:
    /// Tried before the test library has a thread of its own: a child that was made by fork beside
    /// another thread may start none under ThreadSanitizer.
    const bool m_startsThreads = inSandbox([] {
        std::size_t sum = 0;
        std::thread([&] {
            const SecureBuffer pages(8U << 20);
            const std::vector<char> heap(std::size_t {8} << 20, 'a');
            sum = pages.size() + heap.size();
        }).join();
        return sum == std::size_t {16} << 20 && std::thread::hardware_concurrency() > 0;
    });
};

QTEST_APPLESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
