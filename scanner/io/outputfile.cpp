// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/outputfile.h"

#include <array>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

namespace {

constexpr mode_t OwnerOnly = 0600;

std::string orHere(const std::string& folder) { return folder.empty() ? "." : folder; }

Descriptor anonymousFile(const std::string& folder)
{
    return Descriptor(open(orHere(folder).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, OwnerOnly));
}

/// O_TMPFILE is missing on some network and overlay file systems.
bool withoutAnonymousFiles(int errorNumber)
{
    return errorNumber == EOPNOTSUPP || errorNumber == EISDIR || errorNumber == ENOENT;
}

struct NamedFile {
    Descriptor file;
    std::string path;
};

Result<NamedFile> randomlyNamedFile(const std::string& folder)
{
    std::string path = orHere(folder) + "/.coredact-XXXXXX";
    Descriptor file(mkostemp(path.data(), O_CLOEXEC));
    if (!file)
        return systemError("cannot make a file in the folder " + orHere(folder), errno);
    return NamedFile {std::move(file), std::move(path)};
}

/// A file whose random name is gone again: nothing can link it, so publishing must copy.
Result<Descriptor> unlinkedFile(const std::string& folder)
{
    Result<NamedFile> named = randomlyNamedFile(folder);
    if (!named)
        return named.error();
    if (unlink(named->path.c_str()) != 0)
        return systemError("cannot take a temporary file's name away", errno);
    return std::move(named->file);
}

Status syncFolder(const std::string& folder)
{
    const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor)
        return systemError("cannot open the folder", errno);
    // Some file systems cannot sync a folder, and say so with EINVAL.
    if (fsync(descriptor.number()) != 0 && errno != EINVAL)
        return systemError("cannot write the folder to the disk", errno);
    return {};
}

/// The name reaches the disk, or is gone again: what was said to have failed must not be there.
Status keepName(int file, const std::string& path)
{
    const Status synced = syncFolder(folderOf(path));
    struct stat ours = {};
    struct stat named = {};
    if (!synced && fstat(file, &ours) == 0 && lstat(path.c_str(), &named) == 0
        && ours.st_dev == named.st_dev && ours.st_ino == named.st_ino)
        unlink(path.c_str());
    return synced;
}

/// `flags` as linkat takes them.
Status linkTo(const std::string& existing, const std::string& path, int flags)
{
    if (linkat(AT_FDCWD, existing.c_str(), AT_FDCWD, path.c_str(), flags) == 0)
        return {};
    if (errno == EEXIST)
        return Error {ErrorCode::Refused, "the output file exists already", std::nullopt};
    return systemError("cannot give the output file its name", errno);
}

Status copyBytes(int from, int to, off_t size)
{
    std::vector<char> buffer(1U << 20);
    for (off_t offset = 0; offset < size;) {
        const off_t data = lseek(from, offset, SEEK_DATA);
        if (data < 0 && errno == ENXIO)
            break;
        offset = data < 0 ? offset : data;
        const ssize_t count = pread(from, buffer.data(), buffer.size(), offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return systemError("cannot read the output file back", count < 0 ? errno : EIO);
        for (ssize_t done = 0; done < count;) {
            const ssize_t written = pwrite(to, buffer.data() + done,
                                           static_cast<std::size_t>(count - done), offset + done);
            if (written < 0 && errno != EINTR)
                return systemError("cannot write the output file", errno);
            done += written < 0 ? 0 : written;
        }
        offset += count;
    }
    if (ftruncate(to, size) != 0)
        return systemError("cannot set the output file's size", errno);
    return {};
}

/// Copies the bytes to a file with a random name, which then gets the final one.
Status copyTo(int file, const std::string& path)
{
    struct stat status = {};
    if (fstat(file, &status) != 0)
        return systemError("cannot ask for the output file's size", errno);
    const Result<NamedFile> target = randomlyNamedFile(folderOf(path));
    if (!target)
        return target.error();
    Status done = copyBytes(file, target->file.number(), status.st_size);
    if (done && fsync(target->file.number()) != 0)
        done = systemError("cannot write the output file to the disk", errno);
    if (done)
        done = linkTo(target->path, path, 0);
    unlink(target->path.c_str());
    return done ? keepName(target->file.number(), path) : done;
}

} // namespace

Result<OutputFile> OutputFile::make(const std::string& folder)
{
    Descriptor file = anonymousFile(folder);
    if (file)
        return OutputFile(std::move(file), true);
    if (!withoutAnonymousFiles(errno))
        return systemError("cannot make a file in the folder " + orHere(folder), errno);
    return makeForCopying(folder);
}

Result<OutputFile> OutputFile::makeForCopying(const std::string& folder)
{
    Result<Descriptor> unlinked = unlinkedFile(folder);
    if (!unlinked)
        return unlinked.error();
    return OutputFile(std::move(*unlinked), false);
}

Result<Descriptor> OutputFile::duplicate() const
{
    Descriptor copy(fcntl(descriptor(), F_DUPFD_CLOEXEC, 3));
    if (!copy)
        return systemError("cannot hand the output file on", errno);
    return copy;
}

Status OutputFile::publish(const std::string& path)
{
    if (fsync(descriptor()) != 0)
        return systemError("cannot write the output file to the disk", errno);
    if (!m_linkable)
        return copyTo(descriptor(), path);
    const std::string self = "/proc/self/fd/" + std::to_string(descriptor());
    const Status named = linkTo(self, path, AT_SYMLINK_FOLLOW);
    return named ? keepName(descriptor(), path) : named;
}

std::string folderOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Status refuseAlias(int original, const std::string& path)
{
    struct stat first = {};
    if (fstat(original, &first) != 0)
        return systemError("cannot ask for the original file's identity", errno);
    struct stat second = {};
    if (stat(path.c_str(), &second) != 0) {
        const bool absent = errno == ENOENT || errno == ENOTDIR;
        return absent ? Status() : systemError("cannot ask for the output file's identity", errno);
    }
    if (first.st_dev == second.st_dev && first.st_ino == second.st_ino)
        return Error {ErrorCode::Refused, "the output would be the original file itself",
                      std::nullopt};
    return {};
}

Result<Descriptor> temporaryFile(const std::string& folder)
{
    Descriptor file = anonymousFile(folder);
    if (file)
        return file;
    if (!withoutAnonymousFiles(errno))
        return systemError("cannot make a temporary file", errno);
    return unlinkedFile(folder);
}

} // namespace coredact
