// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verifyclasses.h"

#include "tests/redact/planting.h"
#include "tests/support/sampledumps.h"
#include "tests/support/scannedsums.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A dump of a Windows process, and what a custom copy of it is made from.
struct Scene {
    Bytes bytes = sampleMinidump().build().content();
    Source source = *Source::fromBytes(bytes);
    Dump dump = *readDump(source, JobControl());
    std::vector<ClassRange> classes = *classRanges(source, dump);

    RedactionPlan plan(std::vector<ClassChoice> choices) const
    {
        PlanPolicy policy;
        policy.classes = std::move(choices);
        return RedactionPlan::make(dump, {}, {}, policy, {classes, nullptr, {}});
    }
};

const Scene& scene()
{
    static const Scene made;
    return made;
}

struct Custom {
    RedactionPlan plan;
    Descriptor file {memfd_create("copy", MFD_CLOEXEC)};
    Source copy;
    Bytes bytes;

    explicit Custom(const std::vector<ClassChoice>& choices)
        : plan(scene().plan(choices))
        , copy(written())
        , bytes(*copy.read(0, copy.size()))
    {
    }

private:
    Source written() const
    {
        if (!exportCopy(scene().source, sumsOf(scene().source), plan, file.number(), JobControl()))
            qFatal("the copy cannot be written");
        return *Source::fromDescriptor(Descriptor(dup(file.number())));
    }
};

VerificationReport verified(const Custom& custom, const std::vector<ClassChoice>& choices)
{
    std::vector<FileRange> left;
    for (const ClassRange& part : custom.plan.left())
        left.push_back(part.range);
    VerifyInput input {custom.copy, &scene().source, custom.plan, rules(), {}, {}, 1};
    input.left = left;
    VerificationNotes notes;
    if (!verifyClasses({choices, custom.plan.left(), custom.plan.edits()}, custom.copy,
                       &scene().source, &scene().dump, notes)
        || !std::move(notes).finish({}).passed())
        return {};
    return *verifyCopy(input, JobControl());
}

} // namespace

class TestCustomMinidump : public QObject {
    Q_OBJECT

private slots:
    void hasClassesOfItsOwn()
    {
        for (const DumpClass kind :
             {DumpClass::Stack, DumpClass::Registers, DumpClass::VectorRegisters, DumpClass::Loader,
              DumpClass::Notes})
            QVERIFY2(std::any_of(scene().classes.begin(), scene().classes.end(),
                                 [&](const ClassRange& part) { return part.kind == kind; }),
                     std::string(toText(kind)).c_str());
    }

    void isVerifiedAndOpensAgain_data()
    {
        QTest::addColumn<DumpClass>("kind");
        QTest::addColumn<ClassUse>("use");
        for (const DumpClass kind : dumpClasses())
            for (const ClassUse use : {ClassUse::Keep, ClassUse::Fill})
                QTest::addRow("%s=%s", std::string(toText(kind)).c_str(),
                              std::string(toText(use)).c_str())
                    << kind << use;
    }
    void isVerifiedAndOpensAgain()
    {
        QFETCH(const DumpClass, kind);
        QFETCH(const ClassUse, use);
        const std::vector<ClassChoice> choices {{kind, use}};
        const Custom custom(choices);
        for (const ClassRange& part : scene().classes)
            for (std::uint64_t at = part.range.first();
                 part.kind == kind && at <= part.range.last(); ++at)
                QCOMPARE(custom.bytes[at],
                         use == ClassUse::Keep ? scene().bytes[at] : std::uint8_t('X'));
        QVERIFY(verified(custom, choices).passed());

        const auto again = readDump(custom.copy, JobControl());
        QVERIFY(again.ok());
        QCOMPARE(again->format, scene().dump.format);
        QVERIFY(again->structure == scene().dump.structure);
        QCOMPARE(again->threads.size(), scene().dump.threads.size());
        QCOMPARE(again->modules.size(), scene().dump.modules.size());
        QCOMPARE(again->segments.size(), scene().dump.segments.size());
        if (kind != DumpClass::Registers || use == ClassUse::Keep)
            for (std::size_t i = 0; i < again->threads.size(); ++i)
                QCOMPARE(again->threads[i].pc, scene().dump.threads[i].pc);
    }

    void isRefusedWhereAByteOfItsClassesIsWrong()
    {
        const std::vector<ClassChoice> choices {{DumpClass::Stack, ClassUse::Fill}};
        const Custom custom(choices);
        const auto stack
            = std::find_if(scene().classes.begin(), scene().classes.end(),
                           [](const ClassRange& part) { return part.kind == DumpClass::Stack; });
        QVERIFY(stack != scene().classes.end());
        const char was = static_cast<char>(scene().bytes[stack->range.first()]);
        QCOMPARE(pwrite(custom.file.number(), &was, 1, static_cast<off_t>(stack->range.first())),
                 1);
        QVERIFY(!verified(custom, choices).passed());
    }
};

QTEST_GUILESS_MAIN(TestCustomMinidump)
#include "tst_customminidump.moc"
