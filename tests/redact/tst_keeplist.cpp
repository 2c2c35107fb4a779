// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/keeplist.h"

#include "tests/redact/planting.h"
#include "tests/support/filebuilder.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr std::uint64_t stack = 0x7f2000000000;
constexpr std::uint64_t image = 0x7f1000000000;
constexpr std::uint64_t page = 4096;

/// Memory and what a dump says of it, without a format around.
struct World {
    std::vector<std::uint8_t> bytes;
    Dump dump;

    World()
    {
        dump.format = "elf-core";
        dump.wordSize = 8;
    }
    std::uint64_t add(std::uint64_t address, std::uint64_t size, RegionKind kind,
                      Access access = {true, true, false})
    {
        const std::uint64_t at = bytes.size();
        bytes.resize(at + size, 'm');
        dump.segments.push_back(
            {*AddressRange::make(address, size), range(at, size), access, kind, ""});
        return at;
    }
    void word(std::uint64_t at, std::uint64_t value)
    {
        for (unsigned i = 0; i < 8; ++i)
            bytes[at + i] = static_cast<std::uint8_t>(value >> 8 * i);
    }
    void half(std::uint64_t at, std::uint64_t value)
    {
        for (unsigned i = 0; i < 4; ++i)
            bytes[at + i] = static_cast<std::uint8_t>(value >> 8 * i);
    }
    void thread(std::uint64_t sp, std::vector<Register> registers = {})
    {
        Thread made;
        made.sp = sp;
        made.registers = std::move(registers);
        dump.threads.push_back(std::move(made));
    }
    void module(const char* name, std::uint64_t size = page)
    {
        dump.modules.push_back({*AddressRange::make(image, size), name, {}});
    }
    std::vector<KeptRange> kept() const { return memoryToKeep(*Source::fromBytes(bytes), dump); }
};

using Kept = std::vector<KeptRange>;

std::uint64_t bytesOf(std::string_view what, const Kept& kept)
{
    std::uint64_t sum = 0;
    for (const KeptRange& one : kept)
        sum += one.what == what ? one.range.size() : 0;
    return sum;
}

} // namespace

/// What a minimised core keeps of memory, by what threads, modules and the memory say.
class TestKeepList : public QObject {
    Q_OBJECT

private slots:
    void keepsNothingOfAThreadWithoutAStack()
    {
        World world;
        world.add(stack, page, RegionKind::Stack);
        world.thread(stack + page);
        world.thread(0);
        QVERIFY(world.kept().empty());
    }

    void keepsTheRedZoneAsFarAsThereIsOne()
    {
        for (const std::uint64_t below : {0U, 1U, 127U, 128U, 129U}) {
            World world;
            world.add(stack, page, RegionKind::Stack);
            world.thread(stack + below);
            const std::uint64_t first = below - std::min<std::uint64_t>(below, 128);
            QVERIFY(world.kept() == (Kept {{range(first, page - first), "stack"}}));
        }
    }

    void endsAStackWithTheControlBlockAboveIt()
    {
        World world;
        world.add(stack, 16 * page, RegionKind::Stack);
        world.thread(stack + page, {{"fs_base", stack + 4 * page}});
        // The block and what lies before it are part of the stack's bytes.
        QVERIFY(world.kept() == (Kept {{range(page - 128, 3 * page + 128 + 0x900), "stack"}}));
        // Near the end of the mapping there is less of it.
        world.dump.threads[0].registers[0].value = stack + 16 * page - 8;
        QVERIFY(world.kept() == (Kept {{range(page - 128, 15 * page + 128), "stack"}}));
    }

    void keepsAControlBlockThatLiesElsewhere()
    {
        for (const std::uint64_t before : {0U, 63U, 64U, 65U}) {
            World world;
            world.add(stack, page, RegionKind::Stack);
            world.add(0x100000, 2 * page, RegionKind::Anonymous);
            world.thread(stack + 200, {{"rax", 1}, {"fs_base", 0x100000 + before}});
            const std::uint64_t first = before - std::min<std::uint64_t>(before, 64);
            const Kept expected {
                {range(72, page - 72), "stack"},
                {range(page + first, before - first + 0x900), "thread control block"}};
            QVERIFY(world.kept() == expected);
        }
        World none;
        none.add(stack, page, RegionKind::Stack);
        none.thread(stack, {{"fs_base", 0x100000}});
        QVERIFY(none.kept() == (Kept {{range(0, page), "stack"}}));
    }

