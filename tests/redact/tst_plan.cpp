// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/plan.h"
#include "scanner/redact/planfiller.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"

#include <QtTest>

#include <array>
#include <set>

using namespace coredact;
using namespace coredact::test;

namespace {

Dump dumpOf(std::uint64_t size, std::vector<FileRange> structure = {})
{
    Dump dump;
    dump.size = size;
    dump.structure = std::move(structure);
    return dump;
}

std::set<std::uint64_t> positions(const FileRange& range)
{
    std::set<std::uint64_t> all;
    for (std::uint64_t at = range.first(); at <= range.last(); ++at)
        all.insert(at);
    return all;
}

std::set<std::uint64_t> editedBytes(const RedactionPlan& plan)
{
    std::set<std::uint64_t> all;
    for (const Edit& edit : plan.edits())
        all.merge(positions(edit.range));
    return all;
}

bool holdsInvariant(const RedactionPlan& plan, const Dump& dump)
{
    return RedactionPlan::fromEdits(plan.edits(), dump.size, dump.structure).ok();
}

Triage keeping(const std::string& id)
{
    Triage triage;
    triage.decisions[id] = {Verdict::Keep, Reason::FalsePositive, ""};
    return triage;
}

std::string filled(const Edit& edit)
{
    std::string bytes(static_cast<std::size_t>(edit.range.size()), '?');
    writeFill(edit, edit.range.first(),
              {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return bytes;
}

} // namespace

class TestPlan : public QObject {
    Q_OBJECT

private slots:
    /// Every two places and every structural range in a file of nine bytes.
    void mergesAndClipsEverySmallCase()
    {
        constexpr std::uint64_t size = 9;
        std::vector<FileRange> all;
        for (std::uint64_t first = 0; first < size; ++first)
            for (std::uint64_t length = 1; first + length <= size; ++length)
                all.push_back(range(first, length));
        for (const FileRange& one : all) {
            for (const FileRange& other : all) {
                for (const FileRange& closed : all) {
                    const Dump dump = dumpOf(size, {closed});
                    const std::vector findings {finding("f1", {occurrence({one})}),
                                                finding("f2", {occurrence({other})})};
                    const auto plan = RedactionPlan::make(dump, findings, {}, {});
                    std::set<std::uint64_t> wanted = positions(one);
                    wanted.merge(positions(other));
                    std::set<std::uint64_t> lost;
                    for (const std::uint64_t at : positions(closed))
                        if (wanted.erase(at) != 0)
                            lost.insert(at);
                    std::set<std::uint64_t> told;
                    for (const Conflict& conflict : plan.conflicts())
                        told.merge(positions(conflict.range));
                    if (editedBytes(plan) != wanted || told != lost || !holdsInvariant(plan, dump))
                        QFAIL("a plan is wrong for a small case");
                }
            }
        }
    }

    void redactsWhatIsPendingAndWhatIsDecided()
    {
        const std::vector findings {finding("f1", {occurrence({range(10, 10)})}),
                                    finding("f2", {occurrence({range(30, 10)})}),
                                    finding("f3", {occurrence({range(50, 10)})})};
        Triage triage = keeping("f3");
        triage.decisions["f2"].verdict = Verdict::Redact;
        const auto plan = RedactionPlan::make(dumpOf(100), findings, triage, {});
        QCOMPARE(plan.edits().size(), std::size_t(2));
        QCOMPARE(plan.edits()[0].finding, std::string("f1"));
        QCOMPARE(plan.edits()[1].finding, std::string("f2"));
        QCOMPARE(plan.bytes(), std::uint64_t(20));
        QVERIFY(plan.conflicts().empty());
    }

    void tellsWhereAKeptFindingLosesBytes()
    {
        const std::vector findings {finding("f1", {occurrence({range(10, 10)})}),
                                    finding("f2", {occurrence({range(15, 10)})})};
        const auto plan = RedactionPlan::make(dumpOf(100), findings, keeping("f2"), {});
        QCOMPARE(plan.edits().size(), std::size_t(1));
        QCOMPARE(plan.edits()[0].range, range(10, 10));
        QCOMPARE(plan.conflicts().size(), std::size_t(1));
        QCOMPARE(plan.conflicts()[0].range, range(15, 5));
        QCOMPARE(plan.conflicts()[0].finding, std::string("f2"));
    }

    void wipesVectorRegistersAndTheRandomSeed()
    {
        Dump dump = dumpOf(1000);
        dump.fields = {{"NT_FPREGSET", range(100, 64), FieldKind::VectorRegisters},
                       {"AT_RANDOM", range(300, 16), FieldKind::Random},
                       {"NT_PRSTATUS", range(400, 64), FieldKind::GeneralRegisters}};
        PlanPolicy policy;
        policy.fill = Fill::Token; // registers hold no text
        const auto plan = RedactionPlan::make(dump, {}, {}, policy);
        QCOMPARE(plan.edits().size(), std::size_t(2));
        QCOMPARE(plan.edits()[0].reason, std::string("policy:vector-registers"));
        QVERIFY(plan.edits()[0].fill == Fill::A5);
        QCOMPARE(plan.edits()[1].range, range(300, 16));
        policy.vectorRegisters = false;
        policy.randomSeed = false;
        QVERIFY(RedactionPlan::make(dump, {}, {}, policy).edits().empty());
    }

    void fillsValuesOfArgumentsAndEnvironment()
    {
        Dump dump = dumpOf(1000);
        dump.values = {range(100, 20), range(300, 8)};
        const std::vector findings {finding("f1", {occurrence({range(300, 8)})})};
        const auto plan = RedactionPlan::make(dump, findings, {}, {});
        QCOMPARE(plan.edits().size(), std::size_t(2));
        QCOMPARE(plan.edits()[0].range, range(100, 20));
        QCOMPARE(plan.edits()[0].reason, std::string("policy:arguments-and-environment"));
        QCOMPARE(plan.edits()[1].finding, std::string("f1"));
        PlanPolicy policy;
        policy.values = false;
        QCOMPARE(RedactionPlan::make(dump, findings, {}, policy).edits().size(), std::size_t(1));
    }

    void fillsWhatNobodyKnowsOnlyWhenAsked()
    {
        Dump dump = dumpOf(1000, {range(0, 100)});
        dump.fields = {{"note of type 99", range(100, 50), FieldKind::Opaque},
                       {"NT_FILE names", range(200, 100), FieldKind::Text}};
        dump.segments = {{*AddressRange::make(0x1000, 500), range(400, 500), {}, {}, {}}};
        QVERIFY(RedactionPlan::make(dump, {}, {}, {}).edits().empty());
        PlanPolicy policy;
        policy.unknown = true;
        const auto plan = RedactionPlan::make(dump, {}, {}, policy);
        const std::vector<FileRange> expected {range(100, 50), range(150, 50), range(300, 100),
                                               range(900, 100)};
        QCOMPARE(plan.edits().size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(plan.edits()[i].range, expected[i]);
        QCOMPARE(plan.edits()[0].reason, std::string("policy:unknown"));
        QVERIFY(plan.edits()[0].fill == Fill::X);
        QCOMPARE(plan.edits()[1].reason, std::string("policy:unclaimed"));
        QVERIFY(plan.edits()[1].fill == Fill::Zero);
    }

    /// What minimising dropped holds nothing, and is to stay so.
    void fillsOnlyWhatMinimisingKept()
    {
        Dump dump = dumpOf(1000, {range(0, 100)});
        dump.fields = {{"note of type 99", range(100, 50), FieldKind::Opaque}};
        dump.segments = {{*AddressRange::make(0x1000, 500), range(400, 500), {}, {}, {}}};
        PlanPolicy policy;
        policy.unknown = true;
        const std::vector<KeptRange> kept {{range(0, 100), "notes"}, {range(130, 40), "stack"}};
        const auto plan = RedactionPlan::make(dump, {}, {}, policy, {{}, nullptr, {}, kept});
        QCOMPARE(plan.edits().size(), std::size_t(2));
        QCOMPARE(plan.edits()[0].range, range(130, 20));
        QCOMPARE(plan.edits()[1].range, range(150, 20));
        QVERIFY(plan.conflicts().empty());
    }

    void fillsNothingWhereAllIsClaimed()
    {
        Dump dump = dumpOf(100, {range(0, 10)});
        dump.segments = {{*AddressRange::make(0x1000, 90), range(10, 90), {}, {}, {}}};
        PlanPolicy policy;
        policy.unknown = true;
        QVERIFY(RedactionPlan::make(dump, {}, {}, policy).edits().empty());
        dump.segments[0].file = range(11, 88);
        const auto plan = RedactionPlan::make(dump, {}, {}, policy);
        QCOMPARE(editedBytes(plan), (std::set<std::uint64_t> {10, 99}));
        QVERIFY(plan.conflicts().empty());
    }

    void leavesBytesWithoutAnyStructureToTheFindings()
    {
        PlanPolicy policy;
        policy.unknown = true;
        QVERIFY(RedactionPlan::make(dumpOf(1000), {}, {}, policy).edits().empty());
    }

    void leavesHeadsInsideWipedRegistersWithoutAConflict()
    {
        Dump dump = dumpOf(1000, {range(120, 4)});
        dump.fields = {{"NT_FPREGSET", range(100, 64), FieldKind::VectorRegisters}};
        const auto plan = RedactionPlan::make(dump, {}, {}, {});
        QCOMPARE(plan.bytes(), std::uint64_t(60));
        QVERIFY(plan.conflicts().empty());
    }

    void tellsOfPlacesPastTheEnd()
    {
        const std::vector findings {finding("f1", {occurrence({range(95, 10)})}),
                                    finding("f2", {occurrence({range(200, 10)})})};
        const auto plan = RedactionPlan::make(dumpOf(100), findings, {}, {});
        QCOMPARE(plan.edits().size(), std::size_t(1));
        QCOMPARE(plan.edits()[0].range, range(95, 5));
        QCOMPARE(plan.conflicts().size(), std::size_t(2));
    }

    void cutsAPlaceThatEndsOneByteTooLate()
    {
        const std::vector findings {finding("f1", {occurrence({range(95, 6)})}),
                                    finding("f2", {occurrence({range(100, 1)})}),
                                    finding("f3", {occurrence({range(80, 15)})})};
        const Dump dump = dumpOf(100);
        const auto plan = RedactionPlan::make(dump, findings, {}, {});
        QVERIFY(holdsInvariant(plan, dump));
        QCOMPARE(plan.bytes(), std::uint64_t(20));
        QCOMPARE(plan.conflicts().size(), std::size_t(2));
        for (const Conflict& conflict : plan.conflicts())
            QCOMPARE(conflict.range, range(100, 1));
    }

    void tellsOfASingleByteThatAKeptFindingLoses()
    {
        const auto lost = [](const FileRange& other) {
            const std::vector findings {finding("f1", {occurrence({other})}),
                                        finding("f2", {occurrence({range(15, 10)})})};
            const auto plan
                = RedactionPlan::make(dumpOf(100), findings, keeping("f2"), {}).conflicts();
            return plan.size() == 1 ? plan[0].range : range(99, 1);
        };
        QCOMPARE(lost(range(10, 6)), range(15, 1));
        QCOMPARE(lost(range(24, 6)), range(24, 1));
        QCOMPARE(lost(range(10, 5)), range(99, 1)); // none
        QCOMPARE(lost(range(25, 5)), range(99, 1));
    }

    void tellsOfASingleByteThatStaysWithItsClass()
    {
        const std::vector findings {finding("f1", {occurrence({range(10, 10)})})};
        PlanPolicy policy;
        policy.classes = std::vector {ClassChoice {DumpClass::Heap, ClassUse::Keep}};
        for (const FileRange& part : {range(5, 6), range(19, 6), range(14, 1)}) {
            const std::vector<ClassRange> classes {{part, DumpClass::Heap}};
            const auto plan
                = RedactionPlan::make(dumpOf(100), findings, {}, policy, {classes, nullptr, {}});
            QCOMPARE(plan.bytes(), std::uint64_t(9));
            QCOMPARE(plan.conflicts().size(), std::size_t(1));
            QCOMPARE(plan.conflicts()[0].range.size(), std::uint64_t(1));
            QCOMPARE(plan.shares().size(), std::size_t(1));
            QCOMPARE(plan.shares()[0].places, std::uint64_t(1));
            QCOMPARE(plan.shares()[0].bytes, part.size());
        }
    }

    void tellsOfConflictsAtOnePlaceInTheOrderOfTheFindings()
    {
        const std::vector findings {finding("f1", {occurrence({range(30, 10)})}),
                                    finding("f2", {occurrence({range(10, 10)})}),
                                    finding("f3", {occurrence({range(30, 10)})})};
        PlanPolicy policy;
        policy.classes = std::vector {ClassChoice {DumpClass::Heap, ClassUse::Keep}};
        const std::vector<ClassRange> classes {{range(0, 100), DumpClass::Heap}};
        const auto plan
            = RedactionPlan::make(dumpOf(100), findings, {}, policy, {classes, nullptr, {}});
        std::string order;
        for (const Conflict& conflict : plan.conflicts())
            order += conflict.finding;
        QCOMPARE(order, std::string("f2f1f3"));
    }

    void fillsClassesWithWhatIsNoText()
    {
        PlanPolicy policy;
        policy.classes = std::vector {ClassChoice {DumpClass::Heap, ClassUse::Fill}};
        const std::vector<ClassRange> classes {{range(5, 6), DumpClass::Heap}};
        for (const auto& [wished, used] :
             {std::pair(Fill::Token, Fill::A5), std::pair(Fill::Zero, Fill::Zero)}) {
            policy.fill = wished;
            const auto plan
                = RedactionPlan::make(dumpOf(100), {}, {}, policy, {classes, nullptr, {}});
            QCOMPARE(plan.edits().size(), std::size_t(1));
            QVERIFY(plan.edits()[0].fill == used);
        }
    }

    void givesEqualSecretsEqualTokensAndOthersOther()
    {
        const std::vector findings {
            finding("f1", {occurrence({range(0, 40)}), occurrence({range(100, 40)})}),
            finding("f2", {occurrence({range(200, 40)})}),
            finding("f3", {occurrence({range(300, 7)})}),
            finding("f4", {occurrence({range(320, 8)})})};
        PlanPolicy policy;
        policy.fill = Fill::Token;
        const auto plan = RedactionPlan::make(dumpOf(1000), findings, {}, policy);
        const auto& edits = plan.edits();
        QCOMPARE(edits.size(), std::size_t(5));
        QVERIFY(edits[0].token.starts_with("CDR~"));
        QCOMPARE(edits[0].token.size(), std::size_t(16));
        QCOMPARE(edits[0].token, edits[1].token);
        QVERIFY(edits[0].token != edits[2].token);
        QVERIFY(edits[3].fill == Fill::X); // too short for a token
        QVERIFY(edits[4].fill == Fill::Token);
        const auto again = RedactionPlan::make(dumpOf(1000), findings, {}, policy);
        QVERIFY(again.edits()[0].token != edits[0].token); // a fresh key each time
        QCOMPARE(filled(edits[0]).substr(0, 32), edits[0].token + edits[0].token);
    }

    void writesTokensInTheEncodingOfTheCopy()
    {
        const std::vector findings {
            finding("f1",
                    {occurrence({range(0, 40)}), occurrence({range(100, 80)}, "utf-16le"),
                     occurrence({range(300, 80)}, "utf-16be")})};
        PlanPolicy policy;
        policy.fill = Fill::Token;
        const auto plan = RedactionPlan::make(dumpOf(1000), findings, {}, policy);
        const std::string text = plan.edits()[0].token;
        QCOMPARE(plan.edits()[1].token.size(), std::size_t(32));
        QCOMPARE(plan.edits()[1].token[0], 'C');
        QCOMPARE(plan.edits()[1].token[1], '\0');
        QCOMPARE(plan.edits()[2].token[0], '\0');
        QCOMPARE(plan.edits()[2].token[1], 'C');
    }

    void fillsEveryPartOfAnEditAlike()
    {
        for (const Fill fill : {Fill::Zero, Fill::A5, Fill::X, Fill::Token}) {
            const Edit edit {range(1000, 45), fill, "r", "f1", "CDR~abcdefgh"};
            const std::string whole = filled(edit);
            for (std::uint64_t begin = 0; begin < 45; ++begin) {
                for (std::uint64_t end = begin + 1; end <= 45; ++end) {
                    std::string part(static_cast<std::size_t>(end - begin), '\0');
                    writeFill(edit, 1000 + begin,
                              {reinterpret_cast<std::uint8_t*>(part.data()), part.size()});
                    QCOMPARE(part, whole.substr(static_cast<std::size_t>(begin), part.size()));
                }
            }
        }
    }

    void fillsWindowsAsTheyGoBy()
    {
        const auto plan = *RedactionPlan::fromEdits({{range(10, 10), Fill::X, "r", "", ""},
                                                     {range(30, 5), Fill::A5, "r", "", ""},
                                                     {range(35, 5), Fill::Zero, "r", "", ""}},
                                                    60, {});
        const std::string expected = std::string(10, '.') + std::string(10, 'X')
            + std::string(10, '.') + std::string(5, '\xa5') + std::string(5, '\0')
            + std::string(20, '.');
        for (std::size_t step = 1; step <= expected.size(); ++step) {
            PlanFiller filler(plan);
            std::string bytes(expected.size(), '.');
            for (std::size_t at = 0; at < bytes.size(); at += step) {
                const std::size_t size = std::min(step, bytes.size() - at);
                const bool differs = expected.substr(at, size) != std::string(size, '.');
                QCOMPARE(filler.changes(at, size), differs);
                filler.fill(at, {reinterpret_cast<std::uint8_t*>(bytes.data()) + at, size});
            }
            QVERIFY(filler.complete().ok());
            QVERIFY(bytes == expected);
        }
    }

    void tellsOfRangesThatWereNotFilledOnce()
    {
        const auto plan = *RedactionPlan::fromEdits(
            {{range(10, 10), Fill::X, "r", "", ""}, {range(30, 5), Fill::A5, "r", "", ""}}, 60, {});
        std::array<std::uint8_t, 20> window {};
        PlanFiller left(plan);
        left.fill(0, window);
        QVERIFY(!left.complete().ok());
        QCOMPARE(left.complete().error().offset, std::optional<std::uint64_t>(30));
        PlanFiller twice(plan);
        twice.fill(10, window);
        twice.fill(10, window);
        twice.fill(30, window);
        QCOMPARE(twice.complete().error().offset, std::optional<std::uint64_t>(10));
        PlanFiller part(plan);
        part.fill(11, window);
        part.fill(30, window);
        QCOMPARE(part.complete().error().offset, std::optional<std::uint64_t>(10));
    }

    void refusesPartsThatBreakTheInvariant()
    {
        const std::vector structure {range(50, 10)};
        const auto edit = [](const FileRange& place) {
            return Edit {place, Fill::X, "r", "f1", ""};
        };
        QVERIFY(RedactionPlan::fromEdits({edit(range(0, 5)), edit(range(5, 5))}, 100, structure));
        QVERIFY(!RedactionPlan::fromEdits({edit(range(5, 5)), edit(range(0, 5))}, 100, structure));
        QVERIFY(!RedactionPlan::fromEdits({edit(range(0, 6)), edit(range(5, 5))}, 100, structure));
        QVERIFY(!RedactionPlan::fromEdits({edit(range(95, 6))}, 100, structure));
        QVERIFY(!RedactionPlan::fromEdits({edit(range(45, 6))}, 100, structure));
        QVERIFY(!RedactionPlan::fromEdits({edit(range(40, 40))}, 100, structure));
        QVERIFY(!RedactionPlan::fromEdits({{range(0, 9), Fill::Token, "r", "f1", ""}}, 100, {}));
    }

    void hasADigestThatChangesWithEveryPart()
    {
        const Edit base {range(10, 20), Fill::Token, "rule", "f1", "CDR~abcd"};
        std::vector<Edit> variants(6, base);
        variants[1].range = range(11, 20);
        variants[2].range = range(10, 21);
        variants[3].fill = Fill::X;
        variants[4].token = "CDR~abce";
        variants[5].reason = "other";
        // Where one text ends and the next begins is part of it.
        variants.push_back({range(10, 20), Fill::Token, "drule", "f1", "CDR~abc"});
        std::set<std::string> digests;
        for (const Edit& edit : variants)
            digests.insert(RedactionPlan::fromEdits({edit}, 100, {})->digest());
        QCOMPARE(digests.size(), variants.size());
    }

    void namesFillsBothWays()
    {
        for (const Fill fill : {Fill::Zero, Fill::A5, Fill::X, Fill::Token})
            QVERIFY(fillFrom(toText(fill)) == fill);
        QVERIFY(!fillFrom("none"));
    }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
