// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/source.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

struct Source::File {
    Descriptor descriptor;
    FileIdentity identity;
};

namespace {

Result<FileIdentity> identify(int descriptor)
{
    struct stat status = {};
    if (fstat(descriptor, &status) != 0)
        return systemError("cannot ask for the file's size", errno);
    if (!S_ISREG(status.st_mode))
        return Error {ErrorCode::Unsupported, "not a regular file", std::nullopt};
    return FileIdentity {status.st_dev,
                         status.st_ino,
                         static_cast<std::uint64_t>(status.st_size),
                         status.st_mtim.tv_sec,
                         status.st_mtim.tv_nsec,
                         status.st_ctim.tv_sec,
                         status.st_ctim.tv_nsec};
}

Status writeAll(int descriptor, ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot fill a memory file", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

} // namespace

Source::Source(std::shared_ptr<const File> file)
    : m_file(std::move(file))
{
}

Result<Source> Source::fromDescriptor(Descriptor descriptor)
{
    const auto identity = identify(descriptor.number());
    if (!identity)
        return identity.error();
    return Source(std::make_shared<const File>(File {std::move(descriptor), *identity}));
}

Result<Source> Source::fromBytes(ByteView bytes)
{
    Descriptor memory(memfd_create("coredact", MFD_CLOEXEC));
    if (!memory)
        return systemError("cannot make a memory file", errno);
    if (const Status written = writeAll(memory.number(), bytes); !written)
        return written.error();
    return fromDescriptor(std::move(memory));
}

std::uint64_t Source::size() const
{
    return m_file->identity.size;
}

int Source::descriptor() const
{
    return m_file->descriptor.number();
}

const FileIdentity& Source::identity() const
{
    return m_file->identity;
}

Result<FileIdentity> Source::identityNow() const
{
    return identify(descriptor());
}

Status Source::readAt(std::uint64_t offset, MutableByteView target) const
{
    while (!target.empty()) {
        // Past the size of the moment of opening there is nothing, even if the file grew since.
        if (offset >= size())
            return Error {ErrorCode::Truncated, "read past the end of the file", offset};
        const std::size_t wanted
            = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), size() - offset));
        const ssize_t count
            = pread(descriptor(), target.data(), wanted, static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            Error error = systemError("cannot read the file", errno);
            error.offset = offset;
            return error;
        }
        if (count == 0)
            return Error {ErrorCode::Truncated, "the file became shorter while it was read", offset};
        offset += static_cast<std::uint64_t>(count);
        target = target.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<std::vector<std::uint8_t>> Source::read(std::uint64_t offset, std::uint64_t wanted) const
{
    const std::uint64_t there = offset < size() ? size() - offset : 0;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min(wanted, there)));
    if (const Status status = readAt(offset, bytes); !status)
        return status.error();
    return bytes;
}

Result<std::optional<FileRange>> Source::nextData(std::uint64_t offset) const
{
    if (offset >= size())
        return std::optional<FileRange>();
    const off_t data = lseek(descriptor(), static_cast<off_t>(offset), SEEK_DATA);
    if (data < 0 && errno == ENXIO)
        return std::optional<FileRange>();
    if (data < 0 && errno == EINVAL) // a file system without holes
        return FileRange::between(offset, size() - 1);
    if (data < 0)
        return systemError("cannot look for data in the file", errno);
    if (static_cast<std::uint64_t>(data) >= size())
        return std::optional<FileRange>();
    const off_t hole = lseek(descriptor(), data, SEEK_HOLE);
    const std::uint64_t end
        = hole < 0 ? size() : std::min(static_cast<std::uint64_t>(hole), size());
    return FileRange::make(static_cast<std::uint64_t>(data),
                           end - static_cast<std::uint64_t>(data));
}

} // namespace coredact
