// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/minidumplists.h"
#include "scanner/redact/patches.h"

#include "tests/redact/planting.h"
#include "tests/support/sampledumps.h"

#include <QtTest>

#include <array>

#include <sys/mman.h>
#include <unistd.h>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Ranges = std::vector<FileRange>;

constexpr std::uint64_t pageSize = 4096;

Bytes patched(Bytes bytes, const Result<std::vector<Patch>>& patches)
{
    for (const Patch& patch : *patches) {
        if (patch.offset + patch.bytes.size() > bytes.size())
            qFatal("a patch reaches beyond the file");
        std::copy(patch.bytes.begin(), patch.bytes.end(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(patch.offset));
    }
    return bytes;
}

std::uint64_t numberAt(const Bytes& bytes, std::size_t at, unsigned size)
{
    std::uint64_t value = 0;
    for (unsigned i = size; i-- > 0;)
        value = value << 8 | bytes[at + i];
    return value;
}

/// A core of two writable mappings, of ten pages and of two.
ElfCoreBuilder core(Endian endian = Endian::Little, unsigned wordSize = 8)
{
    ElfCoreBuilder builder(endian, wordSize, wordSize == 8 ? 62 : 20);
    builder.load({0x100000, Bytes(10 * pageSize, 'a'), {}, 6, wordSize == 8 ? 0x5000U : 0U});
    builder.load({0x200000, Bytes(2 * pageSize, 'b'), {}, 6, 0});
    return builder;
}

FileRange pages(const ElfCoreBuilder& builder, std::size_t load, std::uint64_t first,
                std::uint64_t count)
{
    return range(builder.offsetOfLoad(load) + first * pageSize, count * pageSize);
}

std::vector<Segment> segmentsOf(const Bytes& bytes)
{
    return readDump(*Source::fromBytes(bytes), JobControl())->segments;
}

std::vector<Segment> minimisedSegments(const ElfCoreBuilder& builder, const Ranges& kept)
{
    const Bytes bytes = builder.build().content();
    return segmentsOf(patched(bytes, patchesForElf(*Source::fromBytes(bytes), kept)));
}

bool isAt(const Segment& segment, std::uint64_t address, const FileRange& file)
{
    return segment.memory == *AddressRange::make(address, file.size()) && segment.file == file;
}

/// The lists of a minidump of two blocks of memory, four pages and two, as they are asked for.
struct Blocks {
    MinidumpBuilder dump;
    std::uint32_t first = 0; ///< offset in the file
    std::uint32_t second = 0;

    explicit Blocks(Endian endian = Endian::Little)
        : dump(endian)
    {
        first = dump.place(dump.part().fill(4 * pageSize, 'a'));
        second = dump.place(dump.part().fill(2 * pageSize, 'b'));
    }
    void list(bool withSecond = true)
    {
        FileBuilder rows = dump.part().u32(withSecond ? 2 : 1);
        rows.u64(0x10000).u32(4 * pageSize).u32(first);
        if (withSecond)
            rows.u64(0x20000).u32(2 * pageSize).u32(second);
        dump.stream(5, rows);
    }
    void list64()
    {
        dump.stream(9,
                    dump.part()
                        .u64(2)
                        .u64(first)
                        .u64(0x10000)
                        .u64(4 * pageSize)
                        .u64(0x20000)
                        .u64(2 * pageSize));
    }
    void thread(bool ex = false)
    {
        FileBuilder row = dump.part().u32(1).u32(7).fill(12).u64(0x30000);
        row.u64(0x20000).u32(2 * pageSize).u32(second).u64(0);
        if (ex)
            row.u64(0x10000).u32(4 * pageSize).u32(first);
        dump.stream(ex ? 8 : 3, row);
    }
    MinidumpLists minimised(const Ranges& kept) const
    {
        const Bytes bytes = dump.build().content();
        const Bytes made = patched(bytes, patchesForMinidump(*Source::fromBytes(bytes), kept));
        return *MinidumpLists::read(*Source::fromBytes(made));
    }
};

bool isRun(const MinidumpLists::Run& run, std::uint64_t address, const FileRange& file)
{
    return run.address == address && run.file == file;
}

} // namespace

