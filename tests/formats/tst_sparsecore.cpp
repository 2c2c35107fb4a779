// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/dump/coverage.h"
#include "scanner/formats/format.h"
#include "tests/support/elfcorebuilder.h"
#include "tests/support/memoryfile.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

class TestSparseCore : public QObject {
    Q_OBJECT
private slots:
    void opensAHundredGigabytesOfHoles();
    void givesUpOnTablesThatAreTooLarge();
};

void TestSparseCore::opensAHundredGigabytesOfHoles()
{
    constexpr std::uint64_t SegmentSize = std::uint64_t {100} << 20;
    constexpr std::uint64_t Count = 1000;
    ElfCoreBuilder core(Endian::Little, 8, 62);
    for (std::uint64_t i = 0; i < Count; ++i)
        core.load({0x100000000 + i * SegmentSize, {}, SegmentSize, 6, 0});
    FileBuilder head = core.build();
    for (std::uint64_t i = 0; i < Count; ++i) { // p_offset, p_filesz
        head.set(64 + 56 * (i + 1) + 8, 8, 0x100000 + i * SegmentSize);
        head.set(64 + 56 * (i + 1) + 32, 8, SegmentSize);
    }
    const Descriptor file = memoryFile();
    writeAt(file.number(), 0, head.content());
    constexpr std::uint64_t Size = 0x100000 + Count * SegmentSize;
    QCOMPARE(ftruncate(file.number(), static_cast<off_t>(Size)), 0);

    const auto dump = readDump(sourceOf(file.number()), JobControl());
    QVERIFY(dump.ok());
    QCOMPARE(dump->segments.size(), std::size_t {Count});
    QVERIFY(dump->diagnostics.empty());
    const Coverage all = coverage(*dump);
    QCOMPARE(all.extents.size(), std::size_t {2}); // what lies before, and all memory as one
    QCOMPARE(all.extents[0].size() + all.extents[1].size(), Size);
}

void TestSparseCore::givesUpOnTablesThatAreTooLarge()
{
    // Four thousand million program headers, all in one hole of a huge file.
    ElfCoreBuilder core(Endian::Little, 8, 62);
    core.countInSection = true;
    core.load({0x1000, {1}, {}, 6, 0});
    FileBuilder head = core.build();
    head.set(head.size() - 64 + 44, 4, 0xffffffff); // sh_info
    const Descriptor file = memoryFile();
    writeAt(file.number(), 0, head.content());
    QCOMPARE(ftruncate(file.number(), off_t {1} << 40), 0);
    const auto dump = readDump(sourceOf(file.number()), JobControl());
    QVERIFY(dump.ok());
    QVERIFY(!dump->segments.empty());
    QVERIFY(std::any_of(dump->diagnostics.begin(), dump->diagnostics.end(),
                        [](const Diagnostic& diagnostic) { return diagnostic.incomplete; }));
}

QTEST_GUILESS_MAIN(TestSparseCore)
#include "tst_sparsecore.moc"
