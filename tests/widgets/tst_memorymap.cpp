// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dumps.h"
#include "widgets/memorymap/mapstrip.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <numeric>

using namespace coredact;
using namespace coredact::testing;

class TestMemoryMap : public QObject {
    Q_OBJECT

private slots:
    void laysOutDisjointBlocksFromZeroToOne();
    void findsThePlaceOfEachPosition();
    void reachesTheLastAddress();
    void goesWhereOneClicks();
    void meansTheTickThatIsNear();
    void showsTheMostSevereTickOfAColumn();
    void zoomsAboutThePointer();
    void pansInsteadOfGoing();
    void walksByKeyboard();
    void paintsManySegmentsByPixelColumns();
    void hasNamesForScreenReaders();
    void paintsAnEmptyDump();
};

namespace {

Dump process()
{
    Dump dump = dumpOf(0x100000,
                       {segment(0x55d01c000000, 0x1000, 0x1000, RegionKind::File, "/bin/nginx"),
                        segment(0x55d05e3f1000, 0x2000, 0x40000, RegionKind::Heap, "[heap]"),
                        segment(0x7ffe30c00000, 0x42000, 0x20000, RegionKind::Stack, "[stack]")});
    dump.regions
        = {region(0x55d01c000000, 0x4000, 0x1000, RegionKind::File, "/bin/nginx"),
           region(0x7f28c0000000, 0x100000, 0, RegionKind::File, "/usr/lib/libcrypto.so.3")};
    Thread thread;
    thread.id = 2231;
    thread.pc = 0x55d01c000123;
    thread.sp = 0x7ffe30c01000;
    thread.signal = 11;
    dump.threads = {thread};
    return dump;
}

MapTick tick(std::uint64_t address, std::uint32_t finding, Severity severity)
{
    return {{address, 0}, finding, severity, Verdict::Pending};
}

void click(MemoryMapStrip& strip, int x)
{
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(x, strip.height() / 2));
}

} // namespace

void TestMemoryMap::laysOutDisjointBlocksFromZeroToOne()
{
    const MapScale scale(process());
    const auto& blocks = scale.blocks();
    // Two file parts (before and after the segments), four regions; the program's file mapping is
    // one block although a region and a segment say so.
    QCOMPARE(blocks.size(), std::size_t {6});
    QVERIFY(!blocks[0].memory && !blocks[1].memory);
    QCOMPARE(blocks[2].name, std::string("/bin/nginx"));
    QVERIFY(!blocks[4].saved);
    for (std::size_t i = 1; i < blocks.size(); ++i)
        QVERIFY(blocks[i].begin >= blocks[i - 1].begin + blocks[i - 1].width - 1e-12);
    QCOMPARE(blocks.front().begin, 0.0);
    QVERIFY(std::abs(blocks.back().begin + blocks.back().width - 1) < 1e-9);
}

void TestMemoryMap::findsThePlaceOfEachPosition()
{
    const MapScale scale(process());
    for (const MapBlock& block : scale.blocks()) {
        for (const std::uint64_t at :
             {block.first, block.first + (block.last - block.first) / 3, block.last}) {
            const MapPlace place = block.memory ? MapPlace {at, 0} : MapPlace {std::nullopt, at};
            const auto position = scale.positionOf(place);
            QVERIFY(position);
            QVERIFY(scale.blockAt(*position) == &block || *position == block.begin);
            QVERIFY(scale.blockOf(place) == &block);
        }
    }
    QVERIFY(!scale.positionOf({0x1000, 0}));
    QVERIFY(!scale.positionOf({0x55d05e3f0fff, 0}));
}

void TestMemoryMap::reachesTheLastAddress()
{
    constexpr std::uint64_t last = ~std::uint64_t {0};
    const MapScale scale(dumpOf(0x1000, {segment(last - 0xfff, 0, 0x1000)}));
    QCOMPARE(scale.placeAt(1)->address, std::optional(last));
    QCOMPARE(scale.placeAt(0)->address, std::optional(last - 0xfff));
    QVERIFY(!MapScale().placeAt(0.5));
}

