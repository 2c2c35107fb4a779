// SPDX-License-Identifier: GPL-3.0-or-later
#include "randomsegments.h"

#include "scanner/dump/addressspace.h"

#include <random>

#include <QTest>

using namespace coredact;

namespace {

/// The slow and obvious way: the file offset of the byte at an address.
std::optional<std::uint64_t> offsetOf(const std::vector<Segment>& segments, std::uint64_t address)
{
    for (const Segment& segment : segments)
        if (segment.memory.contains(address))
            return segment.file.first() + (address - segment.memory.first());
    return std::nullopt;
}

Segment segment(std::uint64_t address, std::uint64_t offset, std::uint64_t size)
{
    return {*AddressRange::make(address, size), *FileRange::make(offset, size), {}, {}, {}};
}

} // namespace

class TestAddressSpace : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheObviousWayForEveryAddressAndSize();
    void findsAnAddressForEveryOffset();
    void readsAcrossTouchingSegmentsAndStopsAtAGap();
    void reachesTheLastAddress();
    void looksUpQuicklyAmongManySegments();
};

void TestAddressSpace::agreesWithTheObviousWayForEveryAddressAndSize()
{
    std::mt19937 random(2);
    for (int round = 0; round < 300; ++round) {
        const auto segments = randomSegments(random, 40);
        const AddressSpace memory(segments);
        for (std::uint64_t address = 0; address < 44; ++address) {
            const auto there = offsetOf(segments, address);
            const Segment* found = memory.segmentAt(address);
            QCOMPARE(found != nullptr, there.has_value());
            if (found)
                QCOMPARE(found->file.first() + (address - found->memory.first()), *there);
            for (std::uint64_t size = 0; size < 44; ++size) {
                std::vector<std::uint64_t> expected;
                for (std::uint64_t i = 0; i < size; ++i) {
                    const auto offset = offsetOf(segments, address + i);
                    if (!offset)
                        break;
                    expected.push_back(*offset);
                }
                std::vector<std::uint64_t> got;
                for (const FileRange& range : memory.fileRanges(address, size))
                    for (std::uint64_t i = range.first(); i <= range.last(); ++i)
                        got.push_back(i);
                QCOMPARE(got, expected);
            }
        }
    }
}

void TestAddressSpace::findsAnAddressForEveryOffset()
{
    std::mt19937 random(3);
    for (int round = 0; round < 2000; ++round) {
        const auto segments = randomSegments(random, 40);
        const AddressSpace memory(segments);
        for (std::uint64_t offset = 0; offset < 44; ++offset) {
            std::optional<std::uint64_t> expected;
            for (const Segment& s : segments)
                if (!expected && s.file.contains(offset))
                    expected = s.memory.first() + (offset - s.file.first());
            QCOMPARE(memory.addressOf(offset), expected);
        }
    }
}

void TestAddressSpace::readsAcrossTouchingSegmentsAndStopsAtAGap()
{
    const auto source = Source::fromBytes(asBytes("0123456789abcdef"));
    QVERIFY(source.ok());
    // "ab" at 0x100, "01" right behind it, "45" after a gap of one byte.
    const std::vector<Segment> segments {segment(0x102, 0, 2), segment(0x100, 10, 2),
                                         segment(0x105, 4, 2)};
    const AddressSpace memory(segments);
    std::vector<std::uint8_t> target(8);
    const auto count = memory.read(*source, 0x101, target);
    QVERIFY(count.ok());
    QCOMPARE(*count, std::uint64_t {3});
    QCOMPARE(asText(ByteView(target).first(3)), std::string_view("b01"));
    QCOMPARE(*memory.read(*source, 0x104, target), std::uint64_t {0});
}

void TestAddressSpace::reachesTheLastAddress()
{
    const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    const std::vector<Segment> segments {segment(last - 3, 0, 4)};
    const AddressSpace memory(segments);
    QVERIFY(memory.segmentAt(last));
    const auto ranges = memory.fileRanges(last - 1, 100);
    QCOMPARE(ranges.size(), std::size_t {1});
    QCOMPARE(ranges[0], *FileRange::make(2, 2));
}

void TestAddressSpace::looksUpQuicklyAmongManySegments()
{
    std::vector<Segment> segments;
    constexpr std::uint64_t Count = 131072;
    for (std::uint64_t i = 0; i < Count; ++i)
        segments.push_back(segment(0x10000 + i * 0x2000, i * 0x1000, 0x1000));
    const AddressSpace memory(segments);
    for (std::uint64_t i = 0; i < Count; ++i) {
        QCOMPARE(memory.segmentAt(0x10000 + i * 0x2000 + 0xfff), &segments[i]);
        QCOMPARE(memory.segmentAt(0x10000 + i * 0x2000 + 0x1000), nullptr);
    }
}

QTEST_GUILESS_MAIN(TestAddressSpace)
#include "tst_addressspace.moc"
