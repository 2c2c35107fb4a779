// SPDX-License-Identifier: GPL-3.0-or-later
#include "nthfailure.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

void* allocate(std::size_t size, std::size_t alignment)
{
    if (NthFailure::fails())
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
    return NthFailure::fails() ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

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
            const NoFailures pause;
            const auto written = Source::fromDescriptor(Descriptor(dup(file.number())));
            if (*written->read(0, written->size()) != expected)
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
