// SPDX-License-Identifier: GPL-3.0-or-later
#include "dumpchecks.h"

#include "tests/support/sampledumps.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;
using namespace coredact::test::samplecore;

class TestElfCore : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void readsTheProcess();
    void readsThreadsWithRegisters();
    void takesTheSignalOfTheFirstThread();
    void readsBigEndian32BitCores();
    void readsMappedFilesOf32BitProcesses_data();
    void readsMappedFilesOf32BitProcesses();
    void namesRegions();
    void findsModulesWithBuildIds();
    void marksTextOutsideMemory();
    void marksArgumentsAndEnvironmentOnTheStack();
    void marksValuesOfArgumentsAndEnvironment();
    void protectsSectionHeaders();
    void marksRegistersThatMayBeWiped();
    void protectsWhatADebuggerNeeds();
    void readsMoreHeadersThan16BitsCount();
    void readsQemusOddHeaders();
    void namesAGuestOutsideOfLongMode();
    void mapsAMachinesMemoryByPhysicalAddress();
    void findsTheHeapBehindTheProgramsData();
    void tellsTheMainThreadsOtherStackApart();

private:
    FileBuilder m_file;
    Dump m_dump;
};

void TestElfCore::initTestCase()
{
    m_file = sampleCore().build();
    m_dump = dumpOf(m_file);
}

void TestElfCore::readsTheProcess()
{
    const Process& process = m_dump.process;
    QCOMPARE(process.name, std::string("app"));
    QCOMPARE(process.id, std::uint64_t {ProcessId});
    QCOMPARE(process.architecture, std::string("x86_64"));
    QCOMPARE(process.arguments, std::string("./app --fast=1"));
    QCOMPARE(process.signal, std::optional<std::uint32_t>(11));
    QCOMPARE(process.faultAddress, std::optional<std::uint64_t>(FaultAddress));
    QCOMPARE(m_dump.wordSize, 8U);
}

void TestElfCore::readsThreadsWithRegisters()
{
    QCOMPARE(m_dump.threads.size(), std::size_t {2});
    const Thread& first = m_dump.threads[0];
    QCOMPARE(first.id, std::uint64_t {ProcessId});
    QCOMPARE(first.pc, Pc);
    QCOMPARE(first.sp, Sp);
    QCOMPARE(first.signal, std::optional<std::uint32_t>(11));
    QCOMPARE(first.registers.size(), std::size_t {27});
    QCOMPARE(first.registers[0].name, std::string("r15"));
    QCOMPARE(first.registers[0].value, std::uint64_t {112});
    QCOMPARE(first.registers[26].name, std::string("gs"));
    QCOMPARE(first.registers[26].value, std::uint64_t {320});
    QCOMPARE(m_dump.threads[1].id, std::uint64_t {OtherThread});
    QVERIFY(!m_dump.threads[1].signal);
}

void TestElfCore::takesTheSignalOfTheFirstThread()
{
    // gdb's gcore writes NT_SIGINFO for each thread; those that gdb stopped have SIGSTOP.
    ElfCoreBuilder core = sampleCore();
    core.note("CORE", 0x53494749, core.part().u32(19).u32(0).u32(0xfffffffa).fill(116));
    const Dump dump = dumpOf(core.build());
    QCOMPARE(dump.process.signal, std::optional<std::uint32_t>(11));
    QCOMPARE(dump.process.faultAddress, std::optional<std::uint64_t>(FaultAddress));
}

void TestElfCore::readsBigEndian32BitCores()
{
    const Dump dump = dumpOf(samplePowerPcCore().build());
    QCOMPARE(dump.order, ByteOrder::Big);
    QCOMPARE(dump.wordSize, 4U);
    QCOMPARE(dump.process.architecture, std::string("ppc"));
    QCOMPARE(dump.process.name, std::string("small"));
    QCOMPARE(dump.process.id, std::uint64_t {99});
    QCOMPARE(dump.threads.at(0).pc, std::uint64_t {0x10000400});
    QCOMPARE(dump.threads.at(0).sp, std::uint64_t {0x7ff00010});
    QCOMPARE(dump.threads.at(0).signal, std::optional<std::uint32_t>(6));
    // 64 bytes of the stack are saved, the rest of it only was mapped.
    QCOMPARE(regionAt(dump, 0x7ff00000)->memory.size(), std::uint64_t {0x1000});
    QCOMPARE(regionAt(dump, 0x7ff00000)->savedBytes, std::uint64_t {64});
    QCOMPARE(dump.segments.at(1).memory.size(), std::uint64_t {64});
}

