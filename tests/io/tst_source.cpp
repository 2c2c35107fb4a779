// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/source.h"
#include "tests/support/memoryfile.h"

#include <QTest>

using namespace coredact;
using namespace coredact::test;

class TestSource : public QObject {
    Q_OBJECT
private slots:
    void readsEveryRangeAndNothingBeyond();
    void saysWhereACutFileEnds();
    void doesNotSeeWhatIsAddedLater();
    void noticesThatTheFileChanged();
    void walksDataAndHoles();
    void refusesWhatIsNoRegularFile();
};

void TestSource::readsEveryRangeAndNothingBeyond()
{
    const std::string_view text = "0123456789";
    const auto source = Source::fromBytes(asBytes(text));
    QVERIFY(source.ok());
    for (std::uint64_t offset = 0; offset < 14; ++offset) {
        for (std::uint64_t size = 0; size < 14; ++size) {
            const auto some = source->read(offset, size);
            QVERIFY(some.ok());
            const std::size_t first = std::min<std::size_t>(offset, text.size());
            QCOMPARE(asText(*some), text.substr(first, size));
            std::vector<std::uint8_t> target(size);
            const Status all = source->readAt(offset, target);
            QCOMPARE(all.ok(), size == 0 || offset + size <= text.size());
            if (!all.ok()) {
                QCOMPARE(all.error().code, ErrorCode::Truncated);
                QCOMPARE(*all.error().offset, std::max<std::uint64_t>(offset, text.size()));
            }
        }
    }
    std::vector<std::uint8_t> one(1);
    QVERIFY(!source->readAt(~std::uint64_t {0}, one).ok());
}

void TestSource::saysWhereACutFileEnds()
{
    const Descriptor file = memoryFile();
    writeAt(file.number(), 0, asBytes("0123456789"));
    const Source source = sourceOf(file.number());
    QCOMPARE(ftruncate(file.number(), 4), 0);
    std::vector<std::uint8_t> target(8);
    const Status status = source.readAt(2, target);
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::Truncated);
    QCOMPARE(*status.error().offset, std::uint64_t {4});
}

void TestSource::doesNotSeeWhatIsAddedLater()
{
    const Descriptor file = memoryFile();
    writeAt(file.number(), 0, asBytes("0123"));
    const Source source = sourceOf(file.number());
    writeAt(file.number(), 4, asBytes("4567"));
    QCOMPARE(source.size(), std::uint64_t {4});
    QCOMPARE(source.read(0, 100)->size(), std::size_t {4});
    QCOMPARE((*source.nextData(0))->last(), std::uint64_t {3});
}

void TestSource::noticesThatTheFileChanged()
{
    const Descriptor file = memoryFile();
    writeAt(file.number(), 0, asBytes("0123"));
    const Source source = sourceOf(file.number());
    QVERIFY(*source.identityNow() == source.identity());
    writeAt(file.number(), 4, asBytes("4567"));
    QVERIFY(!(*source.identityNow() == source.identity()));
}

void TestSource::walksDataAndHoles()
{
    const Descriptor file = memoryFile();
    writeAt(file.number(), 1U << 20, asBytes("data"));
    QCOMPARE(ftruncate(file.number(), 3 << 20), 0);
    const Source source = sourceOf(file.number());
    const auto first = source.nextData(0);
    QVERIFY(first.ok() && first->has_value());
    QCOMPARE((*first)->first(), std::uint64_t {1U << 20});
    QVERIFY((*first)->last() < (2U << 20));
    const auto second = source.nextData((*first)->last() + 1);
    QVERIFY(second.ok() && !second->has_value());
    QVERIFY(!source.nextData(99U << 20)->has_value());
}

void TestSource::refusesWhatIsNoRegularFile()
{
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    const Descriptor writing(ends[1]);
    const auto source = Source::fromDescriptor(Descriptor(ends[0]));
    QVERIFY(!source.ok());
    QCOMPARE(source.error().code, ErrorCode::Unsupported);
    QVERIFY(!Source::fromDescriptor(Descriptor()).ok());
}

QTEST_GUILESS_MAIN(TestSource)
#include "tst_source.moc"