/// What the headers of a minimised dump say, given what is kept of it.
class TestMinimisePatches : public QObject {
    Q_OBJECT

private slots:
    void describeThePagesThatAreKept_data()
    {
        QTest::addColumn<bool>("big");
        QTest::addColumn<unsigned>("wordSize");
        for (const bool big : {false, true})
            for (const unsigned wordSize : {4U, 8U})
                QTest::addRow("%s, words of %u bytes", big ? "big-endian" : "little-endian",
                              wordSize)
                    << big << wordSize;
    }
    void describeThePagesThatAreKept()
    {
        QFETCH(const bool, big);
        QFETCH(const unsigned, wordSize);
        const auto builder = core(big ? Endian::Big : Endian::Little, wordSize);
        const FileRange kept = pages(builder, 0, 3, 2);
        // A byte of the page is enough for it; the other mapping is dropped.
        const auto segments = minimisedSegments(
            builder, {range(kept.first() + 5, pageSize), range(kept.last(), 1)});
        QCOMPARE(segments.size(), std::size_t(1));
        QVERIFY(isAt(segments[0], 0x103000, kept));
        // Whole mappings stay as they are, and so does what was mapped without bytes.
        auto more = core(big ? Endian::Big : Endian::Little, wordSize);
        more.load({0x300000, {}, pageSize, 4, 0});
        const auto whole = minimisedSegments(more, {pages(more, 0, 0, 10), pages(more, 1, 1, 1)});
        QCOMPARE(whole.size(), std::size_t(2));
        QVERIFY(isAt(whole[0], 0x100000, pages(more, 0, 0, 10)));
        QVERIFY(isAt(whole[1], 0x201000, pages(more, 1, 1, 1)));
    }

    void moveThePhysicalAddressToo()
    {
        const auto builder = core();
        const Bytes bytes = builder.build().content();
        const Ranges kept {pages(builder, 0, 3, 1), pages(builder, 1, 1, 1)};
        const Bytes made = patched(bytes, patchesForElf(*Source::fromBytes(bytes), kept));
        std::size_t headers = 64;
        while (numberAt(bytes, headers, 4) != 1)
            headers += 56; // notes come first
        QCOMPARE(numberAt(made, headers + 24, 8), std::uint64_t(0x8000)); // from 0x5000
        QCOMPARE(numberAt(made, headers + 56 + 24, 8), std::uint64_t(0)); // it had none
        for (const std::size_t header : {headers, headers + 56}) {
            QCOMPARE(numberAt(made, header + 40, 8), numberAt(made, header + 32, 8));
            QVERIFY(numberAt(bytes, header + 48, 8) != 0);
            QCOMPARE(numberAt(made, header + 48, 8), numberAt(bytes, header + 48, 8));
        }
        // Joined ones are as large in memory as in the file.
        const Ranges far {pages(builder, 0, 0, 1), pages(builder, 0, 5, 1),
                          pages(builder, 0, 7, 1)};
        const Bytes joined = patched(bytes, patchesForElf(*Source::fromBytes(bytes), far));
        QCOMPARE(numberAt(joined, headers + 56 + 32, 8), 3 * pageSize);
        QCOMPARE(numberAt(joined, headers + 56 + 40, 8), 3 * pageSize);
    }

    void joinWhatLiesNearestWhereHeadersAreFew()
    {
        const auto builder = core();
        const auto segments = minimisedSegments(
            builder, {pages(builder, 0, 0, 1), pages(builder, 0, 5, 1), pages(builder, 0, 7, 1)});
        QCOMPARE(segments.size(), std::size_t(2));
        QVERIFY(isAt(segments[0], 0x100000, pages(builder, 0, 0, 1)));
        QVERIFY(isAt(segments[1], 0x105000, pages(builder, 0, 5, 3)));
        const auto front = minimisedSegments(
            builder, {pages(builder, 0, 0, 1), pages(builder, 0, 2, 1), pages(builder, 0, 7, 1)});
        QCOMPARE(front.size(), std::size_t(2));
        QVERIFY(isAt(front[0], 0x100000, pages(builder, 0, 0, 3)));
        QVERIFY(isAt(front[1], 0x107000, pages(builder, 0, 7, 1)));
        // Never of two mappings.
        const auto both = minimisedSegments(
            builder, {pages(builder, 0, 0, 1), pages(builder, 0, 9, 1), pages(builder, 1, 0, 1)});
        QCOMPARE(both.size(), std::size_t(2));
        QVERIFY(isAt(both[0], 0x100000, pages(builder, 0, 0, 10)));
        QVERIFY(isAt(both[1], 0x200000, pages(builder, 1, 0, 1)));
    }

