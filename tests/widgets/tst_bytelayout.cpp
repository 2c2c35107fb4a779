// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dumps.h"
#include "widgets/hexview/bytelayout.h"
#include "widgets/hexview/hexcursor.h"

#include <QTest>

using namespace coredact;
using namespace coredact::testing;

using Kind = LayoutSection::Kind;
using Move = HexCursor::Move;
using Selecting = HexCursor::Selecting;

class TestByteLayout : public QObject {
    Q_OBJECT

private slots:
    void showsEveryByteOfTheFileOnce();
    void findsEachByteByOffsetAndAddress();
    void putsAGapBetweenPartsThatDoNotTouch();
    void namesTheOwnerOfAGap();
    void showsOverlappingSegmentsAndFindsTheFirstListed();
    void servesFilesOfSizesBeyondInt();
    void walksOverGapsByKeyboard();
    void selectsBackAndForth();
    void standsNowhereWithoutBytes();
};

namespace {

/// A file of 0x300 bytes: header, three segments with ragged ends, notes at the end.
Dump smallDump()
{
    Dump dump = dumpOf(0x300,
                       {segment(0x7003, 0x40, 0x1d), segment(0x7020, 0x60, 0x100),
                        segment(0x1000, 0x200, 0x33, RegionKind::Heap, "[heap]")});
    dump.regions = {region(0x1000, 0x1000, 0x33, RegionKind::Heap, "[heap]"),
                    region(0x3000, 0x1000, 0, RegionKind::File, "/usr/lib/libcrypto.so.3"),
                    region(0x5000, 0x1000, 0, RegionKind::File, "/usr/lib/libssl.so.3"),
                    region(0x7000, 0x1000, 0x11d, RegionKind::Stack, "[stack]")};
    return dump;
}

} // namespace

void TestByteLayout::showsEveryByteOfTheFileOnce()
{
    const Dump dump = smallDump();
    for (const ByteLayout& layout : {ByteLayout::memoryOrder(dump), ByteLayout::fileOrder(dump)}) {
        std::vector<int> seen(dump.size, 0);
        for (std::uint64_t cell = 0; cell < layout.rowCount() * bytesPerRow; ++cell) {
            if (const auto place = layout.placeAt(cell)) {
                QVERIFY(place->fileOffset < dump.size);
                ++seen[place->fileOffset];
            }
        }
        QCOMPARE(seen, std::vector<int>(dump.size, 1));
    }
}

void TestByteLayout::findsEachByteByOffsetAndAddress()
{
    const Dump dump = smallDump();
    for (const ByteLayout& layout : {ByteLayout::memoryOrder(dump), ByteLayout::fileOrder(dump)}) {
        for (std::uint64_t offset = 0; offset < dump.size; ++offset) {
            const auto cell = layout.cellOfOffset(offset);
            QVERIFY(cell);
            QCOMPARE(layout.placeAt(*cell)->fileOffset, offset);
        }
        QVERIFY(!layout.cellOfOffset(dump.size));
        for (const Segment& part : dump.segments) {
            for (std::uint64_t delta = 0; delta < part.file.size(); ++delta) {
                const std::uint64_t address = part.memory.first() + delta;
                const auto cell = layout.cellOfAddress(address);
                QVERIFY(cell);
                QCOMPARE(layout.placeAt(*cell)->address, std::optional(address));
                QCOMPARE(layout.placeAt(*cell)->fileOffset, part.file.first() + delta);
            }
            QVERIFY(!layout.cellOfAddress(part.memory.first() - 1)
                    || part.memory.first() == 0x7020);
        }
    }
    const ByteLayout memory = ByteLayout::memoryOrder(dump);
    QCOMPARE(*memory.cellOfAddress(0x7003) % bytesPerRow, std::uint64_t {3});
}

void TestByteLayout::putsAGapBetweenPartsThatDoNotTouch()
{
    const ByteLayout layout = ByteLayout::memoryOrder(smallDump());
    std::vector<Kind> kinds;
    for (const LayoutSection& section : layout.sections())
        kinds.push_back(section.kind);
    // 7003 + 1d touches 7020: no gap there.
    const std::vector<Kind> expected {Kind::Memory, Kind::Gap,     Kind::Memory,
                                      Kind::Memory, Kind::Caption, Kind::File,
                                      Kind::File,   Kind::File,    Kind::File};
    QCOMPARE(kinds, expected);
    QCOMPARE(layout.sections()[1].address, std::uint64_t {0x1033});
    QCOMPARE(layout.sections()[1].size, std::uint64_t {0x7003 - 0x1033});
}

void TestByteLayout::namesTheOwnerOfAGap()
{
    const ByteLayout layout = ByteLayout::memoryOrder(smallDump());
    const LayoutSection& gap = layout.sections()[1];
    // The heap's unsaved rest, two libraries, and the begin of the stack.
    QCOMPARE(gap.owners, 4U);
    QCOMPARE(layout.name(gap.name), std::string("[heap]"));
}

