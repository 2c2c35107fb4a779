// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/range.h"

#include <QTest>

#include <set>
#include <vector>

using namespace coredact;

namespace {

constexpr std::uint64_t Last = std::numeric_limits<std::uint64_t>::max();

std::set<std::uint64_t> positions(const FileRange& range)
{
    std::set<std::uint64_t> all;
    for (std::uint64_t at = range.first(); at <= range.last(); ++at)
        all.insert(at);
    return all;
}

} // namespace

class TestRange : public QObject {
    Q_OBJECT
private slots:
    void refusesEmptyAndWrapping();
    void reachesTheLastPosition();
    void agreesWithSetsForEveryPair();
    void sortsByFirstThenLast();
};

void TestRange::refusesEmptyAndWrapping()
{
    QVERIFY(!FileRange::make(5, 0));
    QVERIFY(!FileRange::make(0, 0));
    QVERIFY(!FileRange::make(Last, 2));
    QVERIFY(!FileRange::make(2, Last));
    QVERIFY(!FileRange::make(Last - 5, 7));
    QVERIFY(!FileRange::between(5, 4));
    QVERIFY(!FileRange::between(0, Last));
}

void TestRange::reachesTheLastPosition()
{
    const auto range = FileRange::make(Last - 5, 6);
    QVERIFY(range);
    QCOMPARE(range->last(), Last);
    QCOMPARE(range->size(), std::uint64_t {6});
    QVERIFY(range->contains(Last));
    QVERIFY(!range->touches(*FileRange::make(0, 1)));
    const auto almostAll = FileRange::make(0, Last);
    QVERIFY(almostAll);
    QCOMPARE(almostAll->last(), Last - 1);
    QVERIFY(almostAll->touches(*FileRange::make(Last, 1)));
    QVERIFY(FileRange::between(1, Last));
}

void TestRange::agreesWithSetsForEveryPair()
{
    std::vector<FileRange> all;
    for (std::uint64_t first = 0; first < 7; ++first)
        for (std::uint64_t size = 1; size < 7; ++size)
            all.push_back(*FileRange::make(first, size));
    for (const FileRange& a : all) {
        const auto inA = positions(a);
        QCOMPARE(a.size(), std::uint64_t {inA.size()});
        for (const FileRange& b : all) {
            const auto inB = positions(b);
            std::set<std::uint64_t> both;
            std::set_intersection(inA.begin(), inA.end(), inB.begin(), inB.end(),
                                  std::inserter(both, both.end()));
            QCOMPARE(a.overlaps(b), !both.empty());
            QCOMPARE(a.contains(b), both == inB);
            QCOMPARE(a.touches(b), *inA.rbegin() + 1 == *inB.begin());
            const auto common = a.intersection(b);
            QCOMPARE(common.has_value(), !both.empty());
            if (common)
                QVERIFY(positions(*common) == both);
        }
        for (std::uint64_t at = 0; at < 20; ++at)
            QCOMPARE(a.contains(at), inA.count(at) == 1);
    }
}

void TestRange::sortsByFirstThenLast()
{
    QVERIFY(*FileRange::make(1, 9) < *FileRange::make(2, 1));
    QVERIFY(*FileRange::make(1, 2) < *FileRange::make(1, 3));
    QVERIFY(*FileRange::make(1, 2) == *FileRange::between(1, 2));
}

QTEST_GUILESS_MAIN(TestRange)
#include "tst_range.moc"
