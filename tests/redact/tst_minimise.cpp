// SPDX-License-Identifier: GPL-3.0-or-later
#include "minimised.h"

#include "tests/redact/planting.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

bool keeps(const Minimised& result, std::uint64_t offset, std::string_view what)
{
    return std::any_of(result.kept.begin(), result.kept.end(), [&](const KeptRange& kept) {
        return kept.range.contains(offset) && kept.what == what;
    });
}

/// A core of one thread on a stack of its own; `loads` come behind the stack's.
struct OneThread {
    static constexpr std::uint64_t stack = 0x7f2000000000;
    ElfCoreBuilder core {Endian::Little, 8, 62};

    explicit OneThread(std::uint64_t sp = stack + 0x100, const Bytes& saved = Bytes(0x400, 's'))
    {
        core.note("CORE", 1, amd64Status(core, 7, 11, 0x400000, sp));
        core.load({stack, saved, {}, 6, 0});
    }
};

} // namespace

class TestMinimise : public QObject {
    Q_OBJECT

private slots:
    void keepsStacksModulesAndNotesOnly()
    {
        using namespace samplecore;
        const ElfCoreBuilder core = sampleCore();
        const Bytes original = core.build().content();
        const auto result = minimisedFrom(original);
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        QCOMPARE(result->bytes.size(), original.size());
        QVERIFY(keeps(*result, core.offsetOfLoad(StackLoad) + 0x40, "stack"));
        QVERIFY(keeps(*result, core.offsetOfLoad(ThreadStackLoad) + 8, "stack"));
        QVERIFY(keeps(*result, core.offsetOfLoad(ProgramLoad), "modules"));
        QVERIFY(keeps(*result, core.offsetOfLoad(VdsoLoad), "modules"));
        QVERIFY(keeps(*result, core.offsetOfNote(0) + 112, "notes"));
        QVERIFY(holds(original, "heap") && holds(original, "what no reader knows"));
        for (const char* gone : {"heap", "data", "what no reader knows"})
            QVERIFY2(!holds(result->bytes, gone), gone);
        for (const KeptRange& kept : result->kept)
            for (std::uint64_t at = kept.range.first();
                 kept.what != "notes" && at <= kept.range.last(); ++at)
                QCOMPARE(result->bytes[at], original[at]);
        QVERIFY(!beside(result->bytes, result->kept));
    }

    void saysOfDroppedMemoryThatItIsMissing()
    {
        using namespace samplecore;
        const auto result = minimisedFrom(sampleCore().build().content());
        QVERIFY(result.ok());
        const AddressSpace memory(result->dump.segments);
        for (const std::uint64_t gone : {Heap, Program + 512})
            QVERIFY(memory.segmentAt(gone) == nullptr);
        for (const std::uint64_t there : {Program, Vdso, Sp, ThreadStack + 8})
            QVERIFY(memory.segmentAt(there) != nullptr);
        QCOMPARE(result->dump.threads.size(), std::size_t(2));
    }

    void worksOnCoresOfOtherMachines()
    {
        const ElfCoreBuilder core = samplePowerPcCore();
        const Bytes original = core.build().content();
        const auto result = minimisedFrom(original);
        QVERIFY(result.ok());
        QVERIFY(holds(result->bytes, "stack"));
        QVERIFY(!holds(result->bytes, "program"));
    }

    void minimisingAgainChangesNothing()
    {
        for (const ElfCoreBuilder& core : {sampleCore(), samplePowerPcCore()}) {
            const auto once = minimisedFrom(core.build().content());
            QVERIFY(once.ok());
            const auto twice = minimisedFrom(once->bytes);
            QVERIFY(twice.ok());
            QVERIFY(twice->bytes == once->bytes);
            QVERIFY(twice->kept == once->kept);
        }
    }

