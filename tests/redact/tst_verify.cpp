// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verify.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"
#include "tests/redact/smallcore.h"
#include "tests/support/scannedsums.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <mutex>

#include <functional>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;

namespace {

/// A core with copies of one secret in many writings, none of which a rule knows; the scan is
/// told of it by its value.
struct Scene {
    QByteArray value = randomText(1, 40);
    QByteArray other = randomText(2, 40);
    QByteArray bytes;
    std::vector<Finding> findings;
    std::vector<SecretValue> values;

    Scene()
    {
        QByteArray first(8192, '\0');
        first.replace(100, 40, value);
        first.replace(1001, 80, wide(value));
        first.replace(2003, 80, value.toHex());
        first.replace(3001, 56, value.toBase64());
        first.replace(4000, 9, value.mid(20, 9));
        QByteArray second(8192, '\0');
        second.replace(500, 40, other);
        const SmallCore core({first, second}, "slack:" + value + "\n");
        bytes = core.bytes();
        const Source source = original();
        ScanOptions options;
        options.threads = 1;
        options.given = {secretBytes(value), secretBytes(other)};
        auto seen = scan(source, *readDump(source, JobControl()), rules(), options, JobControl());
        findings = std::move(seen->findings);
        values = std::move(seen->values);
    }

    static QByteArray wide(const QByteArray& text)
    {
        QByteArray wide;
        for (const char character : text)
            wide.append(character).append('\0');
        return wide;
    }
    Source original() const { return *Source::fromBytes(view(bytes)); }
    RedactionPlan plan(const Triage& triage = {}, Fill fill = Fill::X) const
    {
        PlanPolicy policy;
        policy.fill = fill;
        return RedactionPlan::make(*readDump(original(), JobControl()), findings, triage, policy);
    }
    RedactionPlan planOf(std::vector<Edit> edits) const
    {
        return *RedactionPlan::fromEdits(std::move(edits), static_cast<std::uint64_t>(bytes.size()),
                                         {});
    }
    QByteArray exported(const RedactionPlan& plan) const
    {
        const Descriptor target(memfd_create("copy", MFD_CLOEXEC));
        const Source source = original();
        if (!exportCopy(source, sumsOf(source), plan, target.number(), JobControl()))
            return {};
        const auto copy = Source::fromDescriptor(Descriptor(dup(target.number())));
        const auto read = copy->read(0, copy->size());
        return {reinterpret_cast<const char*>(read->data()), static_cast<qsizetype>(read->size())};
    }
    VerificationReport verify(const QByteArray& copyBytes, const RedactionPlan& plan,
                              std::span<const Finding> kept = {}) const
    {
        const Source copy = *Source::fromBytes(view(copyBytes));
        const Source first = original();
        std::vector<SecretValue> searched;
        for (std::size_t i = 0; i < findings.size(); ++i)
            if (std::none_of(kept.begin(), kept.end(),
                             [&](const Finding& one) { return one.id == findings[i].id; }))
                searched.push_back(values[i]);
        const auto report
            = verifyCopy({copy, &first, plan, rules(), searched, kept, 1}, JobControl());
        return report ? *report : VerificationReport {};
    }
};

const Scene& scene()
{
    static const Scene made;
    return made;
}

bool failed(const VerificationReport& report, const std::string& check)
{
    return !report.passed()
        && std::any_of(report.violations.begin(), report.violations.end(),
                       [&](const Violation& violation) { return violation.check == check; });
}

std::vector<Edit> without(std::vector<Edit> edits, std::size_t index)
{
    edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(index));
    return edits;
}

/// Spoils a copy; may change the plan that it is compared with.
using Sabotage = std::function<void(QByteArray& copy, std::vector<Edit>& plan)>;

} // namespace

