// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/certificate.h"
#include "scanner/redact/certificatecheck.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verifyclasses.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"
#include "tests/support/sampledumps.h"
#include "tests/support/scannedsums.h"
#include "tests/support/scanning.h"

#include <nlohmann/json.hpp>

#include <set>
#include <tuple>

#include <QtTest>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// The sample core with one more page: a value lies in its heap, on its stack and in that page.
struct Scene {
    static constexpr std::uint64_t page = 0x700000;
    QByteArray value = randomText(11, 24);
    ElfCoreBuilder core = sampleCore();
    Bytes bytes;
    std::uint64_t inHeap = 0;
    std::uint64_t inPage = 0;
    Dump dump;
    std::vector<Finding> findings;
    std::vector<SecretValue> values;

    Scene()
    {
        QByteArray memory(4096, '\0');
        memory.replace(256, value.size(), value);
        core.load({page, {memory.begin(), memory.end()}, std::nullopt, 6, 0});
        bytes = core.build().content();
        inHeap = core.offsetOfLoad(samplecore::HeapLoad);
        std::copy(value.begin(), value.end(), bytes.begin() + static_cast<std::ptrdiff_t>(inHeap));
        dump = *readDump(source(), JobControl());
        const auto memoryRange = AddressRange::make(page, 1);
        for (const Segment& segment : dump.segments)
            if (segment.memory.overlaps(*memoryRange))
                inPage = segment.file.first() + 256;
        findings
            = {finding("f1", {occurrence({range(inHeap, 24)}), occurrence({range(inPage, 24)})})};
        values = {secret(value)};
    }

    Source source() const { return *Source::fromBytes(bytes); }
    std::vector<ClassRange> classes() const { return *classRanges(source(), dump); }
    RedactionPlan plan(std::vector<ClassChoice> choices, const Triage& triage = {}) const
    {
        PlanPolicy policy;
        policy.classes = std::move(choices);
        const std::vector<ClassRange> parts = classes();
        return RedactionPlan::make(dump, findings, triage, policy, {parts, nullptr, {}});
    }
    Bytes copyOf(const RedactionPlan& plan) const
    {
        const Descriptor target(memfd_create("copy", MFD_CLOEXEC));
        const Source original = source();
        if (!exportCopy(original, sumsOf(original), plan, target.number(), JobControl()))
            return {};
        const auto copy = Source::fromDescriptor(Descriptor(dup(target.number())));
        return *copy->read(0, copy->size());
    }
    VerificationReport classesVerified(const std::vector<ClassChoice>& choices,
                                       const std::vector<ClassRange>& left,
                                       const std::vector<Edit>& edits, const Bytes& copy) const
    {
        VerificationNotes notes;
        const Source original = source();
        const Source written = *Source::fromBytes(copy);
        if (!verifyClasses({choices, left, edits}, written, &original, &dump, notes))
            return {};
        return std::move(notes).finish({});
    }
};

const Scene& scene()
{
    static const Scene made;
    return made;
}

constexpr ClassChoice fillHeap {DumpClass::Heap, ClassUse::Fill};
constexpr ClassChoice keepHeap {DumpClass::Heap, ClassUse::Keep};

std::uint64_t bytesOf(const std::vector<ClassRange>& classes, DumpClass kind)
{
    std::uint64_t sum = 0;
    for (const ClassRange& part : classes)
        sum += part.kind == kind ? part.range.size() : 0;
    return sum;
}

DumpClass classAt(const std::vector<ClassRange>& classes, std::uint64_t offset)
{
    for (const ClassRange& part : classes)
        if (part.range.contains(offset))
            return part.kind;
    return DumpClass::Unclaimed;
}

/// A statement about the copy of a plan, as it is handed on.
std::string statementOf(const RedactionPlan& plan, std::uint64_t secrets)
{
    VerificationReport verification;
    verification.checks = {{"everything", true, ""}};
    CertificateInput input;
    input.copyName = "copy";
    input.copySha256 = std::string(64, 'a');
    input.copySize = input.plainSize = scene().bytes.size();
    input.originalSha256 = std::string(64, 'b');
    input.mode = "custom";
    input.secretsRedacted = secrets;
    input.plan = &plan;
    input.verification = &verification;
    input.shares = plan.shares();
    input.left = plan.left();
    return makeCertificate(input).statement;
}

} // namespace

