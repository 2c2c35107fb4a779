// SPDX-License-Identifier: GPL-3.0-or-later
#include "dumpchecks.h"

#include "scanner/dump/coverage.h"
#include "tests/support/sampledumps.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

/// One spoilt field each.
class TestMinidumpDamage : public QObject {
    Q_OBJECT
private slots:
    void readsAsManyStreamsAsThereAre();
    void countsRowsBeforeBelievingThem();
    void dropsMemoryPastTheEnd();
    void survivesSizesThatSumPast64Bits();
    void refusesStringsThatCannotBe();
    void refusesRowsThatAreTooShort();
    void doesNotInterpretASecondStreamOfOneType();
    void keepsContextsOfUnknownLayoutAsFields();
    void skipsMapsThatAreNoMappings();
};

void TestMinidumpDamage::readsAsManyStreamsAsThereAre()
{
    FileBuilder file = sampleMinidump().build();
    file.set(8, 4, 0xffffffff); // NumberOfStreams
    Dump dump = dumpOf(file);
    QVERIFY(told(dump, "4294967295 streams"));
    QCOMPARE(dump.threads.size(), std::size_t {2});
    file.set(8, 4, 5);
    file.set(12, 4, 0xfffffff0); // StreamDirectoryRva
    dump = dumpOf(file);
    QVERIFY(told(dump, "the stream directory promises 5 rows and holds 0"));
    QCOMPARE(coverage(dump).extents.size(), std::size_t {1});
}

void TestMinidumpDamage::countsRowsBeforeBelievingThem()
{
    // 1,347,241,037 modules in a file of a few bytes.
    for (const std::uint32_t type : {3, 4, 5, 8, 24}) {
        MinidumpBuilder dump;
        dump.stream(type, dump.part().u32(0x504d444d).fill(40));
        const Dump read = dumpOf(dump.build());
        QVERIFY(told(read, "promises 1347241037 rows"));
        QVERIFY(read.diagnostics[0].incomplete);
    }
    for (const std::uint32_t type : {12, 14}) {
        MinidumpBuilder dump;
        dump.stream(type, dump.part().u32(16).u32(48).u32(0x504d444d).u32(0).fill(40));
        QVERIFY(told(dumpOf(dump.build()), "promises 1347241037 rows"));
    }
}

void TestMinidumpDamage::dropsMemoryPastTheEnd()
{
    MinidumpBuilder dump;
    FileBuilder list = dump.part();
    list.u32(3);
    list.u64(0x1000).u32(64).u32(0xffffff00); // wholly behind the end
    list.u64(0x2000).u32(0xffffffff).u32(32); // reaching over it
    list.u64(~std::uint64_t {0}).u32(16).u32(32); // past the last address
    dump.stream(5, list);
    const Dump read = dumpOf(dump.build());
    QCOMPARE(read.segments.size(), std::size_t {1});
    QCOMPARE(read.segments[0].memory.first(), std::uint64_t {0x2000});
    QVERIFY(told(read, "2 runs of memory reach past the end"));
    QVERIFY(told(read, "past the last address"));
}

void TestMinidumpDamage::survivesSizesThatSumPast64Bits()
{
    MinidumpBuilder dump;
    FileBuilder list = dump.part();
    list.u64(3).u64(200);
    list.u64(0x1000).u64(~std::uint64_t {0}).u64(0x2000).u64(~std::uint64_t {0});
    list.u64(0x3000).u64(16);
    dump.stream(9, list);
    const Dump read = dumpOf(dump.build());
    QVERIFY(read.segments.size() <= 1);
    QVERIFY(told(read, "reach past its end"));
    MinidumpBuilder huge;
    huge.stream(9, huge.part().u64(~std::uint64_t {0}).u64(~std::uint64_t {0}).fill(32));
    QVERIFY(told(dumpOf(huge.build()), "the 64-bit memory list promises"));
}

void TestMinidumpDamage::refusesStringsThatCannotBe()
{
    for (const std::uint32_t size : {0xffffffffU, 0x20001U, 3U, 1000U}) {
        MinidumpBuilder dump;
        const std::uint32_t name = dump.place(dump.part().u32(size).wide("ab"));
        dump.stream(24, dump.part().u32(1).u32(7).u64(name));
        const Dump read = dumpOf(dump.build());
        QVERIFY(told(read, size == 1000 ? "a string is cut off" : "impossible length"));
        QCOMPARE(read.diagnostics[0].offset, std::uint64_t {name});
    }
}

void TestMinidumpDamage::refusesRowsThatAreTooShort()
{
    for (const std::uint32_t stride : {0U, 1U, 47U}) {
        MinidumpBuilder dump;
        dump.stream(16, dump.part().u32(16).u32(stride).u64(1).fill(48));
        const Dump read = dumpOf(dump.build());
        QVERIFY(told(read, "rows that are too short"));
        QVERIFY(read.regions.empty());
    }
}

void TestMinidumpDamage::doesNotInterpretASecondStreamOfOneType()
{
    MinidumpBuilder dump;
    dump.stream(10, dump.part().text("one"));
    dump.stream(10, dump.part().text("two"));
    const Dump read = dumpOf(dump.build());
    QVERIFY(told(read, "a second stream"));
    QCOMPARE(fieldNamed(read, "CommentA")->kind, FieldKind::Text);
    QCOMPARE(fieldNamed(read, "stream CommentA")->kind, FieldKind::Opaque);
}

void TestMinidumpDamage::keepsContextsOfUnknownLayoutAsFields()
{
    for (const std::uint16_t processor : {std::uint16_t {9}, std::uint16_t {77}}) {
        MinidumpBuilder dump;
        dump.stream(7, systemInfo(dump, processor, 2));
        const std::uint32_t offset = dump.place(dump.part().fill(100));
        FileBuilder threads = dump.part();
        threads.u32(1).u32(5).fill(20).u64(0).u32(0).u32(0).u32(100).u32(offset);
        dump.stream(3, threads);
        const Dump read = dumpOf(dump.build());
        QCOMPARE(fieldNamed(read, "context, thread 5")->file, *FileRange::make(offset, 100));
        QCOMPARE(told(read, "unknown layout"), processor == 9);
    }
}

void TestMinidumpDamage::skipsMapsThatAreNoMappings()
{
    MinidumpBuilder dump;
    dump.stream(0x47670009, dump.part().text("2000-1000 rw-p 0 0 0\n"
                                             "no mapping at all\n"
                                             "1000-1000 r--p 0 0 0 empty\n"
                                             "fffffffffffff000-ffffffffffffffff r--p 0 0 0 end\n"
                                             "4000-5000 rw-p 0 0 0 a name with blanks\n"));
    const Dump read = dumpOf(dump.build());
    QCOMPARE(read.regions.size(), std::size_t {2});
    QCOMPARE(read.regions[0].name, std::string("a name with blanks"));
    QVERIFY(told(read, "3 lines that are no mapping"));
}

QTEST_GUILESS_MAIN(TestMinidumpDamage)
#include "tst_minidumpdamage.moc"
