// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/addressspace.h"

#include "scanner/dump/claims.h"

namespace coredact {

AddressSpace::AddressSpace(std::span<const Segment> segments)
    : m_segments(segments)
{
    std::vector<AddressRange> memory;
    std::vector<FileRange> file;
    memory.reserve(segments.size());
    file.reserve(segments.size());
    for (const Segment& segment : segments) {
        memory.push_back(segment.memory);
        file.push_back(segment.file);
    }
    for (const auto& claim : firstClaims(memory)) {
        const Segment& owner = segments[claim.owner];
        const std::uint64_t inside = claim.range.first() - owner.memory.first();
        m_runs.push_back({claim.range, owner.file.first() + inside, claim.owner});
    }
    for (const auto& claim : firstClaims(file)) {
        const Segment& owner = segments[claim.owner];
        const std::uint64_t inside = claim.range.first() - owner.file.first();
        m_fileRuns.push_back({claim.range, owner.memory.first() + inside});
    }
}

std::vector<FileRange> AddressSpace::fileRanges(std::uint64_t address, std::uint64_t size) const
{
    std::vector<FileRange> ranges;
    if (size == 0)
        return ranges;
    const std::uint64_t left = std::numeric_limits<std::uint64_t>::max() - address;
    const std::uint64_t end = address + std::min(size - 1, left);
    auto run = std::upper_bound(
        m_runs.begin(), m_runs.end(), address,
        [](std::uint64_t value, const Run& r) { return value < r.memory.first(); });
    if (run == m_runs.begin())
        return ranges;
    --run;
    std::uint64_t next = address;
    for (; run != m_runs.end() && run->memory.contains(next); ++run) {
        const std::uint64_t last = std::min(run->memory.last(), end);
        const FileRange piece = *FileRange::make(
            run->fileOffset + (next - run->memory.first()), last - next + 1);
        if (!ranges.empty() && ranges.back().touches(piece))
            ranges.back() = *FileRange::between(ranges.back().first(), piece.last());
        else
            ranges.push_back(piece);
        if (last == end)
            break;
        next = last + 1;
    }
    return ranges;
}

Result<std::uint64_t> AddressSpace::read(const Source& source, std::uint64_t address,
                                         MutableByteView target) const
{
    std::uint64_t done = 0;
    for (const FileRange& piece : fileRanges(address, target.size())) {
        const auto size = static_cast<std::size_t>(piece.size());
        const auto part = target.subspan(static_cast<std::size_t>(done), size);
        if (const Status status = source.readAt(piece.first(), part); !status)
            return status.error();
        done += piece.size();
    }
    return done;
}

std::optional<std::uint64_t> AddressSpace::addressOf(std::uint64_t fileOffset) const
{
    const auto after = std::upper_bound(
        m_fileRuns.begin(), m_fileRuns.end(), fileOffset,
        [](std::uint64_t value, const FileRun& run) { return value < run.file.first(); });
    if (after == m_fileRuns.begin() || !std::prev(after)->file.contains(fileOffset))
        return std::nullopt;
    const FileRun& run = *std::prev(after);
    return run.address + (fileOffset - run.file.first());
}

const Segment* AddressSpace::segmentAt(std::uint64_t address) const
{
    const auto after = std::upper_bound(
        m_runs.begin(), m_runs.end(), address,
        [](std::uint64_t value, const Run& run) { return value < run.memory.first(); });
    if (after == m_runs.begin() || !std::prev(after)->memory.contains(address))
        return nullptr;
    return &m_segments[std::prev(after)->segment];
}

} // namespace coredact
