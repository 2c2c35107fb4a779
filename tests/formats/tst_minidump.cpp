// SPDX-License-Identifier: GPL-3.0-or-later
#include "dumpchecks.h"

#include "tests/support/sampledumps.h"

#include <QTest>

#include <set>

using namespace coredact;
using namespace coredact::test;
using namespace coredact::test::sampleminidump;

namespace {

FileBuilder goodFile(const char* name)
{
    FileBuilder file;
    for (const GoodFile& good : goodFiles())
        if (good.name == name)
            file.bytes(good.bytes);
    return file;
}

} // namespace

class TestMinidump : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void readsTheProcess();
    void readsThreadsWithTheRegistersAtTheCrash();
    void takesEachStackOnce();
    void readsModules();
    void takesAnIdOfZerosForNone();
    void readsTheParametersOfAWindowsProcess_data();
    void readsTheParametersOfAWindowsProcess();
    void marksTexts();
    void dividesContexts();
    void readsExtendedRegisters();
    void readsLinuxStreams();
    void reads64BitMemoryAtOddPlaces();
    void readsRegionsWithTheirProtection();
    void readsUnloadedModulesAndMiscInfo();
    void readsCrashpadAnnotations();
    void readsListsWithPadding();
    void readsRegistersOfEveryProcessor_data();
    void readsRegistersOfEveryProcessor();

private:
    FileBuilder m_file;
    Dump m_dump;
};

void TestMinidump::initTestCase()
{
    m_file = sampleMinidump().build();
    m_dump = dumpOf(m_file);
}

void TestMinidump::readsTheProcess()
{
    QCOMPARE(m_dump.process.name, std::string("app.exe"));
    QCOMPARE(m_dump.process.id, std::uint64_t {ProcessId});
    QCOMPARE(m_dump.process.architecture, std::string("x86_64"));
    QCOMPARE(m_dump.process.signal, std::optional<std::uint32_t>(0xc0000005));
    QCOMPARE(m_dump.process.faultAddress, std::optional<std::uint64_t>(0x666));
}

void TestMinidump::readsThreadsWithTheRegistersAtTheCrash()
{
    QCOMPARE(m_dump.threads.size(), std::size_t {2});
    QCOMPARE(m_dump.threads[0].id, std::uint64_t {FirstThread});
    QCOMPARE(m_dump.threads[0].pc, Image + 1);
    QCOMPARE(m_dump.threads[0].sp, Stack + 8);
    QVERIFY(!m_dump.threads[0].signal);
    QCOMPARE(m_dump.threads[1].name, std::string("worker"));
    QCOMPARE(m_dump.threads[1].pc, CrashPc);
    QCOMPARE(m_dump.threads[1].sp, Stack + 0x110);
    QCOMPARE(m_dump.threads[1].signal, std::optional<std::uint32_t>(0xc0000005));
    QCOMPARE(m_dump.threads[1].registers.size(), std::size_t {17});
}

void TestMinidump::takesEachStackOnce()
{
    QCOMPARE(m_dump.segments.size(), std::size_t {2});
    QCOMPARE(m_dump.segments[0].memory, *AddressRange::make(Stack + 0x100, 64));
    QCOMPARE(m_dump.segments[1].memory, *AddressRange::make(Stack, 64));
    QCOMPARE(textAt(m_file, m_dump.segments[0].file).substr(0, 11), std::string("other stack"));
    QCOMPARE(m_dump.segments[0].kind, RegionKind::Stack);
    QCOMPARE(m_dump.segments[0].name, std::string("[stack:12]"));
}

void TestMinidump::readsModules()
{
    QCOMPARE(m_dump.modules.size(), std::size_t {1});
    QCOMPARE(m_dump.modules[0].name, std::string("C:\\app\\app.exe"));
    QCOMPARE(m_dump.modules[0].memory, *AddressRange::make(Image, 0x1000));
    QCOMPARE(m_dump.modules[0].buildId, std::string("11223344556677880102030405060708a"));
    QCOMPARE(regionAt(m_dump, Image)->kind, RegionKind::File);
}

void TestMinidump::takesAnIdOfZerosForNone()
{
    MinidumpBuilder dump;
    const std::uint32_t name = dump.placeString("/lib/libx.so");
    const std::uint32_t codeView = dump.place(dump.part().u32(0x4270454c).fill(16)); // "LEpB"
    FileBuilder modules = dump.part();
    modules.u32(1).u64(Image).u32(0x1000).u32(0).u32(0).u32(name).fill(52);
    modules.u32(20).u32(codeView).u32(0).u32(0).u64(0).u64(0);
    dump.stream(4, modules);
    QCOMPARE(dumpOf(dump.build()).modules.at(0).buildId, std::string());
}

