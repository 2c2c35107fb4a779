// SPDX-License-Identifier: GPL-3.0-or-later
// Stands before libc's functions of the same names, which would be inline with checks of sizes.
#undef _FORTIFY_SOURCE
#include "failingcalls.h"
#include "nthfailure.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace coredact::test {

Failing failing = Failing::Reads;

namespace {

bool failsAs(Failing kind, int error)
{
    if (failing != kind || !NthFailure::fails())
        return false;
    errno = error;
    return true;
}

} // namespace

} // namespace coredact::test

using coredact::test::Failing;
using coredact::test::failsAs;

extern "C" ssize_t pread(int file, void* bytes, size_t size, off_t offset)
{
    return failsAs(Failing::Reads, EIO) || failsAs(Failing::Interrupted, EINTR)
        ? -1
        : syscall(SYS_pread64, file, bytes, size, offset);
}

extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset)
{
    return failsAs(Failing::Writes, ENOSPC) || failsAs(Failing::Interrupted, EINTR)
        ? -1
        : syscall(SYS_pwrite64, file, bytes, size, offset);
}

extern "C" off_t lseek(int file, off_t offset, int whence) noexcept
{
    return failsAs(Failing::Seeks, EIO) ? -1 : syscall(SYS_lseek, file, offset, whence);
}

extern "C" int fstat(int file, struct stat* status) noexcept
{
    return failsAs(Failing::Looks, EIO)
        ? -1
        : static_cast<int>(syscall(SYS_newfstatat, file, "", status, AT_EMPTY_PATH));
}

extern "C" int ftruncate(int file, off_t size) noexcept
{
    return failsAs(Failing::Sizes, ENOSPC) ? -1
                                           : static_cast<int>(syscall(SYS_ftruncate, file, size));
}

extern "C" int fsync(int file)
{
    return failsAs(Failing::Syncs, EIO) ? -1 : static_cast<int>(syscall(SYS_fsync, file));
}
