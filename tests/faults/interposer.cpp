// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into a front end and its engines: makes the nth call of one kind fail, fall short or
// wait. Only calls on regular files count, so that the conversation between the programs goes on.
#include "tests/faults/control.h"

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace coredact::faults;

namespace {

Control* control = nullptr;
Program self = FrontEnd;

template <typename Function> Function real(const char* name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

__attribute__((constructor)) void begin()
{
    const char* path = getenv(variable);
    const int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void* memory = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    char name[256] = {};
    const ssize_t size = readlink("/proc/self/exe", name, sizeof name - 1);
    // The shell that starts the engine in our place is none of the programs.
    if (memory == MAP_FAILED || size < 0 || !strstr(name, "coredact"))
        return;
    self = strstr(name, "coredact-engine") ? Engine : FrontEnd;
    control = static_cast<Control*>(memory);
}

bool isFile(int descriptor)
{
    struct stat status = {};
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// What becomes of this call.
Action actionFor(Call call)
{
    if (!control || control->call != call || (control->program != Any && control->program != self))
        return Count;
    const std::uint32_t number = ++control->counted;
    if (control->at == 0 || number < control->at || (number > control->at && !control->onwards))
        return Count;
    control->reached = 1;
    const auto action = static_cast<Action>(control->action.load());
    if (action == Wait) {
        control->waiting = getpid();
        while (!control->released)
            sched_yield();
    }
    if (action == Fail)
        errno = control->error;
    return action;
}

size_t shortened(Action action, size_t size)
{
    return action == Shorten && size > 1 ? size / 2 : size;
}

} // namespace

// The names that end in 64 are the same functions for files with long offsets.
extern "C" {

ssize_t write(int file, const void* bytes, size_t size)
{
    static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
    const Action action = isFile(file) ? actionFor(Write) : Count;
    return action == Fail ? -1 : next(file, bytes, shortened(action, size));
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset)
{
    static const auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
    const Action action = isFile(file) ? actionFor(Write) : Count;
    return action == Fail ? -1 : next(file, bytes, shortened(action, size), offset);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off_t offset)
{
    return pwrite(file, bytes, size, offset);
}

ssize_t pread(int file, void* bytes, size_t size, off_t offset)
{
    static const auto next = real<ssize_t (*)(int, void*, size_t, off_t)>("pread");
    const Action action = isFile(file) ? actionFor(Read) : Count;
    return action == Fail ? -1 : next(file, bytes, shortened(action, size), offset);
}

ssize_t pread64(int file, void* bytes, size_t size, off_t offset)
{
    return pread(file, bytes, size, offset);
}

int fsync(int file)
{
    static const auto next = real<int (*)(int)>("fsync");
    return actionFor(Sync) == Fail ? -1 : next(file);
}

int ftruncate(int file, off_t size) noexcept
{
    static const auto next = real<int (*)(int, off_t)>("ftruncate");
    return actionFor(Truncate) == Fail ? -1 : next(file, size);
}

int ftruncate64(int file, off_t size) noexcept { return ftruncate(file, size); }

int linkat(int from, const char* existing, int to, const char* path, int flags) noexcept
{
    static const auto next = real<int (*)(int, const char*, int, const char*, int)>("linkat");
    return actionFor(Link) == Fail ? -1 : next(from, existing, to, path, flags);
}

int open(const char* path, int flags, ...)
{
    static const auto next = real<int (*)(const char*, int, ...)>("open");
    mode_t mode = 0;
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if ((flags & O_TMPFILE) == O_TMPFILE && actionFor(MakeFile) == Fail)
        return -1;
    return next(path, flags, mode);
}

int open64(const char* path, int flags, ...)
{
    mode_t mode = 0;
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return open(path, flags, mode);
}

} // extern "C"
