// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hexview/scrollmap.h"

#include <QTest>

#include <limits>
#include <vector>

using namespace coredact;

class TestScrollMap : public QObject {
    Q_OBJECT

private slots:
    void stepsRowByRowWhereTheyFit();
    void reachesBothEndsWhateverTheSize();
    void agreesWithItselfInBothDirections();
    void neverGoesBack();
    void keepsMovesInside();
};

namespace {

/// Numbers of rows around every power of two and around the number of steps of a bar.
std::vector<std::uint64_t> sizes()
{
    std::vector<std::uint64_t> all {0, 1, 2, 3};
    for (unsigned bit = 2; bit < 64; ++bit) {
        for (const std::int64_t away : {-2, -1, 0, 1, 2})
            all.push_back((std::uint64_t {1} << bit) + static_cast<std::uint64_t>(away));
    }
    all.push_back(std::numeric_limits<std::uint64_t>::max());
    return all;
}

} // namespace

void TestScrollMap::stepsRowByRowWhereTheyFit()
{
    const ScrollMap map(1000, 40);
    QCOMPARE(map.lastTop(), std::uint64_t {960});
    QCOMPARE(map.maximum(), 960);
    for (int value = 0; value <= 960; ++value)
        QCOMPARE(map.topOf(value), static_cast<std::uint64_t>(value));
}

void TestScrollMap::reachesBothEndsWhateverTheSize()
{
    for (const std::uint64_t rows : sizes()) {
        for (const std::uint64_t visible : {1ULL, 2ULL, 40ULL}) {
            const ScrollMap map(rows, visible);
            QCOMPARE(map.lastTop(), rows > visible ? rows - visible : 0);
            QVERIFY(map.maximum() >= 0);
            QCOMPARE(map.topOf(0), std::uint64_t {0});
            QCOMPARE(map.topOf(map.maximum()), map.lastTop());
            QCOMPARE(map.valueOf(map.lastTop()), map.maximum());
            QCOMPARE(map.valueOf(std::numeric_limits<std::uint64_t>::max()), map.maximum());
            QCOMPARE(map.topOf(std::numeric_limits<int>::max()), map.lastTop());
            QCOMPARE(map.topOf(-1), std::uint64_t {0});
        }
    }
}

void TestScrollMap::agreesWithItselfInBothDirections()
{
    for (const std::uint64_t rows : sizes()) {
        const ScrollMap map(rows, 40);
        const int last = map.maximum();
        for (const int value :
             {0, 1, 2, 3, last / 3, last / 2, last - 3, last - 2, last - 1, last}) {
            if (value < 0 || value > last)
                continue;
            QCOMPARE(map.valueOf(map.topOf(value)), value);
        }
    }
}

void TestScrollMap::neverGoesBack()
{
    for (const std::uint64_t rows : sizes()) {
        const ScrollMap map(rows, 40);
        std::uint64_t before = 0;
        for (int part = 0; part <= 64; ++part) {
            const auto value = static_cast<int>(std::int64_t {map.maximum()} * part / 64);
            QVERIFY(map.topOf(value) >= before);
            before = map.topOf(value);
        }
    }
}

void TestScrollMap::keepsMovesInside()
{
    const ScrollMap map(std::numeric_limits<std::uint64_t>::max(), 40);
    QCOMPARE(map.moved(0, -1), std::uint64_t {0});
    QCOMPARE(map.moved(5, -3), std::uint64_t {2});
    QCOMPARE(map.moved(5, 3), std::uint64_t {8});
    QCOMPARE(map.moved(map.lastTop() - 1, 5), map.lastTop());
    QCOMPARE(map.moved(7, std::numeric_limits<std::int64_t>::min()), std::uint64_t {0});
}

QTEST_APPLESS_MAIN(TestScrollMap)
#include "tst_scrollmap.moc"
