// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/formats/format.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verify.h"

#include "tests/redact/planting.h"
#include "tests/redact/smallcore.h"
#include "tests/support/scannedsums.h"

#include <QtTest>

#include <atomic>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace {

/// How many more allocations go well; negative: all of them.
std::atomic<long> left {-1};
std::atomic<bool> fromThenOn {false};
std::atomic<bool> failed {false};

bool fails()
{
    if (left < 0)
        return false;
    const long now = left.fetch_sub(1);
    if (now > 0)
        return false;
    // Once: all later ones go well again. Else none does.
    left = fromThenOn ? 0 : -1;
    failed = true;
    return true;
}

void* allocate(std::size_t size, std::size_t alignment)
{
    if (fails())
        throw std::bad_alloc();
    void* memory = alignment == 0
        ? std::malloc(size)
        : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (!memory)
        throw std::bad_alloc();
    return memory;
}

} // namespace

void* operator new(std::size_t size) { return allocate(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment)
{
    return allocate(size, static_cast<std::size_t>(alignment));
}
// The library's own would do the same, but a sanitizer has another.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    return fails() ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace coredact;
using namespace coredact::test;

namespace {

Descriptor newFile() { return Descriptor(memfd_create("copy", MFD_CLOEXEC)); }

/// A core with a secret, what a scan found in it, and the plan.
struct Scene {
    QByteArray value = randomText(1, 40);
    Source source = *Source::fromBytes(view(core(value)));
    Dump dump = *readDump(source, JobControl());
    RuleSet rules = *RuleSet::load({}, {});
    ScanResult scanned;
    RedactionPlan plan = makePlan();
    Descriptor copy = newFile();

    static QByteArray core(const QByteArray& value)
    {
        QByteArray memory(8192, '\0');
        memory.replace(100, value.size(), value);
        memory.replace(3001, 56, value.toBase64());
        return SmallCore({memory, memory}, "slack:" + value + "\n").bytes();
    }
    RedactionPlan makePlan()
    {
        ScanOptions options;
        options.threads = 1;
        options.given = {secretBytes(value)};
        scanned = *scan(source, dump, rules, options, JobControl());
        return RedactionPlan::make(dump, scanned.findings, Triage(), PlanPolicy());
    }
    Result<ExportReport> exported(const RangeSums& sums, int target) const
    {
        return exportCopy(source, sums, plan, target, JobControl());
    }
    Result<VerificationReport> verified(const Source& written) const
    {
        return verifyCopy({written, &source, plan, rules, scanned.values, {}, 2}, JobControl());
    }
};

/// The steps between failures: each in a long run, rarer and rarer in a short one.
long after(long number)
{
    return qEnvironmentVariableIsSet("COREDACT_HEAVY") ? number + 1 : number + 1 + number / 12;
}

/// Runs `work` with the nth allocation failing until it goes well without a failure. `work` says
/// whether it claims success.
template <typename Work> void untilItSucceeds(bool always, Work work)
{
    for (long number = 0;; number = after(number)) {
        bool success = false;
        failed = false;
        fromThenOn = always;
        left = number;
        try {
            success = work();
        } catch (const std::bad_alloc&) {
        }
        left = -1;
        if (!failed) {
            QVERIFY(success);
            return;
        }
        // A failure that no result shows would have to be one that nothing depends on.
        QVERIFY(number < 10'000'000);
    }
}

} // namespace

/// Memory runs out at every allocation of the exporter and of the verification, once and from
/// then on: that is an exception for the end of the job, never a crash, a hang or a false success.
class TestAllocationFaults : public QObject {
    Q_OBJECT

private slots:
    void theExporterStops_data() { rows(); }
    void theExporterStops()
    {
        QFETCH(const bool, always);
        const Scene scene;
        const RangeSums sums = sumsOf(scene.source);
        const Descriptor good = newFile();
        QVERIFY(scene.exported(sums, good.number()).ok());
        const auto whole = Source::fromDescriptor(Descriptor(dup(good.number())));
        const auto expected = *whole->read(0, whole->size());
        untilItSucceeds(always, [&] {
            const Descriptor file = newFile();
            const auto report = scene.exported(sums, file.number());
            if (!report)
                return false;
            const long pause = left.exchange(-1);
            const auto written = Source::fromDescriptor(Descriptor(dup(file.number())));
            const bool same = *written->read(0, written->size()) == expected;
            left = pause;
            if (!same)
                qFatal("an export that says it went well wrote other bytes");
            return true;
        });
    }

    void theVerificationStops_data() { rows(); }
    void theVerificationStops()
    {
        QFETCH(const bool, always);
        const Scene scene;
        const Descriptor file = newFile();
        QVERIFY(scene.exported(sumsOf(scene.source), file.number()).ok());
        const auto good = Source::fromDescriptor(Descriptor(dup(file.number())));
        QVERIFY(scene.verified(*good)->passed());
        untilItSucceeds(always, [&] {
            const auto report = scene.verified(*good);
            return report && report->passed();
        });
        // A copy that still holds the secret is never passed, whatever fails meanwhile.
        untilItSucceeds(always, [&] {
            const auto report = scene.verified(scene.source);
            if (report && report->passed())
                qFatal("the original passed as its copy");
            return report.ok();
        });
    }

private:
    static void rows()
    {
        QTest::addColumn<bool>("always");
        QTest::newRow("once") << false;
        QTest::newRow("from then on") << true;
    }
};

QTEST_APPLESS_MAIN(TestAllocationFaults)
#include "tst_allocationfaults.moc"
