// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifyholes.h"

#include "tests/redact/planting.h"

#include <QtTest>

#include <sys/mman.h>

using namespace coredact;
using namespace coredact::test;

namespace {

constexpr std::uint64_t unit = 256U << 10; ///< that a file system may fill for want of smaller ones
constexpr std::uint64_t size = 16 * unit;

/// A file in memory that has data in some pages only.
Source sparse(std::initializer_list<std::uint64_t> pages, std::uint64_t bytes = size)
{
    Descriptor file(memfd_create("sparse", MFD_CLOEXEC));
    if (ftruncate(file.number(), static_cast<off_t>(bytes)) != 0)
        qFatal("no memory for the test");
    for (const std::uint64_t page : pages)
        if (pwrite(file.number(), "data", 4, static_cast<off_t>(page)) != 4)
            qFatal("no memory for the test");
    return *Source::fromDescriptor(std::move(file));
}

struct Seen {
    std::vector<std::uint64_t> offsets; ///< of violations
    std::string detail;
};

Seen seenIn(const Source& copy, const Source& original, const std::vector<FileRange>& edits = {})
{
    std::vector<Edit> planned;
    for (const FileRange& edit : edits)
        planned.push_back({edit, Fill::X, "r", "f1", ""});
    const auto plan = RedactionPlan::fromEdits(planned, original.size(), {});
    VerificationNotes notes;
    if (!verifyHoles(copy, original, *plan, notes))
        qFatal("the files cannot be read");
    const VerificationReport report = std::move(notes).finish({});
    Seen seen {{}, report.checks.front().detail};
    for (const Violation& one : report.violations)
        seen.offsets.push_back(*one.offset);
    return seen;
}

} // namespace

class TestVerifyHoles : public QObject {
    Q_OBJECT

private slots:
    void passesWhatIsAsItWas()
    {
        const Source file = sparse({0, 4 * unit});
        const Seen seen = seenIn(file, file);
        QVERIFY(seen.offsets.empty());
        QCOMPARE(seen.detail, "2 holes, " + std::to_string(14 * unit) + " bytes");
        QCOMPARE(seenIn(sparse({}), sparse({})).detail,
                 "1 hole, " + std::to_string(size) + " bytes");
        QCOMPARE(seenIn(sparse({0}, 4096), sparse({0}, 4096)).detail, std::string("none"));
        // A hole that shares its unit with data on both sides.
        const Source pages = sparse({0, 8192}, 3 * 4096);
        QCOMPARE(seenIn(pages, pages).detail, std::string("none"));
    }

    void tellsWhereAHoleHoldsBytes()
    {
        const Source original = sparse({0, 4 * unit});
        for (const std::uint64_t at :
             {unit, 2 * unit + 8192, 4 * unit - 4096, 5 * unit, 16 * unit - 4096})
            QVERIFY(seenIn(sparse({0, at, 4 * unit}), original).offsets == std::vector {at});
        // One after the other, each hole by itself.
        QVERIFY(seenIn(sparse({0, 2 * unit, 4 * unit, 8 * unit}), original).offsets
                == (std::vector {2 * unit, 8 * unit}));
        // A run that began before the hole.
        Descriptor file(memfd_create("run", MFD_CLOEXEC));
        QCOMPARE(ftruncate(file.number(), size), 0);
        const QByteArray run(2 * unit + 4096, 'd');
        QCOMPARE(pwrite(file.number(), run.constData(), std::size_t(run.size()), 0),
                 ssize_t(run.size()));
        QVERIFY(seenIn(*Source::fromDescriptor(std::move(file)), original).offsets
                == std::vector {unit});
    }

    /// Data and hole may share a unit.
    void countsWholeUnitsOnly()
    {
        const Source original = sparse({0, 4 * unit + 8192});
        for (const std::uint64_t at : {std::uint64_t(8192), unit - 4096, 4 * unit, 5 * unit - 4096})
            QVERIFY(seenIn(sparse({0, at, 4 * unit + 8192}), original).offsets.empty());
    }

    void letsThePlanFillHoles()
    {
        const Source original = sparse({0});
        for (const std::uint64_t at : {4 * unit - 1, 4 * unit, 4 * unit + 1, 5 * unit - 1}) {
            const std::uint64_t page = at / 4096 * 4096;
            QVERIFY(seenIn(sparse({0, page}), original, {range(at, 1)}).offsets.empty());
            QVERIFY(seenIn(sparse({0, page, 8 * unit}), original, {range(at, 1)}).offsets
                    == std::vector {8 * unit});
        }
    }

    /// Where a file system knows no holes, none can be kept.
    void acceptsACopyWithoutAnyHole()
    {
        std::uint64_t bytes = 4 * unit;
        const Source original = sparse({0}, bytes);
        const Source full = *Source::fromBytes(view(QByteArray(qsizetype(bytes), '\0')));
        const Seen seen = seenIn(full, original);
        QVERIFY(seen.offsets.empty());
        QCOMPARE(seen.detail, std::string("the file system of the copy knows no holes"));
    }
};

QTEST_APPLESS_MAIN(TestVerifyHoles)
#include "tst_verifyholes.moc"
