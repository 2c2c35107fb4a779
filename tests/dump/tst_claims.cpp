// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/claims.h"

#include <QTest>

#include <optional>
#include <random>

using namespace coredact;

class TestClaims : public QObject {
    Q_OBJECT
private slots:
    void givesEachPositionToTheFirstListedRange();
    void reachesTheLastPosition();
    void staysFastForManyNestedRanges();
};

void TestClaims::givesEachPositionToTheFirstListedRange()
{
    std::mt19937 random(1);
    for (int round = 0; round < 5000; ++round) {
        std::vector<FileRange> ranges;
        for (auto count = random() % 8; count != 0; --count)
            ranges.push_back(*FileRange::make(random() % 24, 1 + random() % 12));
        const auto claims = firstClaims(ranges);
        for (std::size_t i = 1; i < claims.size(); ++i) {
            QVERIFY(claims[i - 1].range.last() < claims[i].range.first());
            QVERIFY(!claims[i - 1].range.touches(claims[i].range)
                    || claims[i - 1].owner != claims[i].owner);
        }
        for (std::uint64_t position = 0; position < 40; ++position) {
            std::optional<std::size_t> expected;
            for (std::size_t i = 0; i < ranges.size() && !expected; ++i)
                if (ranges[i].contains(position))
                    expected = i;
            const auto* claim = claimAt(claims, position);
            QCOMPARE(claim != nullptr, expected.has_value());
            if (claim)
                QCOMPARE(claim->owner, *expected);
        }
    }
}

void TestClaims::reachesTheLastPosition()
{
    const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    const auto claims = firstClaims<AddressRange>(
        {*AddressRange::between(last - 9, last), *AddressRange::between(last - 19, last)});
    QCOMPARE(claims.size(), std::size_t {2});
    QCOMPARE(claims[0].range.first(), last - 19);
    QCOMPARE(claims[1].range.last(), last);
    QCOMPARE(claims[1].owner, std::size_t {0});
}

void TestClaims::staysFastForManyNestedRanges()
{
    std::vector<FileRange> ranges;
    constexpr std::uint64_t Count = 131072;
    for (std::uint64_t i = 0; i < Count; ++i)
        ranges.push_back(*FileRange::between(Count - i, 2 * Count + i));
    QCOMPARE(firstClaims(ranges).size(), std::size_t {2 * Count - 1});
    std::reverse(ranges.begin(), ranges.end());
    QCOMPARE(firstClaims(ranges).size(), std::size_t {1});
}

QTEST_GUILESS_MAIN(TestClaims)
#include "tst_claims.moc"
