// SPDX-License-Identifier: GPL-3.0-or-later
#include "randomsegments.h"

#include "scanner/dump/addressspace.h"
#include "scanner/dump/coverage.h"

#include <QTest>

#include <random>
#include <set>

using namespace coredact;

namespace {

using Join = std::pair<std::uint64_t, std::uint64_t>; ///< offsets of two bytes that meet

Dump dumpWith(std::vector<Segment> segments, std::uint64_t size)
{
    Dump dump;
    dump.size = size;
    dump.segments = std::move(segments);
    return dump;
}

Segment segment(std::uint64_t address, std::uint64_t offset, std::uint64_t size)
{
    return {*AddressRange::make(address, size), *FileRange::make(offset, size), {}, {}, {}};
}

/// The joins that the extents show.
std::set<Join> shownJoins(const Coverage& coverage)
{
    std::set<Join> joins;
    for (const Extent& extent : coverage.extents) {
        std::optional<std::uint64_t> before;
        for (const FileRange& piece : extent.pieces) {
            for (std::uint64_t i = piece.first(); i <= piece.last(); ++i) {
                if (before)
                    joins.insert({*before, i});
                before = i;
            }
        }
    }
    return joins;
}

std::set<Join> seamJoins(const Coverage& coverage)
{
    std::set<Join> joins;
    for (const Seam& seam : coverage.seams)
        joins.insert({seam.before.last(), seam.after.first()});
    return joins;
}

} // namespace

class TestCoverage : public QObject {
    Q_OBJECT
private slots:
    void givesEveryByteToExactlyOneExtent();
    void showsEveryJoinOfFileAndMemoryOnce();
    void joinsMemoryThatLiesApartInTheFile();
    void keepsGapsAsExtentsWithoutAddress();
    void makesASeamWhereAnotherExtentOwnsTheNeighbour();
    void looksPastTinyPartsInFileOrder();
    void staysLinearForManySegments();
    void joinsTheLanesOfVectorRegisters_data();
    void joinsTheLanesOfVectorRegisters();
    void joinsNoLanesOfDifferentThreads();
};

