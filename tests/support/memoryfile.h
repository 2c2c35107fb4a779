// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/descriptor.h"
#include "scanner/io/source.h"

#include <cerrno>
#include <cstdlib>
#include <vector>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coredact::test {

/// An empty file that lives in memory only.
inline Descriptor memoryFile()
{
    return Descriptor(memfd_create("test", MFD_CLOEXEC));
}

inline void writeAt(int file, std::uint64_t offset, ByteView bytes)
{
    const ssize_t count = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count != static_cast<ssize_t>(bytes.size()))
        std::abort();
}

/// All bytes of a file.
inline std::vector<std::uint8_t> contents(int file)
{
    struct stat status = {};
    fstat(file, &status);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
    const ssize_t count = pread(file, bytes.data(), bytes.size(), 0);
    if (count != status.st_size)
        std::abort();
    return bytes;
}

/// Bytes that the file takes on its file system.
inline std::uint64_t storedBytes(int file)
{
    struct stat status = {};
    fstat(file, &status);
    return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

inline Source sourceOf(int file)
{
    return *Source::fromDescriptor(Descriptor(dup(file)));
}

} // namespace coredact::test