class TestVerify : public QObject {
    Q_OBJECT

private slots:
    void tellsEachCheckWhenItEnds()
    {
        const RedactionPlan plan = scene().plan();
        const QByteArray exported = scene().exported(plan);
        const Source copy = *Source::fromBytes(view(exported));
        const Source original = scene().original();
        std::mutex mutex;
        std::vector<std::string> told;
        const auto tell = [&](const Check& check) {
            const std::scoped_lock lock(mutex);
            told.push_back(check.name);
        };
        const auto report = verifyCopy(
            {copy, &original, plan, rules(), scene().values, {}, 2, tell}, JobControl());
        QVERIFY(report.ok() && report->passed());
        const auto names = checksAgainstOriginal();
        std::vector<std::string> expected(names.begin(), names.end());
        std::vector<std::string> reported;
        for (const Check& check : report->checks)
            reported.push_back(check.name);
        for (auto* list : {&told, &expected, &reported})
            std::sort(list->begin(), list->end());
        QVERIFY(told == reported);
        QVERIFY(told == expected);
    }

    /// Also when there are more values than are looked for at once, wherever among them it stands.
    void namesTheValueThatIsLeftAmongVeryMany()
    {
        const QByteArray copyBytes = scene().bytes;
        const Source copy = *Source::fromBytes(view(copyBytes));
        std::vector<SecretValue> many;
        for (unsigned i = 0; i < 200; ++i)
            many.push_back({ValueForm::Text, secretBytes(randomText(1000 + i, 800)), {}});
        for (const std::size_t place : {std::size_t {0}, std::size_t {100}, std::size_t {199}}) {
            std::vector<SecretValue> values = many;
            values[place].value = secretBytes(scene().value);
            const auto report = verifyCopy(
                {copy, nullptr, scene().planOf({}), rules(), values, {}, 2}, JobControl());
            QVERIFY(report.ok() && failed(*report, "values"));
            const std::string wanted
                = "part of value " + std::to_string(place + 1) + " is left, as raw";
            QVERIFY(std::any_of(
                report->violations.begin(), report->violations.end(),
                [&](const Violation& violation) { return violation.message == wanted; }));
        }
    }

    void findsWhatIsPlanted()
    {
        QCOMPARE(scene().findings.size(), std::size_t(2));
        QVERIFY(scene().findings.front().occurrences.size() >= 6);
    }

    void passesAnHonestCopyWithEveryFill()
    {
        for (const Fill fill : {Fill::Zero, Fill::A5, Fill::X, Fill::Token}) {
            const auto plan = scene().plan({}, fill);
            QVERIFY(plan.conflicts().empty());
            const auto report = scene().verify(scene().exported(plan), plan);
            for (const Violation& violation : report.violations)
                qWarning("%s: %s", violation.check.c_str(), violation.message.c_str());
            QVERIFY(report.passed());
            QCOMPARE(report.checks.size(), std::size_t(7));
            QCOMPARE(report.sha256.size(), std::size_t(64));
        }
    }

    void leavesKeptPlacesInPeace()
    {
        Triage triage;
        triage.decisions[scene().findings[1].id].verdict = Verdict::Keep;
        const auto plan = scene().plan(triage);
        const std::vector kept {scene().findings[1]};
        QVERIFY(scene().verify(scene().exported(plan), plan, kept).passed());
    }

