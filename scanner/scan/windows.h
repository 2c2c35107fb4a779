// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/securebuffer.h"
#include "scanner/dump/coverage.h"
#include "scanner/io/source.h"
#include "scanner/scan/window.h"

#include <functional>

namespace coredact {

/// Maps positions in bytes that were read piece by piece back to the file.
class PieceMap : public PositionMap {
public:
    explicit PieceMap(std::vector<FileRange> pieces);
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override;

private:
    std::vector<FileRange> m_pieces;
    std::vector<std::size_t> m_begins; ///< position of each piece's first byte
};

/// Which parts of a file hold data, asked of the file system once. Immutable; any thread.
class DataRuns {
public:
    static Result<DataRuns> of(const Source& source);

    bool anyIn(const FileRange& range) const;
    /// Calls `take` with each part of `range` that holds data.
    void forEachIn(const FileRange& range,
                   const std::function<void(const FileRange&)>& take) const;
    /// The same without what turned out to be zeros as in a hole. `zeros`: sorted, disjoint.
    DataRuns without(std::span<const FileRange> zeros) const;

private:
    std::vector<FileRange> m_runs;
};

/// How wide the windows of a scan are, in bytes.
struct WindowShape {
    std::size_t fresh = 1U << 20;
    std::size_t context = 2048; ///< before the fresh part
    std::size_t margin = 1U << 16; ///< after it
};

/// One thing to look at: a window of an extent, or the surroundings of a seam.
struct WorkItem {
    std::vector<FileRange> pieces; ///< everything to read, context and margin included
    std::size_t freshBegin = 0;
    std::size_t freshEnd = 0;
    std::optional<std::uint64_t> address {}; ///< of the first byte, where it is memory
    /// For a seam: only what crosses this position counts; 0 for a window of an extent.
    std::size_t seam = 0;
};

/// The windows of a whole coverage, by number, so that threads can take them one by one.
/// Immutable. The coverage must outlive it.
class WorkList {
public:
    WorkList(const Coverage& coverage, const WindowShape& shape);

    std::uint64_t size() const;
    /// Bytes that item `index` has fresh; the sum over all items that are no seams is the file.
    WorkItem item(std::uint64_t index) const;

private:
    const Coverage& m_coverage;
    WindowShape m_shape;
    std::vector<std::uint64_t> m_firstItems; ///< number of each extent's first window
    std::uint64_t m_extentItems = 0;
};

/// A seam's item with `margin` bytes on both sides of the join, if it lies in the file, where the
/// seam's own ranges are shorter since short pieces follow one another. `size`: of the file.
WorkItem widened(WorkItem item, std::uint64_t size, std::size_t margin);

/// The bytes [begin, begin + size) of an extent as file ranges, cut at its end.
std::vector<FileRange> extentPart(const Extent& extent, std::uint64_t begin, std::uint64_t size);

/// Reads an item's bytes into `buffer` (as wide as needed); holes become zeros without reading.
/// What cannot be read becomes zeros and an answer in `unreadable`.
struct Unreadable {
    FileRange range;
    std::string reason;
};
std::size_t readItem(const Source& source, const DataRuns& data, const WorkItem& item,
                     MutableByteView buffer, std::vector<Unreadable>& unreadable);

/// Divides the fresh part into runs that are worth a look: pages of one repeated byte hold no
/// secret and are left out, but a little before each run stays in. Positions in the bytes.
struct FreshRun {
    std::size_t begin;
    std::size_t end;
};
std::vector<FreshRun> worthyRuns(ByteView bytes, std::size_t freshBegin, std::size_t freshEnd);

/// The runs of zeros that the fresh part has between those, as far as they are worth remembering:
/// reading these again would cost more than knowing of them. `worthy`: of that fresh part.
std::vector<FreshRun> zeroRuns(ByteView bytes, std::size_t freshBegin, std::size_t freshEnd,
                               std::span<const FreshRun> worthy);

} // namespace coredact
