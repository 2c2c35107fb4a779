// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakeengine.h"
#include "made.h"

#include "models/comparison.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;

class TestComparison : public QObject {
    Q_OBJECT

private slots:
    void tellsPlannedFromOtherChanges();
    void coversEachDifferingByteOnce();
    void tellsWhatIsOverwritten();
    void knowsNoReasonWithoutAPlan();
    void servesTheBytesOfTheCopy();
    void saysWhyItFails();
    void findsTheChangeAtAPlace();
};

void TestComparison::tellsPlannedFromOtherChanges()
{
    const std::vector<Finding> findings {made::finding("f1", Severity::High, 0x1000)};
    const std::vector<Edit> edits {
        {made::file(100, 50), Fill::X, "rule", "f1", ""},
        {made::file(200, 10), Fill::X, "policy:random-seed", "", ""},
        {made::file(300, 10), Fill::X, "rule", "f1", ""},
    };
    // One before, one across a begin, nothing in the second, one across an end.
    const auto changes = changesFrom({made::file(10, 5), made::file(95, 10), made::file(305, 20)},
                                     &edits, EditReasons(findings));
    const QString title = QString::fromStdString(findings[0].title);
    const std::vector<Change> expected {
        {made::file(10, 5), Change::Origin::Other, {}},
        {made::file(95, 5), Change::Origin::Other, {}},
        {made::file(100, 50), Change::Origin::Plan, title},
        {made::file(300, 10), Change::Origin::Plan, title},
        {made::file(310, 15), Change::Origin::Other, {}},
    };
    QCOMPARE(changes.size(), expected.size());
    for (std::size_t i = 0; i < changes.size(); ++i)
        QVERIFY2(changes[i] == expected[i], qPrintable(QString::number(i)));
}

void TestComparison::coversEachDifferingByteOnce()
{
    // Every pair of a differing run and a range of the plan in a file of twelve bytes.
    for (std::uint64_t a = 0; a < 12; ++a)
        for (std::uint64_t b = a; b < 12; ++b)
            for (std::uint64_t c = 0; c < 12; ++c)
                for (std::uint64_t d = c; d < 12; ++d) {
                    const std::vector<FileRange> differing {*FileRange::between(a, b)};
                    const std::vector<Edit> edits {
                        {*FileRange::between(c, d), Fill::X, "rule", "", ""}};
                    const auto changes = changesFrom(differing, &edits, EditReasons({}));
                    for (std::uint64_t at = 0; at < 12; ++at) {
                        int times = 0;
                        for (const Change& change : changes) {
                            times += change.range.contains(at) ? 1 : 0;
                            const bool planned = edits[0].range.contains(at);
                            QVERIFY(!change.range.contains(at)
                                    || (change.origin == Change::Origin::Plan) == planned);
                        }
                        const bool inEdit
                            = edits[0].range.contains(at) && edits[0].range.overlaps(differing[0]);
                        QCOMPARE(times, differing[0].contains(at) || inEdit ? 1 : 0);
                    }
                }
}

void TestComparison::tellsWhatIsOverwritten()
{
    const std::vector<Edit> edits {{made::file(100, 20), Fill::X, "rule", "", ""}};
    const std::vector<FileRange> differing {made::file(90, 2), made::file(101, 2),
                                            made::file(108, 3), made::file(119, 4)};
    // One byte at the begin, and five between two runs, were the fill before.
    const std::vector<FileRange> expected {made::file(90, 2), made::file(100, 14),
                                           made::file(116, 7)};
    QVERIFY(overwrittenIn(differing, &edits) == expected);
    QVERIFY(overwrittenIn(differing, nullptr) == differing);
}

void TestComparison::knowsNoReasonWithoutAPlan()
{
    const auto changes = changesFrom({made::file(1, 2)}, nullptr, EditReasons({}));
    QCOMPARE(changes.size(), std::size_t(1));
    QCOMPARE(changes[0].origin, Change::Origin::Unknown);
    QCOMPARE(changesFrom({made::file(1, 2), made::file(18, 2), made::file(36, 1)}, nullptr,
                         EditReasons({}))
                 .size(),
             std::size_t(2));
}

void TestComparison::servesTheBytesOfTheCopy()
{
    const auto original = std::make_shared<FakeEngine>(made::dump(), std::vector<std::uint8_t>());
    original->differAt({made::file(3, 4)});
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(made::dump().size), 7);
    Comparison comparison([&]() -> Result<std::shared_ptr<Engine>> {
        return std::shared_ptr<Engine>(std::make_shared<FakeEngine>(made::dump(), bytes));
    });
    comparison.start(original, nullptr, QStringLiteral("/nowhere/copy"));
    QTRY_COMPARE(comparison.state(), Comparison::State::Ready);
    QCOMPARE(comparison.changes().size(), std::size_t(1));
    QTRY_COMPARE(comparison.bytes().at(5).state, ByteCache::State::Here);
    QCOMPARE(comparison.bytes().at(5).bytes[0], std::uint8_t(7));
    comparison.stop();
    QCOMPARE(comparison.state(), Comparison::State::None);
    QVERIFY(comparison.changes().empty());
    QCOMPARE(comparison.bytes().fileSize(), std::uint64_t(0));
}

void TestComparison::saysWhyItFails()
{
    const auto original = std::make_shared<FakeEngine>(made::dump(), std::vector<std::uint8_t>());
    original->die();
    Comparison comparison([]() -> Result<std::shared_ptr<Engine>> {
        return Error {ErrorCode::Sandbox, "none", std::nullopt};
    });
    comparison.start(original, nullptr, QStringLiteral("/nowhere/copy"));
    QTRY_COMPARE(comparison.state(), Comparison::State::Failed);
    QVERIFY(!comparison.failure().message.empty());
}

void TestComparison::findsTheChangeAtAPlace()
{
    const auto original = std::make_shared<FakeEngine>(made::dump(), std::vector<std::uint8_t>());
    original->differAt({made::file(10, 4), made::file(40, 4)});
    Comparison comparison([]() -> Result<std::shared_ptr<Engine>> {
        return std::shared_ptr<Engine>(
            std::make_shared<FakeEngine>(made::dump(), std::vector<std::uint8_t>()));
    });
    comparison.start(original, nullptr, QStringLiteral("/nowhere/copy"));
    QTRY_COMPARE(comparison.state(), Comparison::State::Ready);
    QCOMPARE(comparison.changeAt(0), 0);
    QCOMPARE(comparison.changeAt(13), 0);
    QCOMPARE(comparison.changeAt(14), 1);
    QCOMPARE(comparison.changeAt(44), -1);
}

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
