// SPDX-License-Identifier: GPL-3.0-or-later
#include "made.h"
#include "models/identitytext.h"
#include "models/modulesmodel.h"
#include "models/occurrencesmodel.h"
#include "models/texts.h"
#include "models/threadsmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace coredact;

class TestTables : public QObject {
    Q_OBJECT

private slots:
    void showsThePlacesOfAFinding();
    void findsTheOccurrenceUnderTheCursor();
    void showsFirstThePlaceThatHoldsTheWholeSecret();
    void tellsAProcessThatRanOnFromOneThatEnded();
    void showsThreadsWithTheSignalOfTheCrashedOne();
    void showsModulesByFileName();
    void stepsFromRegionToRegion();
    void tellsWhomASecretBelongsTo();
    void readsTheFactsOfATokenFromBehind();
    void saysOnceThatTheEngineStopped();
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

void TestTables::showsFirstThePlaceThatHoldsTheWholeSecret()
{
    Finding finding = made::finding("a", Severity::High, 0x1000, 4);
    QCOMPARE(firstShown(finding), 0);
    finding.occurrences[0].encoding = "fragment";
    finding.occurrences[1].encoding = "utf-16le fragment";
    QCOMPARE(firstShown(finding), 2);
    for (Occurrence& occurrence : finding.occurrences)
        occurrence.encoding = "fragment";
    QCOMPARE(firstShown(finding), 0);
}

void TestTables::tellsAProcessThatRanOnFromOneThatEnded()
{
    QVERIFY(Texts::endsProcess("elf-core", 11));
    QVERIFY(!Texts::endsProcess("elf-core", 19));
    QVERIFY(Texts::endsProcess("minidump", 0xc0000005));
    QVERIFY(!Texts::endsProcess("minidump", 0xffffffff));
    QVERIFY(!Texts::endsProcess("minidump", 0x0517a7ed));
}

void TestTables::showsThreadsWithTheSignalOfTheCrashedOne()
{
    const auto dump = std::make_shared<const Dump>(made::dump());
    ThreadsModel model;
    QAbstractItemModelTester tester(&model);
    model.show(dump, std::make_shared<const PlaceMap>(dump));
    QCOMPARE(model.index(0, ThreadsModel::SignalColumn).data().toString(), QString());
    QCOMPARE(model.index(1, ThreadsModel::SignalColumn).data().toString(),
             QStringLiteral("SIGSEGV"));
    QCOMPARE(model.index(1, ThreadsModel::WhereColumn).data().toString(),
             QStringLiteral("libsample.so.1+20"));
    QCOMPARE(model.index(1, ThreadsModel::SpColumn).data(ThreadsModel::AddressRole).toULongLong(),
             0x7f0000006020ULL);
    const auto addressAt = [&model](int column) {
        return model.index(1, column).data(ThreadsModel::AddressRole).toULongLong();
    };
    QCOMPARE(addressAt(ThreadsModel::IdColumn), 0x7f0000006020ULL);
    QCOMPARE(addressAt(ThreadsModel::NameColumn), 0x7f0000006020ULL);
    QCOMPARE(addressAt(ThreadsModel::PcColumn), 0x7f0000009020ULL);
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

void TestTables::stepsFromRegionToRegion()
{
    Dump dump = made::dump();
    // Two more segments: one goes on with the heap, one begins in the middle of its region.
    dump.segments[0] = {*AddressRange::make(0x7f0000001000, 0x2000),
                        made::file(0x1000, 0x2000),
                        {true, true, false},
                        RegionKind::Heap,
                        "[heap]"};
    dump.segments.push_back({*AddressRange::make(0x7f0000003000, 0x2000),
                             made::file(0x3000, 0x2000),
                             {true, true, false},
                             RegionKind::Heap,
                             "[heap]"});
    dump.segments[1].memory = *AddressRange::make(0x7f0000006000, 0x3000);
    dump.segments[1].file = made::file(0x6000, 0x3000);
    const PlaceMap places(std::make_shared<const Dump>(dump));
    QCOMPARE(places.regionAfter(0).value_or(0), 0x7f0000001000ULL);
    QCOMPARE(places.regionAfter(0x7f0000001000).value_or(0), 0x7f0000006000ULL);
    QCOMPARE(places.regionAfter(0x7f0000006000).value_or(0), 0x7f0000009000ULL);
    QVERIFY(!places.regionAfter(0x7f0000009000));
    QCOMPARE(places.regionBefore(~0ULL).value_or(0), 0x7f0000009000ULL);
    QCOMPARE(places.regionBefore(0x7f0000009010).value_or(0), 0x7f0000009000ULL);
    QCOMPARE(places.regionBefore(0x7f0000006000).value_or(0), 0x7f0000001000ULL);
    QVERIFY(!places.regionBefore(0x7f0000001000));
}

void TestTables::tellsWhomASecretBelongsTo()
{
    Finding finding;
    QVERIFY(identityText(finding).belongsTo.isEmpty());
    finding.identity = Identity {"spki-sha256", std::string(64, 'a')};
    finding.belongsTo
        = {"certificate CN=api.example.net", "signs tokens of https://idp.example.net"};
    const IdentityText text = identityText(finding);
    QCOMPARE(text.itself, QStringList(QStringLiteral("SPKI SHA-256 aaaaaaaa\u2026aaaaaaaa")));
    QCOMPARE(text.belongsTo,
             QStringList({QStringLiteral("certificate CN=api.example.net"),
                          QStringLiteral("signs tokens of https://idp.example.net")}));
    QVERIFY(text.whole.first().contains(QString(64, QLatin1Char('a'))));
    finding.identity = Identity {"aws-account-id", "041233457781"};
    QCOMPARE(identityText(finding).belongsTo.last(), QStringLiteral("AWS account 041233457781"));
}

void TestTables::readsTheFactsOfATokenFromBehind()
{
    Finding finding;
    finding.identity = Identity {"jwt", "iss=https://x, kid=no, kid=7a, alg=RS256, exp=1893456000"};
    const IdentityText text = identityText(finding);
    QCOMPARE(text.belongsTo, QStringList(QStringLiteral("issuer https://x, kid=no")));
    QCOMPARE(text.itself,
             QStringList({QStringLiteral("key id 7a"), QStringLiteral("algorithm RS256"),
                          QStringLiteral("expires 2030-01-01 00:00 UTC")}));
    finding.identity = Identity {"jwt", "alg=HS256"};
    QCOMPARE(identityText(finding).itself, QStringList(QStringLiteral("algorithm HS256")));
    QVERIFY(identityText(finding).belongsTo.isEmpty());
}

void TestTables::saysOnceThatTheEngineStopped()
{
    const Error stopped {ErrorCode::Sandbox, "the engine stopped: it ended with status 7", {}};
    QCOMPARE(Texts::error(stopped), QStringLiteral("The engine stopped: it ended with status 7"));
    const Error other {ErrorCode::System, "the engine stopped: not said by the client", {}};
    QVERIFY(Texts::error(other).endsWith(
        QStringLiteral(": the engine stopped: not said by the client")));
}

QTEST_MAIN(TestTables)
#include "tst_tables.moc"
