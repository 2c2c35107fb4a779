// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/morefills.h"

#include <QtTest>

using namespace coredact;

namespace {

FileRange range(std::uint64_t first, std::uint64_t size) { return *FileRange::make(first, size); }

std::vector<Edit> fillAt(std::uint64_t first, std::uint64_t size)
{
    return {Edit {range(first, size), Fill::X, "some-rule", "f1", {}}};
}

/// Of a copy in which the scan finds something at these places, and nothing else is wrong.
VerificationReport foundAt(std::vector<FileRange> places)
{
    VerificationReport report;
    report.checks.push_back({"a fresh scan finds nothing that is not kept", places.empty(), {}});
    for (const FileRange& place : places)
        report.violations.push_back({"rescan", place.first(), {}});
    report.foundAgain = std::move(places);
    return report;
}

/// Of a copy in which a value is left at these places, and nothing else is wrong.
VerificationReport leftAt(std::vector<FileRange> places)
{
    VerificationReport report;
    report.checks.push_back({"no redacted value is left in any encoding", false, {}});
    for (const FileRange& place : places)
        report.violations.push_back({"values", place.first(), {}});
    report.left = std::move(places);
    return report;
}

} // namespace

class TestMoreFills : public QObject {
    Q_OBJECT

private slots:
    void gathersWhatEachCopyShows()
    {
        MoreFills more;
        QVERIFY(more.places().empty());
        QVERIFY(more.take(foundAt({range(2010, 10), range(2000, 10)}), fillAt(2100, 16)));
        QVERIFY(more.take(foundAt({range(1980, 10)}), fillAt(2000, 20)));
        QCOMPARE(more.places(), (std::vector {range(1980, 10), range(2000, 20)}));
    }

    void takesWhatIsLeftOfValuesWhereverItStands()
    {
        MoreFills more;
        QVERIFY(more.take(leftAt({range(90000, 8)}), fillAt(2100, 16)));
        QCOMPARE(more.places(), std::vector {range(90000, 8)});
        VerificationReport both = leftAt({range(70000, 8)});
        const VerificationReport found = foundAt({range(2000, 10)});
        both.violations.push_back(found.violations.front());
        both.foundAgain = found.foundAgain;
        QVERIFY(more.take(both, fillAt(2100, 16)));
        QCOMPARE(more.places(), (std::vector {range(2000, 10), range(70000, 8), range(90000, 8)}));
    }

    /// As in a compressed stream, or where the plan could not fill.
    void leavesACopyWhoseValuesStandNowhereNew()
    {
        VerificationReport stream = leftAt({});
        stream.violations.push_back({"values", 2000, "in a compressed stream"});
        MoreFills more;
        QVERIFY(!more.take(stream, fillAt(2100, 16)));
        QVERIFY(more.take(leftAt({range(3000, 8)}), fillAt(2100, 16)));
        QVERIFY(!more.take(leftAt({range(3000, 8)}), fillAt(2100, 16)));
    }

    void leavesACopyThatPasses() { QVERIFY(!MoreFills().take(foundAt({}), fillAt(2100, 16))); }

    void leavesACopyWithAnythingElseWrong()
    {
        VerificationReport report = foundAt({range(2000, 10)});
        report.violations.push_back({"bytes", 2000, {}});
        MoreFills more;
        QVERIFY(!more.take(report, fillAt(2100, 16)));
        QVERIFY(more.places().empty());
    }

    void leavesACopyThatFailsWithoutPlaces()
    {
        VerificationReport report = foundAt({});
        report.violations.push_back({"rescan", 2000, "could not be read"});
        QVERIFY(!MoreFills().take(report, fillAt(2100, 16)));
    }

    void leavesWhatStandsBesideNoFill_data()
    {
        QTest::addColumn<quint64>("fill");
        QTest::addColumn<bool>("another");
        QTest::newRow("512 bytes before") << quint64(2000 - 512 - 15) << true;
        QTest::newRow("513 bytes before") << quint64(2000 - 513 - 15) << false;
        QTest::newRow("512 bytes after") << quint64(2009 + 512) << true;
        QTest::newRow("513 bytes after") << quint64(2009 + 513) << false;
        QTest::newRow("in it") << quint64(2002) << true;
    }

    void leavesWhatStandsBesideNoFill()
    {
        QFETCH(quint64, fill);
        QFETCH(bool, another);
        QCOMPARE(MoreFills().take(foundAt({range(2000, 10)}), fillAt(fill, 16)), another);
        // One place far from every fill is enough.
        const auto both = foundAt({range(2000, 10), range(90000, 10)});
        QVERIFY(!MoreFills().take(both, fillAt(fill, 16)));
    }

    void looksBesideFillsAtBothEndsOfAFile()
    {
        QVERIFY(MoreFills().take(foundAt({range(3, 10)}), fillAt(0, 1)));
        QVERIFY(!MoreFills().take(foundAt({range(3, 10)}), {}));
    }

    void givesUpAfterFiveCopies()
    {
        MoreFills more;
        for (std::uint64_t copy = 0; copy < 4; ++copy)
            QVERIFY(more.take(foundAt({range(2000 + 20 * copy, 10)}), fillAt(1900, 100)));
        QVERIFY(!more.take(foundAt({range(2080, 10)}), fillAt(1900, 100)));
        QCOMPARE(more.places().size(), std::size_t(4));
    }
};

QTEST_APPLESS_MAIN(TestMoreFills)
#include "tst_morefills.moc"
