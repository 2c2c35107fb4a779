// SPDX-License-Identifier: GPL-3.0-or-later
#include "made.h"
#include "models/findingsfilter.h"
#include "models/provisional.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace coredact;

class TestFindingsModel : public QObject {
    Q_OBJECT

private slots:
    void sortsBySeverityWhileItGrows();
    void keepsRowsThatStayWhenTheFinalListComes();
    void replacesAFindingThatIsSeenAgain();
    void tellsOfVerdictsRowByRow();
    void countsFacetsUnderTheOtherFacets();
    void countsPlacesForTheKindOfPlace();
    void filtersByEveryWord();
    void namesProvisionalFindings();

private:
    static QStringList ids(const QAbstractItemModel& model)
    {
        QStringList all;
        for (int row = 0; row < model.rowCount(); ++row)
            all << model.index(row, 0).data(FindingsModel::IdRole).toString();
        return all;
    }
    static int countOf(const FindingsFilter& filter, Facet facet, int value)
    {
        for (const FacetChoice& choice : filter.choices()) {
            if (choice.facet == facet && choice.value == value)
                return choice.count;
        }
        return 0;
    }
};

static QStringList listOf(std::initializer_list<const char*> ids)
{
    QStringList list;
    for (const char* id : ids)
        list << QString::fromLatin1(id);
    return list;
}

void TestFindingsModel::sortsBySeverityWhileItGrows()
{
    Verdicts verdicts;
    FindingsModel model(verdicts);
    QAbstractItemModelTester tester(&model);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.add({made::shared(made::finding("low", Severity::Low, 0x1000)),
               made::shared(made::finding("critical", Severity::Critical, 0x3000))});
    model.add({made::shared(made::finding("high", Severity::High, 0x2000)),
               made::shared(made::finding("early", Severity::High, 0x1800))});
    QCOMPARE(ids(model), listOf({"critical", "early", "high", "low"}));
    QCOMPARE(inserted.count(), 4);
}

void TestFindingsModel::keepsRowsThatStayWhenTheFinalListComes()
{
    Verdicts verdicts;
    FindingsModel model(verdicts);
    QAbstractItemModelTester tester(&model);
    model.add({made::shared(made::finding("seen1", Severity::Critical, 0x1000)),
               made::shared(made::finding("seen2", Severity::High, 0x2000)),
               made::shared(made::finding("seen3", Severity::Low, 0x3000))});
    const QPersistentModelIndex stays(model.index(2));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.assign({made::shared(made::finding("f1", Severity::Critical, 0x1000, 3)),
                  made::shared(made::finding("f3", Severity::Low, 0x3000)),
                  made::shared(made::finding("f2", Severity::High, 0x1500))});
    QCOMPARE(ids(model), listOf({"f1", "f2", "f3"}));
    QCOMPARE(reset.count(), 0);
    QVERIFY(stays.isValid());
    QCOMPARE(stays.data(FindingsModel::IdRole).toString(), QStringLiteral("f3"));
    QCOMPARE(model.placeCount(), 5);
}

void TestFindingsModel::replacesAFindingThatIsSeenAgain()
{
    Verdicts verdicts;
    FindingsModel model(verdicts);
    QAbstractItemModelTester tester(&model);
    model.add({made::shared(made::finding("a", Severity::Low, 0x1000))});
    model.add({made::shared(made::finding("a", Severity::Low, 0x1000, 2))});
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data(FindingsModel::PlacesRole).toInt(), 2);
    model.add({made::shared(made::finding("b", Severity::Low, 0x2000)),
               made::shared(made::finding("a", Severity::High, 0x1000))});
    QCOMPARE(ids(model), listOf({"a", "b"}));
}

