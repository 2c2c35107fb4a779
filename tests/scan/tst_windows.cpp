// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/windows.h"

#include <QtTest>

#include <numeric>

#include <unistd.h>

using namespace coredact;

namespace {

FileRange range(std::uint64_t first, std::uint64_t size) { return *FileRange::make(first, size); }

Extent extentOf(std::vector<FileRange> pieces)
{
    Extent extent;
    extent.pieces = std::move(pieces);
    return extent;
}

/// All positions of an extent as file offsets, in order.
std::vector<std::uint64_t> offsetsOf(const std::vector<FileRange>& pieces)
{
    std::vector<std::uint64_t> offsets;
    for (const FileRange& piece : pieces)
        for (std::uint64_t i = 0; i < piece.size(); ++i)
            offsets.push_back(piece.first() + i);
    return offsets;
}

} // namespace

class TestWindows : public QObject {
    Q_OBJECT

private slots:
    void mapsEveryRunOfPositionsBackToItsPieces()
    {
        // Two pieces that touch in the file, one that lies before them.
        const std::vector<FileRange> pieces {range(10, 3), range(13, 2), range(0, 4)};
        const auto offsets = offsetsOf(pieces);
        const PieceMap map(pieces);
        for (std::size_t begin = 0; begin < offsets.size(); ++begin) {
            for (std::size_t end = begin + 1; end <= offsets.size(); ++end) {
                const auto ranges = map.fileRanges(begin, end);
                const std::vector<std::uint64_t> expected(offsets.begin()
                                                              + static_cast<long>(begin),
                                                          offsets.begin() + static_cast<long>(end));
                QCOMPARE(offsetsOf(ranges), expected);
                for (std::size_t i = 1; i < ranges.size(); ++i)
                    QVERIFY(!ranges[i - 1].touches(ranges[i]));
            }
        }
    }

    void makesEveryByteFreshExactlyOnce()
    {
        for (std::size_t fresh = 1; fresh <= 9; ++fresh) {
            Coverage parts;
            parts.extents = {extentOf({range(0, 5), range(20, 4)}), extentOf({range(5, 15)})};
            WindowShape shape {fresh, 2, 3};
            const WorkList work(parts, shape);
            std::vector<int> seen(24, 0);
            for (std::uint64_t i = 0; i < work.size(); ++i) {
                const WorkItem item = work.item(i);
                const auto offsets = offsetsOf(item.pieces);
                QVERIFY(item.freshEnd <= offsets.size());
                QVERIFY(item.freshBegin <= 2);
                QVERIFY(offsets.size() - item.freshEnd <= 3);
                for (std::size_t at = item.freshBegin; at < item.freshEnd; ++at)
                    ++seen[static_cast<std::size_t>(offsets[at])];
            }
            QCOMPARE(seen, std::vector<int>(24, 1));
        }
    }

    void showsBothSidesOfASeam()
    {
        Coverage parts;
        parts.extents = {extentOf({range(0, 100)})};
        parts.seams = {{range(10, 50), range(80, 2)}};
        const WorkList work(parts, {1000, 4, 8});
        QCOMPARE(work.size(), std::uint64_t {2});
        const WorkItem item = work.item(1);
        QCOMPARE(item.pieces, (std::vector<FileRange> {range(52, 8), range(80, 2)}));
        QCOMPARE(item.seam, std::size_t {8});
        QCOMPARE(item.freshEnd, std::size_t {8});
    }

    void showsWhatLiesBeyondTheSecondSideOfASeam()
    {
        Coverage parts;
        parts.extents = {extentOf({range(0, 100)})};
        for (const std::uint64_t size : {2U, 7U, 8U}) {
            parts.seams = {{range(10, 50), range(80, size), range(20, 30)}};
            const WorkItem item = WorkList(parts, {1000, 4, 8}).item(1);
            QCOMPARE(item.pieces.size(), std::size_t {size == 8 ? 2U : 3U});
            if (size != 8)
                QCOMPARE(item.pieces[2], range(20, 8 - size));
            QCOMPARE(item.seam, std::size_t {8});
        }
    }

