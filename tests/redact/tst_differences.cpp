// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/differences.h"

#include <QtTest>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace coredact;

namespace {

Source sourceOf(const std::vector<std::uint8_t>& bytes) { return *Source::fromBytes(bytes); }

std::vector<FileRange> between(const std::vector<std::uint8_t>& one,
                               const std::vector<std::uint8_t>& other)
{
    return differencesBetween(sourceOf(one), sourceOf(other), JobControl())->ranges;
}

/// A file of holes with some bytes at one place.
Source sparse(std::uint64_t size, std::uint64_t offset, std::string_view bytes)
{
    Descriptor file(memfd_create("sparse", MFD_CLOEXEC));
    if (ftruncate(file.number(), static_cast<off_t>(size)) != 0
        || pwrite(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset))
            != static_cast<ssize_t>(bytes.size()))
        qFatal("no memory file");
    return *Source::fromDescriptor(std::move(file));
}

} // namespace

class TestDifferences : public QObject {
    Q_OBJECT

private slots:
    void findsNothingInTheSameBytes()
    {
        QVERIFY(between(std::vector<std::uint8_t>(5000, 1), std::vector<std::uint8_t>(5000, 1))
                    .empty());
    }

    void findsEachByteAtEachPlace()
    {
        const std::vector<std::uint8_t> one(1030, 9);
        for (std::size_t at = 0; at < one.size(); ++at) {
            std::vector<std::uint8_t> other = one;
            other[at] = 8;
            QCOMPARE(between(one, other), std::vector<FileRange> {*FileRange::make(at, 1)});
        }
    }

    void joinsWhatTouches()
    {
        // Also across the blocks that are compared at once.
        const std::vector<std::uint8_t> one(600, 9);
        for (std::size_t size = 1; size < 300; ++size) {
            std::vector<std::uint8_t> other = one;
            std::fill_n(other.begin() + 200, size, std::uint8_t {8});
            QCOMPARE(between(one, other), std::vector<FileRange> {*FileRange::make(200, size)});
            other[199 + size] = 9;
            other[200 + size] = 8;
            QCOMPARE(between(one, other).size(), size > 1 ? std::size_t(2) : std::size_t(1));
        }
    }

    void readsNoHoles()
    {
        // 64 GiB of hole could not be read in the time that a test has.
        constexpr std::uint64_t size = std::uint64_t(1) << 36;
        const Source one = sparse(size, size - 100, "here");
        const Source other = sparse(size, size - 100, "herE");
        const auto found = differencesBetween(one, other, JobControl());
        QVERIFY(found.ok() && found->complete);
        QCOMPARE(found->ranges, std::vector<FileRange> {*FileRange::make(size - 97, 1)});
        const Source elsewhere = sparse(size, 1 << 20, "x");
        QCOMPARE(differencesBetween(one, elsewhere, JobControl())->ranges.size(), std::size_t(2));
    }

    void refusesOtherSizes()
    {
        const auto found = differencesBetween(sourceOf({1, 2}), sourceOf({1}), JobControl());
        QVERIFY(!found.ok());
        QCOMPARE(found.error().code, ErrorCode::Usage);
    }

    void stopsWhenAsked()
    {
        JobControl control;
        control.cancel();
        const auto found = differencesBetween(sourceOf({1}), sourceOf({2}), control);
        QVERIFY(!found.ok());
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
    }

    void saysThatThereAreMore()
    {
        std::vector<std::uint8_t> one((mostDifferences + 10) * 32, 0);
        std::vector<std::uint8_t> other = one;
        for (std::size_t at = 0; at < other.size(); at += 32)
            other[at] = 1;
        const auto found = differencesBetween(sourceOf(one), sourceOf(other), JobControl());
        QVERIFY(found.ok() && !found->complete);
        QCOMPARE(found->ranges.size(), mostDifferences);
    }
};

QTEST_GUILESS_MAIN(TestDifferences)
#include "tst_differences.moc"