class TestClasses : public QObject {
    Q_OBJECT

private slots:
    void giveEveryByteButStructureOneClass()
    {
        for (const GoodFile& good : goodFiles()) {
            const Source source = *Source::fromBytes(good.bytes);
            const Dump dump = *readDump(source, JobControl());
            const auto classes = classRanges(source, dump);
            QVERIFY(classes.ok());
            std::vector<int> count(good.bytes.size(), 0);
            for (const ClassRange& part : *classes)
                for (std::uint64_t at = part.range.first(); at <= part.range.last(); ++at)
                    ++count[at];
            for (const FileRange& closed : dump.structure)
                for (std::uint64_t at = closed.first(); at <= closed.last(); ++at)
                    ++count[at];
            QVERIFY2(std::all_of(count.begin(), count.end(), [](int one) { return one == 1; }),
                     good.name.c_str());
        }
    }

    void knowWhatIsWhere()
    {
        const auto classes = scene().classes();
        QCOMPARE(classAt(classes, scene().inHeap), DumpClass::Heap);
        QCOMPARE(classAt(classes, scene().inPage), DumpClass::Anonymous);
        QCOMPARE(classAt(classes, scene().core.offsetOfLoad(samplecore::StackLoad) + 0x40),
                 DumpClass::Stack);
        // The first page of a program tells readers what it is.
        QCOMPARE(classAt(classes, scene().core.offsetOfLoad(samplecore::ProgramLoad)),
                 DumpClass::Loader);
        QCOMPARE(classAt(classes, scene().core.offsetOfLoad(samplecore::VdsoLoad)),
                 DumpClass::Code);
        for (const DumpClass kind : {DumpClass::Registers, DumpClass::Arguments, DumpClass::Notes})
            QVERIFY(bytesOf(classes, kind) > 0);
    }