void TestMinidump::readsTheParametersOfAWindowsProcess_data()
{
    QTest::addColumn<int>("processor");
    QTest::addColumn<int>("teb"); // of the layout that is read, in the dumped memory
    QTest::newRow("64-bit") << 9 << 0;
    QTest::newRow("32-bit") << 0 << 0;
    QTest::newRow("32-bit on 64-bit Windows") << 9 << 0x2000;
}

void TestMinidump::readsTheParametersOfAWindowsProcess()
{
    QFETCH(int, processor);
    QFETCH(int, teb);
    const bool wide = processor == 9 && teb == 0;
    const unsigned word = wide ? 8 : 4;
    constexpr std::uint64_t Base = 0x10000;
    constexpr std::uint64_t Peb = Base + 0x3000;
    constexpr std::uint64_t Parameters = Base + 0x4000;
    constexpr std::uint64_t Line = Base + 0x5000;
    constexpr std::uint64_t Environment = Base + 0x5100;
    const std::string_view line = "\"C:\\a b\\app.exe\" --key=abc 7";
    FileBuilder bytes;
    bytes.fill(0x5000).wide(line).fill(0x100 - 2 * line.size());
    bytes.wide("A=bc").u16(0).wide("D=e").u16(0).u16(0).wide("behind=it");
    const auto set = [&](std::uint64_t address, std::uint64_t value) {
        bytes.set(address - Base, word, value);
    };
    const std::uint64_t block = Base + static_cast<std::uint64_t>(teb);
    set(block + (wide ? 0x30 : 0x18), block);
    set(block + (wide ? 0x60 : 0x30), Peb);
    set(Peb + (wide ? 0x20 : 0x10), Parameters);
    bytes.set(Parameters - Base + (wide ? 0x70 : 0x40), 2, 2 * line.size());
    set(Parameters + (wide ? 0x78 : 0x44), Line);
    set(Parameters + (wide ? 0x80 : 0x48), Environment);

    MinidumpBuilder dump;
    dump.stream(7, systemInfo(dump, static_cast<std::uint16_t>(processor), 2));
    FileBuilder threads = dump.part();
    threads.u32(1).u32(FirstThread).fill(12).u64(Base).u64(0).u32(0).u32(0).u32(0).u32(0);
    dump.stream(3, threads);
    const std::uint32_t offset = dump.place(bytes);
    dump.stream(5, dump.part().u32(1).u64(Base).u32(bytes.size()).u32(offset));
    const FileBuilder file = dump.build();
    const Dump read = dumpOf(file);
    QVERIFY(read.diagnostics.empty());
    QCOMPARE(read.process.arguments, std::string(line));
    QCOMPARE(fieldNamed(read, "command line")->file.first(), offset + (Line - Base));
    QCOMPARE(fieldNamed(read, "environment")->file,
             *FileRange::make(offset + (Environment - Base), 18));
    const std::uint64_t environment = offset + (Environment - Base);
    const std::uint64_t arguments = offset + (Line - Base);
    const std::vector<FileRange> values {
        *FileRange::make(arguments + 2 * line.find("abc"), 6),
        *FileRange::make(arguments + 2 * line.find("7"), 2),
        *FileRange::make(environment + 4, 4), *FileRange::make(environment + 14, 2)};
    QCOMPARE(read.values.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        QCOMPARE(read.values[i], values[i]);
}

void TestMinidump::marksTexts()
{
    const auto text = [&](const char* name) {
        const Field* field = fieldNamed(m_dump, name);
        return field && noneStructural(m_dump, field->file) ? textAt(m_file, field->file) : "";
    };
    QCOMPARE(text("CommentA"), std::string("a comment\0", 10));
    QCOMPARE(text("PDB path"), std::string("C:\\b\\app.pdb\0", 13));
    QCOMPARE(text("module name").size(), std::size_t {28});
    QCOMPARE(text("ThreadNames").size(), std::size_t {12});
    QCOMPARE(text("HandleData.name").size(), std::size_t {28});
    QCOMPARE(text("stream 1265303554"), std::string("what no reader knows"));
    QCOMPARE(fieldNamed(m_dump, "stream 1265303554")->kind, FieldKind::Opaque);
}

void TestMinidump::dividesContexts()
{
    const Field* field = fieldNamed(m_dump, "context, thread 11");
    QVERIFY(field);
    const std::uint64_t context = field->file.first(); // P1Home
    QVERIFY(allStructural(m_dump, context + 0x30, 0x48)); // flags, MXCSR, segments, debug
    QVERIFY(!structural(m_dump, context + 0x78)); // Rax
    QVERIFY(allStructural(m_dump, context + 0x98, 16)); // Rsp, Rbp
    QVERIFY(!structural(m_dump, context + 0xa8)); // Rsi
    QVERIFY(allStructural(m_dump, context + 0xf8, 8 + 32)); // Rip, floating point control
    QVERIFY(noneStructural(m_dump, *FileRange::make(context + 0x120, 0x180)));
    const auto vectors = std::find_if(m_dump.fields.begin(), m_dump.fields.end(), [&](auto& f) {
        return f.file.first() == context + 0x120;
    });
    QVERIFY(vectors != m_dump.fields.end());
    QCOMPARE(vectors->kind, FieldKind::VectorRegisters);
    QCOMPARE(vectors->file.size(), std::uint64_t {0x180});
}

void TestMinidump::readsExtendedRegisters()
{
    MinidumpBuilder dump;
    dump.stream(7, systemInfo(dump, 9, 2));
    FileBuilder context = amd64Context(dump, 1, 2);
    context.u32(0).u32(0).u32(0).u32(0); // CONTEXT_EX: All, Legacy
    context.u32(32).u32(64 + 256); // XState: offset, length
    context.fill(8).fill(64).fill(256, 0xf1);
    const std::uint32_t offset = dump.place(context);
    FileBuilder threads = dump.part();
    threads.u32(1).u32(5).fill(20).u64(0).u32(0).u32(0).u32(context.size()).u32(offset);
    dump.stream(3, threads);
    const Dump read = dumpOf(dump.build());
    QVERIFY(read.diagnostics.empty());
    QVERIFY(allStructural(read, offset + 1232, 32 + 64));
    QVERIFY(noneStructural(read, *FileRange::make(offset + 1232 + 32 + 64, 256)));
}

void TestMinidump::readsLinuxStreams()
{
    const FileBuilder file = goodFile("big-endian Breakpad minidump");
    const Dump dump = dumpOf(file);
    QCOMPARE(dump.order, ByteOrder::Big);
    QCOMPARE(dump.process.name, std::string("app"));
    QCOMPARE(dump.process.id, std::uint64_t {55});
    QCOMPARE(dump.process.arguments, std::string("./app --one"));
    QCOMPARE(dump.process.architecture, std::string("ppc"));
    QCOMPARE(textAt(file, fieldNamed(dump, "LinuxEnviron")->file), std::string("HOME=/root\0", 11));
    QCOMPARE(dump.regions.size(), std::size_t {2});
    QCOMPARE(dump.regions[0].kind, RegionKind::Heap);
    QCOMPARE(toText(dump.regions[0].access), std::string("rw-"));
    QCOMPARE(dump.regions[1].name, std::string("/bin/app"));
    QCOMPARE(dump.regions[1].savedBytes, std::uint64_t {32});
    QCOMPARE(textAt(file, dump.segments.at(1).file).substr(0, 4), std::string("code"));
}

void TestMinidump::reads64BitMemoryAtOddPlaces()
{
    MinidumpBuilder dump;
    dump.place(dump.part().u8(0));
    FileBuilder list = dump.part();
    list.u64(3).u64(dump.here() + 16 + 48); // count, BaseRva
    list.u64(0x1000).u64(3).u64(0x5000).u64(5).u64(0x1003).u64(100);
    dump.stream(9, list);
    dump.place(dump.part().text("abc").text("fghij").text("def"));
    const FileBuilder file = dump.build();
    const Dump read = dumpOf(file);
    QCOMPARE(read.segments.size(), std::size_t {3});
    QVERIFY(read.segments[0].file.first() % 2 == 1);
    QCOMPARE(textAt(file, read.segments[1].file), std::string("fghij"));
    QCOMPARE(textAt(file, read.segments[2].file), std::string("def"));
    QVERIFY(told(read, "1 runs of memory reach past its end"));
}

void TestMinidump::readsRegionsWithTheirProtection()
{
    MinidumpBuilder dump;
    FileBuilder list = dump.part();
    list.u32(16).u32(48).u64(3);
    const auto row = [&](std::uint64_t base, std::uint32_t state, std::uint32_t protection,
                         std::uint32_t type) {
        list.u64(base).u64(0).u64(0).u64(0x1000).u32(state).u32(protection).u32(type).u32(0);
    };
    row(0x1000, 0x1000, 0x04, 0x20000); // committed, PAGE_READWRITE, private
    row(0x2000, 0x10000, 0x01, 0); // free
    row(0x3000, 0x1000, 0x20, 0x1000000); // PAGE_EXECUTE_READ, image
    dump.stream(16, list);
    const Dump read = dumpOf(dump.build());
    QCOMPARE(read.regions.size(), std::size_t {2});
    QCOMPARE(toText(read.regions[0].access), std::string("rw-"));
    QCOMPARE(read.regions[0].kind, RegionKind::Anonymous);
    QCOMPARE(toText(read.regions[1].access), std::string("r-x"));
    QCOMPARE(read.regions[1].kind, RegionKind::File);
}

void TestMinidump::readsUnloadedModulesAndMiscInfo()
{
    MinidumpBuilder dump;
    const std::uint32_t name = dump.placeString("gone.dll");
    FileBuilder unloaded = dump.part();
    unloaded.u32(12).u32(24).u32(1).u64(0x1000).u32(16).u32(0).u32(0).u32(name);
    dump.stream(14, unloaded);
    FileBuilder misc = dump.part();
    misc.u32(1364).u32(1).u32(9).fill(1348).u32(0xdeadbeef); // ProcessCookie last
    const std::uint32_t at = dump.stream(15, misc);
    const Dump read = dumpOf(dump.build());
    QVERIFY(fieldNamed(read, "unloaded module name"));
    QCOMPARE(read.process.id, std::uint64_t {9});
    QCOMPARE(fieldNamed(read, "MiscInfo.BuildString")->file, *FileRange::make(at + 232, 600));
    QCOMPARE(fieldNamed(read, "MiscInfo.ProcessCookie")->file, *FileRange::make(at + 1360, 4));
    QCOMPARE(fieldNamed(read, "MiscInfo.ProcessCookie")->kind, FieldKind::Random);
}

void TestMinidump::readsCrashpadAnnotations()
{
    const FileBuilder file = goodFile("Crashpad minidump");
    const Dump dump = dumpOf(file);
    std::multiset<std::string> texts;
    for (const Field& field : dump.fields)
        texts.insert(textAt(file, field.file));
    // One dictionary of the process, one of the module, one list, one object.
    QCOMPARE(texts.count("key"), std::size_t {3});
    QCOMPARE(texts.count("value"), std::size_t {4});
    QCOMPARE(dump.fields.front().name, std::string("CrashpadInfo.annotation"));
}

void TestMinidump::readsListsWithPadding()
{
    MinidumpBuilder dump;
    const std::uint32_t memory = dump.place(dump.part().text("memory", 32));
    FileBuilder list = dump.part();
    list.u32(1).u32(0).u64(0x7000).u32(32).u32(memory); // four bytes behind the count
    dump.stream(5, list);
    const Dump read = dumpOf(dump.build());
    QCOMPARE(read.segments.size(), std::size_t {1});
    QCOMPARE(read.segments[0].memory, *AddressRange::make(0x7000, 32));
}

void TestMinidump::readsRegistersOfEveryProcessor_data()
{
    QTest::addColumn<int>("processor");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("registerSize");
    QTest::addColumn<int>("pc");
    QTest::addColumn<int>("sp");
    QTest::newRow("x86") << 0 << 716 << 4 << 184 << 196;
    QTest::newRow("amd64") << 9 << 1232 << 8 << 0xf8 << 0x98;
    QTest::newRow("arm") << 5 << 368 << 4 << 64 << 56;
    QTest::newRow("arm64") << 12 << 912 << 8 << 264 << 256;
    QTest::newRow("arm64, Breakpad's first") << 0x8003 << 796 << 8 << 264 << 256;
    QTest::newRow("ppc") << 3 << 1000 << 4 << 4 << 16;
    QTest::newRow("ppc64") << 0x8002 << 1000 << 8 << 8 << 32;
    QTest::newRow("mips") << 1 << 640 << 8 << 336 << 240;
}

void TestMinidump::readsRegistersOfEveryProcessor()
{
    QFETCH(int, processor);
    QFETCH(int, size);
    QFETCH(int, registerSize);
    QFETCH(int, pc);
    QFETCH(int, sp);
    MinidumpBuilder dump;
    dump.stream(7, systemInfo(dump, static_cast<std::uint16_t>(processor), 0x8201));
    FileBuilder context = dump.part();
    context.fill(static_cast<std::size_t>(size));
    const auto wide = static_cast<unsigned>(registerSize);
    context.set(static_cast<std::size_t>(pc), wide, 0x12345678);
    context.set(static_cast<std::size_t>(sp), wide, 0x7654321);
    const std::uint32_t offset = dump.place(context);
    FileBuilder threads = dump.part();
    threads.u32(1).u32(5).fill(20).u64(0).u32(0).u32(0).u32(context.size()).u32(offset);
    dump.stream(3, threads);
    const Dump read = dumpOf(dump.build());
    QCOMPARE(read.threads.at(0).pc, std::uint64_t {0x12345678});
    QCOMPARE(read.threads.at(0).sp, std::uint64_t {0x7654321});
    QVERIFY(allStructural(read, offset + static_cast<std::uint64_t>(pc), wide));
    QVERIFY(allStructural(read, offset + static_cast<std::uint64_t>(sp), wide));
    QVERIFY(read.diagnostics.empty());
}

QTEST_GUILESS_MAIN(TestMinidump)
#include "tst_minidump.moc"
