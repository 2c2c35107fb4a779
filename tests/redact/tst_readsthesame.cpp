// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifystructure.h"

#include "minimised.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

struct Change {
    const char* name;
    void (*make)(Dump&);
};

/// What a copy may not have otherwise, one by one.
const Change copyChanges[] = {
    {"format", [](Dump& dump) { dump.format = "raw"; }},
    {"byte order", [](Dump& dump) { dump.order = ByteOrder::Big; }},
    {"word size", [](Dump& dump) { dump.wordSize = 4; }},
    {"a segment less", [](Dump& dump) { dump.segments.pop_back(); }},
    {"a segment's address",
     [](Dump& dump) {
         AddressRange& memory = dump.segments[0].memory;
         memory = *AddressRange::make(memory.first() + 4096, memory.size());
     }},
    {"a segment's place",
     [](Dump& dump) {
         FileRange& file = dump.segments[0].file;
         file = *FileRange::make(file.first() + 1, file.size());
     }},
    {"a segment's access",
     [](Dump& dump) { dump.segments[0].access.write = !dump.segments[0].access.write; }},
    {"a module less", [](Dump& dump) { dump.modules.pop_back(); }},
    {"a module's address",
     [](Dump& dump) {
         AddressRange& memory = dump.modules[0].memory;
         memory = *AddressRange::make(memory.first() + 4096, memory.size());
     }},
    {"a structural range", [](Dump& dump) { dump.structure.pop_back(); }},
    {"where a structural range ends",
     [](Dump& dump) {
         FileRange& last = dump.structure.back();
         last = *FileRange::make(last.first(), last.size() + 1);
     }},
    {"a field less", [](Dump& dump) { dump.fields.pop_back(); }},
    {"a field's place",
     [](Dump& dump) {
         FileRange& file = dump.fields[0].file;
         file = *FileRange::make(file.first() + 1, file.size());
     }},
    {"a field's kind", [](Dump& dump) { dump.fields[0].kind = FieldKind::Random; }},
    {"a thread less", [](Dump& dump) { dump.threads.pop_back(); }},
    {"a thread's number", [](Dump& dump) { ++dump.threads[1].id; }},
    {"a thread's pc", [](Dump& dump) { ++dump.threads[1].pc; }},
    {"a thread's sp", [](Dump& dump) { ++dump.threads[1].sp; }},
    {"a thread's signal", [](Dump& dump) { dump.threads[1].signal = 77; }},
    {"a register's value", [](Dump& dump) { ++dump.threads[1].registers[3].value; }},
    {"a register's name", [](Dump& dump) { dump.threads[1].registers[3].name += "x"; }},
    {"a register less", [](Dump& dump) { dump.threads[1].registers.pop_back(); }},
};

/// What a minimised form may not have otherwise.
const Change minimisedChanges[] = {
    {"format", [](Dump& dump) { dump.format = "raw"; }},
    {"structure", [](Dump& dump) { dump.structure.push_back(*FileRange::make(dump.size, 1)); }},
    {"a thread less", [](Dump& dump) { dump.threads.pop_back(); }},
    {"a thread's number", [](Dump& dump) { ++dump.threads[0].id; }},
    {"a thread's pc", [](Dump& dump) { ++dump.threads[0].pc; }},
    {"a thread's sp", [](Dump& dump) { ++dump.threads[0].sp; }},
    {"a thread's signal", [](Dump& dump) { dump.threads[0].signal = 77; }},
    {"a thread's name", [](Dump& dump) { dump.threads[0].name += "x"; }},
    {"a module less", [](Dump& dump) { dump.modules.pop_back(); }},
    {"a module's address",
     [](Dump& dump) {
         AddressRange& memory = dump.modules[0].memory;
         memory = *AddressRange::make(memory.first() + 4096, memory.size());
     }},
    {"a module's name", [](Dump& dump) { dump.modules[0].name += "x"; }},
    {"a module's build id", [](Dump& dump) { dump.modules[0].buildId += "0"; }},
    {"a segment's begin",
     [](Dump& dump) {
         FileRange& file = dump.segments[0].file;
         file = *FileRange::between(file.first() + 1, file.last());
     }},
    {"a segment's end",
     [](Dump& dump) {
         FileRange& file = dump.segments[0].file;
         file = *FileRange::between(file.first(), file.last() - 1);
     }},
};

Dump dumpOf(const Bytes& bytes) { return *readDump(*Source::fromBytes(bytes), JobControl()); }

std::size_t told(const Dump& copy, const Dump& original, std::vector<Edit> edits = {})
{
    const auto plan = RedactionPlan::fromEdits(std::move(edits), original.size, {});
    VerificationNotes notes;
    compareDumps(copy, original, *plan, notes);
    return notes.violationsOf("structure");
}

Edit edit(const FileRange& range, const char* reason)
{
    return {range, Fill::X, reason, {}, {}};
}

} // namespace