void TestElfCore::readsMappedFilesOf32BitProcesses_data()
{
    QTest::addColumn<bool>("big");
    QTest::addColumn<unsigned>("word");
    QTest::addColumn<unsigned>("page");
    QTest::newRow("the kernel") << false << 4U << 4096U;
    QTest::newRow("gdb, which counts offsets in bytes") << false << 4U << 1U;
    QTest::newRow("gdb, big-endian") << true << 4U << 1U;
    QTest::newRow("a 64-bit MIPS kernel") << true << 8U << 4096U;
    QTest::newRow("a 64-bit little-endian MIPS kernel") << false << 8U << 4096U;
}

void TestElfCore::readsMappedFilesOf32BitProcesses()
{
    QFETCH(const bool, big);
    QFETCH(const unsigned, word);
    QFETCH(const unsigned, page);
    ElfCoreBuilder core(big ? Endian::Big : Endian::Little, 4, word == 8 ? 8 : big ? 20 : 3);
    FileBuilder files = core.part();
    for (const std::uint64_t number : {std::uint64_t {2}, std::uint64_t {page}, // count, page size
                                       Program, Program + 512, std::uint64_t {0}, Program + 512,
                                       Program + 1024, std::uint64_t {1}})
        files.word(word, number);
    core.note("CORE", 0x46494c45, files.text("/opt/app").u8(0).text("/opt/app").u8(0));
    core.load({Program, core.part().text("code", 512).content(), {}, 5, 0});
    core.load({Program + 512, core.part().text("data", 512).content(), {}, 6, 0});
    const Dump dump = dumpOf(core.build());
    QVERIFY(std::none_of(dump.diagnostics.begin(), dump.diagnostics.end(),
                         [](const Diagnostic& diagnostic) {
                             return diagnostic.message.find("NT_FILE") != std::string::npos;
                         }));
    QVERIFY(fieldNamed(dump, "NT_FILE names") != nullptr);
    QVERIFY(allStructural(dump, core.offsetOfNote(0), 8 * word));
    QCOMPARE(std::count_if(dump.regions.begin(), dump.regions.end(),
                           [](const Region& region) { return region.name == "/opt/app"; }),
             std::ptrdiff_t {2});
}

void TestElfCore::namesRegions()
{
    const auto is = [&](std::uint64_t address, RegionKind kind, const char* name) {
        const Region* region = regionAt(m_dump, address);
        return region && region->kind == kind && region->name == name;
    };
    QVERIFY(is(Program, RegionKind::File, "/opt/app"));
    QVERIFY(is(Program + 512, RegionKind::File, "/opt/app"));
    QVERIFY(is(Heap, RegionKind::Heap, "[heap]"));
    QVERIFY(is(Library, RegionKind::File, "/usr/lib/libx.so"));
    QVERIFY(is(Vdso, RegionKind::Vdso, "[vdso]"));
    QVERIFY(is(Stack, RegionKind::Stack, "[stack]"));
    QVERIFY(is(ThreadStack, RegionKind::Stack, "[stack:4322]"));
    QCOMPARE(regionAt(m_dump, Library)->savedBytes, std::uint64_t {0});
    QCOMPARE(toText(regionAt(m_dump, Library)->access), std::string("r-x"));
    QCOMPARE(m_dump.segments.at(2).name, std::string("[heap]"));
    QCOMPARE(m_dump.segments.size(), std::size_t {6});
}

void TestElfCore::findsModulesWithBuildIds()
{
    QCOMPARE(m_dump.modules.size(), std::size_t {2});
    QCOMPARE(m_dump.modules[0].name, std::string("/opt/app"));
    QCOMPARE(m_dump.modules[0].memory, *AddressRange::make(Program, 1024));
    QCOMPARE(m_dump.modules[0].buildId, std::string("1122334455667788"));
    QCOMPARE(m_dump.modules[1].name, std::string("/usr/lib/libx.so"));
    QCOMPARE(m_dump.modules[1].buildId, std::string());
}