void TestByteLayout::showsOverlappingSegmentsAndFindsTheFirstListed()
{
    const Dump dump = dumpOf(0x100, {segment(0x5000, 0x80, 0x80), segment(0x4ff8, 0, 0x80)});
    const ByteLayout layout = ByteLayout::memoryOrder(dump);
    for (std::uint64_t offset = 0; offset < dump.size; ++offset)
        QCOMPARE(layout.placeAt(*layout.cellOfOffset(offset))->fileOffset, offset);
    QCOMPARE(layout.placeAt(*layout.cellOfAddress(0x5010))->fileOffset, std::uint64_t {0x90});
    QCOMPARE(layout.placeAt(*layout.cellOfAddress(0x4fff))->fileOffset, std::uint64_t {7});
    for (const LayoutSection& section : layout.sections())
        QVERIFY(section.kind == Kind::Memory);
}

void TestByteLayout::servesFilesOfSizesBeyondInt()
{
    constexpr std::uint64_t half = std::uint64_t {1} << 62;
    constexpr std::uint64_t last = ~std::uint64_t {0};
    const Dump dump = dumpOf(2 * half, {segment(last - half + 1, half, half)});
    for (const ByteLayout& layout : {ByteLayout::memoryOrder(dump), ByteLayout::fileOrder(dump)}) {
        QVERIFY(layout.rowCount() >= 2 * half / bytesPerRow);
        for (const std::uint64_t offset : {std::uint64_t {0}, half - 1, half, 2 * half - 1}) {
            const auto cell = layout.cellOfOffset(offset);
            QVERIFY(cell);
            QCOMPARE(layout.placeAt(*cell)->fileOffset, offset);
        }
        QCOMPARE(layout.placeAt(*layout.cellOfAddress(last))->fileOffset, 2 * half - 1);
        QCOMPARE(layout.placeAt(*layout.byteAtOrBefore(last))->fileOffset,
                 layout.sections().back().fileOffset + layout.sections().back().size - 1);
    }
}

void TestByteLayout::walksOverGapsByKeyboard()
{
    const ByteLayout layout = ByteLayout::memoryOrder(smallDump());
    HexCursor cursor(layout);
    const auto address = [&] { return layout.placeAt(*cursor.cell())->address.value_or(0); };
    QCOMPARE(address(), std::uint64_t {0x1000});
    cursor.moveTo(*layout.cellOfAddress(0x1032), Selecting::Drop);
    cursor.move(Move::Right, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x7003});
    cursor.move(Move::Left, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x1032});
    cursor.move(Move::Down, 10, Selecting::Drop); // column 2 is blank below: the nearest one
    QCOMPARE(address(), std::uint64_t {0x7003});
    cursor.move(Move::Down, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x7013});
    cursor.move(Move::Up, 10, Selecting::Drop);
    cursor.move(Move::Up, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x1032});
    cursor.move(Move::RowStart, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x1030});
    cursor.move(Move::PageUp, 100, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x1000});
    cursor.move(Move::End, 10, Selecting::Drop);
    QCOMPARE(layout.placeAt(*cursor.cell())->fileOffset, std::uint64_t {0x2ff});
    cursor.move(Move::Right, 10, Selecting::Drop);
    QCOMPARE(layout.placeAt(*cursor.cell())->fileOffset, std::uint64_t {0x2ff});
    cursor.move(Move::PageDown, 10, Selecting::Drop);
    cursor.move(Move::Start, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x1000});
    cursor.move(Move::Left, 10, Selecting::Drop);
    QCOMPARE(address(), std::uint64_t {0x1000});
}

void TestByteLayout::selectsBackAndForth()
{
    const ByteLayout layout = ByteLayout::fileOrder(smallDump());
    HexCursor cursor(layout);
    cursor.moveTo(0x20, Selecting::Drop);
    QVERIFY(!cursor.selection());
    cursor.move(Move::Left, 10, Selecting::Extend);
    cursor.move(Move::Left, 10, Selecting::Extend);
    QCOMPARE(cursor.selection()->first, std::uint64_t {0x1e});
    QCOMPARE(cursor.selection()->last, std::uint64_t {0x20});
    cursor.move(Move::Down, 10, Selecting::Extend);
    QCOMPARE(cursor.selection()->first, std::uint64_t {0x20});
    QCOMPARE(cursor.selection()->last, std::uint64_t {0x2e});
    cursor.move(Move::Right, 10, Selecting::Drop);
    QVERIFY(!cursor.selection());
    cursor.selectAll();
    QCOMPARE(cursor.selection()->first, std::uint64_t {0});
    QCOMPARE(cursor.selection()->last, std::uint64_t {0x2ff});
}

void TestByteLayout::standsNowhereWithoutBytes()
{
    for (const ByteLayout& layout : {ByteLayout(), ByteLayout::memoryOrder(dumpOf(0, {})),
                                     ByteLayout::fileOrder(dumpOf(0, {}))}) {
        QCOMPARE(layout.rowCount(), std::uint64_t {0});
        HexCursor cursor(layout);
        QVERIFY(!cursor.cell());
        cursor.move(Move::Down, 1, Selecting::Extend);
        cursor.selectAll();
        QVERIFY(!cursor.cell());
        QVERIFY(!cursor.selection());
    }
}

QTEST_APPLESS_MAIN(TestByteLayout)
#include "tst_bytelayout.moc"
