// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/client.h"

#include "scanner/io/outputfile.h"

#include <cerrno>
#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace coredact {
namespace {

/// Without a trace where that is allowed: reading a file of one's own need not renew the time when
/// it was last read.
Descriptor openForReading(const char* path)
{
    // Not blocking: a named pipe in the way must not stop us before we see what it is.
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_NONBLOCK;
    if (Descriptor file(open(path, flags | O_NOATIME)); file || errno != EPERM)
        return file;
    return Descriptor(open(path, flags));
}

/// What one can do instead, where that is not plain.
std::string notAFile(const std::string& path, mode_t mode)
{
    if (S_ISFIFO(mode))
        return path + " is a pipe, which can be read only once: save it to a file first";
    if (S_ISDIR(mode))
        return path + " is a folder: name one of the files in it";
    return path + " is not a regular file";
}

} // namespace

Result<OpenedFile> openDump(const std::string& path)
{
    struct stat status = {};
    if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        return Error {ErrorCode::Unsupported, notAFile(path, status.st_mode), std::nullopt};
    const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr),
                                                               &std::free);
    if (!resolved)
        return systemError("cannot open " + path, errno);
    Descriptor file = openForReading(resolved.get());
    if (!file)
        return systemError("cannot open " + path, errno);
    if (fstat(file.number(), &status) != 0)
        return systemError("cannot open " + path, errno);
    if (!S_ISREG(status.st_mode))
        return Error {ErrorCode::Unsupported, notAFile(path, status.st_mode), std::nullopt};
    return OpenedFile {std::move(file), resolved.get()};
}

Result<Descriptor> unlinkedFile(const std::string& folder)
{
    if (!folder.empty())
        return temporaryFile(folder);
    if (const char* chosen = std::getenv("TMPDIR"); chosen && *chosen)
        if (auto file = temporaryFile(chosen); file)
            return file;
    // Not /tmp first: it is often in memory, and a decompressed dump is large.
    auto file = temporaryFile("/var/tmp");
    return file ? std::move(file) : temporaryFile("/tmp");
}

Result<Descriptor> memoryFile()
{
    Descriptor file(memfd_create("coredact", MFD_CLOEXEC));
    if (!file)
        return systemError("cannot make a memory file", errno);
    return file;
}

} // namespace coredact