void TestMemoryMap::goesWhereOneClicks()
{
    MemoryMapStrip strip;
    strip.resize(800, strip.sizeHint().height());
    strip.setDump(process());
    QSignalSpy wanted(&strip, &MemoryMapStrip::placeWanted);
    for (const std::uint64_t address : {0x55d05e400000ULL, 0x7ffe30c10000ULL, 0x7f28c0080000ULL}) {
        const auto x = strip.xOf({address, 0});
        QVERIFY(x);
        click(strip, *x);
        const auto place = wanted.takeLast()[0].value<MapPlace>();
        QVERIFY(place.address);
        // A pixel stands for many bytes: the same block, and near.
        QCOMPARE(strip.scale().blockOf(place), strip.scale().blockOf({address, 0}));
        QVERIFY(std::abs(*strip.xOf(place) - *x) <= 1);
    }
}

void TestMemoryMap::meansTheTickThatIsNear()
{
    MemoryMapStrip strip;
    strip.resize(800, strip.sizeHint().height());
    strip.setDump(process());
    strip.setTicks({tick(0x55d05e400008, 4, Severity::High), tick(0x1234, 5, Severity::High)});
    QSignalSpy wanted(&strip, &MemoryMapStrip::placeWanted);
    QSignalSpy picked(&strip, &MemoryMapStrip::findingPicked);
    click(strip, *strip.xOf({0x55d05e400008, 0}) + 2);
    QCOMPARE(picked.count(), 1);
    QCOMPARE(picked[0][0].toUInt(), 4U);
    QCOMPARE(wanted[0][0].value<MapPlace>().address, std::optional<std::uint64_t>(0x55d05e400008));
}

void TestMemoryMap::showsTheMostSevereTickOfAColumn()
{
    const MapScale scale(process());
    const auto ticks = placed(scale,
                              {tick(0x55d05e400000, 1, Severity::Low),
                               tick(0x55d05e400010, 2, Severity::Critical),
                               tick(0x55d05e400020, 3, Severity::High)});
    const auto columns = columnsOf(scale, ticks, {}, 600);
    std::uint32_t count = 0;
    for (const MapColumn& column : columns) {
        if (column.ticks == 0)
            continue;
        count += column.ticks;
        QVERIFY(column.severity == Severity::Critical);
        QCOMPARE(column.finding, 2U);
    }
    QCOMPARE(count, 3U);
}

void TestMemoryMap::zoomsAboutThePointer()
{
    const MapWindow start;
    const MapWindow closer = start.zoomed(0.5, 0.25);
    QCOMPARE(closer.width, 0.5);
    QCOMPARE(closer.xOf(0.25, 100), start.xOf(0.25, 100));
    MapWindow window;
    for (int i = 0; i < 500; ++i)
        window = window.zoomed(0.8, 0.7);
    QVERIFY(window.width > 0 && window.begin + window.width <= 1);
    for (int i = 0; i < 500; ++i)
        window = window.zoomed(1.25, 0.7);
    QCOMPARE(window.begin, 0.0);
    QCOMPARE(window.width, 1.0);
    QCOMPARE(MapWindow {}.moved(5).begin, 0.0);

    MemoryMapStrip strip;
    strip.resize(800, strip.sizeHint().height());
    strip.setDump(process());
    const MapPlace before = *strip.placeAt(300);
    const QPointF at(300, strip.height() / 2);
    QWheelEvent wheel(at, strip.mapToGlobal(at), {}, {0, 240}, {}, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&strip, &wheel);
    QVERIFY(strip.window().width < 1);
    QVERIFY(std::abs(*strip.xOf(before) - 300) <= 1);
}

void TestMemoryMap::pansInsteadOfGoing()
{
    MemoryMapStrip strip;
    strip.resize(800, strip.sizeHint().height());
    strip.setDump(process());
    strip.setWindow({0.4, 0.2});
    QSignalSpy wanted(&strip, &MemoryMapStrip::placeWanted);
    const int y = strip.height() / 2;
    QTest::mousePress(&strip, Qt::LeftButton, {}, QPoint(400, y));
    QMouseEvent move(QEvent::MouseMove, QPointF(300, y), strip.mapToGlobal(QPointF(300, y)),
                     Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&strip, &move);
    QTest::mouseRelease(&strip, Qt::LeftButton, {}, QPoint(300, y));
    QCOMPARE(wanted.count(), 0);
    QVERIFY(strip.window().begin > 0.4);
    QCOMPARE(strip.window().width, 0.2);
}

