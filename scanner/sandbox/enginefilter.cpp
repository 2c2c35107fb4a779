// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/filter.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace coredact::sandbox {
namespace {

void allowFiles(Filter& filter)
{
    // Reading and writing what was handed over, by descriptor. Nothing here takes a path but
    // newfstatat, which the C library uses for fstat; with this flag alone.
    filter.add(SCMP_ACT_ALLOW,
               {SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv),
                SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(pwritev),
                SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(fstatfs), SCMP_SYS(ftruncate),
                SCMP_SYS(fallocate), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(fadvise64),
                SCMP_SYS(close), SCMP_SYS(dup)});
    filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), {SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH)});
    for (const auto command : {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC, F_ADD_SEALS, F_GET_SEALS})
        filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(fcntl),
                       {SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command))});
    // Made things in memory; they cannot be executed, since nothing can.
    filter.add(SCMP_ACT_ALLOW, {SCMP_SYS(memfd_create)});
    // The conversation. The only socket is the one that was there at the start.
    filter.add(SCMP_ACT_ALLOW,
               {SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(poll), SCMP_SYS(ppoll)});
}

void allowMemory(Filter& filter)
{
    filter.add(SCMP_ACT_ALLOW,
               {SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise)});
    filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
                   {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
    // Nothing shared: a mapped file could be changed without its time of change telling.
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mmap2)})
        filter.addWhen(SCMP_ACT_ALLOW, call,
                       {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                        SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_SHARED, 0)});
}

void allowThreads(Filter& filter)
{
    // clone3 hides its flags behind a pointer; told that it is unknown, the C library takes clone.
    filter.add(unknownCall, {SCMP_SYS(clone3)});
    constexpr scmp_datum_t sameProcess = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
    filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(clone),
                   {SCMP_A0(SCMP_CMP_MASKED_EQ, sameProcess, sameProcess)});
    filter.add(SCMP_ACT_ALLOW,
               {SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
                SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(membarrier),
                SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(exit), SCMP_SYS(exit_group)});
    // Signals to itself only: abort() and assertions.
    filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(tgkill),
                   {SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))});
    filter.add(SCMP_ACT_ALLOW,
               {SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
                SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall)});
}

void allowQuestions(Filter& filter)
{
    filter.add(SCMP_ACT_ALLOW,
               {SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep),
                SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
                SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getuid),
                SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid)});
    // Its own limits, to look at only.
    filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64),
                   {SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0)});
    filter.add(SCMP_ACT_ALLOW, {SCMP_SYS(getrlimit)});
    for (const auto option : {PR_SET_NAME, PR_GET_DUMPABLE})
        filter.addWhen(SCMP_ACT_ALLOW, SCMP_SYS(prctl),
                       {SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(option))});
}

} // namespace

Status loadEngineFilter()
{
    Filter filter(refuse);
    allowFiles(filter);
    allowMemory(filter);
    allowThreads(filter);
    allowQuestions(filter);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // The only exception, in sanitizer builds: UndefinedBehaviorSanitizer asks whether memory is
    // mapped by writing it to a pipe, for each type that it checks at run time. Reports would also
    // read /proc and start a symboliser; that stays forbidden, and they show plain addresses.
    filter.add(SCMP_ACT_ALLOW, {SCMP_SYS(pipe), SCMP_SYS(pipe2)});
#endif
    return filter.load();
}

} // namespace coredact::sandbox
