// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/dump.h"
#include "scanner/dump/savedbytes.h"

#include <QTest>

#include <random>

using namespace coredact;

class TestDump : public QObject {
    Q_OBJECT
private slots:
    void writesAccessAsProcMapsDoes();
    void namesEveryKindOfRegion();
    void namesAPlaceByFieldThenSegmentThenStructure();
    void joinsRangesThatOverlapOrTouch();
    void countsSavedBytesOfEachRegionOnce();
};

void TestDump::writesAccessAsProcMapsDoes()
{
    QCOMPARE(toText(Access {true, false, true}), std::string("r-x"));
    QCOMPARE(toText(Access {}), std::string("---"));
    QCOMPARE(toText(Access {true, true, false}), std::string("rw-"));
}

void TestDump::namesEveryKindOfRegion()
{
    std::vector<std::string_view> names;
    for (int kind = 0; kind <= static_cast<int>(RegionKind::Structure); ++kind)
        names.push_back(toText(static_cast<RegionKind>(kind)));
    const std::vector<std::string_view> expected {"unknown",   "heap", "stack",    "file",
                                                  "anonymous", "vdso", "structure"};
    QCOMPARE(names, expected);
}

void TestDump::namesAPlaceByFieldThenSegmentThenStructure()
{
    Dump dump;
    dump.size = 100;
    dump.structure = {*FileRange::make(0, 10)};
    dump.segments = {{*AddressRange::make(0x1000, 20), *FileRange::make(20, 20), {},
                      RegionKind::Heap, "[heap]"},
                     {*AddressRange::make(0x2000, 20), *FileRange::make(40, 20), {},
                      RegionKind::Anonymous, ""}};
    dump.fields = {{"AT_RANDOM", *FileRange::make(24, 4), FieldKind::Random}};
    QCOMPARE(placeName(dump, 5), std::string("structure"));
    QCOMPARE(placeName(dump, 23), std::string("[heap]"));
    QCOMPARE(placeName(dump, 24), std::string("AT_RANDOM"));
    QCOMPARE(placeName(dump, 45), std::string("anonymous"));
    QCOMPARE(placeName(dump, 99), std::string("file"));
}

void TestDump::joinsRangesThatOverlapOrTouch()
{
    const std::vector<FileRange> joined {*FileRange::make(0, 15), *FileRange::make(16, 4)};
    QCOMPARE(normalised({*FileRange::make(16, 4), *FileRange::make(10, 5), *FileRange::make(0, 10),
                         *FileRange::make(2, 3)}),
             joined);
    QVERIFY(normalised({}).empty());
}

void TestDump::countsSavedBytesOfEachRegionOnce()
{
    std::mt19937 random(6);
    for (int round = 0; round < 2000; ++round) {
        std::vector<Segment> segments;
        for (auto count = random() % 5; count != 0; --count) {
            const std::uint64_t size = 1 + random() % 12;
            segments.push_back({*AddressRange::make(random() % 40, size),
                                *FileRange::make(0, size), {}, {}, {}});
        }
        std::vector<Region> regions;
        for (auto count = random() % 5; count != 0; --count)
            regions.push_back(
                {*AddressRange::make(random() % 40, 1 + random() % 20), {}, {}, {}, 0});
        countSavedBytes(regions, segments);
        for (const Region& region : regions) {
            std::uint64_t expected = 0;
            for (auto at = region.memory.first(); at <= region.memory.last(); ++at)
                expected += std::any_of(segments.begin(), segments.end(), [&](const Segment& s) {
                    return s.memory.contains(at);
                });
            QCOMPARE(region.savedBytes, expected);
        }
    }
}

QTEST_GUILESS_MAIN(TestDump)
#include "tst_dump.moc"