    void clearSectionsOfDroppedMemory()
    {
        const auto builder = core();
        FileBuilder file = builder.build();
        const std::size_t sections = file.size();
        const FileRange kept = pages(builder, 0, 2, 2);
        const auto section = [&](std::uint64_t address, const FileRange& place) {
            file.u32(1).u32(1).u64(2).u64(address).u64(place.first()).u64(place.size());
            file.fill(64 - 40);
        };
        file.fill(64); // number 0 is none
        section(0x102000, kept);
        section(0x102000, range(kept.first() + 1, 100));
        section(0x101000, range(kept.first() - 1, 100)); // a byte before
        section(0x103000, range(kept.last(), 2)); // a byte behind
        section(0x200000, pages(builder, 1, 0, 1));
        section(0, pages(builder, 1, 0, 1)); // no memory: a table of strings, or notes
        file.set(0x28, 8, sections);
        file.set(0x3a, 2, 64);
        file.set(0x3c, 2, 7);
        section(0x200000, pages(builder, 1, 0, 1)); // behind the table's end
        const std::array<std::uint64_t, 8> expected {0, 1, 1, 0, 0, 0, 1, 1};
        const Bytes bytes = file.content();
        const auto typesOf = [&](const Bytes& made) {
            std::vector<std::uint64_t> types;
            for (std::size_t i = 0; i < expected.size(); ++i)
                types.push_back(numberAt(made, sections + 64 * i + 4, 4));
            return types;
        };
        const Bytes made = patched(bytes, patchesForElf(*Source::fromBytes(bytes), {kept}));
        QVERIFY(typesOf(made) == std::vector<std::uint64_t>(expected.begin(), expected.end()));
        // Rows that are too short to say where a section lies.
        file.set(0x3a, 2, 39);
        const auto shortRows = patchesForElf(*Source::fromBytes(file.content()), {kept});
        QVERIFY(typesOf(patched(bytes, shortRows)) == typesOf(bytes));
    }

    void refuseCoresWithTooManySegments()
    {
        auto builder = core();
        builder.countInSection = true;
        const Bytes bytes = builder.build().content();
        const auto patches = patchesForElf(*Source::fromBytes(bytes), {});
        QVERIFY(!patches.ok());
        QCOMPARE(patches.error().code, ErrorCode::Refused);
        QVERIFY(!patchesForElf(*Source::fromBytes(Bytes(64, 'x')), {}).ok());
    }

    void describeThePartsOfAMinidump_data()
    {
        QTest::addColumn<bool>("big");
        QTest::newRow("little-endian") << false;
        QTest::newRow("big-endian") << true;
    }
    void describeThePartsOfAMinidump()
    {
        QFETCH(const bool, big);
        for (const bool wide : {false, true}) {
            Blocks blocks(big ? Endian::Big : Endian::Little);
            wide ? blocks.list64() : blocks.list();
            const auto lists
                = blocks.minimised({range(blocks.first + 100, 50), range(blocks.second, 7)});
            QVERIFY(lists.memoryList && !lists.memory64List);
            QCOMPARE(lists.runs.size(), std::size_t(2));
            QVERIFY(isRun(lists.runs[0], 0x10064, range(blocks.first + 100, 50)));
            QVERIFY(isRun(lists.runs[1], 0x20000, range(blocks.second, 7)));
        }
    }

    void joinPartsOfOneBlockWhereRowsAreFew()
    {
        Blocks blocks;
        blocks.list();
        const auto lists
            = blocks.minimised({range(blocks.first, 10), range(blocks.first + 5000, 10),
                                range(blocks.first + 6000, 10)});
        QCOMPARE(lists.runs.size(), std::size_t(2));
        QVERIFY(isRun(lists.runs[0], 0x10000, range(blocks.first, 10)));
        QVERIFY(isRun(lists.runs[1], 0x10000 + 5000, range(blocks.first + 5000, 1010)));
        const auto front = blocks.minimised({range(blocks.first, 10), range(blocks.first + 100, 10),
                                             range(blocks.first + 6000, 10)});
        QCOMPARE(front.runs.size(), std::size_t(2));
        QVERIFY(isRun(front.runs[0], 0x10000, range(blocks.first, 110)));
        QVERIFY(isRun(front.runs[1], 0x10000 + 6000, range(blocks.first + 6000, 10)));
        const auto both = blocks.minimised(
            {range(blocks.first, 10), range(blocks.first + 5000, 10), range(blocks.second, 10)});
        QCOMPARE(both.runs.size(), std::size_t(2));
        QVERIFY(isRun(both.runs[0], 0x10000, range(blocks.first, 5010)));
        QVERIFY(isRun(both.runs[1], 0x20000, range(blocks.second, 10)));
    }