    /// No register that is saved leads to it there: it names itself twice, and its thread.
    void findsTheControlBlocksOfI386()
    {
        constexpr std::uint64_t thread = 0xf7d00000;
        constexpr std::uint64_t other = 0xf7f00000;
        const auto kept = [](std::uint64_t names, std::uint64_t number, const char* machine) {
            World world;
            world.dump.process.architecture = machine;
            world.dump.wordSize = 4;
            world.add(thread, 1U << 20, RegionKind::Anonymous);
            const std::uint64_t at = world.add(other, 2 * page, RegionKind::Anonymous);
            for (const std::uint64_t field : {0, 8}) {
                world.half((1U << 20) - 0xc00 + field, thread + (1U << 20) - 0xc00);
                world.half(at + 0x500 + field, other + (field == 0 ? 0x500 : names));
            }
            world.half((1U << 20) - 0xc00 + 104, 7);
            world.half(at + 0x500 + 104, number);
            world.thread(thread + 0x8000);
            world.thread(thread + 0x8100);
            world.dump.threads[0].id = 7;
            world.dump.threads[1].id = 8;
            return world.kept();
        };
        const KeptRange stackToItsBlock {
            range(0x8000 - 128, (1U << 20) - 0xc00 + 0x900 - 0x8000 + 128), "stack"};
        const KeptRange block {range((1U << 20) + 0x500 - 64, 64 + 0x900), "thread control block"};
        QCOMPARE(kept(0x500, 8, "i386"), (Kept {stackToItsBlock, block}));
        QCOMPARE(kept(0x510, 8, "i386"), (Kept {stackToItsBlock}));
        QCOMPARE(kept(0x500, 9, "i386"), (Kept {stackToItsBlock}));
        QVERIFY(kept(0x500, 8, "arm") != (Kept {stackToItsBlock, block}));
    }

    void doesNotTakeABlockBelowTheStackPointerForItsEnd()
    {
        World world;
        world.add(stack, 32 * page, RegionKind::Stack);
        world.thread(stack + 4 * page, {{"fs_base", stack + page}});
        const Kept expected {{range(page - 64, 64 + 0x900), "thread control block"},
                             {range(4 * page - 128, 128 + (64U << 10) + 1), "stack"}};
        QVERIFY(world.kept() == expected);
    }

    void followsFramePointersToTheOutermostFrame()
    {
        for (const char* const name : {"rbp", "x29"}) {
            World world;
            world.add(stack, 32 * page, RegionKind::Stack);
            world.thread(stack + page, {{name, stack + 2 * page}});
            world.word(2 * page, stack + 3 * page);
            world.word(3 * page, 0);
            const Kept expected {{range(page - 128, 2 * page + 128 + 4 * 8 + 1), "stack"}};
            QVERIFY(world.kept() == expected);
        }
    }

    void takesAFrameThatLiesAtTheStackPointer()
    {
        World world;
        world.add(stack, 64 * page, RegionKind::Stack);
        world.thread(stack + page, {{"rbp", stack + page}});
        world.word(page, stack + 2 * page);
        world.word(2 * page, 0);
        QVERIFY(world.kept() == (Kept {{range(page - 128, page + 128 + 4 * 8 + 1), "stack"}}));
    }

    void believesNoFrameThatLeadsBackOrAway()
    {
        for (const std::uint64_t next : {stack + 2 * page, stack + 2 * page - 8, stack + page - 8,
                                         stack + 64 * page, std::uint64_t {1}}) {
            World world;
            world.add(stack, 64 * page, RegionKind::Stack);
            world.thread(stack + page, {{"rbp", stack + 2 * page}});
            world.word(2 * page, next);
            QVERIFY(world.kept() == (Kept {{range(page - 128, page + 128 + 4 * 8 + 1), "stack"}}));
        }
        World none; // the first one lies below the stack pointer
        none.add(stack, 64 * page, RegionKind::Stack);
        none.thread(stack + page, {{"rbp", stack + page - 8}});
        QVERIFY(none.kept() == (Kept {{range(page - 128, 128 + (64U << 10) + 1), "stack"}}));
    }

    void followsACertainNumberOfFrames()
    {
        constexpr std::uint64_t frames = 65536;
        World world;
        world.add(stack, 1U << 20, RegionKind::Stack);
        world.thread(stack, {{"rbp", stack}});
        for (std::uint64_t at = 0; at + 8 < 1U << 20; at += 8)
            world.word(at, stack + at + 8);
        QVERIFY(world.kept() == (Kept {{range(0, (frames - 1) * 8 + 4 * 8 + 1), "stack"}}));
    }

    void keepsNoMoreThanTheMappingOfAFrameAtItsEnd()
    {
        World world;
        world.add(stack, 2 * page, RegionKind::Stack);
        world.thread(stack + page, {{"rbp", stack + 2 * page - 8}});
        QVERIFY(world.kept() == (Kept {{range(page - 128, page + 128), "stack"}}));
    }

