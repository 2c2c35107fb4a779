// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/formats/format.h"
#include "scanner/redact/export.h"
#include "scanner/redact/verify.h"

#include "tests/redact/planting.h"
#include "tests/redact/smallcore.h"
#include "tests/scan/packed.h"
#include "tests/support/longrun.h"
#include "tests/support/scannedsums.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

/// Calls that fail at the nth time, for each n until the work succeeds: for tests that put their
/// own in the place of `operator new` or of a function of libc.
namespace coredact::test {

struct NthFailure {
    /// How many more calls go well; negative: all of them.
    static inline std::atomic<long> left {-1};
    static inline std::atomic<bool> fromThenOn {false};
    static inline std::atomic<bool> failed {false};

    /// Asked at each call: whether it is the one.
    static bool fails()
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
};

/// No call fails while it lives.
class NoFailures {
public:
    NoFailures()
        : m_left(NthFailure::left.exchange(-1))
    {
    }
    ~NoFailures() { NthFailure::left = m_left; }
    NoFailures(const NoFailures&) = delete;
    NoFailures& operator=(const NoFailures&) = delete;

private:
    long m_left;
};

inline Descriptor newFile() { return Descriptor(memfd_create("copy", MFD_CLOEXEC)); }

/// A core with a secret, what a scan found in it, and the plan.
struct Scene {
    QByteArray value = randomText(1, 40);
    Source source = *Source::fromBytes(view(core(value)));
    Dump dump = *readDump(source, JobControl());
    const RuleSet& rules = allRules();
    ScanResult scanned;
    RedactionPlan plan = makePlan();
    Descriptor copy = newFile();

    /// Compiled once: that takes longer than all that is done with them.
    static const RuleSet& allRules()
    {
        static const RuleSet loaded = *RuleSet::load({}, {});
        return loaded;
    }
    static QByteArray core(const QByteArray& value)
    {
        QByteArray memory(81920, '\0');
        memory.replace(100, value.size(), value);
        memory.replace(3001, 56, value.toBase64());
        // A stream without it, which is looked into all the same.
        const std::string stream = deflated(std::string(50'000, 'a') + "end", 31, 0);
        memory.replace(20'000, static_cast<qsizetype>(stream.size()),
                       QByteArray::fromStdString(stream));
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
inline long after(long number)
{
    return isLongRun() ? number + 1 : number + 1 + number / 12;
}

/// Runs `work` with the nth call failing until it goes well without a failure. `work` says
/// whether it claims success.
template <typename Work> void untilItSucceeds(bool always, Work work)
{
    LongRun run;
    for (long number = 0;; number = after(number)) {
        run.at(static_cast<unsigned long>(number));
        bool success = false;
        NthFailure::failed = false;
        NthFailure::fromThenOn = always;
        NthFailure::left = number;
        try {
            success = work();
        } catch (const std::bad_alloc&) {
        }
        NthFailure::left = -1;
        if (!NthFailure::failed) {
            QVERIFY2(number > 0, "no call was there to fail");
            QVERIFY(success);
            return;
        }
        // A failure that no result shows would have to be one that nothing depends on.
        QVERIFY(number < 10'000'000);
    }
}

} // namespace coredact::test
