// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/windows.h"

#include "scanner/io/dataruns.h"

#include <algorithm>
#include <cstring>

namespace coredact {

PieceMap::PieceMap(std::vector<FileRange> pieces)
    : m_pieces(std::move(pieces))
{
    std::size_t begin = 0;
    for (const FileRange& piece : m_pieces) {
        m_begins.push_back(begin);
        begin += static_cast<std::size_t>(piece.size());
    }
}

std::vector<FileRange> PieceMap::fileRanges(std::size_t begin, std::size_t end) const
{
    std::vector<FileRange> ranges;
    auto index = static_cast<std::size_t>(std::upper_bound(m_begins.begin(), m_begins.end(), begin)
                                          - m_begins.begin() - 1);
    while (begin < end && index < m_pieces.size()) {
        const std::uint64_t skipped = begin - m_begins[index];
        const std::uint64_t size
            = std::min<std::uint64_t>(end - begin, m_pieces[index].size() - skipped);
        const FileRange part = *FileRange::make(m_pieces[index].first() + skipped, size);
        if (!ranges.empty() && ranges.back().touches(part))
            ranges.back() = *FileRange::between(ranges.back().first(), part.last());
        else
            ranges.push_back(part);
        begin += static_cast<std::size_t>(size);
        ++index;
    }
    return ranges;
}

Result<DataRuns> DataRuns::of(const Source& source)
{
    DataRuns runs;
    if (const Status added = addDataRuns(source, runs.m_runs); !added)
        return added.error();
    // What was cut off since the file was opened is no hole: reading it must fail and be told.
    const auto now = source.identityNow();
    if (!now)
        return now.error();
    if (now->size < source.size()) {
        std::erase_if(runs.m_runs, [&](const FileRange& run) { return run.first() >= now->size; });
        runs.m_runs.push_back(*FileRange::between(now->size, source.size() - 1));
    }
    return runs;
}

void DataRuns::forEachIn(const FileRange& range,
                         const std::function<void(const FileRange&)>& take) const
{
    auto it = std::lower_bound(
        m_runs.begin(), m_runs.end(), range.first(),
        [](const FileRange& run, std::uint64_t offset) { return run.last() < offset; });
    for (; it != m_runs.end() && it->first() <= range.last(); ++it)
        take(*it->intersection(range));
}

bool DataRuns::anyIn(const FileRange& range) const
{
    bool any = false;
    forEachIn(range, [&](const FileRange&) { any = true; });
    return any;
}

DataRuns DataRuns::without(std::span<const FileRange> zeros) const
{
    DataRuns left;
    auto zero = zeros.begin();
    for (const FileRange& run : m_runs) {
        std::uint64_t begin = run.first();
        while (zero != zeros.end() && zero->last() < begin)
            ++zero;
        for (; zero != zeros.end() && zero->first() <= run.last(); ++zero) {
            if (zero->first() > begin)
                left.m_runs.push_back(*FileRange::between(begin, zero->first() - 1));
            if (zero->last() >= run.last())
                break;
            begin = zero->last() + 1;
        }
        if (zero == zeros.end() || zero->first() > run.last())
            left.m_runs.push_back(*FileRange::between(begin, run.last()));
    }
    return left;
}

std::vector<FileRange> extentPart(const Extent& extent, std::uint64_t begin, std::uint64_t size)
{
    std::vector<FileRange> part;
    std::uint64_t position = 0;
    for (const FileRange& piece : extent.pieces) {
        if (size == 0)
            break;
        if (begin < position + piece.size()) {
            const std::uint64_t skipped = begin - position;
            const std::uint64_t length = std::min(size, piece.size() - skipped);
            part.push_back(*FileRange::make(piece.first() + skipped, length));
            begin += length;
            size -= length;
        }
        position += piece.size();
    }
    return part;
}

WorkList::WorkList(const Coverage& coverage, const WindowShape& shape)
    : m_coverage(coverage)
    , m_shape(shape)
{
    for (const Extent& extent : coverage.extents) {
        m_firstItems.push_back(m_extentItems);
        m_extentItems += (extent.size() + shape.fresh - 1) / shape.fresh;
    }
}

std::uint64_t WorkList::size() const { return m_extentItems + m_coverage.seams.size(); }

namespace {

WorkItem seamItem(const Seam& seam, const WindowShape& shape)
{
    const std::uint64_t before = std::min<std::uint64_t>(seam.before.size(), shape.margin);
    const std::uint64_t after = std::min<std::uint64_t>(seam.after.size(), shape.margin);
    WorkItem item;
    item.pieces = {*FileRange::between(seam.before.last() - (before - 1), seam.before.last()),
                   *FileRange::make(seam.after.first(), after)};
    if (seam.beyond && after == seam.after.size() && after < shape.margin)
        item.pieces.push_back(
            *FileRange::make(seam.beyond->first(),
                             std::min<std::uint64_t>(seam.beyond->size(), shape.margin - after)));
    item.freshEnd = static_cast<std::size_t>(before);
    item.seam = static_cast<std::size_t>(before);
    return item;
}

} // namespace

WorkItem WorkList::item(std::uint64_t index) const
{
    if (index >= m_extentItems)
        return seamItem(m_coverage.seams[static_cast<std::size_t>(index - m_extentItems)], m_shape);
    const auto extent
        = static_cast<std::size_t>(std::upper_bound(m_firstItems.begin(), m_firstItems.end(), index)
                                   - m_firstItems.begin() - 1);
    const std::uint64_t begin = (index - m_firstItems[extent]) * m_shape.fresh;
    const std::uint64_t context = std::min<std::uint64_t>(begin, m_shape.context);
    const std::uint64_t fresh
        = std::min<std::uint64_t>(m_shape.fresh, m_coverage.extents[extent].size() - begin);
    WorkItem item;
    item.pieces
        = extentPart(m_coverage.extents[extent], begin - context, context + fresh + m_shape.margin);
    item.freshBegin = static_cast<std::size_t>(context);
    item.freshEnd = static_cast<std::size_t>(context + fresh);
    if (m_coverage.extents[extent].address)
        item.address = *m_coverage.extents[extent].address + (begin - context);
    return item;
}

WorkItem widened(WorkItem item, std::uint64_t size, std::size_t margin)
{
    if (!item.pieces.front().touches(item.pieces.back()))
        return item;
    const std::uint64_t join = item.pieces.back().first();
    const std::uint64_t first = join - std::min<std::uint64_t>(join, margin);
    item.pieces
        = {*FileRange::make(first, std::min<std::uint64_t>(size - first, join - first + margin))};
    item.seam = static_cast<std::size_t>(join - first);
    return item;
}

std::size_t readItem(const Source& source, const DataRuns& data, const WorkItem& item,
                     MutableByteView buffer, std::vector<Unreadable>& unreadable)
{
    std::size_t position = 0;
    for (const FileRange& piece : item.pieces) {
        const auto target = buffer.subspan(position, static_cast<std::size_t>(piece.size()));
        std::uint64_t filled = piece.first(); // bytes before this offset are in the buffer
        data.forEachIn(piece, [&](const FileRange& run) {
            std::memset(target.data() + (filled - piece.first()), 0,
                        static_cast<std::size_t>(run.first() - filled));
            const auto bytes = target.subspan(static_cast<std::size_t>(run.first() - piece.first()),
                                              static_cast<std::size_t>(run.size()));
            if (const Status status = source.readAt(run.first(), bytes); !status) {
                std::memset(bytes.data(), 0, bytes.size());
                unreadable.push_back({run, status.error().message});
            }
            filled = run.last() + 1;
        });
        std::memset(target.data() + (filled - piece.first()), 0,
                    static_cast<std::size_t>(piece.last() + 1 - filled));
        position += static_cast<std::size_t>(piece.size());
    }
    return position;
}

namespace {

constexpr std::size_t page = 4096;
/// Bytes of a constant page that stay with what follows: the zero half of a UTF-16BE character,
/// leading zeros of a number.
constexpr std::size_t lead = 512;

bool constant(ByteView bytes)
{
    // Equal to itself shifted by one: every byte is the first one. memcmp runs at memory speed.
    return bytes.size() < 2 || std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

} // namespace

std::vector<FreshRun> worthyRuns(ByteView bytes, std::size_t freshBegin, std::size_t freshEnd)
{
    std::vector<FreshRun> runs;
    for (std::size_t at = freshBegin; at < freshEnd; at += page) {
        const std::size_t end = std::min(at + page, freshEnd);
        if (constant(bytes.subspan(at, end - at)))
            continue;
        const std::size_t floor = runs.empty() ? freshBegin : runs.back().end;
        const std::size_t begin = std::max(floor, at - std::min(at, lead));
        if (!runs.empty() && runs.back().end == begin)
            runs.back().end = end;
        else
            runs.push_back({begin, end});
    }
    // A constant last page may hold the first bytes of what goes on in the margin.
    if (freshEnd - freshBegin > 0 && (runs.empty() || runs.back().end != freshEnd)
        && freshEnd < bytes.size()) {
        const std::size_t floor = runs.empty() ? freshBegin : runs.back().end;
        const std::size_t begin = std::max(floor, freshEnd - std::min(freshEnd, lead));
        if (!constant(bytes.subspan(begin, std::min(bytes.size(), freshEnd + page) - begin))) {
            if (!runs.empty() && runs.back().end == begin)
                runs.back().end = freshEnd;
            else
                runs.push_back({begin, freshEnd});
        }
    }
    return runs;
}

std::vector<FreshRun> zeroRuns(ByteView bytes, std::size_t freshBegin, std::size_t freshEnd,
                               std::span<const FreshRun> worthy)
{
    constexpr std::size_t shortest = 16 * page;
    std::vector<FreshRun> zeros;
    // What is left out begins with a page, and each of its pages is of one byte.
    const auto take = [&](std::size_t begin, std::size_t end) {
        while (begin < end) {
            std::size_t at = begin;
            while (at < end && bytes[at] == 0)
                at += page;
            if (std::min(at, end) - begin >= shortest)
                zeros.push_back({begin, std::min(at, end)});
            begin = at + page;
        }
    };
    std::size_t begin = freshBegin;
    for (const FreshRun& run : worthy) {
        take(begin, std::max(begin, run.begin));
        begin = run.end;
    }
    take(begin, freshEnd);
    return zeros;
}

} // namespace coredact