    void catchesEverySabotage_data()
    {
        QTest::addColumn<Sabotage>("sabotage");
        QTest::addColumn<std::string>("check");
        const auto at
            = [](const FileRange& place) { return static_cast<qsizetype>(place.first()); };
        const auto row = [](const char* name, const char* check, Sabotage sabotage) {
            QTest::newRow(name) << std::move(sabotage) << std::string(check);
        };
        row("one range not filled", "fill", [=](QByteArray& copy, std::vector<Edit>& plan) {
            const FileRange place = plan[2].range;
            copy.replace(at(place), static_cast<qsizetype>(place.size()),
                         scene().bytes.mid(at(place), static_cast<qsizetype>(place.size())));
        });
        row("one byte not filled", "fill", [=](QByteArray& copy, std::vector<Edit>& plan) {
            copy[at(plan[0].range) + 7] = scene().bytes[at(plan[0].range) + 7];
        });
        row("last byte not filled", "fill", [](QByteArray& copy, std::vector<Edit>& plan) {
            const auto last = static_cast<qsizetype>(plan.back().range.last());
            copy[last] = scene().bytes[last];
        });
        row("fill shifted by one", "bytes", [=](QByteArray& copy, std::vector<Edit>& plan) {
            const FileRange place = plan[0].range;
            copy[at(place)] = scene().bytes[at(place)];
            copy[at(place) + static_cast<qsizetype>(place.size())] = 'X';
        });
        row("another fill", "fill", [=](QByteArray& copy, std::vector<Edit>& plan) {
            copy.replace(at(plan[1].range), 8, "YYYYYYYY");
        });
        row("a fill other than planned", "fill",
            [](QByteArray&, std::vector<Edit>& plan) { plan[1].fill = Fill::Zero; });
        row("a token other than planned", "fill", [](QByteArray&, std::vector<Edit>& plan) {
            plan[1].fill = Fill::Token;
            plan[1].token = "CDR~bcdf";
        });
        row("a byte changed besides", "bytes",
            [](QByteArray& copy, std::vector<Edit>&) { copy[7000] = '!'; });
        row("the last byte changed", "bytes",
            [](QByteArray& copy, std::vector<Edit>&) { copy[copy.size() - 1] = '!'; });
        row("a range filled that is not listed", "bytes",
            [](QByteArray&, std::vector<Edit>& plan) { plan = without(plan, 0); });
        row("a stale plan", "bytes", [](QByteArray&, std::vector<Edit>& plan) {
            plan[0].range = range(plan[0].range.first() + 1, plan[0].range.size() - 1);
        });
        row("the copy cut", "size", [](QByteArray& copy, std::vector<Edit>&) { copy.chop(1); });
        row("the copy cut in a planned range", "fill",
            [](QByteArray& copy, std::vector<Edit>& plan) {
                copy.truncate(static_cast<qsizetype>(plan.back().range.last()));
            });
        row("bytes after the end", "size",
            [](QByteArray& copy, std::vector<Edit>&) { copy += '\0'; });
        row("a program header edited", "structure", [](QByteArray& copy, std::vector<Edit>&) {
            copy[SmallCore::headerSize + 16 + 2] = '\x55'; // p_vaddr
        });
        row("a program header filled as planned", "structure",
            [](QByteArray& copy, std::vector<Edit>& plan) {
                plan.insert(plan.begin(), {range(72, 4), Fill::Zero, "r", "", ""});
                copy.replace(72, 4, QByteArray(4, '\0'));
            });
        row("nothing done", "values",
            [](QByteArray& copy, std::vector<Edit>&) { copy = scene().bytes; });
        row("all zeros", "bytes", [](QByteArray& copy, std::vector<Edit>&) { copy.fill('\0'); });
        row("another file", "bytes", [](QByteArray& copy, std::vector<Edit>&) {
            copy = randomKey(9, static_cast<int>(copy.size()));
        });
        row("the secret moved to another place", "values",
            [](QByteArray& copy, std::vector<Edit>&) { copy.replace(7003, 40, scene().value); });
        row("half of the secret moved to another place", "values",
            [](QByteArray& copy, std::vector<Edit>&) {
                copy.replace(7003, 11, scene().value.mid(9, 11));
            });
        row("the secret moved and turned round", "values",
            [](QByteArray& copy, std::vector<Edit>&) {
                QByteArray turned = scene().value;
                std::reverse(turned.begin(), turned.end());
                copy.replace(7003, 40, turned);
            });
    }
    void catchesEverySabotage()
    {
        QFETCH(const Sabotage, sabotage);
        QFETCH(const std::string, check);
        const auto plan = scene().plan();
        QByteArray copy = scene().exported(plan);
        std::vector<Edit> edits = plan.edits();
        sabotage(copy, edits);
        const auto report = scene().verify(copy, scene().planOf(std::move(edits)));
        QVERIFY(failed(report, check));
    }

    /// Each place left out of the plan and of the copy alike: only the search for values can tell.
    void catchesEachWritingThatThePlanForgot()
    {
        const auto plan = scene().plan();
        for (std::size_t i = 0; i < plan.edits().size(); ++i) {
            const auto lesser = scene().planOf(without(plan.edits(), i));
            const auto report = scene().verify(scene().exported(lesser), lesser);
            QVERIFY2(failed(report, "values"),
                     std::to_string(plan.edits()[i].range.first()).c_str());
            QVERIFY(!failed(report, "bytes"));
            QVERIFY(!failed(report, "fill"));
        }
    }

