// SPDX-License-Identifier: GPL-3.0-or-later
#include "made.h"
#include "models/modulesmodel.h"
#include "models/occurrencesmodel.h"
#include "models/threadsmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace coredact;

class TestTables : public QObject {
    Q_OBJECT

private slots:
    void showsThePlacesOfAFinding();
    void findsTheOccurrenceUnderTheCursor();
    void showsThreadsWithTheSignalOfTheCrashedOne();
    void showsModulesByFileName();
};

void TestTables::showsThePlacesOfAFinding()
{
    OccurrencesModel model;
    QAbstractItemModelTester tester(&model);
    model.show(made::shared(made::finding("a", Severity::High, 0x1000, 2)));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(1, OccurrencesModel::PlaceColumn).data().toString(),
             QStringLiteral("7f0000001040"));
    QCOMPARE(model.index(1, 0).data(OccurrencesModel::OffsetRole).toULongLong(), 0x1040ULL);
    model.show(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestTables::findsTheOccurrenceUnderTheCursor()
{
    OccurrencesModel model;
    model.show(made::shared(made::finding("a", Severity::High, 0x1000, 2)));
    QCOMPARE(model.rowAt(0x104f), 1);
    QCOMPARE(model.rowAt(0x1050), -1);
}

void TestTables::showsThreadsWithTheSignalOfTheCrashedOne()
{
    const auto dump = std::make_shared<const Dump>(made::dump());
    ThreadsModel model;
    QAbstractItemModelTester tester(&model);
    model.show(dump, std::make_shared<const PlaceMap>(*dump));
    QCOMPARE(model.index(0, ThreadsModel::SignalColumn).data().toString(), QString());
    QCOMPARE(model.index(1, ThreadsModel::SignalColumn).data().toString(),
             QStringLiteral("SIGSEGV"));
    QCOMPARE(model.index(1, ThreadsModel::WhereColumn).data().toString(),
             QStringLiteral("libsample.so.1+20"));
    QCOMPARE(model.index(1, ThreadsModel::SpColumn).data(ThreadsModel::AddressRole).toULongLong(),
             0x7f0000006020ULL);
}

void TestTables::showsModulesByFileName()
{
    ModulesModel model;
    QAbstractItemModelTester tester(&model);
    model.show(std::make_shared<const Dump>(made::dump()));
    QCOMPARE(model.index(0, ModulesModel::NameColumn).data().toString(),
             QStringLiteral("libsample.so.1"));
    QCOMPARE(model.index(0, ModulesModel::SizeColumn).data(ModulesModel::SortRole).toULongLong(),
             0x7000ULL);
}

QTEST_MAIN(TestTables)
#include "tst_tables.moc"
