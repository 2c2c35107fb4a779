// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/firstones.h"

#include <QTest>

#include <random>
#include <set>

using namespace coredact;

namespace {

constexpr std::uint64_t anySeed = 4711;

} // namespace

/// What gathers millions of values.
class FirstOnesTest : public QObject {
    Q_OBJECT

private slots:
    void keepsEachOnceAndInOrder();
    void tellsOfTooManyOnly_data();
    void tellsOfTooManyOnly();
    void doesNotDependOnWhoGathers();
};

void FirstOnesTest::keepsEachOnceAndInOrder()
{
    FirstOnes<int> ones(3);
    for (const int one : {5, 1, 5, 3, 1})
        ones.add(one);
    QCOMPARE(ones.all(), (std::vector {1, 3, 5}));
    QVERIFY(!ones.leftOut());
}

void FirstOnesTest::tellsOfTooManyOnly_data()
{
    QTest::addColumn<int>("most");
    // Put in order on the way, and at the end only.
    for (const int most : {1, 100, 4095, 4096, 10'000})
        QTest::addRow("%d", most) << most;
}

void FirstOnesTest::tellsOfTooManyOnly()
{
    QFETCH(int, most);
    FirstOnes<int> ones(static_cast<std::size_t>(most));
    for (int again = 0; again < 3; ++again)
        for (int i = most; i > 0; --i)
            ones.add(i);
    QCOMPARE(ones.all().size(), static_cast<std::size_t>(most));
    QVERIFY(!ones.leftOut());
    ones.add(most + 1);
    QCOMPARE(ones.all().back(), most);
    QVERIFY(ones.leftOut());
    ones.add(0);
    QCOMPARE(ones.all().front(), 0);
    QCOMPARE(ones.all().back(), most - 1);
}

/// Threads see the parts of a dump in any order.
void FirstOnesTest::doesNotDependOnWhoGathers()
{
    constexpr std::size_t most = 5000;
    std::mt19937_64 random(anySeed);
    std::set<std::uint64_t> expected;
    std::array<FirstOnes<std::uint64_t>, 3> parts {FirstOnes<std::uint64_t>(most),
                                                   FirstOnes<std::uint64_t>(most),
                                                   FirstOnes<std::uint64_t>(most)};
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t one = random() % 60'000;
        expected.insert(one);
        parts[random() % parts.size()].add(one);
    }
    while (expected.size() > most)
        expected.erase(std::prev(expected.end()));
    parts[0].join(parts[1]);
    parts[0].join(parts[2]);
    QVERIFY(std::ranges::equal(parts[0].all(), expected));
    QVERIFY(parts[0].leftOut());
}

QTEST_APPLESS_MAIN(FirstOnesTest)
#include "tst_firstones.moc"