void TestFindingsModel::tellsOfVerdictsRowByRow()
{
    Verdicts verdicts;
    FindingsModel model(verdicts);
    QAbstractItemModelTester tester(&model);
    model.add({made::shared(made::finding("a", Severity::High, 0x1000)),
               made::shared(made::finding("b", Severity::Low, 0x2000))});
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    verdicts.decide({"b"}, Verdict::Keep, Reason::TestData);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    QCOMPARE(model.index(1).data(FindingsModel::VerdictRole).toInt(),
             static_cast<int>(Verdict::Keep));
    QCOMPARE(model.index(1).data(FindingsModel::ReasonRole).toInt(),
             static_cast<int>(Reason::TestData));
}

void TestFindingsModel::countsFacetsUnderTheOtherFacets()
{
    Verdicts verdicts;
    FindingsModel model(verdicts);
    FindingsFilter filter(model);
    QAbstractItemModelTester tester(&filter);
    model.add({made::shared(made::finding("a", Severity::Critical, 0x1000)),
               made::shared(made::finding("b", Severity::Critical, 0x2000)),
               made::shared(made::finding("c", Severity::Low, 0x3000))});
    verdicts.decide({"a"}, Verdict::Redact);
    QTRY_COMPARE(countOf(filter, Facet::Verdict, static_cast<int>(Verdict::Pending)), 2);
    filter.choose(Facet::Severity, static_cast<int>(Severity::Critical), true);
    QCOMPARE(ids(filter), listOf({"a", "b"}));
    QCOMPARE(countOf(filter, Facet::Verdict, static_cast<int>(Verdict::Pending)), 1);
    QCOMPARE(countOf(filter, Facet::Severity, static_cast<int>(Severity::Low)), 1);
    filter.choose(Facet::Verdict, static_cast<int>(Verdict::Pending), true);
    QCOMPARE(ids(filter), listOf({"b"}));
    filter.clear();
    QCOMPARE(filter.rowCount(), 3);
}

void TestFindingsModel::countsPlacesForTheKindOfPlace()
{
    const Dump dump = made::dump();
    Verdicts verdicts;
    FindingsModel model(verdicts);
    model.reset(std::make_shared<const PlaceMap>(std::make_shared<const Dump>(dump)));
    FindingsFilter filter(model);
    Finding heap = made::finding("heap", Severity::High, 0x1000, 3);
    heap.occurrences.push_back(made::place(0x810, 16));
    model.add({made::shared(heap), made::shared(made::finding("stack", Severity::High, 0x5000))});
    QTRY_COMPARE(countOf(filter, Facet::Place, static_cast<int>(PlaceKind::Heap)), 3);
    QCOMPARE(countOf(filter, Facet::Place, static_cast<int>(PlaceKind::Registers)), 1);
    filter.choose(Facet::Place, static_cast<int>(PlaceKind::Stack), true);
    QCOMPARE(ids(filter), listOf({"stack"}));
}

void TestFindingsModel::filtersByEveryWord()
{
    Verdicts verdicts;
    FindingsModel model(verdicts);
    FindingsFilter filter(model);
    Finding named = made::finding("named", Severity::High, 0x1000);
    named.identity = Identity {"host", "db.example.net"};
    model.add({made::shared(named), made::shared(made::finding("other", Severity::High, 0x2000))});
    filter.setText(QStringLiteral("SECRET db.example"));
    QCOMPARE(ids(filter), listOf({"named"}));
    filter.setText(QStringLiteral("secret nowhere"));
    QCOMPARE(filter.rowCount(), 0);
}

void TestFindingsModel::namesProvisionalFindings()
{
    const auto seen = made::shared(made::finding("seen1", Severity::High, 0x2000));
    const auto gone = made::shared(made::finding("seen2", Severity::Low, 0x4000));
    Finding final = made::finding("f7", Severity::High, 0x1fc0, 3); // 1fc0, 2000, 2040
    const std::vector<Finding> list {final};
    const auto names = finalNames({seen, gone}, list);
    QCOMPARE(names.size(), std::size_t(1));
    QCOMPARE(names.at("seen1"), std::string("f7"));
}

QTEST_GUILESS_MAIN(TestFindingsModel)
#include "tst_findingsmodel.moc"
