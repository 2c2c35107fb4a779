// SPDX-License-Identifier: GPL-3.0-or-later
// Cores without NT_FILE: what is mapped from files is told by the dynamic linker's list.
#include "dumpchecks.h"

#include "tests/support/elfcorebuilder.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr std::uint64_t Program = 0x50000000;
constexpr std::uint64_t Library = 0x60000000;
constexpr std::uint64_t Other = 0x70000000;
// In the program's page.
constexpr std::uint64_t Dynamic = Program + 0x200;
constexpr std::uint64_t Debug = Program + 0x280;
constexpr std::uint64_t Links = Program + 0x300;
constexpr std::uint64_t LinkSize = 0x40;
constexpr std::uint64_t ProgramName = Program + 0x400;
constexpr std::uint64_t LibraryName = Program + 0x410;

/// A core of one word size; the library's build id is the bytes 1 to 4.
class LinkedCore {
public:
    LinkedCore(Endian endian, unsigned wordSize, std::uint16_t machine)
        : m_core(endian, wordSize, machine)
    {
    }

    std::uint64_t secondNext = Links; ///< of the last link; the list ends with 0 in real cores

    FileBuilder build()
    {
        FileBuilder vector = m_core.part();
        const auto row = [&](std::uint64_t type, std::uint64_t value) {
            word(vector, type);
            word(vector, value);
        };
        row(3, Program + headerSize()); // AT_PHDR
        row(5, 3); // AT_PHNUM
        row(31, ProgramName); // AT_EXECFN
        row(0, 0);
        m_core.note("CORE", 6, vector);
        m_core.load({Program, programPage().content(), {}, 5, 0});
        m_core.load({Library, libraryPage().content(), {}, 5, 0});
        m_core.load({Library + 0x1000, m_core.part().fill(16).content(), {}, 6, 0});
        m_core.load({Other, m_core.part().fill(16).content(), {}, 6, 0});
        return m_core.build();
    }

private:
    bool wide() const { return m_core.wordSize() == 8; }
    std::uint64_t headerSize() const { return wide() ? 64 : 52; }
    void word(FileBuilder& page, std::uint64_t value) const { page.word(m_core.wordSize(), value); }

    FileBuilder header(std::uint64_t count) const
    {
        FileBuilder page = m_core.part();
        page.text("\x7f"
                  "ELF")
            .u8(wide() ? 2 : 1);
        page.u8(page.endian() == Endian::Little ? 1 : 2).u8(1).fill(9);
        page.u16(3).u16(62).u32(1); // ET_DYN
        word(page, 0); // e_entry
        word(page, headerSize());
        word(page, 0); // e_shoff
        return page.u32(0).u16(headerSize()).u16(wide() ? 56 : 32).u16(count).fill(6);
    }

    void programHeader(FileBuilder& page, std::uint64_t type, std::uint64_t address,
                       std::uint64_t size) const
    {
        page.u32(type);
        if (wide())
            page.u32(4);
        for (const std::uint64_t value : {address, address, address, size, size})
            word(page, value); // p_offset, p_vaddr, p_paddr, p_filesz, p_memsz
        if (!wide())
            page.u32(4);
        word(page, 4);
    }

    FileBuilder programPage() const
    {
        FileBuilder page = header(3);
        programHeader(page, 6, headerSize(), 0); // PT_PHDR
        programHeader(page, 1, 0, 0x1000); // PT_LOAD
        programHeader(page, 2, Dynamic - Program, 0x60); // PT_DYNAMIC
        const auto at = [&](std::uint64_t address) { page.fill(address - Program - page.size()); };
        at(Dynamic);
        for (const std::uint64_t value : {std::uint64_t {1}, std::uint64_t {7}, // DT_NEEDED
                                          std::uint64_t {21}, Debug, std::uint64_t {0}})
            word(page, value);
        at(Debug);
        word(page, page.endian() == Endian::Little ? 1 : std::uint64_t {1} << (wide() ? 32 : 0));
        word(page, Links);
        const auto link
            = [&](std::uint64_t index, std::uint64_t base, std::uint64_t name, std::uint64_t next) {
                  at(Links + index * LinkSize);
                  for (const std::uint64_t value : {base, name, std::uint64_t {0}, next})
                      word(page, value);
              };
        link(0, Program, ProgramName + 15, Links + LinkSize); // the program's own name is empty
        link(1, Library, LibraryName, secondNext);
        at(ProgramName);
        page.text("/opt/app", 16).text("/lib/libx.so", 16);
        return page.fill(0x1000 - page.size());
    }

