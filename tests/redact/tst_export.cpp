// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/export.h"
#include "scanner/redact/planfiller.h"

#include "tests/redact/findings.h"
#include "tests/redact/planting.h"
#include "tests/support/scannedsums.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace coredact;
using namespace coredact::test;

namespace {

Descriptor emptyFile() { return Descriptor(memfd_create("copy", MFD_CLOEXEC)); }

QByteArray contentsOf(const Descriptor& file)
{
    const auto source = Source::fromDescriptor(Descriptor(dup(file.number())));
    const auto bytes = source->read(0, source->size());
    return {reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size())};
}

RedactionPlan planFor(std::uint64_t size, std::vector<FileRange> ranges, Fill fill = Fill::X)
{
    Dump dump;
    dump.size = size;
    PlanPolicy policy;
    policy.fill = fill;
    return RedactionPlan::make(dump, std::vector {finding("f1", {occurrence(std::move(ranges))})},
                               {}, policy);
}

/// Of a file that did not change since it was scanned.
Result<ExportReport> exported(const Source& source, const RedactionPlan& plan, int target,
                              const JobControl& control)
{
    return exportCopy(source, sumsOf(source), plan, target, control);
}

QByteArray sha256Of(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

} // namespace

class TestExport : public QObject {
    Q_OBJECT

private slots:
    /// F2: the set of differing offsets is the union of the planned ranges, exactly.
    void changesExactlyThePlannedBytes()
    {
        const QByteArray original = randomKey(1, (3 << 20) + 123).replace('X', 'Y');
        const PlantedFile file(original);
        const std::vector ranges {range(0, 1), range(4090, 20), range((1 << 20) - 3, 7),
                                  range((2 << 20) - 9, (1 << 20) + 50), range((3 << 20) + 122, 1)};
        const auto plan = planFor(static_cast<std::uint64_t>(original.size()), ranges);
        const Descriptor target = emptyFile();
        const auto report = exported(file.source(), plan, target.number(), JobControl());
        QVERIFY(report);
        QByteArray expected = original;
        for (const FileRange& one : ranges)
            for (std::uint64_t at = one.first(); at <= one.last(); ++at)
                expected[static_cast<qsizetype>(at)] = 'X';
        const QByteArray copy = contentsOf(target);
        QVERIFY(copy == expected);
        QCOMPARE(report->bytesChanged, plan.bytes());
        QCOMPARE(report->bytesWritten, static_cast<std::uint64_t>(original.size()));
        QCOMPARE(QByteArray::fromStdString(report->sourceSha256), sha256Of(original));
    }

    void keepsHolesAndFillsInsideThem()
    {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath("sparse").toLocal8Bit();
        Descriptor sparse(open(path.constData(), O_RDWR | O_CREAT, 0600));
        const off_t size = off_t(1) << 30;
        QCOMPARE(ftruncate(sparse.number(), size), 0);
        QCOMPARE(pwrite(sparse.number(), "data", 4, size / 2), ssize_t(4));
        const auto source = Source::fromDescriptor(std::move(sparse));
        const auto plan = planFor(source->size(), {range(4096, 10)});
        Descriptor target(open(folder.path().toLocal8Bit().constData(), O_TMPFILE | O_RDWR, 0600));
        if (!target)
            target.reset(open(folder.filePath("copy").toLocal8Bit().constData(),
                              O_RDWR | O_CREAT | O_EXCL, 0600));
        QVERIFY(exported(*source, plan, target.number(), JobControl()));
        struct stat status = {};
        QCOMPARE(fstat(target.number(), &status), 0);
        QCOMPARE(status.st_size, size);
        QVERIFY(status.st_blocks * 512 < 1 << 20);
        char bytes[10] = {};
        QCOMPARE(pread(target.number(), bytes, 10, 4096), ssize_t(10));
        QCOMPARE(QByteArray(bytes, 10), QByteArray("XXXXXXXXXX"));
        QCOMPARE(pread(target.number(), bytes, 4, size / 2), ssize_t(4));
        QCOMPARE(QByteArray(bytes, 4), QByteArray("data"));
    }

    void fillsInHolesAtTheEdgesOfBlocks()
    {
        Descriptor sparse = emptyFile();
        QCOMPARE(ftruncate(sparse.number(), 8 << 20), 0);
        const auto source = Source::fromDescriptor(std::move(sparse));
        const std::vector ranges {range((1 << 20) - 1, 1), range((2 << 20) - 1, 2),
                                  range(3 << 20, 1)};
        QByteArray expected(8 << 20, '\0');
        const QByteArray original = expected;
        for (const FileRange& one : ranges)
            expected.replace(qsizetype(one.first()), qsizetype(one.size()),
                             QByteArray(qsizetype(one.size()), 'X'));
        const Descriptor target = emptyFile();
        const auto report
            = exported(*source, planFor(source->size(), ranges), target.number(), JobControl());
        QVERIFY(report && contentsOf(target) == expected);
        QCOMPARE(QByteArray::fromStdString(report->sourceSha256), sha256Of(original));
    }