    void readsHolesAsZerosAndTellsWhatCannotBeRead()
    {
        std::vector<std::uint8_t> bytes(10000);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t {1});
        const auto source = Source::fromBytes(bytes);
        QVERIFY(source.ok());
        const auto data = DataRuns::of(*source);
        QVERIFY(data.ok());
        WorkItem item;
        item.pieces = {range(9000, 1000), range(3, 5)};
        item.freshEnd = 1005;
        std::vector<std::uint8_t> buffer(2000, 0xee);
        std::vector<Unreadable> unreadable;
        QCOMPARE(readItem(*source, *data, item, buffer, unreadable), std::size_t {1005});
        QVERIFY(unreadable.empty());
        QVERIFY(std::equal(bytes.begin() + 9000, bytes.end(), buffer.begin()));
        QVERIFY(std::equal(bytes.begin() + 3, bytes.begin() + 8, buffer.begin() + 1000));
        // The file becomes shorter: the part that is gone reads as zeros and is told.
        QVERIFY(ftruncate(source->descriptor(), 9500) == 0);
        readItem(*source, *data, item, buffer, unreadable);
        QCOMPARE(unreadable.size(), std::size_t {1});
        QCOMPARE(unreadable.front().range, range(9000, 1000));
    }

    void leavesOutConstantPagesButNotWhatBeginsAtTheirEnd()
    {
        std::vector<std::uint8_t> bytes(10 * 4096, 0);
        QVERIFY(worthyRuns(bytes, 0, bytes.size()).empty());
        bytes[5 * 4096 + 17] = 1;
        auto runs = worthyRuns(bytes, 0, bytes.size());
        QCOMPARE(runs.size(), std::size_t {1});
        QCOMPARE(runs.front().begin, std::size_t {5 * 4096 - 512});
        QCOMPARE(runs.front().end, std::size_t {6 * 4096});
        // Something right behind the fresh part keeps the last bytes of it.
        runs = worthyRuns(bytes, 0, 5 * 4096);
        QCOMPARE(runs.size(), std::size_t {1});
        QCOMPARE(runs.front().begin, std::size_t {5 * 4096 - 512});
        QCOMPARE(runs.front().end, std::size_t {5 * 4096});
    }

    void remembersLongRunsOfZerosOnly()
    {
        constexpr std::size_t page = 4096;
        std::vector<std::uint8_t> bytes(100 * page + 100, 0);
        bytes[3 * page] = 1; // 3 pages before it are few
        std::fill(bytes.begin() + 30 * page, bytes.begin() + 60 * page, std::uint8_t {0xff});
        bytes[80 * page + 5] = 1;
        const auto runsIn = [&](std::size_t begin, std::size_t end) {
            std::vector<std::pair<std::size_t, std::size_t>> runs;
            for (const FreshRun& run : zeroRuns(bytes, begin, end, worthyRuns(bytes, begin, end)))
                runs.emplace_back(run.begin, run.end);
            return runs;
        };
        using Runs = std::vector<std::pair<std::size_t, std::size_t>>;
        // What a run that is looked at begins with belongs to it.
        QCOMPARE(runsIn(0, bytes.size()),
                 (Runs {{4 * page, 30 * page},
                        {60 * page, 80 * page - 512},
                        {81 * page, bytes.size()}}));
        QCOMPARE(runsIn(10 * page + 7, 20 * page), Runs {});
        QCOMPARE(runsIn(10 * page, 26 * page), (Runs {{10 * page, 26 * page}}));
    }

    void takesZerosForHoles()
    {
        std::vector<std::uint8_t> bytes(10000, 1);
        const auto source = Source::fromBytes(bytes);
        QVERIFY(source.ok());
        const auto data = DataRuns::of(*source);
        QVERIFY(data.ok());
        const auto left = [&](const std::vector<FileRange>& zeros, const FileRange& of) {
            std::vector<FileRange> parts;
            const DataRuns less = data->without(zeros);
            less.forEachIn(of, [&](const FileRange& part) { parts.push_back(part); });
            // Twice the same changes nothing.
            std::vector<FileRange> again;
            less.without(zeros).forEachIn(of,
                                          [&](const FileRange& part) { again.push_back(part); });
            return parts == again ? parts : std::vector<FileRange> {};
        };
        using Ranges = std::vector<FileRange>;
        QCOMPARE(left({}, range(0, 10000)), (Ranges {range(0, 10000)}));
        QCOMPARE(
            left({range(0, 5), range(100, 10), range(120, 1), range(9990, 10)}, range(0, 10000)),
            (Ranges {range(5, 95), range(110, 10), range(121, 9869)}));
        QCOMPARE(left({range(100, 10), range(120, 1)}, range(105, 10)), (Ranges {range(110, 5)}));
        QCOMPARE(left({range(0, 10000)}, range(0, 10000)), Ranges {});
    }

    void coversEveryByteThatDiffersFromItsPage()
    {
        for (std::size_t at = 0; at < 6 * 4096; at += 61) {
            std::vector<std::uint8_t> bytes(6 * 4096, 0xff);
            bytes[at] = 0;
            const auto runs = worthyRuns(bytes, 100, bytes.size() - 7);
            const bool fresh = at >= 100 && at < bytes.size() - 7;
            const bool covered = std::any_of(runs.begin(), runs.end(), [&](const FreshRun& run) {
                return run.begin <= at && at < run.end;
            });
            QVERIFY(!fresh || covered);
            for (std::size_t i = 0; i < runs.size(); ++i) {
                QVERIFY(runs[i].begin >= 100 && runs[i].begin < runs[i].end
                        && runs[i].end <= bytes.size() - 7);
                QVERIFY(i == 0 || runs[i - 1].end < runs[i].begin);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestWindows)
#include "tst_windows.moc"