void TestElfCore::marksTextOutsideMemory()
{
    const Field* arguments = fieldNamed(m_dump, "NT_PRPSINFO.psargs");
    QVERIFY(arguments);
    QCOMPARE(arguments->kind, FieldKind::Text);
    QCOMPARE(arguments->file.size(), std::uint64_t {80});
    QCOMPARE(textAt(m_file, arguments->file).substr(0, 5), std::string("./app"));
    QVERIFY(noneStructural(m_dump, arguments->file));
    const Field* names = fieldNamed(m_dump, "NT_FILE names");
    QVERIFY(names);
    QCOMPARE(textAt(m_file, names->file).substr(0, 8), std::string("/opt/app"));
    QVERIFY(noneStructural(m_dump, names->file));
    const Field* unknown = fieldNamed(m_dump, "note of type 99");
    QVERIFY(unknown);
    QCOMPARE(unknown->kind, FieldKind::Opaque);
    QCOMPARE(textAt(m_file, unknown->file), std::string("what no reader knows"));
    QVERIFY(noneStructural(m_dump, unknown->file));
}

void TestElfCore::marksArgumentsAndEnvironmentOnTheStack()
{
    const Field* arguments = fieldNamed(m_dump, "arguments");
    QVERIFY(arguments);
    QCOMPARE(textAt(m_file, arguments->file), std::string("./app\0--fast=1", 14));
    const Field* environment = fieldNamed(m_dump, "environment");
    QVERIFY(environment);
    QCOMPARE(textAt(m_file, environment->file), std::string("HOME=/rootA=value\0", 18));
    const Field* random = fieldNamed(m_dump, "AT_RANDOM");
    QVERIFY(random);
    QCOMPARE(random->kind, FieldKind::Random);
    QCOMPARE(textAt(m_file, random->file), std::string(16, '\xcc'));
}

void TestElfCore::marksValuesOfArgumentsAndEnvironment()
{
    // psargs; then on the stack, behind the names.
    std::vector<std::string> values;
    for (const FileRange& range : m_dump.values)
        values.push_back(textAt(m_file, range));
    const std::vector<std::string> expected {"1", "1", "/rootA=value"};
    QCOMPARE(values, expected);
    for (const FileRange& range : m_dump.values)
        QVERIFY(noneStructural(m_dump, range));
}

void TestElfCore::protectsSectionHeaders()
{
    // gdb's gcore puts them behind everything else.
    FileBuilder file = sampleCore().build();
    const std::uint64_t begin = file.size();
    file.fill(3 * 64, 0x11);
    file.set(40, 8, begin); // e_shoff
    file.set(58, 2, 64); // e_shentsize
    file.set(60, 2, 3); // e_shnum
    QVERIFY(allStructural(dumpOf(file), begin, 3 * 64));
}

void TestElfCore::marksRegistersThatMayBeWiped()
{
    const ElfCoreBuilder core = sampleCore();
    const Field* vectors = fieldNamed(m_dump, "NT_FPREGSET, thread 4321");
    QVERIFY(vectors);
    QCOMPARE(vectors->kind, FieldKind::VectorRegisters);
    QCOMPARE(vectors->file, *FileRange::make(core.offsetOfNote(5) + 32, 384));
    const Field* legacy = fieldNamed(m_dump, "NT_X86_XSTATE, thread 4321");
    const Field* extended = fieldNamed(m_dump, "NT_X86_XSTATE, thread 4321", 1);
    QVERIFY(legacy && extended);
    QCOMPARE(legacy->file, *FileRange::make(core.offsetOfNote(6) + 32, 384));
    QCOMPARE(extended->file, *FileRange::make(core.offsetOfNote(6) + 576, 256));
    QVERIFY(fieldNamed(m_dump, "NT_FPREGSET, thread 4322"));
    // r15 to r12, then rbx to rdi: rbp between them stays.
    const Field* general = fieldNamed(m_dump, "NT_PRSTATUS, thread 4321");
    const Field* more = fieldNamed(m_dump, "NT_PRSTATUS, thread 4321", 1);
    QVERIFY(general && more);
    QCOMPARE(general->kind, FieldKind::GeneralRegisters);
    QCOMPARE(general->file, *FileRange::make(core.offsetOfNote(0) + 112, 32));
    QCOMPARE(more->file, *FileRange::make(core.offsetOfNote(0) + 152, 80));
}

