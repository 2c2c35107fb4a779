// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/io/source.h"

#include <memory>
#include <string>
#include <vector>

struct archive;

namespace coredact {

constexpr std::size_t MostContainers = 3;

/// The decompressed bytes of a file, one run after the other, through libarchive's filters and
/// its "raw" format. Only zstd, xz, lz4, gzip and bzip2 are enabled, and only where libarchive has them
/// built in: it never starts a program.
class ArchiveReader {
public:
    /// Reads from `offset` on.
    ArchiveReader(const Source& source, std::uint64_t offset);
    ~ArchiveReader();
    ArchiveReader(const ArchiveReader&) = delete;
    ArchiveReader& operator=(const ArchiveReader&) = delete;

    Status open();
    /// Outermost first.
    std::vector<std::string> filters() const;
    /// Fills the front of `target`; 0 at the end.
    Result<std::size_t> read(MutableByteView target);
    /// Up to where the file was used up.
    std::uint64_t consumed() const;

private:
    struct Feed;
    Error failure(const char* what) const;

    std::unique_ptr<Feed> m_feed;
    archive* m_archive;
    std::uint64_t m_begin;
};

/// Compresses one run of bytes after the other into a file.
class ArchiveWriter {
public:
    explicit ArchiveWriter(int target);
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// `containers` outermost first.
    Status open(const std::vector<std::string>& containers);
    Status write(ByteView bytes);
    Status finish();

private:
    struct Drain;
    Error failure(const char* what) const;

    std::unique_ptr<Drain> m_drain;
    archive* m_archive;
};

} // namespace coredact