/// Two dumps compared field by field: as the verification does with a copy, and as minimising does
/// with what it wrote.
class TestReadsTheSame : public QObject {
    Q_OBJECT

private slots:
    void aCopyThatReadsOtherwiseIsToldOf()
    {
        const Dump original = dumpOf(sampleCore().build().content());
        QVERIFY(original.threads.size() > 1 && original.modules.size() > 1);
        QCOMPARE(told(original, original), std::size_t(0));
        for (const Change& change : copyChanges) {
            Dump copy = original;
            change.make(copy);
            QVERIFY2(told(copy, original) == 1, change.name);
        }
    }

    void namesMayBeRedacted()
    {
        const Dump original = dumpOf(sampleCore().build().content());
        Dump copy = original;
        copy.threads[0].name = copy.modules[0].name = copy.process.name = "XXXX";
        copy.process.arguments.clear();
        QCOMPARE(told(copy, original), std::size_t(0));
    }

    /// With a secret in them redacted, registers differ; the number of threads may not.
    void registersThatWereFilledAreNotCompared()
    {
        const Dump original = dumpOf(sampleCore().build().content());
        const auto registers
            = std::find_if(original.fields.begin(), original.fields.end(), [](const Field& field) {
                  return field.kind == FieldKind::GeneralRegisters;
              });
        QVERIFY(registers != original.fields.end());
        const std::vector filled {
            edit(*FileRange::make(registers->file.first() + 8, 8), "github-token")};
        Dump copy = original;
        ++copy.threads[0].registers[1].value;
        ++copy.threads[0].pc;
        QCOMPARE(told(copy, original), std::size_t(1));
        QCOMPARE(told(copy, original, filled), std::size_t(0));
        copy.threads.pop_back();
        QCOMPARE(told(copy, original, filled), std::size_t(1));
    }

    /// Of what a custom copy filled on purpose the reader knows nothing any more.
    void whatAFilledClassHidesIsNotMissed()
    {
        const Dump original = dumpOf(sampleCore().build().content());
        Dump copy = original;
        copy.modules.pop_back();
        const FileRange somewhere = original.segments[0].file;
        QCOMPARE(told(copy, original, {edit(somewhere, "class:heap")}), std::size_t(1));
        QCOMPARE(told(copy, original, {edit(somewhere, "class:loader")}), std::size_t(0));

        copy = original;
        copy.fields.push_back({"found in memory", somewhere, FieldKind::Text});
        QCOMPARE(told(copy, original), std::size_t(1));
        QCOMPARE(told(copy, original, {edit(somewhere, "class:heap")}), std::size_t(0));
        copy.fields.push_back({"in no memory", *FileRange::make(0, 1), FieldKind::Text});
        QCOMPARE(told(copy, original, {edit(somewhere, "class:heap")}), std::size_t(1));
    }

    void aMinimisedFormThatReadsOtherwiseIsRefused_data()
    {
        QTest::addColumn<Bytes>("bytes");
        QTest::newRow("core") << sampleCore().build().content();
        QTest::newRow("minidump") << sampleMinidump().build().content();
    }
    void aMinimisedFormThatReadsOtherwiseIsRefused()
    {
        QFETCH(const Bytes, bytes);
        const Dump original = dumpOf(bytes);
        const Dump minimised = minimisedFrom(bytes)->dump;
        QVERIFY(checkReadsTheSame(minimised, original).ok());
        for (const Change& change : minimisedChanges) {
            Dump changed = minimised;
            change.make(changed);
            const Status same = checkReadsTheSame(changed, original);
            QVERIFY2(!same && same.error().code == ErrorCode::Refused, change.name);
        }
    }

    /// A minidump's lists get shorter; what is left stays inside what was structure.
    void onlyAMinidumpMayHaveLessStructure()
    {
        Dump core = dumpOf(sampleCore().build().content());
        Dump shorter = core;
        shorter.structure.pop_back();
        QVERIFY(!checkReadsTheSame(shorter, core));
        core.format = shorter.format = "minidump";
        QVERIFY(checkReadsTheSame(shorter, core).ok());
        const FileRange one = core.structure[0];
        QVERIFY(one.size() > 2 && core.structure.size() > 1);
        shorter.structure = {*FileRange::between(one.first() + 1, one.last() - 1)};
        QVERIFY(checkReadsTheSame(shorter, core).ok());
        shorter.structure = {*FileRange::between(one.first(), one.last() + 1)};
        QVERIFY(!checkReadsTheSame(shorter, core));
        core.structure[0] = *FileRange::between(one.first() + 1, one.last());
        shorter.structure = {one};
        QVERIFY(!checkReadsTheSame(shorter, core));
    }
};

QTEST_APPLESS_MAIN(TestReadsTheSame)
#include "tst_readsthesame.moc"