    void knowMemoryByItsKindAndItsAccess()
    {
        constexpr Access read {true, false, false};
        constexpr Access write {true, true, false};
        constexpr Access execute {true, false, true};
        constexpr Access all {true, true, true};
        const std::vector<std::tuple<RegionKind, Access, DumpClass>> expected {
            {RegionKind::Stack, write, DumpClass::Stack},
            {RegionKind::Heap, write, DumpClass::Heap},
            {RegionKind::Vdso, execute, DumpClass::Code},
            {RegionKind::File, write, DumpClass::Data},
            {RegionKind::File, all, DumpClass::Data},
            {RegionKind::File, execute, DumpClass::Code},
            {RegionKind::File, read, DumpClass::ReadOnly},
            {RegionKind::Structure, read, DumpClass::Unclaimed},
            {RegionKind::Unknown, write, DumpClass::Anonymous},
            {RegionKind::Anonymous, read, DumpClass::Anonymous},
            {RegionKind::Anonymous, all, DumpClass::Anonymous},
            {RegionKind::Anonymous, execute, DumpClass::Code}};
        Dump made;
        made.format = "elf-core";
        made.size = 100 * (expected.size() + 1);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            Segment segment = test::segment(0x1000 * (i + 1), 100 * i, 100);
            segment.kind = std::get<0>(expected[i]);
            segment.access = std::get<1>(expected[i]);
            made.segments.push_back(segment);
        }
        const Bytes content(made.size, 'x');
        const auto classes = *classRanges(*Source::fromBytes(content), made);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(classAt(classes, 100 * i + 50), std::get<2>(expected[i]));
        QCOMPARE(classAt(classes, made.size - 1), DumpClass::Unclaimed);
    }

    void knowFieldsByTheirKindAndName()
    {
        const std::vector<std::tuple<FieldKind, const char*, DumpClass>> expected {
            {FieldKind::GeneralRegisters, "NT_PRSTATUS", DumpClass::Registers},
            {FieldKind::VectorRegisters, "NT_FPREGSET", DumpClass::VectorRegisters},
            {FieldKind::Random, "AT_RANDOM", DumpClass::Loader},
            {FieldKind::Opaque, "CodeView record", DumpClass::Loader},
            {FieldKind::Opaque, "stream 7", DumpClass::Notes},
            {FieldKind::Text, "arguments", DumpClass::Arguments},
            {FieldKind::Text, "LinuxEnviron", DumpClass::Arguments},
            {FieldKind::Text, "NT_FILE", DumpClass::Loader},
            {FieldKind::Text, "module name", DumpClass::Loader},
            {FieldKind::Text, "a comment", DumpClass::Notes}};
        Dump made;
        made.format = "elf-core";
        made.size = 1000;
        for (std::size_t i = 0; i < expected.size(); ++i)
            made.fields.push_back(
                {std::get<1>(expected[i]), range(10 * i + 5, 5), std::get<0>(expected[i])});
        made.values = {range(502, 3)};
        const Bytes content(made.size, 'x');
        const auto classes = *classRanges(*Source::fromBytes(content), made);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(classAt(classes, 10 * i + 7) == std::get<2>(expected[i]),
                     std::get<1>(expected[i]));
        QCOMPARE(classAt(classes, 503), DumpClass::Arguments);
        QCOMPARE(classAt(classes, 501), DumpClass::Unclaimed);
    }

    void areNamedNothingWhereTheyAreNone()
    {
        QVERIFY(toText(static_cast<DumpClass>(99)).empty());
        QVERIFY(toText(static_cast<ClassUse>(99)).empty());
    }

    void haveWordsThatAreReadBack()
    {
        std::set<std::string_view> seen;
        for (const DumpClass kind : dumpClasses()) {
            QVERIFY(dumpClassFrom(toText(kind)) == kind);
            QVERIFY(seen.insert(toText(kind)).second);
        }
        for (const ClassUse use : {ClassUse::Scan, ClassUse::Keep, ClassUse::Fill})
            QVERIFY(classUseFrom(toText(use)) == use);
        QVERIFY(!dumpClassFrom("heaps") && !classUseFrom(""));
    }

    void fillAClassWhole()
    {
        const auto plan = scene().plan({fillHeap});
        const Bytes copy = scene().copyOf(plan);
        QCOMPARE(copy.size(), scene().bytes.size());
        for (const ClassRange& part : scene().classes())
            for (std::uint64_t at = part.range.first();
                 part.kind == DumpClass::Heap && at <= part.range.last(); ++at)
                QCOMPARE(copy[at], std::uint8_t('X'));
        QCOMPARE(copy[scene().inPage], std::uint8_t('X')); // elsewhere what is found goes
        QVERIFY(plan.left().empty() && plan.conflicts().empty());
        QVERIFY(scene().classesVerified({fillHeap}, {}, plan.edits(), copy).passed());
    }

    void fillWithBytesWhereSecretsGetTokens()
    {
        PlanPolicy policy;
        policy.classes = {fillHeap};
        policy.fill = Fill::Token;
        const std::vector<ClassRange> parts = scene().classes();
        const auto plan = RedactionPlan::make(scene().dump, scene().findings, {}, policy,
                                              {parts, nullptr, scene().values});
        const Bytes copy = scene().copyOf(plan);
        QCOMPARE(copy[scene().inHeap], std::uint8_t(0xa5));
        QVERIFY(std::string(copy.begin() + static_cast<std::ptrdiff_t>(scene().inPage),
                            copy.begin() + static_cast<std::ptrdiff_t>(scene().inPage) + 4)
                == "CDR~");
        QVERIFY(scene().classesVerified({fillHeap}, {}, plan.edits(), copy).passed());
    }

    void areCheckedByRecipientsAsFarAsTheyAreListed()
    {
        const auto kept = scene().plan({keepHeap});
        const Bytes copy = scene().copyOf(kept);
        const Source written = *Source::fromBytes(copy);
        const auto passes = [&](const std::vector<ClassChoice>& choices,
                                const std::vector<Edit>& edits) {
            VerificationNotes notes;
            return verifyClasses({choices, kept.left(), edits}, written, nullptr, nullptr, notes)
                && std::move(notes).finish({}).passed();
        };
        QVERIFY(passes({keepHeap}, kept.edits()));
        QVERIFY(!passes({fillHeap}, kept.edits()));
        QVERIFY(!passes({keepHeap}, scene().plan({fillHeap}).edits()));
    }

    void findEachByteThatAFillLeft()
    {
        const auto filled = scene().plan({fillHeap});
        const Bytes copy = scene().copyOf(filled);
        std::vector<Edit> edits = filled.edits();
        const auto heap = std::find_if(edits.begin(), edits.end(), [](const Edit& edit) {
            return edit.range.contains(scene().inHeap);
        });
        QVERIFY(heap != edits.end() && heap->range.size() > 20);
        const FileRange whole = heap->range;
        // Edits that leave the first, the last and a middle byte to what stands there: zeros may.
        for (const std::uint64_t left : {whole.first(), whole.last(), whole.first() + 9}) {
            std::vector<Edit> lesser(edits.begin(), heap);
            if (left > whole.first())
                lesser.push_back(
                    {*FileRange::between(whole.first(), left - 1), Fill::X, "r", "", ""});
            if (left < whole.last())
                lesser.push_back(
                    {*FileRange::between(left + 1, whole.last()), Fill::X, "r", "", ""});
            lesser.insert(lesser.end(), heap + 1, edits.end());
            Bytes changed = copy;
            QVERIFY(!scene().classesVerified({fillHeap}, {}, lesser, changed).passed());
            changed[left] = 0;
            QVERIFY(scene().classesVerified({fillHeap}, {}, lesser, changed).passed());
        }
    }

    void keepAClassWithItsSecretsAndSaySo()
    {
        const auto plan = scene().plan({keepHeap});
        const Bytes copy = scene().copyOf(plan);
        QVERIFY(std::equal(scene().value.begin(), scene().value.end(),
                           copy.begin() + static_cast<std::ptrdiff_t>(scene().inHeap)));
        QCOMPARE(copy[scene().inPage], std::uint8_t('X'));
        QCOMPARE(plan.conflicts().size(), std::size_t(1));
        QCOMPARE(plan.conflicts()[0].range, range(scene().inHeap, 24));
        QCOMPARE(plan.conflicts()[0].why, std::string("kept with its class: heap"));
        for (const ClassShare& share : plan.shares())
            QCOMPARE(share.places, std::uint64_t(share.kind == DumpClass::Heap ? 1 : 0));
        QCOMPARE(secretsToGo(scene().findings, {}, plan.conflicts()), std::uint64_t(0));
        QVERIFY(scene().classesVerified({keepHeap}, plan.left(), plan.edits(), copy).passed());
    }

    void fillWhatAVerdictKeepsAndTellOfIt()
    {
        Triage triage;
        triage.decisions["f1"] = {Verdict::Keep, Reason::FalsePositive, ""};
        const auto plan = scene().plan({fillHeap}, triage);
        QCOMPARE(plan.conflicts().size(), std::size_t(1));
        QCOMPARE(plan.conflicts()[0].why, std::string("wiped by class:heap"));
        QCOMPARE(scene().copyOf(plan)[scene().inPage], std::uint8_t(scene().value[0]));
    }

    /// What the policy wipes in any copy stays where its class is kept.
    void keepRegistersAndArguments()
    {
        const std::vector<ClassChoice> choices {{DumpClass::Registers, ClassUse::Keep},
                                                {DumpClass::VectorRegisters, ClassUse::Keep},
                                                {DumpClass::Arguments, ClassUse::Keep}};
        const auto plan = scene().plan(choices);
        for (const Edit& edit : plan.edits())
            QVERIFY2(!edit.reason.starts_with("policy:") || edit.reason == "policy:random-seed",
                     edit.reason.c_str());
        const auto usual = scene().plan({});
        QVERIFY(usual.bytes() > plan.bytes());
    }

    void areVerifiedAgainstTheOriginal()
    {
        const auto filled = scene().plan({fillHeap});
        // A plan that forgot a class.
        std::vector<Edit> edits = filled.edits();
        std::erase_if(edits, [](const Edit& edit) { return edit.reason == "class:heap"; });
        QVERIFY(!scene().classesVerified({fillHeap}, {}, edits, scene().bytes).passed());
        // One that filled what was to stay.
        const auto kept = scene().plan({keepHeap});
        QVERIFY(
            !scene()
                 .classesVerified({keepHeap}, kept.left(), filled.edits(), scene().copyOf(filled))
                 .passed());
        // A list that has bytes of another class, or of one that was not to be kept.
        std::vector<ClassRange> left = kept.left();
        left.push_back({range(scene().inPage, 8), DumpClass::Heap});
        QVERIFY(!scene().classesVerified({keepHeap}, left, {}, scene().bytes).passed());
        QVERIFY(!scene().classesVerified({}, kept.left(), {}, scene().bytes).passed());
    }

    /// A value may be found where its class is kept, and nowhere else.
    void excuseValuesInListedPlacesOnly()
    {
        const auto plan = scene().plan({keepHeap});
        const Bytes copy = scene().copyOf(plan);
        const Source written = *Source::fromBytes(copy);
        const Source original = scene().source();
        std::vector<FileRange> left;
        for (const ClassRange& part : plan.left())
            left.push_back(part.range);
        VerifyInput input {written, &original, plan, rules(), scene().values, {}, 1};
        input.left = left;
        QVERIFY(verifyCopy(input, JobControl())->passed());
        input.left = {};
        QVERIFY(!verifyCopy(input, JobControl())->passed());
    }

    void areStatedInTheCertificate()
    {
        const auto plan = scene().plan({keepHeap, {DumpClass::Anonymous, ClassUse::Fill}});
        const std::string statement = statementOf(plan, 0);
        const auto claim = parseCertificate(statement);
        QVERIFY2(claim.ok(), claim ? "" : claim.error().message.c_str());
        QVERIFY(claim->shares == plan.shares());
        QVERIFY(claim->left == plan.left());
        QVERIFY(claim->promise.starts_with("filled whole: anonymous; kept as they were, secrets "
                                           "included: heap; scanned: "));
        QVERIFY(claim->promise.find("unknown secrets may remain") != std::string::npos);
        for (const char* word : {"clean", "safe"})
            QVERIFY(statement.find(word) == std::string::npos);
        QVERIFY(statement.find("with 1 place of a known secret") != std::string::npos);
    }

    void areRefusedWhereACertificateContradictsItself()
    {
        const auto plan = scene().plan({keepHeap});
        const auto good = nlohmann::json::parse(statementOf(plan, 0));
        QVERIFY(parseCertificate(good.dump()).ok());
        const auto spoilt = [&](auto spoil) {
            auto statement = good;
            spoil(statement["predicate"]);
            return !parseCertificate(statement.dump()).ok();
        };
        QVERIFY(spoilt([](auto& all) { all["classes"][0]["choice"] = "fill"; }));
        QVERIFY(spoilt([](auto& all) { all["classes"][0]["class"] = "code"; }));
        QVERIFY(spoilt([](auto& all) { all["classes"].push_back(all["classes"][0]); }));
        QVERIFY(spoilt([](auto& all) { all.erase("classes"); }));
        QVERIFY(spoilt([](auto& all) { all.erase("keptClassRanges"); }));
        QVERIFY(spoilt([](auto& all) { all["keptClassRanges"][0]["length"] = "999"; }));
        QVERIFY(spoilt([](auto& all) { all["keptClassRanges"][0]["class"] = "stack"; }));
    }

    void withWhatADebuggerNeedsFilledAreToldOfBefore()
    {
        for (const DumpClass kind : {DumpClass::Stack, DumpClass::Registers, DumpClass::Loader,
                                     DumpClass::Code, DumpClass::ReadOnly})
            QVERIFY(!costOfFilling(kind).empty());
        for (const DumpClass kind : {DumpClass::Heap, DumpClass::Anonymous, DumpClass::Data,
                                     DumpClass::Notes, DumpClass::Unclaimed})
            QVERIFY(costOfFilling(kind).empty());
    }

    void ofAStaticProgramDataTellADebuggerOfThreads()
    {
        Dump dump;
        dump.format = "elf-core";
        const auto module = [](const char* name) {
            return Module {*AddressRange::make(0x400000, 4096), name, {}};
        };
        // Without a list of modules nothing is known.
        QVERIFY(costOfFilling(DumpClass::Data, dump).empty());
        dump.modules.push_back(module("/usr/bin/program"));
        for (const DumpClass kind : {DumpClass::Data, DumpClass::Anonymous, DumpClass::Stack})
            QVERIFY(!costOfFilling(kind, dump).empty());
        QVERIFY(costOfFilling(DumpClass::Heap, dump).empty());
        QVERIFY(costOfFilling(DumpClass::Stack, dump) == costOfFilling(DumpClass::Stack));
        dump.modules.push_back(module("/usr/lib/x86_64-linux-gnu/libc.so.6"));
        QVERIFY(costOfFilling(DumpClass::Data, dump).empty());
        QVERIFY(costOfFilling(DumpClass::Anonymous, dump).empty());
        dump.modules.pop_back();
        dump.format = "minidump"; // Windows keeps threads elsewhere
        QVERIFY(costOfFilling(DumpClass::Data, dump).empty());
    }
};

QTEST_APPLESS_MAIN(TestClasses)
#include "tst_classes.moc"
