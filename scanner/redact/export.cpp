// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/export.h"

#include "scanner/base/securebuffer.h"
#include "scanner/io/digest.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

namespace {

constexpr std::uint64_t windowSize = 1U << 20;
constexpr std::uint64_t checkEvery = 64U << 20; ///< bytes between two looks at the input

Status checkUnchanged(const Source& source, std::uint64_t offset)
{
    const auto now = source.identityNow();
    if (!now)
        return now.error();
    if (*now != source.identity())
        return Error {ErrorCode::Changed, "the file changed since it was opened", offset};
    return {};
}

Status checkTarget(const Source& source, int target)
{
    struct stat status = {};
    if (fstat(target, &status) != 0)
        return systemError("cannot look at the file to write", errno);
    const FileIdentity& original = source.identity();
    if (status.st_dev == original.device && status.st_ino == original.inode)
        return Error {ErrorCode::Refused, "the file to write is the original", std::nullopt};
    if (!S_ISREG(status.st_mode) || status.st_size != 0)
        return Error {ErrorCode::Refused, "the file to write is not a new and empty file",
                      std::nullopt};
    return {};
}

Status writeAt(int target, std::uint64_t offset, ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t count
            = pwrite(target, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            Error error = systemError("cannot write the copy", count < 0 ? errno : EIO);
            error.offset = offset;
            return error;
        }
        offset += static_cast<std::uint64_t>(count);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

/// What must be written: the parts of the file that hold data, and edits wherever they are.
Result<std::vector<FileRange>> partsToWrite(const Source& source, const RedactionPlan& plan)
{
    std::vector<FileRange> parts;
    for (std::uint64_t offset = 0; offset < source.size();) {
        const auto run = source.nextData(offset);
        if (!run)
            return run.error();
        if (!*run)
            break;
        parts.push_back(**run);
        offset = (*run)->last() + 1;
    }
    for (const Edit& edit : plan.edits())
        parts.push_back(edit.range);
    return normalised(std::move(parts));
}

class Exporter {
public:
    Exporter(const Source& source, const RedactionPlan& plan, int target, const JobControl& control)
        : m_source(source)
        , m_plan(plan)
        , m_target(target)
        , m_control(control)
        , m_filled(plan.edits().size(), 0)
        , m_buffer(windowSize)
    {
    }

    Result<ExportReport> run()
    {
        const auto parts = partsToWrite(m_source, m_plan);
        if (!parts)
            return parts.error();
        std::uint64_t written = 0;
        for (const FileRange& part : *parts) {
            m_digest.addZeros(part.first() - written);
            if (const Status status = writePart(part); !status)
                return status.error();
            written = part.last() + 1;
        }
        m_digest.addZeros(m_source.size() - written);
        if (ftruncate(m_target, static_cast<off_t>(m_source.size())) != 0)
            return systemError("cannot give the copy its size", errno);
        return finish();
    }

private:
    Status writePart(const FileRange& part)
    {
        std::uint64_t offset = part.first();
        std::uint64_t left = part.size();
        while (left > 0) {
            const std::uint64_t size = std::min(left, windowSize);
            if (const Status status = writeWindow(offset, size); !status)
                return status;
            offset += size;
            left -= size;
        }
        return {};
    }

    Status writeWindow(std::uint64_t offset, std::uint64_t size)
    {
        if (m_control.cancelled())
            return Error {ErrorCode::Cancelled, "the export was cancelled", std::nullopt};
        if (m_written / checkEvery != (m_written + size) / checkEvery)
            if (const Status same = checkUnchanged(m_source, offset); !same)
                return same;
        const MutableByteView window = m_buffer.bytes().first(static_cast<std::size_t>(size));
        if (const Status read = m_source.readAt(offset, window); !read)
            return read;
        fill(offset, window);
        if (const Status status = writeAt(m_target, offset, window); !status)
            return status;
        m_digest.add(window);
        m_written += size;
        m_control.report({"export", offset + size, m_source.size()});
        return {};
    }

    /// Windows come in rising order, so the edits are gone through once.
    void fill(std::uint64_t offset, MutableByteView window)
    {
        const FileRange there = *FileRange::make(offset, window.size());
        const std::vector<Edit>& edits = m_plan.edits();
        while (m_nextEdit < edits.size() && edits[m_nextEdit].range.last() < offset)
            ++m_nextEdit;
        for (std::size_t i = m_nextEdit; i < edits.size(); ++i) {
            const auto shared = edits[i].range.intersection(there);
            if (!shared)
                break;
            writeFill(edits[i], shared->first(),
                      window.subspan(static_cast<std::size_t>(shared->first() - offset),
                                     static_cast<std::size_t>(shared->size())));
            m_filled[i] += shared->size();
        }
    }

    Result<ExportReport> finish()
    {
        ExportReport report;
        for (std::size_t i = 0; i < m_filled.size(); ++i) {
            const FileRange& range = m_plan.edits()[i].range;
            if (m_filled[i] != range.size())
                return Error {ErrorCode::Refused, "a range of the plan was not filled in full",
                              range.first()};
            report.bytesChanged += m_filled[i];
        }
        if (fsync(m_target) != 0)
            return systemError("cannot bring the copy to the disk", errno);
        if (const Status same = checkUnchanged(m_source, 0); !same)
            return same.error();
        report.bytesWritten = m_source.size();
        report.sha256 = m_digest.hex();
        return report;
    }

    const Source& m_source;
    const RedactionPlan& m_plan;
    int m_target;
    const JobControl& m_control;
    std::vector<std::uint64_t> m_filled; ///< bytes of each edit
    std::size_t m_nextEdit = 0;
    std::uint64_t m_written = 0;
    SecureBuffer m_buffer;
    Sha256 m_digest;
};

} // namespace

void writeFill(const Edit& edit, std::uint64_t from, MutableByteView target)
{
    switch (edit.fill) {
    case Fill::Zero:
        std::memset(target.data(), 0, target.size());
        return;
    case Fill::A5:
        std::memset(target.data(), 0xa5, target.size());
        return;
    case Fill::X:
        std::memset(target.data(), 'X', target.size());
        return;
    case Fill::Token:
        for (std::size_t i = 0; i < target.size(); ++i)
            target[i] = static_cast<std::uint8_t>(edit.token[static_cast<std::size_t>(
                (from - edit.range.first() + i) % edit.token.size())]);
        return;
    }
}

Result<ExportReport> exportCopy(const Source& source, const RedactionPlan& plan, int target,
                                const JobControl& control)
{
    if (const Status usable = checkTarget(source, target); !usable)
        return usable.error();
    if (const Status same = checkUnchanged(source, 0); !same)
        return same.error();
    if (!plan.edits().empty() && plan.edits().back().range.last() >= source.size())
        return Error {ErrorCode::Refused, "the plan edits past the end of the file",
                      plan.edits().back().range.first()};
    return Exporter(source, plan, target, control).run();
}

} // namespace coredact