    /// The part below the stack pointer holds what functions left behind that have returned.
    void dropsWhatLiesBelowTheStackPointer()
    {
        Bytes saved(0x3000, 's');
        std::fill(saved.begin(), saved.begin() + 0x1000, 'b');
        const OneThread one(OneThread::stack + 0x1000 + 128, saved);
        const auto result = minimisedFrom(one.core.build().content());
        QVERIFY(result.ok());
        QCOMPARE(std::count(result->bytes.begin(), result->bytes.end(), 'b'), 0);
        QCOMPARE(result->dump.segments.size(), std::size_t(1));
        QCOMPARE(result->dump.segments[0].memory.first(), OneThread::stack + 0x1000);
    }

    /// A stack whose end nothing tells may share its mapping with a heap.
    void boundsAStackWithoutAnEnd()
    {
        Bytes saved(1U << 20, 's');
        std::fill(saved.begin() + 0x30000, saved.end(), 'h');
        const OneThread one(OneThread::stack + 0x1000, saved);
        const auto result = minimisedFrom(one.core.build().content());
        QVERIFY(result.ok());
        QCOMPARE(std::count(result->bytes.begin(), result->bytes.end(), 'h'), 0);
    }

    void joinsRunsWhereHeadersAreTooFew()
    {
        Bytes saved(4U << 20, 'h');
        ElfCoreBuilder core(Endian::Little, 8, 62);
        for (std::uint32_t i = 0; i < 3; ++i)
            core.note("CORE", 1,
                      amd64Status(core, 7 + i, 11, 0x400000,
                                  OneThread::stack + 0x1000 + i * (i == 2 ? 0x180000 : 0x100000)));
        core.load({OneThread::stack, saved, {}, 6, 0});
        core.load({0x602000, Bytes(256, 'd'), {}, 6, 0});
        const auto result = minimisedFrom(core.build().content());
        QVERIFY(result.ok());
        // Three stacks and two headers, of which the second described other memory.
        QCOMPARE(result->dump.segments.size(), std::size_t(2));
        const AddressSpace memory(result->dump.segments);
        for (const std::uint64_t sp : {0x1000, 0x101000, 0x301000})
            QVERIFY(memory.segmentAt(OneThread::stack + sp) != nullptr);
        QVERIFY(memory.segmentAt(0x602000) == nullptr);
        QCOMPARE(std::count(result->bytes.begin(), result->bytes.end(), 'd'), 0);
        QVERIFY(!beside(result->bytes, result->kept));
    }

    /// r_debug in the dynamic linker's data, link_maps in a heap full of other things.
    void followsTheListOfWhatIsLoaded()
    {
        constexpr std::uint64_t loader = 0x7f3000000000;
        constexpr std::uint64_t data = loader + 0x1000;
        constexpr std::uint64_t heap = 0x602000;
        OneThread one;
        FileBuilder files = one.core.part();
        files.u64(2).u64(0x1000).u64(loader).u64(loader + 0x1000).u64(0);
        files.u64(data).u64(data + 0x1000).u64(1);
        files.text("/lib64/ld-linux-x86-64.so.2").u8(0).text("/lib64/ld-linux-x86-64.so.2").u8(0);
        one.core.note("CORE", 0x46494c45, files);
        one.core.load({loader, {}, 0x1000, 5, 0});
        FileBuilder debug = one.core.part();
        debug.fill(64).u64(1).u64(heap + 0x1000).u64(0).u64(0).u64(loader);
        one.core.load({data, debug.alignTo(256).content(), {}, 6, 0});
        FileBuilder links = one.core.part();
        links.fill(0x1000, 'h');
        links.u64(0).u64(heap + 0x2000).u64(heap + 0x3000).u64(heap + 0x1000).u64(0);
        links.fill(0x1000 - 40, 'h').text("/lib/libfound.so").u8(0).fill(0x1000 - 17, 'h');
        links.u64(1).u64(2).u64(0).u64(0).fill(0x2000, 'h');
        one.core.load({heap, links.content(), {}, 6, 0});
        const auto result = minimisedFrom(one.core.build().content());
        QVERIFY2(result.ok(), result ? "" : result.error().message.c_str());
        const std::uint64_t at = one.core.offsetOfLoad(3);
        QVERIFY(keeps(*result, one.core.offsetOfLoad(2), "loader data"));
        QVERIFY(keeps(*result, at + 0x1000, "loader data"));
        QVERIFY(keeps(*result, at + 0x2000, "loader data"));
        QVERIFY(keeps(*result, at + 0x3000 + 31, "loader data"));
        QVERIFY(holds(result->bytes, "/lib/libfound.so"));
        QCOMPARE(result->bytes[at], 0);
        QCOMPARE(result->bytes[at + 0x2000 + 17], 0);
        QCOMPARE(result->bytes[at + 0x3000 + 32], 0);
    }

