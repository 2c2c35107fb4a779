// SPDX-License-Identifier: GPL-3.0-or-later
#include "minimised.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr std::uint64_t stack = 0x7f2000000000;
constexpr std::uint64_t teb = 0x7f3000000000;
constexpr std::uint64_t image = 0x140000000;
constexpr std::uint64_t heap = 0x20000000;

struct Saved {
    std::uint64_t address;
    Bytes bytes;
};

Bytes page(char letter, std::size_t size = 0x1000)
{
    return Bytes(size, static_cast<std::uint8_t>(letter));
}

/// A heap, a stack whose lower half is left over, a TEB, an image of headers, code and data.
std::vector<Saved> memoryOfAProcess()
{
    Bytes used = page('b', 0x800);
    used.resize(0x1000, 's');
    return {{heap, page('h', 0x3000)},
            {stack, used},
            {teb, page('t')},
            {image, page('i')},
            {image + 0x1000, page('c')},
            {image + 0x2000, page('d')}};
}

/// What the system says of the image's pages: headers, code, and data that are written to.
void addMemoryInfo(MinidumpBuilder& dump)
{
    FileBuilder info = dump.part();
    info.u32(16).u32(48).u64(3);
    const std::uint32_t protections[]
        = {0x02, 0x20, 0x04}; // PAGE_READONLY, _EXECUTE_READ, _READWRITE
    for (std::size_t i = 0; i < std::size(protections); ++i) {
        info.u64(image + 0x1000 * i).u64(image).u32(0).u32(0).u64(0x1000);
        info.u32(0x1000).u32(protections[i]).u32(0x1000000).u32(0); // MEM_COMMIT, MEM_IMAGE
    }
    dump.stream(16, info);
}

enum class List { Short, Padded, Long };

/// One thread; its stack is described with it too, where the list is short.
MinidumpBuilder dumpWith(List list)
{
    const std::vector<Saved> memory = memoryOfAProcess();
    MinidumpBuilder dump;
    dump.stream(7, systemInfo(dump, 9, 2));
    const FileBuilder context = amd64Context(dump, image + 0x1123, stack + 0x880);
    const std::uint32_t registers = dump.place(context);
    const std::uint32_t name = dump.placeString("app.exe");
    dump.stream(4, dump.part().u32(1).u64(image).u32(0x3000).u32(0).u32(0).u32(name).fill(52 + 32));
    addMemoryInfo(dump);
    dump.stream(10, dump.part().text("a comment").u8(0));
    dump.stream(0x4b6b0002, dump.part().text("what no reader knows"));
    FileBuilder bytes = dump.part();
    for (const Saved& saved : memory)
        bytes.bytes(saved.bytes);
    std::uint32_t next = dump.place(bytes);
    FileBuilder rows = dump.part();
    if (list == List::Long)
        rows.u64(memory.size()).u64(next);
    else
        rows.u32(static_cast<std::uint32_t>(memory.size()));
    if (list == List::Padded)
        rows.u32(0);
    std::uint32_t stackAt = 0;
    for (const Saved& saved : memory) {
        stackAt = saved.address == stack ? next : stackAt;
        rows.u64(saved.address);
        if (list == List::Long)
            rows.u64(saved.bytes.size());
        else
            rows.u32(static_cast<std::uint32_t>(saved.bytes.size())).u32(next);
        next += static_cast<std::uint32_t>(saved.bytes.size());
    }
    dump.stream(list == List::Long ? 9 : 5, rows);
    FileBuilder threads = dump.part();
    threads.u32(1).u32(11).fill(12).u64(teb).u64(stack);
    if (list == List::Long)
        threads.u32(0x1000).u32(0); // somewhere in the memory
    else
        threads.u32(0x1000).u32(stackAt);
    threads.u32(static_cast<std::uint32_t>(context.size())).u32(registers);
    dump.stream(3, threads);
    return dump;
}