void TestElfCore::protectsWhatADebuggerNeeds()
{
    const ElfCoreBuilder core = sampleCore();
    QVERIFY(allStructural(m_dump, 0, 64 + 8 * 56)); // ELF header, program headers
    const std::uint64_t status = core.offsetOfNote(0);
    QVERIFY(allStructural(m_dump, status - 20, 12 + 5)); // note's head and name
    QVERIFY(allStructural(m_dump, status, 112)); // signal, pid
    QVERIFY(allStructural(m_dump, status + 144, 8)); // rbp
    QVERIFY(allStructural(m_dump, status + 232, 104)); // orig_rax, rip ... gs
    QVERIFY(allStructural(m_dump, core.offsetOfNote(3), 16)); // NT_AUXV
    QVERIFY(allStructural(m_dump, core.offsetOfNote(4), 16 + 3 * 24)); // NT_FILE's numbers
    QVERIFY(allStructural(m_dump, core.offsetOfNote(5), 32)); // FCW, MXCSR
    QVERIFY(allStructural(m_dump, core.offsetOfNote(6) + 512, 64)); // XSAVE header
    for (const Segment& segment : m_dump.segments)
        QVERIFY(noneStructural(m_dump, segment.file));
}

void TestElfCore::readsMoreHeadersThan16BitsCount()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    core.countInSection = true;
    constexpr std::uint64_t Count = 70'000;
    for (std::uint64_t i = 0; i < Count; ++i)
        core.load({0x10000 + i * 16, {std::uint8_t {1}}, {}, 6, 0});
    const FileBuilder file = core.build();
    const Dump dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {Count});
    QVERIFY(dump.diagnostics.empty());
    QVERIFY(allStructural(dump, file.size() - 64, 64)); // section header 0
}

void TestElfCore::readsQemusOddHeaders()
{
    ElfCoreBuilder core = sampleCore();
    core.headersAtEnd = true;
    core.segmentShift = 5;
    FileBuilder file = core.build();
    file.set(52, 2, 8); // e_ehsize
    const Dump dump = dumpOf(file);
    QCOMPARE(dump.segments.size(), std::size_t {6});
    QCOMPARE(dump.threads.size(), std::size_t {2});
    QVERIFY(dump.diagnostics.empty());
    QCOMPARE(dump.segments[0].file.first(), std::uint64_t {core.offsetOfLoad(0)});
}

void TestElfCore::namesAGuestOutsideOfLongMode()
{
    // Of a guest with more than 4 GiB: 64-bit words, and the machine of the mode it is in.
    ElfCoreBuilder core(Endian::Little, 8, 3);
    core.load({0, core.part().text("bios", 4096).content(), {}, 7, 0});
    QCOMPARE(dumpOf(core.build()).process.architecture, std::string("i386"));
    ElfCoreBuilder other(Endian::Little, 8, 9999);
    other.load({0, other.part().text("code", 4096).content(), {}, 7, 0});
    QCOMPARE(dumpOf(other.build()).process.architecture, std::string("machine 9999"));
}

void TestElfCore::mapsAMachinesMemoryByPhysicalAddress()
{
    ElfCoreBuilder core(Endian::Little, 8, 62);
    core.load({0, std::vector<std::uint8_t>(64, 1), {}, 0, 0});
    core.load({0, std::vector<std::uint8_t>(64, 2), {}, 0, 0x100000});
    const Dump dump = dumpOf(core.build());
    QCOMPARE(dump.segments.at(0).memory.first(), std::uint64_t {0});
    QCOMPARE(dump.segments.at(1).memory.first(), std::uint64_t {0x100000});
}

void TestElfCore::findsTheHeapBehindTheProgramsData()
{
    // The zero-initialised data, which AT_PHDR's table tells, is no heap.
    ElfCoreBuilder core = sampleCore();
    core.load({Program + 1024, core.part().text("bss", 64).content(), {}, 6, 0});
    const Dump dump = dumpOf(core.build());
    QCOMPARE(regionAt(dump, Program + 1024)->kind, RegionKind::Anonymous);
    QCOMPARE(regionAt(dump, Heap)->kind, RegionKind::Heap);
}

void TestElfCore::tellsTheMainThreadsOtherStackApart()
{
    ElfCoreBuilder core = sampleCore();
    constexpr std::uint64_t OtherStack = 0xc000000000; // where Go keeps its stacks
    core.load({OtherStack, core.part().text("", 64).content(), {}, 6, 0});
    FileBuilder file = core.build();
    file.set(core.offsetOfNote(0) + 264, 8, OtherStack + 8); // rsp
    const Dump dump = dumpOf(file);
    QCOMPARE(regionAt(dump, Stack)->name, std::string("[stack]"));
    QCOMPARE(regionAt(dump, OtherStack)->name, std::string("[stack:4321]"));
}

QTEST_GUILESS_MAIN(TestElfCore)
#include "tst_elfcore.moc"