    void catchesASecretThatTheRulesKnow()
    {
        const QByteArray key = "AKIA" + QByteArray("Q3EGTZ5MLPW7XKDR");
        Scene scene;
        scene.bytes.replace(6000, key.size() + 20, "aws_key_id = " + key + "      ");
        scene.findings.clear();
        scene.values.clear();
        const Source source = scene.original();
        const auto seen = scan(source, *readDump(source, JobControl()), rules(), {}, JobControl());
        QVERIFY(!seen->findings.empty());
        const auto none = scene.planOf({});
        QVERIFY(failed(scene.verify(scene.bytes, none), "rescan"));
        QVERIFY(!failed(scene.verify(scene.bytes, none, seen->findings), "rescan"));
    }

    void findsAValueAcrossSegmentsThatTouchInMemory()
    {
        // The second block follows the first in memory, and lies before it in the file.
        const QByteArray value = randomKey(5, 40);
        QByteArray bytes = SmallCore({QByteArray(4096, '\0'), QByteArray(4096, '\0')}, {}).bytes();
        const SmallCore core({QByteArray(4096, '\0'), QByteArray(4096, '\0')}, {});
        const auto setAddress = [&](int header, char low, char high) {
            const int at = SmallCore::headerSize + header * SmallCore::programHeaderSize + 16;
            bytes.replace(at, 8, QByteArray("\0", 1) + low + high + QByteArray(5, '\0'));
        };
        setAddress(0, '\x10', '\x02'); // 0x21000
        setAddress(1, '\0', '\x02'); // 0x20000
        bytes.replace(core.offset(1) + 4096 - 15, 15, value.left(15));
        bytes.replace(core.offset(0), 25, value.mid(15));
        const Source copy = *Source::fromBytes(view(bytes));
        // The halves are long enough to be found alone: only the crossing windows are of interest.
        const auto empty = RedactionPlan::fromEdits({}, copy.size(), {});
        const SecretValue middle = secret(value.mid(11, 8), ValueForm::Binary);
        const std::vector values {middle};
        const auto report
            = verifyCopy({copy, nullptr, *empty, rules(), values, {}, 1}, JobControl());
        QVERIFY(report && failed(*report, "values"));
    }

    void needsNoOriginal()
    {
        const auto plan = scene().plan();
        const QByteArray bytes = scene().exported(plan);
        const Source copy = *Source::fromBytes(view(bytes));
        const auto report
            = verifyCopy({copy, nullptr, plan, rules(), scene().values, {}, 1}, JobControl());
        QVERIFY(report && report->passed());
        QCOMPARE(report->checks.size(), std::size_t(4));
    }

    /// A recipient has nothing to compare with: the plan must be off the structure.
    void catchesAFilledHeaderWithoutTheOriginal()
    {
        QByteArray bytes = scene().bytes;
        const auto toldOf = [&](std::uint64_t first) {
            const Edit edit {range(first, 4), Fill::Zero, "r", "", ""};
            bytes.replace(qsizetype(first), 4, QByteArray(4, '\0'));
            const Source copy = *Source::fromBytes(view(bytes));
            const auto plan = scene().planOf({edit});
            return failed(*verifyCopy({copy, nullptr, plan, rules(), {}, {}, 1}, JobControl()),
                          "structure");
        };
        QVERIFY(!toldOf(7000));
        QVERIFY(toldOf(72));
    }

    void keepsAHundredViolationsOfEachCheck()
    {
        const auto plan = scene().plan();
        const auto report
            = scene().verify(randomKey(3, static_cast<int>(scene().bytes.size())), plan);
        QVERIFY(!report.passed());
        QCOMPARE(std::count_if(report.violations.begin(), report.violations.end(),
                               [](const Violation& one) { return one.check == "bytes"; }),
                 100);
    }

    void passesOnlyWhereEveryCheckDidAndNothingIsTold()
    {
        const Check good {"one", true, {}};
        const Check bad {"another", false, {}};
        const Violation told {"bytes", std::nullopt, {}};
        QVERIFY((VerificationReport {{good, good}, {}, {}}.passed()));
        QVERIFY(!VerificationReport().passed());
        QVERIFY(!(VerificationReport {{good, bad}, {}, {}}.passed()));
        QVERIFY(!(VerificationReport {{good}, {told}, {}}.passed()));
        QVERIFY(!(VerificationReport {{}, {told}, {}}.passed()));
    }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