/// How many of the letter stand behind each other, at most.
std::size_t longest(const Bytes& bytes, char letter)
{
    std::size_t most = 0;
    std::size_t now = 0;
    for (const std::uint8_t byte : bytes) {
        now = byte == static_cast<std::uint8_t>(letter) ? now + 1 : 0;
        most = std::max(most, now);
    }
    return most;
}

std::uint32_t number(const Bytes& bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | bytes[at + i];
    return value;
}

/// Offset of the directory's row of that kind; 0 where there is none.
std::size_t directoryRow(const Bytes& bytes, std::uint32_t type)
{
    const std::size_t first = number(bytes, 12);
    for (std::size_t i = 0; i < number(bytes, 8); ++i)
        if (number(bytes, first + 12 * i) == type)
            return first + 12 * i;
    return 0;
}

} // namespace

class TestMinimiseMinidump : public QObject {
    Q_OBJECT

private slots:
    void keepsStacksModulesAndBlocksOnly_data() { lists(); }
    void keepsStacksModulesAndBlocksOnly()
    {
        QFETCH(int, list);
        const Bytes original = dumpWith(static_cast<List>(list)).build().content();
        const auto result = minimisedFrom(original);
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        QCOMPARE(result->bytes.size(), original.size());
        for (const char gone : {'h', 'b', 'd'})
            QVERIFY(longest(original, gone) >= 0x800 && longest(result->bytes, gone) <= 128);
        QCOMPARE(longest(result->bytes, 's'), std::size_t(0x800));
        QCOMPARE(longest(result->bytes, 'c'), std::size_t(0x1000));
        QCOMPARE(longest(result->bytes, 'i'), std::size_t(0x1000));
        QCOMPARE(longest(result->bytes, 't'), std::size_t(0x100));
        QVERIFY(!holds(result->bytes, "a comment") && !holds(result->bytes, "no reader"));
        QVERIFY(!beside(result->bytes, result->kept));
    }

    void keepsLittleOfAnImageOfWhosePagesNothingIsKnown()
    {
        const Bytes bytes = dumpWith(List::Short).build().content();
        const auto source = Source::fromBytes(bytes);
        Dump dump = *readDump(*source, JobControl());
        const auto keptAs = [&](std::string_view what) {
            std::uint64_t sum = 0;
            for (const KeptRange& kept : memoryToKeep(*source, dump))
                sum += kept.what == what ? kept.range.size() : 0;
            return sum;
        };
        QCOMPARE(keptAs("modules"), std::uint64_t(0x2000));
        for (Region& region : dump.regions)
            region.access.execute = false;
        QCOMPARE(keptAs("modules"), std::uint64_t(0x2000));
        dump.regions.clear();
        // Its headers, and what lies around the instruction.
        QCOMPARE(keptAs("modules"), std::uint64_t(0x1000 + 512));
        dump.threads[0].pc = image + 0x1fff;
        QCOMPARE(keptAs("modules"), std::uint64_t(0x1000 + 257));
        dump.threads[0].pc = heap + 0x800; // what somebody made there is not the module's
        QCOMPARE(keptAs("modules"), std::uint64_t(0x1000));
    }

    void keepsNothingThatFollowsAStack()
    {
        const Bytes bytes = dumpWith(List::Short).build().content();
        const auto source = Source::fromBytes(bytes);
        Dump dump = *readDump(*source, JobControl());
        for (Segment& segment : dump.segments)
            if (segment.memory.contains(heap))
                segment.memory = *AddressRange::make(stack + 0x1000, segment.memory.size());
        std::sort(dump.segments.begin(), dump.segments.end(),
                  [](const Segment& one, const Segment& other) {
                      return one.memory.first() < other.memory.first();
                  });
        std::uint64_t sum = 0;
        for (const KeptRange& kept : memoryToKeep(*source, dump))
            sum += kept.what == "stack" ? kept.range.size() : 0;
        QCOMPARE(sum, std::uint64_t(0x800));
    }