    FileBuilder libraryPage() const
    {
        FileBuilder page = header(3);
        programHeader(page, 1, 0, 0x800); // PT_LOAD
        programHeader(page, 1, 0x1000, 0x20); // PT_LOAD
        programHeader(page, 4, 0x200, 20); // PT_NOTE
        page.fill(0x200 - page.size());
        page.u32(4).u32(4).u32(3).text("GNU", 4).text("\x01\x02\x03\x04");
        return page.fill(0x1000 - page.size());
    }

    ElfCoreBuilder m_core;
};

} // namespace

class TestElfLinkMap : public QObject {
    Q_OBJECT
private slots:
    void namesModulesByTheDynamicLinkersList_data();
    void namesModulesByTheDynamicLinkersList();
    void leavesAListThatRunsInACircle();
    void namesTheProgramWhoseHeadersAreNotSaved();
};

void TestElfLinkMap::namesModulesByTheDynamicLinkersList_data()
{
    QTest::addColumn<bool>("wide");
    QTest::newRow("64-bit, little-endian") << true;
    QTest::newRow("32-bit, big-endian") << false;
}

void TestElfLinkMap::namesModulesByTheDynamicLinkersList()
{
    QFETCH(bool, wide);
    LinkedCore core(wide ? Endian::Little : Endian::Big, wide ? 8 : 4, wide ? 62 : 20);
    core.secondNext = 0;
    const Dump dump = dumpOf(core.build());
    QVERIFY(dump.diagnostics.empty());
    QCOMPARE(dump.modules.size(), std::size_t {2});
    QCOMPARE(dump.modules[0].name, std::string("/opt/app"));
    QCOMPARE(dump.modules[0].memory, *AddressRange::make(Program, 0x1000));
    QCOMPARE(dump.modules[1].name, std::string("/lib/libx.so"));
    QCOMPARE(dump.modules[1].memory, *AddressRange::make(Library, 0x2000));
    QCOMPARE(dump.modules[1].buildId, std::string("01020304"));
    QCOMPARE(regionAt(dump, Program)->name, std::string("/opt/app"));
    QCOMPARE(regionAt(dump, Library + 0x1000)->kind, RegionKind::File);
    QCOMPARE(regionAt(dump, Library + 0x1000)->name, std::string("/lib/libx.so"));
    QCOMPARE(regionAt(dump, Other)->name, std::string());
}

void TestElfLinkMap::leavesAListThatRunsInACircle()
{
    LinkedCore core(Endian::Little, 8, 62);
    QCOMPARE(dumpOf(core.build()).modules.size(), std::size_t {2});
}

void TestElfLinkMap::namesTheProgramWhoseHeadersAreNotSaved()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    core.note("CORE", 6, core.part().u64(3).u64(Program + 64).u64(31).u64(Other).u64(0).u64(0));
    core.load({Program, {}, 0x1000, 5, 0});
    core.load({Other, core.part().text("/opt/app", 16).content(), {}, 6, 0});
    const Dump dump = dumpOf(core.build());
    QCOMPARE(dump.modules.size(), std::size_t {1});
    QCOMPARE(dump.modules[0].name, std::string("/opt/app"));
    QCOMPARE(dump.modules[0].memory, *AddressRange::make(Program, 0x1000));
    QCOMPARE(regionAt(dump, Program)->name, std::string("/opt/app"));
}

QTEST_GUILESS_MAIN(TestElfLinkMap)
#include "tst_elflinkmap.moc"