    void keepsTheFirstStackToItsEndWhoeverRunsOnIt()
    {
        World world;
        const std::uint64_t first = world.add(stack, 40 * page, RegionKind::Stack);
        world.add(0x100000, page, RegionKind::Anonymous);
        world.dump.fields.push_back({"AT_RANDOM", range(first + 39 * page, 16), FieldKind::Random});
        world.thread(stack + page, {{"fs_base", stack + 2 * page}, {"rbp", stack + 3 * page}});
        QVERIFY(world.kept()[0] == (KeptRange {range(page - 128, 39 * page + 128), "stack"}));
        // A signal's stack: nothing tells how much of the first one is in use.
        world.dump.threads[0].sp = 0x100000;
        world.dump.threads[0].registers.clear();
        const Kept expected {{range(0, 41 * page), "stack"}};
        QVERIFY(world.kept() == expected);
        // Another thread that runs on it tells that.
        world.thread(stack + 2 * page);
        QVERIFY(world.kept().front()
                == (KeptRange {range(2 * page - 128, 39 * page + 128), "stack"}));
    }

    void keepsPagesOfFilesThatNobodyWritesTo()
    {
        World world;
        world.add(image, page, RegionKind::File, {true, false, false});
        world.add(image + page, page, RegionKind::File, {true, false, true});
        world.add(image + 2 * page, page, RegionKind::File, {true, true, false});
        world.add(image + 3 * page, page, RegionKind::Anonymous, {true, false, false});
        world.add(image + 4 * page, page, RegionKind::File, {true, false, false});
        world.add(0x7ffff7fc0000, page, RegionKind::Vdso, {true, false, true});
        world.module("/usr/bin/program", 4 * page + 100);
        const Kept expected {{range(0, 2 * page), "modules"},
                             {range(4 * page, 100), "modules"},
                             {range(5 * page, page), "modules"}};
        QVERIFY(world.kept() == expected);
    }

    void keepsWhatLoaderAndLibcWrite()
    {
        for (const char* const name :
             {"/lib64/ld-linux-x86-64.so.2", "ld-musl-x86_64.so.1", "/lib/ld-2.31.so", "ld.so.1",
              "ld64.so.1", "/libexec/ld-elf.so.1", "/lib/libc.so.6", "/lib/libc-2.31.so",
              "libc.musl-x86_64.so.1", "libpthread.so.0", "libpthread-2.31.so"}) {
            World world;
            world.add(image, page, RegionKind::File);
            world.module(name);
            QVERIFY2(world.kept() == (Kept {{range(0, page), "loader data"}}), name);
        }
        for (const char* const name :
             {"/lib/libcrypto.so.3", "/ld-linux/program", "/libc.so/x", ""}) {
            World world;
            world.add(image, page, RegionKind::File);
            world.module(name);
            QVERIFY2(world.kept().empty(), name);
        }
    }

    /// A file with holes has as much in a few bytes.
    void looksThroughNoMoreOfALoaderThanIsRead()
    {
        constexpr std::uint64_t huge = std::uint64_t {1} << 46;
        World world;
        world.bytes.resize(page, 'm');
        world.dump.segments.push_back({*AddressRange::make(image, huge),
                                       range(0, huge),
                                       {true, true, false},
                                       RegionKind::Anonymous,
                                       ""});
        world.module("ld-linux.so.2", huge);
        QVERIFY(world.kept() == (Kept {{range(0, huge), "loader data"}}));
    }

    void keepsTheirZeroDataWhereItFollows()
    {
        const auto keptBehind = [](std::uint64_t gap, RegionKind kind, std::uint64_t size) {
            World world;
            world.add(image, page, RegionKind::File);
            world.add(image + page + gap, size, kind);
            world.module("libc.so.6");
            return bytesOf("loader data", world.kept()) - page;
        };
        QCOMPARE(keptBehind(0, RegionKind::Anonymous, 3 * page), 3 * page);
        QCOMPARE(keptBehind(0, RegionKind::Anonymous, 2U << 20), std::uint64_t(1U << 20));
        QCOMPARE(keptBehind(page, RegionKind::Anonymous, page), std::uint64_t(0));
        QCOMPARE(keptBehind(0, RegionKind::Heap, page), std::uint64_t(0));
    }

