// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/archive.h"

#include "scanner/io/sparsewriter.h"

#include <algorithm>
#include <cerrno>

#include <archive.h>
#include <archive_entry.h>

namespace coredact {

struct ArchiveReader::Feed {
    Source source;
    SecureBuffer buffer;
    std::uint64_t offset = 0;
    std::optional<Error> error; ///< why reading the file failed

    static la_ssize_t read(archive* reader, void* client, const void** bytes)
    {
        Feed& feed = *static_cast<Feed*>(client);
        const std::uint64_t left = feed.source.size() - feed.offset;
        const auto part = feed.buffer.bytes().first(
            static_cast<std::size_t>(std::min<std::uint64_t>(left, feed.buffer.size())));
        if (const Status status = feed.source.readAt(feed.offset, part); !status) {
            feed.error = status.error();
            archive_set_error(reader, EIO, "read error");
            return -1;
        }
        feed.offset += part.size();
        *bytes = part.data();
        return static_cast<la_ssize_t>(part.size());
    }
};

ArchiveReader::ArchiveReader(const Source& source, std::uint64_t offset)
    : m_feed(std::make_unique<Feed>(Feed {source, SecureBuffer(1U << 18), offset, std::nullopt}))
    , m_archive(archive_read_new())
    , m_begin(offset)
{
}

ArchiveReader::~ArchiveReader()
{
    archive_read_free(m_archive);
}

Error ArchiveReader::failure(const char* what) const
{
    if (m_feed->error)
        return *m_feed->error;
    return {ErrorCode::Malformed, what, consumed()};
}

Status ArchiveReader::open()
{
    if (!m_archive)
        return systemError("cannot start libarchive", ENOMEM);
    // A warning means that a program would be started instead of a library.
    const int states[] {archive_read_support_filter_zstd(m_archive),
                        archive_read_support_filter_xz(m_archive),
                        archive_read_support_filter_lz4(m_archive),
                        archive_read_support_filter_gzip(m_archive),
                        archive_read_support_filter_bzip2(m_archive)};
    if (std::any_of(std::begin(states), std::end(states),
                    [](int state) { return state != ARCHIVE_OK; }))
        return Error {ErrorCode::Unsupported, "libarchive lacks a codec", std::nullopt};
    archive_read_support_format_raw(m_archive);
    archive_read_support_format_empty(m_archive);
    if (archive_read_open(m_archive, m_feed.get(), nullptr, Feed::read, nullptr) != ARCHIVE_OK)
        return failure("the compressed data cannot be opened");
    archive_entry* head = nullptr;
    const int state = archive_read_next_header(m_archive, &head);
    if (state != ARCHIVE_OK && state != ARCHIVE_EOF)
        return failure("the compressed data is damaged");
    return {};
}

std::vector<std::string> ArchiveReader::filters() const
{
    // libarchive counts from the innermost filter; the last one is the file itself.
    std::vector<std::string> names;
    for (int i = archive_filter_count(m_archive) - 2; i >= 0; --i)
        names.emplace_back(archive_filter_name(m_archive, i));
    return names;
}

Result<std::size_t> ArchiveReader::read(MutableByteView target)
{
    const la_ssize_t count = archive_read_data(m_archive, target.data(), target.size());
    if (count < 0)
        return failure("the compressed data is damaged or cut off");
    return static_cast<std::size_t>(count);
}

std::uint64_t ArchiveReader::consumed() const
{
    const la_int64_t count = archive_filter_bytes(m_archive, -1);
    return m_begin + (count < 0 ? 0 : static_cast<std::uint64_t>(count));
}

struct ArchiveWriter::Drain {
    int target;
    std::uint64_t offset = 0;
    std::optional<Error> error; ///< why writing the file failed

    static la_ssize_t write(archive* writer, void* client, const void* bytes, std::size_t size)
    {
        Drain& drain = *static_cast<Drain*>(client);
        const ByteView part(static_cast<const std::uint8_t*>(bytes), size);
        if (const Status status = writeAllAt(drain.target, drain.offset, part); !status) {
            drain.error = status.error();
            archive_set_error(writer, EIO, "write error");
            return -1;
        }
        drain.offset += size;
        return static_cast<la_ssize_t>(size);
    }
};

ArchiveWriter::ArchiveWriter(int target)
    : m_drain(std::make_unique<Drain>(Drain {target, 0, std::nullopt}))
    , m_archive(archive_write_new())
{
}

ArchiveWriter::~ArchiveWriter()
{
    archive_write_free(m_archive);
}

Error ArchiveWriter::failure(const char* what) const
{
    if (m_drain->error)
        return *m_drain->error;
    return {ErrorCode::System, what, std::nullopt};
}

Status ArchiveWriter::open(const std::vector<std::string>& containers)
{
    if (!m_archive)
        return systemError("cannot start libarchive", ENOMEM);
    // libarchive wants the innermost filter first.
    for (auto name = containers.rbegin(); name != containers.rend(); ++name)
        if (archive_write_add_filter_by_name(m_archive, name->c_str()) != ARCHIVE_OK)
            return Error {ErrorCode::Unsupported, "libarchive lacks a codec", std::nullopt};
    archive_write_set_format_raw(m_archive);
    // A time of compression would make equal input give unequal output.
    archive_write_set_filter_option(m_archive, "gzip", "timestamp", nullptr);
    archive_write_set_bytes_in_last_block(m_archive, 1);
    if (archive_write_open(m_archive, m_drain.get(), nullptr, Drain::write, nullptr) != ARCHIVE_OK)
        return failure("cannot begin to compress");
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> head(archive_entry_new(),
                                                                        archive_entry_free);
    archive_entry_set_filetype(head.get(), AE_IFREG);
    if (archive_write_header(m_archive, head.get()) != ARCHIVE_OK)
        return failure("cannot begin to compress");
    return {};
}

Status ArchiveWriter::write(ByteView bytes)
{
    while (!bytes.empty()) {
        const la_ssize_t count = archive_write_data(m_archive, bytes.data(), bytes.size());
        if (count <= 0)
            return failure("cannot compress");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Status ArchiveWriter::finish()
{
    if (archive_write_close(m_archive) != ARCHIVE_OK)
        return failure("cannot finish compressing");
    return {};
}

} // namespace coredact
