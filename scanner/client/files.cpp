// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/client.h"

#include <cerrno>
#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace coredact {
namespace {

/// For file systems that know no O_TMPFILE: a name for a moment.
Result<Descriptor> unlinkedByName(const std::string& folder)
{
    std::string name = folder + "/.coredact-XXXXXX";
    Descriptor file(mkostemp(name.data(), O_CLOEXEC));
    if (!file)
        return systemError("cannot make a temporary file in " + folder, errno);
    unlink(name.c_str());
    return file;
}

Result<Descriptor> unlinkedIn(const std::string& folder)
{
    Descriptor file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
    if (file)
        return file;
    // Kernels and file systems without O_TMPFILE take it for an attempt to write to a folder.
    if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)
        return unlinkedByName(folder);
    return systemError("cannot make a temporary file in " + folder, errno);
}

} // namespace

Result<OpenedFile> openDump(const std::string& path)
{
    const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr),
                                                               &std::free);
    if (!resolved)
        return systemError("cannot open " + path, errno);
    // Not blocking: a named pipe in the way must not stop us before we see what it is.
    Descriptor file(open(resolved.get(),
                         O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!file)
        return systemError("cannot open " + path, errno);
    struct stat status = {};
    if (fstat(file.number(), &status) != 0)
        return systemError("cannot open " + path, errno);
    if (!S_ISREG(status.st_mode))
        return Error {ErrorCode::Unsupported, path + " is not a regular file", std::nullopt};
    return OpenedFile {std::move(file), resolved.get()};
}

Result<Descriptor> unlinkedFile(const std::string& folder)
{
    if (!folder.empty())
        return unlinkedIn(folder);
    if (const char* chosen = std::getenv("TMPDIR"); chosen && *chosen)
        if (auto file = unlinkedIn(chosen); file)
            return file;
    // Not /tmp first: it is often in memory, and a decompressed dump is large.
    auto file = unlinkedIn("/var/tmp");
    return file ? std::move(file) : unlinkedIn("/tmp");
}

Result<Descriptor> memoryFile()
{
    Descriptor file(memfd_create("coredact", MFD_CLOEXEC));
    if (!file)
        return systemError("cannot make a memory file", errno);
    return file;
}

} // namespace coredact
