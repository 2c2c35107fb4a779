// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of the copies that threads found, each for itself.
#include "scanner/scan/propagatesettle.h"

#include "tests/redact/planting.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

Copy copyOf(std::size_t secret, const char* encoding, std::vector<FileRange> pieces)
{
    return {secret, encoding, std::move(pieces)};
}

Copy copyAt(const char* encoding, std::uint64_t first, std::uint64_t size)
{
    return copyOf(0, encoding, {range(first, size)});
}

/// Whether that is told of those, in whatever order they were found.
bool areSettled(std::vector<Copy> copies, const std::vector<Copy>& expected,
                ByteOrder order = ByteOrder::Little)
{
    const bool forward = settled(copies, order) == expected;
    std::reverse(copies.begin(), copies.end());
    return forward && settled(copies, order) == expected;
}

/// Whether nothing of these is left out, or joined. They are in order.
bool areKept(const std::vector<Copy>& copies, ByteOrder order = ByteOrder::Little)
{
    return areSettled(copies, copies, order);
}

} // namespace

class TestCopySettle : public QObject {
    Q_OBJECT

private slots:
    void ordersBySecretThenPlaceThenEncoding()
    {
        QVERIFY(areKept({copyOf(0, "hex", {range(50, 40)}), copyOf(0, "raw", {range(90, 20)}),
                         copyOf(1, "base64", {range(10, 20)}), copyOf(1, "raw", {range(10, 20)}),
                         copyOf(1, "base64", {range(10, 30)}), copyOf(1, "raw", {range(12, 5)}),
                         copyOf(7, "raw", {range(0, 20)})}));
        QVERIFY(settled({}, ByteOrder::Little).empty());
    }

    void tellsEqualOnesOnce()
    {
        const Copy copy = copyOf(0, "raw", {range(10, 6), range(90, 4)});
        QVERIFY(areSettled({copy, copy, copy}, {copy}));
        const Copy fragment = copyOf(0, "fragment", {range(10, 6), range(90, 4)});
        QVERIFY(areSettled({fragment, fragment}, {fragment}));
        const Copy other = copyOf(1, "raw", {range(10, 6), range(90, 4)});
        QVERIFY(areSettled({copy, other, copy, other}, {copy, other}));
    }

    void leavesOutFragmentsInsideWholeCopies()
    {
        const std::vector whole {copyAt("raw", 100, 20), copyAt("hex", 120, 20),
                                 copyAt("raw", 200, 20)};
        const auto isInside = [&](const Copy& fragment) {
            std::vector<Copy> all = whole;
            all.push_back(fragment);
            const std::vector<Copy> kept = settled(all, ByteOrder::Little);
            return kept == whole;
        };
        QVERIFY(isInside(copyAt("fragment", 100, 20)));
        QVERIFY(isInside(copyAt("fragment", 111, 8)));
        QVERIFY(isInside(copyAt("fragment", 115, 10))); // in two that touch
        QVERIFY(isInside(copyAt("fragment", 212, 8)));
        QVERIFY(isInside(copyOf(0, "fragment", {range(212, 8), range(100, 3)})));
        QVERIFY(!isInside(copyAt("fragment", 133, 8)));
        QVERIFY(!isInside(copyAt("fragment", 50, 8)));
        QVERIFY(!isInside(copyAt("fragment", 150, 8)));
        QVERIFY(!isInside(copyAt("fragment", 90, 200)));
        QVERIFY(!isInside(copyOf(0, "fragment", {range(212, 8), range(300, 3)})));
        QVERIFY(!isInside(copyOf(1, "fragment", {range(111, 8)})));
    }

    /// What stands beside a plain copy may go on as another form of the secret by chance.
    void leavesOutWhatGoesOnBesideAPlainCopy()
    {
        const std::vector whole {copyAt("hex", 20, 20), copyAt("raw", 100, 20),
                                 copyAt("raw", 200, 15)};
        const auto isLeftOut = [&](const Copy& fragment) {
            std::vector<Copy> all = whole;
            all.push_back(fragment);
            return settled(all, ByteOrder::Little) == whole;
        };
        QVERIFY(isLeftOut(copyAt("fragment", 99, 9)));
        QVERIFY(isLeftOut(copyAt("fragment", 96, 16)));
        QVERIFY(isLeftOut(copyAt("fragment", 108, 16)));
        QVERIFY(isLeftOut(copyAt("fragment", 96, 28)));
        QVERIFY(isLeftOut(copyAt("fragment", 97, 8)));
        QVERIFY(!isLeftOut(copyAt("fragment", 96, 8)));
        QVERIFY(!isLeftOut(copyAt("fragment", 95, 16)));
        QVERIFY(!isLeftOut(copyAt("fragment", 108, 17)));
        QVERIFY(!isLeftOut(copyAt("fragment", 19, 10)));
        QVERIFY(!isLeftOut(copyAt("fragment", 199, 10)));
        QVERIFY(!isLeftOut(copyOf(0, "fragment", {range(99, 9), range(112, 8)})));
    }