    /// Headers that are saved say how much there is; a mebibyte of it counts.
    void keepsTheirZeroDataAsTheirHeadersState()
    {
        const auto keptBehind = [](std::uint64_t stated) {
            World world;
            world.add(image, page, RegionKind::File, {true, false, false});
            world.add(image + page, page, RegionKind::File);
            world.add(image + 2 * page, 2 * page, RegionKind::Anonymous);
            world.add(image + 8 * page, 2U << 20, RegionKind::Anonymous);
            for (std::uint64_t at = 0; at < 120; at += 8)
                world.word(at, 0);
            world.half(0, 0x464c457f); // e_ident: 64-bit, little-endian
            world.half(4, 0x00010102);
            world.half(16, 0x003e0003); // ET_DYN, EM_X86_64
            world.word(32, 64); // e_phoff
            world.half(52, 0x00380040); // e_ehsize, e_phentsize
            world.half(56, 1); // e_phnum
            world.half(64, 1); // PT_LOAD, from the file's first byte on
            world.word(104, stated); // p_memsz
            world.module("libc.so.6", 2 * page);
            return bytesOf("loader data", world.kept()) - page;
        };
        QCOMPARE(keptBehind(page), std::uint64_t(0));
        QCOMPARE(keptBehind(2 * page), std::uint64_t(0));
        QCOMPARE(keptBehind(2 * page + 1), page);
        QCOMPARE(keptBehind(4 * page), 2 * page);
        QCOMPARE(keptBehind(9 * page), 3 * page); // four pages between them are not saved
        QCOMPARE(keptBehind(64U << 20), (1U << 20) - 4 * page);
    }

    void followsTheListOfWhatIsLoadedOnceAndFromItsBeginOnly()
    {
        for (const std::uint64_t version : {0U, 1U, 2U, 3U}) {
            World world;
            world.add(image, page, RegionKind::File);
            const std::uint64_t heap = world.add(0x600000, 4 * page, RegionKind::Heap);
            const std::uint64_t dynamic = world.add(0x700000, page, RegionKind::File);
            world.module("ld-linux-x86-64.so.2");
            world.word(64, version);
            world.word(72, 0x600100); // the first link_map
            world.word(96, image); // where the linker itself lies
            world.word(heap + 0x100 + 8, 0x600800); // l_name
            world.word(heap + 0x100 + 16, 0x700000); // l_ld
            world.word(heap + 0x100 + 24, 0x600100); // l_next: a circle
            world.bytes[heap + 0x803] = 0;
            world.word(dynamic, 1);
            world.word(dynamic + 16, 0);
            const bool believed = version == 1 || version == 2;
            Kept expected {{range(0, page), "loader data"}};
            if (believed) {
                expected.push_back({range(heap + 0x100, 0x480), "loader data"});
                expected.push_back({range(heap + 0x800, 4), "loader data"});
                expected.push_back({range(dynamic, 32), "loader data"});
            }
            QVERIFY2(world.kept() == expected, std::to_string(version).c_str());
        }
    }

    void followsTheListOfWhatIsLoadedToItsEnd()
    {
        World world;
        world.add(image, page, RegionKind::File);
        const std::uint64_t heap = world.add(0x600000, 4 * page, RegionKind::Heap);
        world.module("ld-linux-x86-64.so.2");
        world.word(64, 1);
        world.word(72, 0x600100);
        world.word(96, image);
        for (const std::uint64_t link : {0x100, 0x900, 0x1100})
            for (const std::uint64_t field : {8, 16, 24})
                world.word(heap + link + field, 0);
        world.word(heap + 0x100 + 24, 0x600900);
        world.word(heap + 0x900 + 24, 0x601100);
        QVERIFY(world.kept()
                == (Kept {{range(0, page), "loader data"},
                          {range(heap + 0x100, 0x480), "loader data"},
                          {range(heap + 0x900, 0x480), "loader data"},
                          {range(heap + 0x1100, 0x480), "loader data"}}));
    }

    void keepsNoNameAndNoTableWithoutAnEnd()
    {
        World world;
        world.add(image, page, RegionKind::File);
        const std::uint64_t heap = world.add(0x600000, 4 * page, RegionKind::Heap);
        world.module("ld-linux-x86-64.so.2");
        world.word(64, 1);
        world.word(72, 0x600100);
        world.word(96, image);
        world.word(heap + 0x100 + 8, 0x601000); // letters up to the end of the memory
        world.word(heap + 0x100 + 16, 0x601000);
        world.word(heap + 0x100 + 24, 0);
        for (std::uint64_t at = page; at < 4 * page; ++at)
            world.bytes[heap + at] = 'n';
        QVERIFY(world.kept()
                == (Kept {{range(0, page), "loader data"},
                          {range(heap + 0x100, 0x480), "loader data"}}));
    }

    void namesBytesOnceByWhatBeginsFirst()
    {
        const auto merged = mergedRanges({{range(10, 10), "b"},
                                          {range(0, 12), "a"},
                                          {range(4, 3), "c"},
                                          {range(20, 5), "b"},
                                          {range(30, 5), "b"},
                                          {range(35, 1), "a"},
                                          {range(35, 5), "a"}});
        QVERIFY(merged
                == (Kept {{range(0, 12), "a"},
                          {range(12, 13), "b"},
                          {range(30, 5), "b"},
                          {range(35, 5), "a"}}));
        QVERIFY(mergedRanges({}).empty());
    }
};

QTEST_APPLESS_MAIN(TestKeepList)
#include "tst_keeplist.moc"