    /// F1: nothing but a new and empty file is ever written.
    void refusesATargetThatIsNotEmptyOrIsTheOriginal()
    {
        const PlantedFile file(100);
        const Source source = file.source();
        const auto plan = planFor(100, {range(0, 10)});
        const auto onto = exported(source, plan, source.descriptor(), JobControl());
        QVERIFY(!onto);
        QCOMPARE(onto.error().code, ErrorCode::Refused);
        QVERIFY(onto.error().message.ends_with("is the original"));
        const Descriptor longer = emptyFile();
        QCOMPARE(ftruncate(longer.number(), 1000), 0);
        const auto over = exported(source, plan, longer.number(), JobControl());
        QVERIFY(!over);
        QCOMPARE(over.error().code, ErrorCode::Refused);
        QVERIFY(over.error().message.ends_with("is not a new and empty file"));
    }

    void refusesAPlanOfALongerFile()
    {
        const PlantedFile file(100);
        for (const FileRange& behind : {range(150, 10), range(95, 6), range(100, 1)}) {
            const Descriptor target = emptyFile();
            const auto copy
                = exported(file.source(), planFor(200, {behind}), target.number(), JobControl());
            QVERIFY(!copy);
            QCOMPARE(copy.error().code, ErrorCode::Refused);
        }
        const Descriptor target = emptyFile();
        QVERIFY(
            exported(file.source(), planFor(200, {range(95, 5)}), target.number(), JobControl()));
    }

    /// F18: a file that changes between opening and the end of the export is not copied.
    void noticesAnInputThatChanges()
    {
        const PlantedFile file(randomKey(2, 130 << 20));
        const Source source = file.source();
        const auto plan = planFor(source.size(), {range(0, 10)});
        for (const std::uint64_t moment : {std::uint64_t(0), std::uint64_t(70) << 20}) {
            bool changed = false;
            const JobControl control([&](const Progress& progress) {
                if (progress.done < moment || changed)
                    return;
                changed = true;
                QTest::qSleep(20); // the clock of the file system is coarse
                QCOMPARE(pwrite(source.descriptor(), "!", 1, 50 << 20), ssize_t(1));
            });
            const Descriptor target = emptyFile();
            const auto copy = exported(source, plan, target.number(), control);
            QVERIFY(!copy);
            QCOMPARE(copy.error().code, ErrorCode::Changed);
        }
    }

    /// F18: one byte that changed since the scan, though size and times say nothing of it.
    void noticesAByteThatChangedSinceTheScan_data()
    {
        QTest::addColumn<qsizetype>("offset");
        QTest::newRow("the first") << qsizetype(0);
        QTest::newRow("in the plan") << qsizetype(1000);
        QTest::newRow("before a block's edge") << qsizetype((2 << 20) - 1);
        QTest::newRow("after a block's edge") << qsizetype(2 << 20);
        QTest::newRow("the last") << qsizetype((5 << 20) + 76);
    }
    void noticesAByteThatChangedSinceTheScan()
    {
        QFETCH(const qsizetype, offset);
        QByteArray bytes = randomKey(11, (5 << 20) + 77);
        const RangeSums scanned = sumsOf(PlantedFile(bytes).source());
        const auto plan = planFor(static_cast<std::uint64_t>(bytes.size()), {range(990, 20)});
        const Descriptor good = emptyFile();
        QVERIFY(
            exportCopy(PlantedFile(bytes).source(), scanned, plan, good.number(), JobControl()));
        bytes[offset] = static_cast<char>(bytes[offset] ^ 1);
        const Descriptor target = emptyFile();
        const auto copy
            = exportCopy(PlantedFile(bytes).source(), scanned, plan, target.number(), JobControl());
        QVERIFY(!copy);
        QCOMPARE(copy.error().code, ErrorCode::Changed);
        QCOMPARE(*copy.error().offset, static_cast<std::uint64_t>(offset >> 20 << 20));
    }

