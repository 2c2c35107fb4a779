// SPDX-License-Identifier: GPL-3.0-or-later
#include "dumpchecks.h"

#include "scanner/dump/coverage.h"
#include "tests/support/sampledumps.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;
using namespace coredact::test::samplecore;

namespace {

/// Offset of a field of program header `index` in a 64-bit file.
std::size_t programHeader(std::size_t index, std::size_t field)
{
    return 64 + 56 * index + field;
}
constexpr std::size_t Offset = 8;
constexpr std::size_t Address = 16;
constexpr std::size_t FileSize = 32;
constexpr std::size_t MemorySize = 40;

} // namespace

/// One spoilt field each.
class TestElfDamage : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatACutFileStillHolds();
    void leavesOtherKindsOfElfToRaw();
    void readsAsManyHeadersAsThereAre();
    void takesAnOddSizeOfHeaders();
    void keepsSavedBytesBeyondTheMemorySize();
    void dropsSegmentsThatWrap();
    void survivesOffsetsThatOverflow();
    void keepsOverlappingSegments();
    void stopsAtImpossibleNotes();
    void readsRepeatedNoteSegments();
    void survivesFileNotesThatLie();
    void countsRemarksInsteadOfKeepingMillions();
};

void TestElfDamage::keepsWhatACutFileStillHolds()
{
    const ElfCoreBuilder core = sampleCore();
    const FileBuilder whole = core.build();
    // The cut goes through the heap.
    const std::size_t size = core.offsetOfLoad(HeapLoad) + 100;
    FileBuilder file;
    file.bytes({whole.content().begin(),
                whole.content().begin() + static_cast<std::ptrdiff_t>(size)});
    const Dump dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {3});
    QCOMPARE(dump.segments[2].file.size(), std::uint64_t {100});
    QCOMPARE(regionAt(dump, Heap)->savedBytes, std::uint64_t {100});
    QCOMPARE(regionAt(dump, Stack)->savedBytes, std::uint64_t {0});
    QCOMPARE(dump.diagnostics.size(), std::size_t {1});
    QCOMPARE(dump.diagnostics[0].offset, std::uint64_t {size});
    QVERIFY(dump.diagnostics[0].incomplete);
    QVERIFY(told(dump, "4 segments promise"));
}

void TestElfDamage::leavesOtherKindsOfElfToRaw()
{
    for (const std::uint64_t type : {1, 2, 3, 0xfe00}) {
        FileBuilder file = sampleCore().build();
        file.set(16, 2, type); // e_type
        QCOMPARE(dumpOf(file).format, std::string("raw"));
    }
    FileBuilder file = sampleCore().build();
    file.set(6, 1, 0); // EI_VERSION, as VirtualBox writes it
    QCOMPARE(dumpOf(file).format, std::string("elf-core"));
}

void TestElfDamage::readsAsManyHeadersAsThereAre()
{
    FileBuilder file = sampleCore().build();
    file.set(56, 2, 0xfffe); // e_phnum
    Dump dump = dumpOf(file);
    QVERIFY(told(dump, "promises 65534 program headers"));
    QVERIFY(dump.segments.size() >= 6);
    file.set(32, 8, ~std::uint64_t {0} - 5); // e_phoff
    dump = dumpOf(file);
    QVERIFY(dump.segments.empty());
    QVERIFY(told(dump, "holds 0"));
    QCOMPARE(coverage(dump).extents.size(), std::size_t {1});
}

void TestElfDamage::takesAnOddSizeOfHeaders()
{
    FileBuilder file = sampleCore().build();
    file.set(54, 2, 0); // e_phentsize
    const Dump dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {6});
    QVERIFY(told(dump, "e_phentsize"));
}

void TestElfDamage::keepsSavedBytesBeyondTheMemorySize()
{
    FileBuilder file = sampleCore().build();
    file.set(programHeader(1 + HeapLoad, MemorySize), 8, 16);
    const Dump dump = dumpOf(file);
    QCOMPARE(dump.segments[2].file.size(), std::uint64_t {256});
    QCOMPARE(regionAt(dump, Heap)->memory.size(), std::uint64_t {256});
}

void TestElfDamage::dropsSegmentsThatWrap()
{
    FileBuilder file = sampleCore().build();
    file.set(programHeader(1 + HeapLoad, Address), 8, ~std::uint64_t {0} - 100);
    Dump dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {5});
    QVERIFY(told(dump, "past the last address"));
    // One that ends exactly at the last address is fine.
    file.set(programHeader(1 + HeapLoad, Address), 8, ~std::uint64_t {0} - 255);
    dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {6});
    QCOMPARE(dump.segments[2].memory.last(), ~std::uint64_t {0});
}