    void tellsOfOverlappingFragmentsOnce()
    {
        const Copy long20 = copyAt("fragment", 100, 20);
        QVERIFY(areSettled({long20, copyAt("fragment", 104, 8)}, {long20}));
        QVERIFY(areSettled({long20, copyAt("hex fragment", 104, 16)}, {long20}));
        QVERIFY(areSettled({long20, copyAt("fragment", 119, 8)}, {copyAt("fragment", 100, 27)}));
        // The longer one says in which writing.
        QVERIFY(areSettled({copyAt("fragment", 100, 20), copyAt("hex fragment", 100, 30)},
                           {copyAt("hex fragment", 100, 30)}));
        QVERIFY(areKept({long20, copyAt("fragment", 120, 8)}));
        QVERIFY(areKept({long20, copyAt("hex fragment", 101, 20)}));
        QVERIFY(areKept({long20, copyOf(1, "fragment", {range(104, 8)})}));
        QVERIFY(areKept({long20, copyOf(1, "fragment", {range(110, 20)})}));
    }

    void joinsNoFragmentsOfSeveralPieces()
    {
        QVERIFY(areKept(
            {copyAt("fragment", 100, 20), copyOf(0, "fragment", {range(104, 8), range(300, 8)})}));
        QVERIFY(areKept(
            {copyOf(0, "fragment", {range(100, 20), range(300, 8)}), copyAt("fragment", 104, 8)}));
    }

    /// A fragment says something where it reaches beyond a copy, and takes nothing from it.
    void joinsNoFragmentToAWholeCopy()
    {
        QVERIFY(areKept({copyAt("fragment", 90, 40), copyAt("raw", 100, 20)}));
        QVERIFY(areKept({copyAt("raw", 100, 20), copyAt("fragment", 100, 25)}));
        QVERIFY(areKept({copyAt("raw", 100, 20), copyAt("fragment", 110, 20)}));
    }

    /// One place is read in some few ways, of which none hides the ones before.
    void joinsToAnyOfTheEightBefore()
    {
        std::vector<Copy> fragments {copyAt("fragment", 100, 12)};
        static constexpr const char* others[]
            = {"a fragment", "b fragment", "c fragment", "d fragment",
               "e fragment", "f fragment", "g fragment"};
        for (std::size_t i = 0; i < std::size(others); ++i)
            fragments.push_back(copyAt(others[i], 101 + i, 12));
        QVERIFY(areKept(fragments));
        std::vector<Copy> joined = fragments;
        joined.front() = copyAt("fragment", 100, 31);
        std::vector<Copy> all = fragments;
        all.push_back(copyAt("fragment", 111, 20));
        QVERIFY(areSettled(all, joined));
        all.insert(all.end() - 1, copyAt("h fragment", 108, 12));
        QVERIFY(areKept(all));
    }

    void takesTheReadingInTheDumpsOrder_data()
    {
        QTest::addColumn<QByteArray>("unit");
        QTest::addColumn<QByteArray>("inner");
        QTest::addColumn<int>("shift");
        for (const char* const inner : {"", "+hex", "+base64"})
            for (const auto& [unit, shift] : {std::pair("utf-16", 1), std::pair("utf-32", 3)})
                QTest::addRow("%s%s", unit, inner)
                    << QByteArray(unit) << QByteArray(inner) << shift;
    }
    void takesTheReadingInTheDumpsOrder()
    {
        QFETCH(const QByteArray, unit);
        QFETCH(const QByteArray, inner);
        QFETCH(const int, shift);
        const QByteArray little = unit + "le" + inner;
        const QByteArray big = unit + "be" + inner;
        const auto shifted = 100 + static_cast<std::uint64_t>(shift);
        // Zeros stand on both sides of it.
        const Copy bigFirst = copyAt(big.constData(), 100, 40);
        const Copy littleBehind = copyAt(little.constData(), shifted, 40);
        QVERIFY(areSettled({bigFirst, littleBehind}, {littleBehind}, ByteOrder::Little));
        QVERIFY(areSettled({bigFirst, littleBehind}, {bigFirst}, ByteOrder::Big));
        const Copy littleFirst = copyAt(little.constData(), 100, 40);
        const Copy bigBehind = copyAt(big.constData(), shifted, 40);
        QVERIFY(areSettled({littleFirst, bigBehind}, {littleFirst}, ByteOrder::Little));
        QVERIFY(areSettled({littleFirst, bigBehind}, {bigBehind}, ByteOrder::Big));
    }

    void keepsWhatIsNoOtherReading()
    {
        const Copy big = copyAt("utf-16be", 100, 40);
        QVERIFY(areKept({big, copyAt("utf-16le", 104, 40)}));
        QVERIFY(areKept({big, copyAt("raw", 101, 20)}));
        QVERIFY(areKept({copyAt("raw", 100, 20), copyAt("utf-16le", 101, 40)}));
        QVERIFY(areKept({big, copyOf(1, "utf-16le", {range(101, 40)})}));
        QVERIFY(areKept({copyAt("utf-16be fragment", 99, 8), copyAt("utf-16le", 100, 40)}));
        // Ranges of one byte, as pieces of memory may be.
        QVERIFY(areKept({copyOf(0, "utf-16be", {range(100, 1), range(300, 39)}),
                         copyOf(0, "utf-16le", {range(101, 1), range(500, 39)})}));
    }
};

QTEST_APPLESS_MAIN(TestCopySettle)
#include "tst_copysettle.moc"
