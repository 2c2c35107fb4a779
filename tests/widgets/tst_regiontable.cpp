// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dumps.h"
#include "widgets/memorymap/regiontable.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace coredact;
using namespace coredact::testing;

class TestRegionTable : public QObject {
    Q_OBJECT

private slots:
    void behavesAsAModel();
    void takesSegmentsWhereThereAreNoRegions();
    void countsThePlacesOfFindings();
    void sortsByValueAndNotByText();
    void filtersByWords();
    void goesToTheChosenRegion();
    void showsHostileNamesAsText();
    void showsTheFindingsWithoutScrolling();
};

namespace {

Dump dump()
{
    Dump made = dumpOf(0x10000, {segment(0x9000, 0x1000, 0x100), segment(0x2000, 0, 0x200)});
    made.regions = {region(0x1000, 0x800, 0x800, RegionKind::File, "/usr/lib/libssl.so.3"),
                    region(0x10000, 0x10000, 0x4000, RegionKind::Heap, "[heap]"),
                    region(0x40000, 0x2000, 0, RegionKind::Stack, "[stack]")};
    return made;
}

Finding finding(Severity severity, std::vector<std::uint64_t> addresses)
{
    Finding made;
    made.severity = severity;
    for (const std::uint64_t address : addresses)
        made.occurrences.push_back({"raw", "", {{*FileRange::make(0, 8), address}}});
    made.occurrences.push_back({"raw", "NT_FPREGSET", {{*FileRange::make(64, 8), std::nullopt}}});
    return made;
}

} // namespace

void TestRegionTable::behavesAsAModel()
{
    RegionModel model;
    RegionFilter filter;
    filter.setSourceModel(&model);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester filterTester(&filter,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(regionRows(dump()));
    QCOMPARE(model.rowCount(), 3);
    filter.setWords(QStringLiteral("heap"));
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
}

void TestRegionTable::takesSegmentsWhereThereAreNoRegions()
{
    Dump bare = dump();
    bare.regions.clear();
    const auto rows = regionRows(bare);
    QCOMPARE(rows.size(), std::size_t {2});
    QCOMPARE(rows[0].memory.first(), std::uint64_t {0x2000});
    QCOMPARE(rows[0].savedBytes, std::uint64_t {0x200});
}

void TestRegionTable::countsThePlacesOfFindings()
{
    auto rows = regionRows(dump());
    countPlaces(rows,
                std::vector {finding(Severity::Critical, {0x1000, 0x1fff, 0x10010}),
                             finding(Severity::Low, {0x1ffff, 0x20000, 0x17ff})});
    QCOMPARE(rows[0].places, (std::array<std::uint32_t, 5> {1, 0, 0, 1, 0}));
    QCOMPARE(rows[1].places, (std::array<std::uint32_t, 5> {1, 0, 0, 1, 0}));
    QCOMPARE(rows[2].allPlaces(), 0U);
}

void TestRegionTable::sortsByValueAndNotByText()
{
    RegionTable table;
    table.setRows(regionRows(dump()));
    const QAbstractItemModel* shown = table.table()->model();
    const auto addresses = [shown] {
        QList<qulonglong> all;
        for (int row = 0; row < shown->rowCount(); ++row)
            all << shown->index(row, 0).data(RegionModel::AddressRole).toULongLong();
        return all;
    };
    QCOMPARE(addresses(), (QList<qulonglong> {0x1000, 0x10000, 0x40000}));
    table.table()->sortByColumn(RegionModel::Size, Qt::DescendingOrder);
    QCOMPARE(addresses(), (QList<qulonglong> {0x10000, 0x40000, 0x1000}));
}

void TestRegionTable::filtersByWords()
{
    RegionTable table;
    auto rows = regionRows(dump());
    countPlaces(rows, std::vector {finding(Severity::High, {0x10010})});
    table.setRows(rows);
    const QAbstractItemModel* shown = table.table()->model();
    auto* words = table.findChild<QLineEdit*>();
    words->setText(QStringLiteral("SSL r-x"));
    QCOMPARE(shown->rowCount(), 1);
    words->setText(QStringLiteral("ssl heap"));
    QCOMPARE(shown->rowCount(), 0);
    words->clear();
    QCOMPARE(shown->rowCount(), 3);
    table.findChild<QCheckBox*>()->setChecked(true);
    QCOMPARE(shown->rowCount(), 1);
    QVERIFY(!words->accessibleName().isEmpty());
    QVERIFY(!table.table()->accessibleName().isEmpty());
}

void TestRegionTable::goesToTheChosenRegion()
{
    RegionTable table;
    table.setRows(regionRows(dump()));
    table.showAddress(0x10123);
    QCOMPARE(table.table()->currentIndex().row(), 1);
    QSignalSpy wanted(&table, &RegionTable::regionWanted);
    emit table.table()->activated(table.table()->currentIndex());
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted[0][0].toULongLong(), 0x10000ULL);
    table.showAddress(0x5);
    QCOMPARE(table.table()->currentIndex().row(), 1);
    table.resize(700, 300);
    table.grab();
}

void TestRegionTable::showsHostileNamesAsText()
{
    Dump hostile = dump();
    hostile.regions[0].name = "/tmp/\xff\x1b[31m\n\xe2\x80\xae"
                              "gpj";
    RegionModel model;
    model.setRows(regionRows(hostile));
    const QString name = model.index(0, RegionModel::Name).data().toString();
    for (const QChar character : name)
        QVERIFY(character.isPrint());
}

void TestRegionTable::showsTheFindingsWithoutScrolling()
{
    RegionTable table;
    table.setRows(regionRows(dump()));
    table.resize(table.fontMetrics().averageCharWidth() * 130, 300);
    table.show();
    const QHeaderView* header = table.table()->horizontalHeader();
    QTRY_VERIFY(header->length() <= table.table()->viewport()->width());
    QVERIFY(header->sectionSize(RegionModel::Findings) > 0);
}

QTEST_MAIN(TestRegionTable)
#include "tst_regiontable.moc"