void TestElfDamage::survivesOffsetsThatOverflow()
{
    for (const std::uint64_t value : {~std::uint64_t {0}, ~std::uint64_t {0} - 255,
                                      std::uint64_t {1} << 63}) {
        FileBuilder file = sampleCore().build();
        file.set(programHeader(1 + HeapLoad, Offset), 8, value);
        Dump dump = dumpOf(file);
        QCOMPARE(dump.segments.size(), std::size_t {5});
        QVERIFY(told(dump, "cut off"));
        file = sampleCore().build();
        file.set(programHeader(1 + HeapLoad, FileSize), 8, value);
        dump = dumpOf(file);
        QVERIFY(dump.segments.size() >= 5);
        file = sampleCore().build();
        file.set(programHeader(0, Offset), 8, value); // the notes
        QVERIFY(dumpOf(file).threads.empty());
    }
}

void TestElfDamage::keepsOverlappingSegments()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    core.load({0x1000, std::vector<std::uint8_t>(64, 1), {}, 6, 0});
    core.load({0x1020, std::vector<std::uint8_t>(64, 2), {}, 6, 0});
    FileBuilder file = core.build();
    Dump dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {2});
    QCOMPARE(regionAt(dump, 0x1000)->savedBytes, std::uint64_t {64});
    // Both at the same place of the file too.
    file.set(programHeader(2, Offset), 8, core.offsetOfLoad(0));
    dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {2});
    QCOMPARE(dump.segments[0].file, dump.segments[1].file);
}

void TestElfDamage::stopsAtImpossibleNotes()
{
    const ElfCoreBuilder core = sampleCore();
    const std::size_t second = core.offsetOfNote(1) - 8 - 12; // NT_PRPSINFO's header
    FileBuilder file = core.build();
    file.set(second, 4, 0xffffffff); // n_namesz
    Dump dump = dumpOf(file);
    QCOMPARE(dump.threads.size(), std::size_t {1});
    QVERIFY(told(dump, "impossible size"));
    QCOMPARE(dump.diagnostics[0].offset, std::uint64_t {second});
    file = core.build();
    file.set(second + 4, 4, 0xffffffff); // n_descsz
    dump = dumpOf(file);
    QCOMPARE(dump.threads.size(), std::size_t {1});
    QVERIFY(told(dump, "past the end of its segment"));
}

void TestElfDamage::readsRepeatedNoteSegments()
{
    FileBuilder file = sampleCore().build();
    file.set(programHeader(1 + LibraryLoad, 0), 4, 4); // PT_LOAD becomes PT_NOTE
    for (const std::size_t field : {Offset, FileSize}) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 8; ++i)
            value |= std::uint64_t {file.content()[programHeader(0, field) + i]} << (8 * i);
        file.set(programHeader(1 + LibraryLoad, field), 8, value);
    }
    QCOMPARE(dumpOf(file).threads.size(), std::size_t {4});
}

void TestElfDamage::survivesFileNotesThatLie()
{
    const ElfCoreBuilder core = sampleCore();
    for (const std::uint64_t count : {std::uint64_t {4}, std::uint64_t {1} << 61,
                                      ~std::uint64_t {0}}) {
        FileBuilder file = core.build();
        file.set(core.offsetOfNote(4), 8, count);
        const Dump dump = dumpOf(file);
        QVERIFY(!dump.diagnostics.empty());
        QCOMPARE(dump.segments.size(), std::size_t {6});
    }
    FileBuilder file = core.build();
    file.set(core.offsetOfNote(4) + 16, 8, ~std::uint64_t {0}); // start of the first row
    QVERIFY(told(dumpOf(file), "no valid range"));
}

void TestElfDamage::countsRemarksInsteadOfKeepingMillions()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    for (int i = 0; i < 5000; ++i)
        core.load({~std::uint64_t {0}, {1, 2}, {}, 6, 0});
    const Dump dump = dumpOf(core.build());
    QVERIFY(dump.diagnostics.size() <= 1001);
    QVERIFY(told(dump, "more remarks"));
}

QTEST_GUILESS_MAIN(TestElfDamage)
#include "tst_elfdamage.moc"
