// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/memorystream.h"

#include <algorithm>
#include <cstring>

namespace coredact {

namespace {

constexpr std::size_t chunkSize = std::size_t {1} << 20;

/// Where [begin, end) of a run of pieces lies.
std::vector<FileRange> partOf(const std::vector<FileRange>& pieces, std::uint64_t begin,
                              std::uint64_t end)
{
    std::vector<FileRange> part;
    std::uint64_t position = 0;
    for (const FileRange& piece : pieces) {
        const std::uint64_t from = std::max(begin, position);
        const std::uint64_t to = std::min(end, position + piece.size());
        if (from < to)
            part.push_back(*FileRange::make(piece.first() + (from - position), to - from));
        position += piece.size();
        if (position >= end)
            break;
    }
    return part;
}

/// One byte over and over, as pages that were never written: equal to itself shifted by one.
bool isConstant(ByteView bytes)
{
    return bytes.size() < 2 || std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

/// Asks the file system for data only once for each run of it.
class Holes {
public:
    explicit Holes(const Source& source)
        : m_source(source)
    {
    }

    bool isHole(const FileRange& range)
    {
        if (m_data && m_data->overlaps(range))
            return false;
        if (m_hole && m_hole->contains(range))
            return true;
        const auto next = m_source.nextData(range.first());
        if (!next)
            return false; // reading it will tell
        m_data = *next;
        const std::uint64_t end = m_data ? m_data->first() : m_source.size();
        m_hole = end > range.first() ? FileRange::make(range.first(), end - range.first())
                                     : std::nullopt;
        return !m_data || !m_data->overlaps(range);
    }

private:
    const Source& m_source;
    std::optional<FileRange> m_data;
    std::optional<FileRange> m_hole;
};

} // namespace

std::vector<FileRange> StreamChunk::fileRanges(std::size_t begin, std::size_t end) const
{
    return partOf(pieces, begin, end);
}

Status forEachChunk(const WalkContext& context, std::size_t overlap,
                    const std::function<void(const StreamChunk&)>& look)
{
    SecureBuffer buffer(chunkSize + overlap);
    Holes holes(context.source);
    const Coverage parts = coverage(context.dump);
    for (const Extent& extent : parts.extents) {
        const std::uint64_t size = extent.size();
        for (std::uint64_t begin = 0; begin < size; begin += chunkSize) {
            if (context.control.cancelled())
                return Error {ErrorCode::Cancelled, "the search was cancelled", std::nullopt};
            StreamChunk chunk;
            chunk.pieces = partOf(extent.pieces, begin,
                                  std::min<std::uint64_t>(size, begin + chunkSize + overlap));
            if (std::all_of(chunk.pieces.begin(), chunk.pieces.end(),
                            [&](const FileRange& piece) { return holes.isHole(piece); }))
                continue;
            std::size_t read = 0;
            for (const FileRange& piece : chunk.pieces) {
                const auto length = static_cast<std::size_t>(piece.size());
                const Status status
                    = context.source.readAt(piece.first(), buffer.bytes().subspan(read, length));
                if (!status)
                    return status;
                read += length;
            }
            chunk.bytes = ByteView(buffer.data(), read);
            if (isConstant(chunk.bytes))
                continue;
            chunk.fresh = std::min(read, chunkSize);
            chunk.fileOffset = chunk.pieces.front().first();
            if (extent.address)
                chunk.address = *extent.address + begin;
            look(chunk);
        }
    }
    return {};
}

} // namespace coredact
