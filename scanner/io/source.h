// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/base/descriptor.h"
#include "scanner/base/range.h"
#include "scanner/base/result.h"

#include <ctime>
#include <memory>
#include <vector>

namespace coredact {

/// What tells that a file is still the one that was looked at.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modifiedSeconds = 0;
    std::int64_t modifiedNanoseconds = 0;
    std::int64_t changedSeconds = 0;
    std::int64_t changedNanoseconds = 0;

    bool operator==(const FileIdentity&) const = default;
};

/// The bytes of one file, by offset, through `pread`; the file is never mapped and never written.
/// Cheap to copy: copies share the descriptor. All functions may be called from any thread.
/// The size is that of the moment of opening. Not checked here: whether the bytes change later
/// (compare `identityNow()` with `identity()`).
class Source {
public:
    /// Takes an open, readable, seekable descriptor: a regular file or a memory file.
    static Result<Source> fromDescriptor(Descriptor descriptor);
    /// A copy of `bytes` in a sealed memory file; for tests and for small made things.
    static Result<Source> fromBytes(ByteView bytes);

    std::uint64_t size() const;
    int descriptor() const;
    const FileIdentity& identity() const;
    Result<FileIdentity> identityNow() const;

    /// Fills all of `target` from `offset` on. A file that ends too early, because it was cut or
    /// because `offset` lies past the end, is ErrorCode::Truncated with the offset where the
    /// bytes ran out; a read error of the device is ErrorCode::System with its offset.
    Status readAt(std::uint64_t offset, MutableByteView target) const;
    /// Up to `size` bytes from `offset`, fewer only at the end of the file.
    Result<std::vector<std::uint8_t>> read(std::uint64_t offset, std::uint64_t size) const;

    /// The next run at or after `offset` that holds data, or nothing when only holes follow.
    /// Where the file system knows no holes the rest of the file is one run.
    Result<std::optional<FileRange>> nextData(std::uint64_t offset) const;

private:
    struct File;
    explicit Source(std::shared_ptr<const File> file);

    std::shared_ptr<const File> m_file;
};

} // namespace coredact