    void takeTheFirstAndTheLastByteOfABlock()
    {
        Blocks blocks;
        blocks.list();
        const auto lists = blocks.minimised({range(blocks.second - 10, 11)});
        QCOMPARE(lists.runs.size(), std::size_t(2));
        QVERIFY(isRun(lists.runs[0], 0x10000 + 4 * pageSize - 10, range(blocks.second - 10, 10)));
        QVERIFY(isRun(lists.runs[1], 0x20000, range(blocks.second, 1)));
    }

    void tellEachPartOnceWhereTwoListsDo()
    {
        Blocks blocks;
        blocks.list();
        blocks.list64();
        const auto lists
            = blocks.minimised({range(blocks.first, 4096), range(blocks.second, 4096)});
        QVERIFY(lists.memoryList && !lists.memory64List);
        QCOMPARE(lists.runs.size(), std::size_t(2));
    }

    /// No row is said to be there that the list has no room for.
    void leaveOutWhatHasNoRow()
    {
        Blocks blocks;
        const std::uint32_t third = blocks.dump.place(blocks.dump.part().fill(pageSize, 'c'));
        blocks.list();
        blocks.dump.stream(9, blocks.dump.part().u64(1).u64(third).u64(0x40000).u64(pageSize));
        const auto lists = blocks.minimised(
            {range(blocks.first, 10), range(blocks.second, 10), range(third, 10)});
        QVERIFY(lists.memoryList && !lists.memory64List);
        QCOMPARE(lists.memoryList->size, std::uint64_t(4 + 2 * 16));
        QCOMPARE(lists.runs.size(), std::size_t(2));
    }

    void describeAsMuchOfAStackAsIsKept()
    {
        for (const bool ex : {false, true}) {
            Blocks blocks;
            blocks.list();
            blocks.thread(ex);
            const auto lists
                = blocks.minimised({range(blocks.second, 50), range(blocks.second + 4096, 600)});
            QCOMPARE(lists.threads.size(), std::size_t(1));
            QCOMPARE(lists.threads[0].block, std::uint64_t(0x30000));
            // The largest part; of a backing store that is dropped nothing.
            QCOMPARE(lists.threads[0].runs.size(), std::size_t(1));
            QVERIFY(isRun(lists.threads[0].runs[0], 0x21000, range(blocks.second + 4096, 600)));
            const auto none = blocks.minimised({range(blocks.first, 600)});
            QCOMPARE(none.threads[0].runs.size(), std::size_t(ex ? 1 : 0));
        }
    }

    void leaveDumpsWithoutListsAlone()
    {
        Blocks blocks;
        QVERIFY(patchesForMinidump(blocks.dump.build().source(), {})->empty());
        blocks.dump.stream(5, blocks.dump.part().u16(0)); // too short for a number of rows
        QVERIFY(patchesForMinidump(blocks.dump.build().source(), {})->empty());
        blocks.dump.stream(9, blocks.dump.part().u64(0)); // and for where the memory begins
        QVERIFY(patchesForMinidump(blocks.dump.build().source(), {})->empty());
        QVERIFY(!patchesForMinidump(*Source::fromBytes(Bytes(64, 'x')), {}).ok());
        QVERIFY(!patchesForMinidump(*Source::fromBytes(Bytes(2, 'M')), {}).ok());
    }

    void takeAnEmptyListOfSixtyFourBits()
    {
        Blocks blocks;
        blocks.dump.stream(9, blocks.dump.part().u64(0).u64(blocks.first));
        const auto lists = blocks.minimised({});
        QVERIFY(lists.memoryList && !lists.memory64List && lists.runs.empty());
    }

    void refuseWhatLiesBehindFourGigabytes()
    {
        constexpr std::uint64_t base = 0xffffff00;
        MinidumpBuilder dump;
        dump.stream(9, dump.part().u64(1).u64(base).u64(0x10000).u64(2 * pageSize));
        const Bytes bytes = dump.build().content();
        const Descriptor file(memfd_create("large", MFD_CLOEXEC));
        QCOMPARE(ftruncate(file.number(), static_cast<off_t>(base + 2 * pageSize)), 0);
        QCOMPARE(pwrite(file.number(), bytes.data(), bytes.size(), 0), ssize_t(bytes.size()));
        const auto source = Source::fromDescriptor(Descriptor(dup(file.number())));
        QVERIFY(patchesForMinidump(*source, {range(0xffffffff, 9)}).ok());
        const auto patches = patchesForMinidump(*source, {range(0x100000000, 10)});
        QVERIFY(!patches.ok());
        QCOMPARE(patches.error().code, ErrorCode::Refused);
        QVERIFY(patchesForMinidump(*source, {range(0, 10)}).ok());
    }
};

QTEST_APPLESS_MAIN(TestMinimisePatches)
#include "tst_minimisepatches.moc"