void TestCoverage::givesEveryByteToExactlyOneExtent()
{
    std::mt19937 random(4);
    for (int round = 0; round < 6000; ++round) {
        const std::uint64_t size = 40 + random() % 8;
        const Coverage answer = coverage(dumpWith(randomSegments(random, 40), size));
        std::vector<int> seen(size, 0);
        for (const Extent& extent : answer.extents) {
            QVERIFY(!extent.pieces.empty());
            for (std::size_t i = 0; i < extent.pieces.size(); ++i) {
                for (auto at = extent.pieces[i].first(); at <= extent.pieces[i].last(); ++at)
                    ++seen.at(at);
                QVERIFY(i == 0 || !extent.pieces[i - 1].touches(extent.pieces[i]));
            }
        }
        QVERIFY(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
    }
}

void TestCoverage::showsEveryJoinOfFileAndMemoryOnce()
{
    std::mt19937 random(5);
    for (int round = 0; round < 6000; ++round) {
        const Dump dump = dumpWith(randomSegments(random, 40), 44);
        const Coverage answer = coverage(dump);
        const auto shown = shownJoins(answer);
        const auto seams = seamJoins(answer);
        QCOMPARE(seams.size(), answer.seams.size());
        for (const Join& join : seams)
            QVERIFY(shown.find(join) == shown.end());
        const auto looked
            = [&](const Join& join) { return shown.count(join) != 0 || seams.count(join) != 0; };
        for (std::uint64_t at = 1; at < dump.size; ++at)
            QVERIFY(looked({at - 1, at}));
        // Memory as a debugger reads it, and every pair of bytes inside one segment.
        const AddressSpace memory(dump.segments);
        for (std::uint64_t address = 0; address < 44; ++address) {
            std::vector<std::uint64_t> pair;
            for (const FileRange& range : memory.fileRanges(address, 2))
                for (auto at = range.first(); at <= range.last(); ++at)
                    pair.push_back(at);
            QVERIFY(pair.size() < 2 || looked({pair[0], pair[1]}));
        }
    }
}

void TestCoverage::joinsMemoryThatLiesApartInTheFile()
{
    // In memory: file bytes 20..29, then 0..9, then 40..49.
    const Coverage answer = coverage(
        dumpWith({segment(0x100a, 0, 10), segment(0x1000, 20, 10), segment(0x1014, 40, 10)}, 50));
    QCOMPARE(answer.extents.size(), std::size_t {3});
    const Extent* joined = nullptr;
    for (const Extent& extent : answer.extents)
        if (extent.pieces.size() == 3)
            joined = &extent;
    QVERIFY(joined);
    QCOMPARE(joined->address, std::optional<std::uint64_t>(0x1000));
    QCOMPARE(joined->size(), std::uint64_t {30});
    const std::vector<FileRange> pieces {*FileRange::make(20, 10), *FileRange::make(0, 10),
                                         *FileRange::make(40, 10)};
    QCOMPARE(joined->pieces, pieces);
    // The file's own neighbours are seams: 9|10, 19|20, 29|30, 39|40.
    const std::set<Join> expected {{9, 10}, {19, 20}, {29, 30}, {39, 40}};
    QCOMPARE(seamJoins(answer), expected);
}

void TestCoverage::keepsGapsAsExtentsWithoutAddress()
{
    const Coverage answer = coverage(dumpWith({segment(0x1000, 10, 10)}, 30));
    QCOMPARE(answer.extents.size(), std::size_t {3});
    QVERIFY(!answer.extents[0].address);
    QVERIFY(answer.extents[1].address);
    QVERIFY(!answer.extents[2].address);
    QVERIFY(coverage(dumpWith({}, 0)).extents.empty());
}

void TestCoverage::makesASeamWhereAnotherExtentOwnsTheNeighbour()
{
    // Two addresses for bytes 0..9; bytes 10..19 follow the second address only.
    const Coverage answer = coverage(
        dumpWith({segment(0x1000, 0, 10), segment(0x9000, 0, 10), segment(0x900a, 12, 8)}, 20));
    QVERIFY(seamJoins(answer).count({9, 12}) == 1);
    for (const Seam& seam : answer.seams) {
        if (seam.before.last() == 9 && seam.after.first() == 12) {
            QCOMPARE(seam.before, *FileRange::make(0, 10));
            QCOMPARE(seam.after, *FileRange::make(12, 8));
        }
    }
}

void TestCoverage::looksPastTinyPartsInFileOrder()
{
    // A secret that begins before the two bytes of memory and ends behind them.
    const Coverage answer = coverage(dumpWith({segment(0x1000, 100, 2)}, 200));
    QCOMPARE(answer.seams.size(), std::size_t {2});
    QCOMPARE(answer.seams[0].before, *FileRange::make(0, 100));
    QCOMPARE(answer.seams[0].after, *FileRange::make(100, 100));
    QCOMPARE(answer.seams[1].before, *FileRange::make(0, 102));
    QCOMPARE(answer.seams[1].after, *FileRange::make(102, 98));
}

void TestCoverage::staysLinearForManySegments()
{
    std::vector<Segment> segments;
    constexpr std::uint64_t Count = 131072;
    for (std::uint64_t i = 0; i < Count; ++i) // all overlap in memory, none in the file
        segments.push_back(segment(0x1000 + i % 7, i * 16, 16));
    const Coverage answer = coverage(dumpWith(std::move(segments), Count * 16));
    std::uint64_t sum = 0;
    for (const Extent& extent : answer.extents)
        sum += extent.size();
    QCOMPARE(sum, Count * 16);
    QVERIFY(answer.seams.size() <= 4 * Count);
}

void TestCoverage::joinsTheLanesOfVectorRegisters_data()
{
    QTest::addColumn<quint64>("extended");
    QTest::addColumn<quint64>("size");
    QTest::addColumn<quint64>("upperHalves"); // 0: none
    // Of XSAVE's standard form the extended area begins at 576: with AVX, and with AVX-512 on
    // processors with and without bounds registers.
    QTest::newRow("AVX") << quint64 {544} << quint64 {256} << quint64 {0};
    QTest::newRow("AVX-512, Intel") << quint64 {544} << quint64 {2696 - 576} << quint64 {1152 - 32};
    QTest::newRow("AVX-512, AMD") << quint64 {544} << quint64 {2440 - 576} << quint64 {896 - 32};
    QTest::newRow("minidump") << quint64 {1100} << quint64 {256} << quint64 {0};
}

void TestCoverage::joinsTheLanesOfVectorRegisters()
{
    QFETCH(quint64, extended);
    QFETCH(quint64, size);
    QFETCH(quint64, upperHalves);
    constexpr std::uint64_t begin = 1000;
    Dump dump = dumpWith({}, 8000);
    dump.fields = {{"state", *FileRange::make(begin, 384), FieldKind::VectorRegisters},
                   {"state", *FileRange::make(begin + extended, size), FieldKind::VectorRegisters}};
    const Coverage answer = coverage(dump);
    const std::set<Join> joins = seamJoins(answer);
    QCOMPARE(joins.size(), std::size_t {upperHalves == 0 ? 16U : 32U});
    for (std::uint64_t i = 0; i < 16; ++i) {
        const std::uint64_t low = begin + 128 + 16 * i;
        const std::uint64_t middle = begin + extended + 16 * i;
        QVERIFY(joins.contains({low + 15, middle}));
        if (upperHalves != 0)
            QVERIFY(joins.contains({middle + 15, begin + upperHalves + 32 * i}));
    }
    // All three parts are one value.
    for (const Seam& seam : answer.seams)
        if (seam.beyond)
            QVERIFY(joins.contains({seam.after.last(), seam.beyond->first()}));
    QCOMPARE(std::count_if(answer.seams.begin(), answer.seams.end(),
                           [](const Seam& seam) { return seam.beyond.has_value(); }),
             upperHalves == 0 ? 0 : 16);
}

void TestCoverage::joinsNoLanesOfDifferentThreads()
{
    Dump dump = dumpWith({}, 8000);
    const auto field = [](const char* name, std::uint64_t at, std::uint64_t size) {
        return Field {name, *FileRange::make(at, size), FieldKind::VectorRegisters};
    };
    // The second is what a state without extended area has behind its registers.
    dump.fields = {field("one", 1000, 384),   field("one", 1480, 416),  field("two", 3000, 384),
                   field("three", 3544, 256), field("four", 5000, 100), field("four", 5544, 256)};
    QVERIFY(coverage(dump).seams.empty());
}

QTEST_GUILESS_MAIN(TestCoverage)
#include "tst_coverage.moc"