    void noticesHolesThatChangedSinceTheScan()
    {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath("sparse").toLocal8Bit();
        Descriptor file(open(path.constData(), O_RDWR | O_CREAT, 0600));
        QCOMPARE(ftruncate(file.number(), 8 << 20), 0);
        QCOMPARE(pwrite(file.number(), "data", 4, 5 << 20), ssize_t(4));
        const auto again
            = [&] { return *Source::fromDescriptor(Descriptor(open(path.constData(), O_RDONLY))); };
        const RangeSums scanned = sumsOf(again());
        auto plan = planFor(8 << 20, {range(7 << 20, 10)});
        const auto isCopied = [&] {
            const Descriptor target = emptyFile();
            const auto copy = exportCopy(again(), scanned, plan, target.number(), JobControl());
            return copy || copy.error().code != ErrorCode::Changed;
        };
        QVERIFY(isCopied());
        // Zeros in place of a hole are the same bytes.
        QCOMPARE(pwrite(file.number(), QByteArray(4096, '\0').constData(), 4096, 1 << 20),
                 ssize_t(4096));
        QVERIFY(isCopied());
        QCOMPARE(pwrite(file.number(), "more", 4, 1 << 20), ssize_t(4));
        QVERIFY(!isCopied());
        QCOMPARE(
            fallocate(file.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1 << 20, 4096), 0);
        QVERIFY(isCopied());
        QCOMPARE(
            fallocate(file.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 5 << 20, 4096), 0);
        QVERIFY(!isCopied());
        // Also where nothing is written behind it.
        plan = planFor(8 << 20, {range(2 << 20, 10)});
        QVERIFY(!isCopied());
    }

    /// F19: what a loop that goes wrong would do to a plan.
    void countsTheBytesOfEachRange()
    {
        const auto plan = planFor(1000, {range(10, 20), range(95, 10), range(300, 1)});
        const auto isComplete = [&](const std::vector<FileRange>& windows) {
            PlanFiller filler(plan);
            QByteArray bytes(1000, '.');
            for (const FileRange& window : windows)
                if (filler.changes(window.first(), static_cast<std::size_t>(window.size())))
                    filler.fill(window.first(),
                                {reinterpret_cast<std::uint8_t*>(bytes.data()) + window.first(),
                                 static_cast<std::size_t>(window.size())});
            return filler.complete();
        };
        QVERIFY(isComplete({range(0, 1000)}));
        QVERIFY(isComplete({range(0, 100), range(100, 100), range(200, 800)}));
        // Ranges that begin with a window's last byte.
        QVERIFY(isComplete(
            {range(0, 50), range(50, 46), range(96, 104), range(200, 101), range(301, 699)}));
        const auto rest = isComplete({range(0, 100), range(200, 800)});
        QVERIFY(!rest);
        QCOMPARE(*rest.error().offset, std::uint64_t(95));
        QVERIFY(!isComplete({range(0, 100), range(100, 100)}));
        QVERIFY(!isComplete({range(11, 989)}));
        QVERIFY(!isComplete({range(0, 300), range(301, 699)}));
        QVERIFY(!isComplete({range(0, 1000), range(0, 1000)}));
        QVERIFY(!isComplete({}));
    }

    void noticesAnInputThatIsCut()
    {
        const PlantedFile file(randomKey(3, 4 << 20));
        const Source source = file.source();
        bool cut = false;
        const JobControl control([&](const Progress&) {
            if (!cut)
                cut = ftruncate(source.descriptor(), 3 << 20) == 0;
        });
        const Descriptor target = emptyFile();
        QVERIFY(
            !exported(source, planFor(source.size(), {range(0, 10)}), target.number(), control));
    }

    /// The second write ends early, and what follows fails.
    void tellsWhereWritingFailed()
    {
        const PlantedFile file(randomKey(4, 4 << 20));
        const Source source = file.source();
        QTemporaryDir folder;
        const Descriptor target(open(folder.filePath("copy").toLocal8Bit().constData(),
                                     O_RDWR | O_CREAT | O_EXCL, 0600));
        constexpr std::uint64_t most = (1 << 20) + 100;
        struct rlimit before = {};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit small = {most, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto copy = exported(source, planFor(source.size(), {range(0, 10)}), target.number(),
                                   JobControl());
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, handler);
        QVERIFY(!copy);
        QCOMPARE(copy.error().code, ErrorCode::System);
        QCOMPARE(*copy.error().offset, most);
    }

    void neverTouchesTheOriginal()
    {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath("dump").toLocal8Bit();
        const QByteArray bytes = randomKey(5, 1 << 20);
        QFile made(QString::fromLocal8Bit(path));
        QVERIFY(made.open(QIODevice::WriteOnly));
        made.write(bytes);
        made.close();
        struct stat before = {};
        QCOMPARE(stat(path.constData(), &before), 0);
        const auto source = Source::fromDescriptor(Descriptor(open(path.constData(), O_RDONLY)));
        const Descriptor target = emptyFile();
        QVERIFY(exported(*source, planFor(source->size(), {range(5, 100)}), target.number(),
                         JobControl()));
        struct stat after = {};
        QCOMPARE(stat(path.constData(), &after), 0);
        QCOMPARE(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
        QCOMPARE(after.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
        QVERIFY(made.open(QIODevice::ReadOnly));
        QVERIFY(made.readAll() == bytes);
    }

    void stopsWhenAsked()
    {
        const PlantedFile file(1 << 20);
        JobControl control;
        control.cancel();
        const Descriptor target = emptyFile();
        const auto copy
            = exported(file.source(), planFor(1 << 20, {range(0, 9)}), target.number(), control);
        QVERIFY(!copy);
        QCOMPARE(copy.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