void TestMemoryMap::walksByKeyboard()
{
    MemoryMapStrip strip;
    strip.resize(800, strip.sizeHint().height());
    strip.setDump(process());
    strip.setTicks(
        {tick(0x55d05e400000, 1, Severity::Low), tick(0x7ffe30c08000, 2, Severity::Low)});
    QSignalSpy wanted(&strip, &MemoryMapStrip::placeWanted);
    QTest::keyClick(&strip, Qt::Key_Right, Qt::ControlModifier);
    QTest::keyClick(&strip, Qt::Key_Right, Qt::ControlModifier);
    QTest::keyClick(&strip, Qt::Key_Return);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted[0][0].value<MapPlace>().address, std::optional<std::uint64_t>(0x7ffe30c08000));
    QVERIFY(strip.spokenPlace().contains(QStringLiteral("[stack]")));
    QTest::keyClick(&strip, Qt::Key_Left, Qt::ControlModifier);
    QVERIFY(strip.spokenPlace().contains(QStringLiteral("[heap]")));
    QTest::keyClick(&strip, Qt::Key_Plus);
    QVERIFY(strip.window().width < 1);
    QTest::keyClick(&strip, Qt::Key_Escape);
    QCOMPARE(strip.window(), MapWindow {});
}

void TestMemoryMap::paintsManySegmentsByPixelColumns()
{
    constexpr std::uint64_t count = 131'072;
    Dump dump = dumpOf(count * 0x1000, {});
    std::vector<MapTick> ticks;
    for (std::uint64_t i = 0; i < count; ++i) {
        dump.segments.push_back(segment(0x10000 + i * 0x3000, i * 0x1000, 0x1000,
                                        i % 2 ? RegionKind::Heap : RegionKind::File));
        for (std::uint64_t place = 0; place < 3; ++place)
            ticks.push_back(tick(0x10000 + i * 0x3000 + place * 64, static_cast<std::uint32_t>(i),
                                 static_cast<Severity>(place)));
    }
    MemoryMapStrip strip;
    strip.resize(1200, strip.sizeHint().height());
    strip.setDump(dump);
    strip.setTicks(ticks);
    // However many there are, a picture is made of as many columns as it has pixels.
    const auto sorted = placed(strip.scale(), ticks);
    for (const MapWindow& window : {MapWindow {}, MapWindow {0.25, 0.5}, MapWindow {0.5, 1e-6}}) {
        const auto columns = columnsOf(strip.scale(), sorted, window, 1200);
        QCOMPARE(columns.size(), std::size_t {1200});
        QVERIFY(std::any_of(columns.begin(), columns.end(),
                            [](const MapColumn& column) { return column.block; }));
        strip.setWindow(window);
        strip.grab();
    }
    const auto whole = columnsOf(strip.scale(), sorted, {}, 1200);
    QCOMPARE(std::accumulate(whole.begin(), whole.end(), std::uint64_t {0},
                             [](std::uint64_t sum, const MapColumn& c) { return sum + c.ticks; }),
             3 * count);
}

void TestMemoryMap::hasNamesForScreenReaders()
{
    MemoryMapStrip strip;
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(&strip);
    QVERIFY(access);
    QVERIFY(!access->text(QAccessible::Name).isEmpty());
    QVERIFY(!access->text(QAccessible::Description).isEmpty());
}

void TestMemoryMap::paintsAnEmptyDump()
{
    MemoryMapStrip strip;
    strip.resize(3, 3);
    strip.clear();
    strip.grab();
    QTest::keyClick(&strip, Qt::Key_Return);
    QVERIFY(strip.spokenPlace().isEmpty());
}

QTEST_MAIN(TestMemoryMap)
#include "tst_memorymap.moc"
