// SPDX-License-Identifier: GPL-3.0-or-later
#include "failingcalls.h"
#include "minimised.h"
#include "nthfailure.h"

#include "scanner/redact/certificatecheck.h"
#include "scanner/redact/differences.h"
#include "scanner/redact/verifyclasses.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

Q_DECLARE_METATYPE(Failing)

namespace {

Bytes contentOf(int file)
{
    const NoFailures pause;
    const auto source = Source::fromDescriptor(Descriptor(dup(file)));
    return *source->read(0, source->size());
}

Descriptor fileOf(const Bytes& bytes)
{
    const NoFailures pause;
    Descriptor file = newFile();
    if (pwrite(file.number(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        qFatal("no room for a file");
    return file;
}

struct Minimising {
    Bytes bytes;
    std::vector<KeptRange> kept;
};

/// What minimising gives where it gives anything.
std::optional<Minimising> minimised(const Bytes& bytes)
{
    const auto source = Source::fromDescriptor(fileOf(bytes));
    if (!source)
        return std::nullopt;
    const auto dump = readDump(*source, JobControl());
    const Descriptor target = newFile();
    auto kept = dump ? minimise(*source, *dump, target.number(), JobControl()) : dump.error();
    return kept ? std::optional(Minimising {contentOf(target.number()), std::move(*kept)})
                : std::nullopt;
}

} // namespace

/// The file cannot be read, written, asked for its holes or its status, made longer or kept at the
/// nth time, for each n, once and from then on: each job ends with an error that says so, and never
/// with a false success.
class TestFileFaults : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { failing = Failing::Reads; }

    void theExporterStops_data()
    {
        rows({Failing::Reads, Failing::Writes, Failing::Seeks, Failing::Looks, Failing::Sizes,
              Failing::Syncs});
    }
    void theExporterStops()
    {
        const Scene scene;
        const RangeSums sums = sumsOf(scene.source);
        const Descriptor good = newFile();
        QVERIFY(scene.exported(sums, good.number()).ok());
        const Bytes expected = contentOf(good.number());
        eachFailure([&] {
            const Descriptor file = newFile();
            const auto report = scene.exported(sums, file.number());
            if (report && contentOf(file.number()) != expected)
                qFatal("an export that says it went well wrote other bytes");
            if (!report && report.error().message.empty())
                qFatal("an error says nothing");
            return report.ok();
        });
    }

    void theExporterGoesOnAfterASignal()
    {
        const Scene scene;
        const RangeSums sums = sumsOf(scene.source);
        const Descriptor good = newFile();
        QVERIFY(scene.exported(sums, good.number()).ok());
        const Bytes expected = contentOf(good.number());
        failing = Failing::Interrupted;
        bool same = true;
        untilItSucceeds(false, [&] {
            const Descriptor file = newFile();
            const auto report = scene.exported(sums, file.number());
            same = same && report && contentOf(file.number()) == expected;
            return report.ok();
        });
        QVERIFY(same);
    }

    void theVerificationStops_data() { rows({Failing::Reads, Failing::Seeks}); }
    void theVerificationStops()
    {
        const Scene scene;
        const Descriptor file = newFile();
        QVERIFY(scene.exported(sumsOf(scene.source), file.number()).ok());
        const auto good = Source::fromDescriptor(Descriptor(dup(file.number())));
        QVERIFY(scene.verified(*good)->passed());
        eachFailure([&] {
            const auto report = scene.verified(*good);
            const bool passed = report && report->passed();
            if (passed && NthFailure::failed && failing == Failing::Reads)
                qFatal("a copy passed that could not be read");
            return passed;
        });
        // A copy that still holds the secret is never passed, whatever fails meanwhile.
        eachFailure([&] {
            const auto report = scene.verified(scene.source);
            if (report && report->passed())
                qFatal("the original passed as its copy");
            return report.ok();
        });
    }

    void minimisingStops_data()
    {
        QTest::addColumn<Bytes>("bytes");
        QTest::addColumn<Failing>("kind");
        QTest::addColumn<bool>("always");
        for (const auto& [name, bytes] : {std::pair {"core", sampleCore().build().content()},
                                          {"32-bit core", samplePowerPcCore().build().content()},
                                          {"minidump", sampleMinidump().build().content()}})
            for (const auto& [call, kind] : {std::pair {"read", Failing::Reads},
                                             {"write", Failing::Writes},
                                             {"look", Failing::Looks},
                                             {"size", Failing::Sizes}})
                for (const bool always : {false, true})
                    QTest::addRow("%s %s %s", name, call, always ? "from then on" : "once")
                        << bytes << kind << always;
    }
    void minimisingStops()
    {
        QFETCH(const Bytes, bytes);
        failing = Failing::Reads;
        const auto expected = minimised(bytes);
        QVERIFY(expected);
        eachFailure([&] {
            const auto result = minimised(bytes);
            const NoFailures pause;
            if (!result)
                return false;
            if (result->bytes.size() != bytes.size() || beside(result->bytes, result->kept))
                qFatal("a minimised copy holds more than it says");
            return NthFailure::failed || result->bytes == expected->bytes;
        });
    }

    void aLookBesideTheKeptRangesStops_data() { rows({Failing::Reads, Failing::Seeks}); }
    void aLookBesideTheKeptRangesStops()
    {
        Bytes bytes(3U << 20, 0);
        bytes.back() = 1;
        const auto file = Source::fromDescriptor(fileOf(bytes));
        const std::vector<KeptRange> kept {{*FileRange::make(4096, 8192), "stack"}};
        eachFailure([&] {
            const auto beside = bytesBeside(*file, kept, JobControl());
            if (beside && *beside != bytes.size() - 1)
                qFatal("a byte beside the ranges was not seen");
            return beside.ok();
        });
    }

    /// Classes of a custom copy, and the check of one by its owner and by its recipient.
    void theChecksOfACustomCopyStop_data() { rows({Failing::Reads, Failing::Seeks}); }
    void theChecksOfACustomCopyStop()
    {
        const Scene scene;
        const auto original
            = Source::fromDescriptor(fileOf(*scene.source.read(0, scene.source.size())));
        const Descriptor file = newFile();
        QVERIFY(scene.exported(sumsOf(*original), file.number()).ok());
        const auto copy = Source::fromDescriptor(Descriptor(dup(file.number())));
        const auto classes = classRanges(*original, scene.dump);
        const std::vector<ClassChoice> choices {{DumpClass::Anonymous, ClassUse::Fill}};
        eachFailure([&] {
            const auto again = classRanges(*original, scene.dump);
            VerificationNotes notes;
            const Status checked = verifyClasses({choices, {}, scene.plan.edits()}, *copy,
                                                 &*original, &scene.dump, notes);
            if (again && NthFailure::failed && *again != *classes)
                qFatal("a class was not seen");
            if (checked && notes.violationsOf("filled classes") == 0)
                qFatal("a byte of a filled class was not seen");
            return again && checked;
        });
        CertificateClaim claim;
        claim.copySize = claim.plainSize = copy->size();
        claim.edits = scene.plan.edits();
        eachFailure([&] {
            const auto report = checkCertificate(claim, *copy, JobControl());
            if (report && report->violations.size() != 1) // the digest is no one's
                qFatal("a check that ended told something else");
            return report.ok();
        });
    }

    void theComparisonStops_data() { rows({Failing::Reads, Failing::Seeks}); }
    void theComparisonStops()
    {
        const Scene scene;
        const Descriptor file = newFile();
        QVERIFY(scene.exported(sumsOf(scene.source), file.number()).ok());
        const auto copy = Source::fromDescriptor(Descriptor(dup(file.number())));
        const auto expected = differencesBetween(scene.source, *copy, JobControl());
        QVERIFY(expected && !expected->ranges.empty());
        eachFailure([&] {
            const auto found = differencesBetween(scene.source, *copy, JobControl());
            if (found && found->ranges != expected->ranges)
                qFatal("a comparison that says it went well tells something else");
            return found.ok();
        });
    }

private:
    static void rows(std::initializer_list<Failing> kinds)
    {
        QTest::addColumn<Failing>("kind");
        QTest::addColumn<bool>("always");
        constexpr std::array names {"reads", "writes", "seeks", "looks", "sizes", "syncs"};
        for (const Failing kind : kinds)
            for (const bool always : {false, true})
                QTest::addRow("%s, %s", names[static_cast<std::size_t>(kind)],
                              always ? "from then on" : "once")
                    << kind << always;
    }

    template <typename Work> static void eachFailure(Work work)
    {
        QFETCH(const Failing, kind);
        QFETCH(const bool, always);
        failing = kind;
        untilItSucceeds(always, work);
    }
};

QTEST_APPLESS_MAIN(TestFileFaults)
#include "tst_filefaults.moc"