    void saysOfDroppedMemoryThatItIsMissing_data() { lists(); }
    void saysOfDroppedMemoryThatItIsMissing()
    {
        QFETCH(int, list);
        const auto result = minimisedFrom(dumpWith(static_cast<List>(list)).build().content());
        QVERIFY(result.ok());
        const AddressSpace memory(result->dump.segments);
        for (const std::uint64_t gone : {heap, heap + 0x1fff, stack, image + 0x2000, teb + 0x100})
            QVERIFY2(!memory.segmentAt(gone), qPrintable(QString::number(gone, 16)));
        for (const std::uint64_t there : {stack + 0x880, stack + 0xfff, teb, image, image + 0x1123})
            QVERIFY2(memory.segmentAt(there), qPrintable(QString::number(there, 16)));
        QCOMPARE(result->dump.threads.size(), std::size_t(1));
        QCOMPARE(result->dump.modules.size(), std::size_t(1));
        QVERIFY(result->dump.diagnostics.empty());
    }

    /// Readers tell padding from rows by the stream's size.
    void givesTheListTheSizeOfItsRows_data() { lists(); }
    void givesTheListTheSizeOfItsRows()
    {
        QFETCH(int, list);
        const auto result = minimisedFrom(dumpWith(static_cast<List>(list)).build().content());
        QVERIFY(result.ok());
        QCOMPARE(directoryRow(result->bytes, 9), std::size_t(0));
        const std::size_t row = directoryRow(result->bytes, 5);
        QVERIFY(row != 0);
        const std::uint32_t rows = number(result->bytes, number(result->bytes, row + 8));
        const std::uint32_t head = static_cast<List>(list) == List::Padded ? 8 : 4;
        QCOMPARE(number(result->bytes, row + 4), head + 16 * rows);
        QVERIFY(rows >= 4);
    }

    void saysThatNotAllMemoryIsThere()
    {
        Bytes bytes = dumpWith(List::Long).build().content();
        bytes[24] |= 2; // MiniDumpWithFullMemory
        const auto result = minimisedFrom(bytes);
        QVERIFY(result.ok());
        QCOMPARE(result->bytes[24] & 2, 0);
    }

    void minimisingAgainDropsNothingMore()
    {
        const auto once = minimisedFrom(dumpWith(List::Long).build().content());
        QVERIFY(once.ok());
        const auto twice = minimisedFrom(once->bytes);
        QVERIFY(twice.ok());
        QVERIFY(twice->bytes == once->bytes);
    }

    void worksOnTheSample()
    {
        const Bytes original = sampleMinidump().build().content();
        const auto result = minimisedFrom(original);
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        QVERIFY(holds(result->bytes, "stack"));
        QVERIFY(!holds(result->bytes, "a comment"));
        QCOMPARE(result->dump.threads.size(), std::size_t(2));
        QCOMPARE(result->dump.process.faultAddress, std::optional<std::uint64_t>(0x666));
    }

    /// Whatever the file says of itself, what comes out holds its promises or is refused.
    void survivesEveryDamage()
    {
        for (const Bytes& good :
             {dumpWith(List::Long).build().content(), dumpWith(List::Short).build().content(),
              sampleMinidump().build().content()}) {
            for (std::size_t at = 0; at < good.size(); at += at < 4096 ? 11 : 2039)
                for (const int value : {0x00, 0x7f, 0xff}) {
                    Bytes bytes = good;
                    bytes[at] = static_cast<std::uint8_t>(value);
                    checkPromises(bytes);
                }
            for (std::size_t size = 0; size < good.size(); size += size < 4096 ? 61 : 2039)
                checkPromises(
                    Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
        }
    }

private:
    static void lists()
    {
        QTest::addColumn<int>("list");
        QTest::newRow("MemoryList") << int(List::Short);
        QTest::newRow("MemoryList with padding") << int(List::Padded);
        QTest::newRow("Memory64List") << int(List::Long);
    }
};

QTEST_APPLESS_MAIN(TestMinimiseMinidump)
#include "tst_minimiseminidump.moc"
