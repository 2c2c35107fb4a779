// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/pass.h"

#include "scanner/base/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>

namespace coredact {

namespace {

/// The same map for a window that begins later.
class CutMap : public PositionMap {
public:
    CutMap(const PositionMap& whole, std::size_t cut)
        : m_whole(whole)
        , m_cut(cut)
    {
    }
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override
    {
        return m_whole.fileRanges(begin + m_cut, end + m_cut);
    }

private:
    const PositionMap& m_whole;
    std::size_t m_cut;
};

/// What all threads of a pass share.
struct Shared {
    const Pass& pass;
    std::atomic<std::uint64_t> next = 0;
    std::mutex mutex {};
    std::uint64_t done = 0; ///< bytes; this and what follows under the mutex
    std::vector<Unreadable> unreadable {};
    std::exception_ptr failure {};
};

/// Reads the windows that one thread takes and hands them to its part.
class Reader {
public:
    Reader(Shared& shared, PassPart& part)
        : m_shared(shared)
        , m_pass(shared.pass)
        , m_part(part)
        , m_buffer(m_pass.shape.context + m_pass.shape.fresh + 2 * m_pass.shape.margin)
    {
        if (m_pass.sums)
            m_summing.emplace(*m_pass.sums);
    }

    void run()
    {
        for (;;) {
            const std::uint64_t index = m_shared.next.fetch_add(1);
            if (index >= m_pass.work.size() || m_pass.control.cancelled())
                return;
            take(m_pass.work.item(index));
        }
    }

private:
    void take(const WorkItem& item)
    {
        std::vector<Unreadable> unreadable;
        std::vector<Sum> sums;
        std::vector<FileRange> zeros;
        const bool anyData
            = std::any_of(item.pieces.begin(), item.pieces.end(),
                          [&](const FileRange& piece) { return m_pass.data.anyIn(piece); });
        if (anyData)
            readAndLook(item, unreadable, sums, zeros);
        const std::lock_guard lock(m_shared.mutex);
        // What could not be read only looks like zeros.
        if (m_pass.zeros && unreadable.empty())
            m_pass.zeros->insert(m_pass.zeros->end(), zeros.begin(), zeros.end());
        for (const auto& [range, sum] : sums)
            if (std::any_of(unreadable.begin(), unreadable.end(),
                            [&whole = range](const Unreadable& part) {
                                return part.range.overlaps(whole);
                            }))
                m_pass.sums->addUnreadable(range);
            else
                m_pass.sums->add(range, sum);
        m_shared.unreadable.insert(m_shared.unreadable.end(), unreadable.begin(), unreadable.end());
        if (item.seam != 0)
            return;
        m_shared.done += item.freshEnd - item.freshBegin;
        m_pass.control.report({m_pass.stage, m_shared.done, m_pass.source.size()});
    }

    using Sum = std::pair<FileRange, RangeSums::Sum>;

    void readAndLook(const WorkItem& item, std::vector<Unreadable>& unreadable,
                     std::vector<Sum>& sums, std::vector<FileRange>& zeros)
    {
        const std::size_t size
            = readItem(m_pass.source, m_pass.data, item, m_buffer.bytes(), unreadable);
        const ByteView bytes = m_buffer.bytes().first(size);
        const PieceMap map(item.pieces);
        if (m_summing && item.seam == 0)
            sums = sumsOfFresh(item, map, bytes);
        const std::vector<FreshRun> worthy = worthyRuns(bytes, item.freshBegin, item.freshEnd);
        if (m_pass.zeros && item.seam == 0)
            zeros = zerosOfFresh(item, map, bytes, worthy);
        for (const FreshRun& run : worthy) {
            // Each run sees just the context and margin that any window would give it, so that
            // what is found does not depend on where the windows begin.
            const std::size_t begin = run.begin - std::min(run.begin, m_pass.shape.context);
            const std::size_t end = std::min(size, run.end + m_pass.shape.margin);
            const CutMap cut(map, begin);
            Window window {bytes.subspan(begin, end - begin), run.begin - begin, run.end - begin,
                           &cut, "raw"};
            if (item.address)
                window.address = *item.address + begin;
            m_part.look(window, item.seam != 0 ? &item.pieces : nullptr);
        }
    }

    static std::vector<FileRange> zerosOfFresh(const WorkItem& item, const PieceMap& map,
                                               ByteView bytes, std::span<const FreshRun> worthy)
    {
        std::vector<FileRange> zeros;
        for (const FreshRun& run : zeroRuns(bytes, item.freshBegin, item.freshEnd, worthy)) {
            const auto ranges = map.fileRanges(run.begin, run.end);
            zeros.insert(zeros.end(), ranges.begin(), ranges.end());
        }
        return zeros;
    }

    std::vector<Sum> sumsOfFresh(const WorkItem& item, const PieceMap& map, ByteView bytes)
    {
        std::vector<Sum> sums;
        std::size_t at = item.freshBegin;
        for (const FileRange& range : map.fileRanges(item.freshBegin, item.freshEnd)) {
            const auto size = static_cast<std::size_t>(range.size());
            sums.emplace_back(range, m_summing->of(range, bytes.subspan(at, size)));
            at += size;
        }
        return sums;
    }

    Shared& m_shared;
    const Pass& m_pass;
    PassPart& m_part;
    SecureBuffer m_buffer;
    std::optional<RangeSums::Maker> m_summing;
};

} // namespace

std::vector<Unreadable> runPass(const Pass& pass, std::span<PassPart* const> parts)
{
    Shared shared {pass};
    inThreads(parts.size(), [&](std::size_t i) {
        try {
            Reader(shared, *parts[i]).run();
        } catch (...) {
            const std::lock_guard lock(shared.mutex);
            shared.failure = std::current_exception();
        }
    });
    if (shared.failure)
        std::rethrow_exception(shared.failure);
    return std::move(shared.unreadable);
}

} // namespace coredact
