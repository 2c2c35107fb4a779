// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/sparsewriter.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace coredact {

namespace {

constexpr std::size_t PageSize = 4096;

bool allZero(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

} // namespace

Status writeAllAt(int target, std::uint64_t offset, ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t count
            = pwrite(target, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            Error error = systemError("cannot write", count < 0 ? errno : EIO);
            error.offset = offset;
            return error;
        }
        offset += static_cast<std::uint64_t>(count);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Status SparseWriter::write(ByteView bytes)
{
    while (!bytes.empty()) {
        // Up to the next page border first, so that holes fall on whole pages of the file.
        const std::size_t toBorder = PageSize - static_cast<std::size_t>(m_size % PageSize);
        std::size_t count = std::min(bytes.size(), toBorder);
        if (!allZero(bytes.first(count))) {
            // Pages that hold data are written together.
            while (count < bytes.size()) {
                const std::size_t next = std::min(bytes.size() - count, PageSize);
                if (allZero(bytes.subspan(count, next)))
                    break;
                count += next;
            }
            if (const Status written = writeAllAt(m_target, m_size, bytes.first(count)); !written)
                return written;
        }
        m_size += count;
        bytes = bytes.subspan(count);
    }
    return {};
}

Status SparseWriter::finish()
{
    if (ftruncate(m_target, static_cast<off_t>(m_size)) != 0)
        return systemError("cannot set the file's size", errno);
    return {};
}

} // namespace coredact
