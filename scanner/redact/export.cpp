// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/export.h"

#include "scanner/base/securebuffer.h"
#include "scanner/io/backgrounddigest.h"
#include "scanner/io/dataruns.h"
#include "scanner/io/sparsewriter.h"
#include "scanner/redact/planfiller.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

namespace coredact {

namespace {

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

/// What must be written: the parts of the file that hold data, and edits wherever they are.
Result<std::vector<FileRange>> partsToWrite(const Source& source, const RedactionPlan& plan)
{
    std::vector<FileRange> parts;
    if (const Status runs = addDataRuns(source, parts); !runs)
        return runs.error();
    for (const Edit& edit : plan.edits())
        parts.push_back(edit.range);
    return normalised(std::move(parts));
}

class Exporter {
public:
    Exporter(const Source& source, const RangeSums& scanned, const RedactionPlan& plan, int target,
             const JobControl& control)
        : m_source(source)
        , m_plan(plan)
        , m_target(target)
        , m_control(control)
        , m_scanned(scanned)
        , m_filler(plan)
        , m_filled(blockSize)
    {
    }

    Result<ExportReport> run()
    {
        const auto parts = partsToWrite(m_source, m_plan);
        if (!parts)
            return parts.error();
        for (std::size_t i = 0; i < parts->size();)
            if (const Status status = copyBlock(*parts, i); !status)
                return status.error();
        if (const Status status = passHoles(m_source.size()); !status)
            return status.error();
        if (ftruncate(m_target, static_cast<off_t>(m_source.size())) != 0)
            return systemError("cannot give the copy its size", errno);
        return finish();
    }

private:
    static constexpr std::uint64_t blockSize = BackgroundDigest::bufferSize;

    /// The block of the file that part `i` has bytes of next: read, compared with what the scan
    /// saw, written where parts are. Moves on to the first part that reaches beyond it.
    Status copyBlock(const std::vector<FileRange>& parts, std::size_t& i)
    {
        const std::uint64_t first = std::max(parts[i].first(), m_done) / blockSize * blockSize;
        if (const Status status = passHoles(first); !status)
            return status;
        const FileRange block
            = *FileRange::make(first, std::min(blockSize, m_source.size() - first));
        const auto bytes = m_digest.buffer().first(static_cast<std::size_t>(block.size()));
        if (const Status read = readBlock(block, bytes); !read)
            return read;
        m_digest.add(bytes.size());
        ByteView written = bytes;
        if (m_filler.changes(first, bytes.size())) {
            std::memcpy(m_filled.bytes().data(), bytes.data(), bytes.size());
            written = m_filled.bytes().first(bytes.size());
        }
        for (; i < parts.size() && parts[i].first() <= block.last(); ++i) {
            const FileRange part = *parts[i].intersection(block);
            const auto at = static_cast<std::size_t>(part.first() - first);
            const auto size = static_cast<std::size_t>(part.size());
            if (written.data() != bytes.data())
                m_filler.fill(part.first(), m_filled.bytes().subspan(at, size));
            if (const Status status = writeAllAt(m_target, part.first(), written.subspan(at, size));
                !status)
                return status;
            if (parts[i].last() > block.last())
                break;
        }
        m_done = block.last() + 1;
        m_control.report({"export", m_done, m_source.size()});
        return {};
    }

    Status readBlock(const FileRange& block, MutableByteView bytes)
    {
        if (m_control.cancelled())
            return Error {ErrorCode::Cancelled, "the export was cancelled", std::nullopt};
        if (block.first() % checkEvery == 0)
            if (const Status same = checkUnchanged(m_source, block.first()); !same)
                return same;
        if (const Status read = m_source.readAt(block.first(), bytes); !read)
            return read;
        return m_scanned.pass(bytes);
    }

    /// Up to `offset` the file has holes only. What had bytes when it was scanned must have been
    /// zeros then.
    Status passHoles(std::uint64_t offset)
    {
        if (offset <= m_done)
            return {};
        const Status same = m_scanned.passZeros(offset - m_done);
        m_digest.addZeros(offset - m_done);
        m_done = offset;
        return same;
    }

    Result<ExportReport> finish()
    {
        if (const Status complete = m_filler.complete(); !complete)
            return complete.error();
        if (fsync(m_target) != 0)
            return systemError("cannot bring the copy to the disk", errno);
        if (const Status same = checkUnchanged(m_source, 0); !same)
            return same.error();
        return ExportReport {m_source.size(), m_plan.bytes(), m_digest.hex()};
    }

    const Source& m_source;
    const RedactionPlan& m_plan;
    int m_target;
    const JobControl& m_control;
    RangeSums::Check m_scanned;
    PlanFiller m_filler;
    SecureBuffer m_filled; ///< a block that the plan changes
    std::uint64_t m_done = 0; ///< bytes of the file that were dealt with
    BackgroundDigest m_digest;
};

} // namespace

Result<ExportReport> exportCopy(const Source& source, const RangeSums& scanned,
                                const RedactionPlan& plan, int target, const JobControl& control)
{
    if (const Status usable = checkTarget(source, target); !usable)
        return usable.error();
    if (const Status same = checkUnchanged(source, 0); !same)
        return same.error();
    if (!plan.edits().empty() && plan.edits().back().range.last() >= source.size())
        return Error {ErrorCode::Refused, "the plan edits past the end of the file",
                      plan.edits().back().range.first()};
    return Exporter(source, scanned, plan, target, control).run();
}

} // namespace coredact