    void refusesWhatHasNoMinimisedForm()
    {
        ElfCoreBuilder core(Endian::Little, 8, 62);
        core.load({0x602000, Bytes(256, 'd'), {}, 6, 0});
        const auto threadless = minimisedFrom(core.build().content());
        QVERIFY(!threadless);
        QCOMPARE(threadless.error().code, ErrorCode::Refused);
        const auto raw = minimisedFrom(Bytes(4096, 'r'));
        QVERIFY(!raw);
        QCOMPARE(raw.error().code, ErrorCode::Unsupported);
    }

    void everyByteBesideIsSeen()
    {
        const auto result = minimisedFrom(sampleCore().build().content());
        QVERIFY(result.ok());
        for (std::size_t at = 0; at < result->bytes.size(); ++at) {
            const bool kept
                = std::any_of(result->kept.begin(), result->kept.end(),
                              [&](const KeptRange& one) { return one.range.contains(at); });
            if (kept)
                continue;
            Bytes changed = result->bytes;
            changed[at] = 1;
            QCOMPARE(beside(changed, result->kept), std::optional<std::uint64_t>(at));
        }
        QVERIFY(beside(result->bytes, {}).has_value());
    }

    void theFirstByteBesideIsTold()
    {
        const std::vector<KeptRange> kept {{range(10, 10), "notes"}, {range(500, 10), "stack"}};
        Bytes bytes(600, 0);
        bytes[550] = bytes[300] = bytes[15] = 1;
        QCOMPARE(beside(bytes, kept), std::optional<std::uint64_t>(300));
        bytes[9] = 1;
        QCOMPARE(beside(bytes, kept), std::optional<std::uint64_t>(9));
        // What is kept may lie behind the end of a file that was cut.
        QVERIFY(!beside(Bytes(100, 0), kept));
        // A hole up to the end.
        Descriptor sparse(memfd_create("sparse", MFD_CLOEXEC));
        QCOMPARE(ftruncate(sparse.number(), 3 << 20), 0);
        QCOMPARE(pwrite(sparse.number(), "data", 4, 12), ssize_t(4));
        const auto source = Source::fromDescriptor(std::move(sparse));
        QVERIFY(!bytesBeside(*source, kept, JobControl())->has_value());
    }

    /// Whatever the file says of itself, what comes out holds its promises or is refused.
    void survivesEveryDamage()
    {
        for (const ElfCoreBuilder& core : {sampleCore(), samplePowerPcCore()}) {
            const Bytes good = core.build().content();
            const std::size_t headers = core.offsetOfLoad(0);
            for (std::size_t at = 0; at < headers; at += 3)
                for (const int value : {0x00, 0x7f, 0xff}) {
                    Bytes bytes = good;
                    bytes[at] = static_cast<std::uint8_t>(value);
                    checkPromises(bytes);
                }
            for (std::size_t size = 0; size < good.size(); size += 23)
                checkPromises(
                    Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
        }
    }
};

QTEST_APPLESS_MAIN(TestMinimise)
#include "tst_minimise.moc"
