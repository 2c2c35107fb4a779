// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/sandbox.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coredact::sandbox {
namespace {

/// `outcome` is what a system call returned. Only a refusal counts: a call that fails for
/// another reason was let through and looked at its arguments.
Check refused(std::string name, long outcome)
{
    const int error = outcome < 0 ? errno : 0;
    const bool passed = error == EPERM || error == EACCES || error == ENOSYS;
    return {std::move(name), passed, outcome < 0 ? std::strerror(error) : "it was let through"};
}

Check openIsRefused()
{
    const long file = syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_CLOEXEC, 0);
    Check check = refused("opening a file is refused", file);
    if (file >= 0)
        close(static_cast<int>(file));
    return check;
}

Check socketIsRefused(int family, std::string name)
{
    const int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    Check check = refused(std::move(name), made);
    if (made >= 0)
        close(made);
    return check;
}

/// A program that does not exist: let through, the call would say so and not replace us.
Check execIsRefused()
{
    char name[] = "/nonexistent/program";
    char* const arguments[] = {name, nullptr};
    char* const environment[] = {nullptr};
    return refused("running a program is refused", execve(name, arguments, environment));
}

Check forkIsRefused()
{
    const long child = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (child == 0)
        _exit(0);
    Check check = refused("starting a process is refused", child);
    if (child > 0)
        waitpid(static_cast<pid_t>(child), nullptr, 0);
    return check;
}

std::vector<Check> executableMemoryIsRefused()
{
    constexpr std::size_t size = 4096;
    std::vector<Check> checks;
    void* mapped = mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    checks.push_back(
        refused("mapping executable memory is refused", mapped == MAP_FAILED ? -1 : 0));
    if (mapped != MAP_FAILED)
        munmap(mapped, size);
    void* plain = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (plain == MAP_FAILED) {
        checks.push_back({"plain memory can be mapped", false, std::strerror(errno)});
        return checks;
    }
    checks.push_back(refused("making memory executable is refused",
                             mprotect(plain, size, PROT_READ | PROT_EXEC)));
    munmap(plain, size);
    return checks;
}

Check memoryIsNotDumped()
{
    rlimit core = {};
    const bool passed = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max <= 1
        && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
    return {"the process leaves no core dump", passed,
            passed ? "not dumpable" : "it would be written"};
}

} // namespace

std::vector<Check> selfTest()
{
    std::vector<Check> checks;
    checks.push_back(openIsRefused());
    checks.push_back(socketIsRefused(AF_INET, "opening a network socket is refused"));
    checks.push_back(socketIsRefused(AF_UNIX, "opening a local socket is refused"));
    checks.push_back(execIsRefused());
    checks.push_back(forkIsRefused());
    for (Check& check : executableMemoryIsRefused())
        checks.push_back(std::move(check));
    // Both calls would fail for another reason or do nothing, were they let through.
    checks.push_back(refused("looking into a process is refused",
                             ptrace(PTRACE_PEEKDATA, getpid(), nullptr, nullptr)));
    checks.push_back(refused("signalling another process is refused", kill(getppid(), 0)));
    checks.push_back(memoryIsNotDumped());
    return checks;
}

} // namespace coredact::sandbox
