// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/streambudget.h"
#include "scanner/scan/streams.h"
#include "tests/rules/textscan.h"
#include "tests/scan/packed.h"
#include "tests/scan/pages.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// Some bytes, then zeros up to 64 MiB.
class BeforeZeros : public Feed {
public:
    explicit BeforeZeros(std::string front)
        : m_front(std::move(front))
    {
    }
    std::size_t read(MutableByteView buffer) override
    {
        const std::size_t size = std::min(buffer.size(), (64U << 20) - taken);
        for (std::size_t i = 0; i < size; ++i, ++taken)
            buffer[i] = taken < m_front.size() ? static_cast<std::uint8_t>(m_front[taken]) : 0;
        return size;
    }

    std::size_t taken = 0;

private:
    std::string m_front;
};

/// Of twelve pages in streams, given from the last to the first: how many are found, the first
/// ones, and how often something is told to be left out.
std::pair<unsigned, std::size_t> pagesFound(const StreamLimits& limits, unsigned threads)
{
    std::string bytes;
    for (unsigned i = 0; i < 12; ++i)
        bytes += letters(300, i) + packed("zlib", page(40 + i));
    const auto source = Source::fromBytes(asBytes(bytes));
    const Dump dump = rawDump(bytes.size());
    const Coverage parts = coverage(dump);
    const auto data = DataRuns::of(*source);
    const Places places(dump);
    Streams streams(*source, *data, parts, {}, limits);
    const ShiftMap map(0);
    StreamFinder finder;
    std::vector<StreamStart> starts = finder.find({asBytes(bytes), 0, bytes.size(), &map, "raw"});
    for (; !starts.empty(); starts.pop_back())
        streams.add(std::span(starts).last(1));
    Collector collector(places, rules(), {});
    streams.look(rules(), collector, threads, JobControl());
    std::vector<Finding> findings;
    std::vector<SecretValue> values;
    collector.finish(findings, values);
    unsigned found = 0;
    const auto isFound = [&](unsigned page) {
        return std::any_of(values.begin(), values.end(), [&](const SecretValue& value) {
            return holds(value.value, password(40 + page));
        });
    };
    while (found < 12 && isFound(found))
        ++found;
    for (unsigned i = found; i < 12; ++i)
        if (isFound(i))
            qFatal("page %u is found and one before it is not", i);
    return {found, streams.incomplete().size()};
}

} // namespace

class TestStreamLimits : public QObject {
    Q_OBJECT

private slots:
    void givesUpStreamsThatGiveNothing();
    void waitsForTheWidestBlocks();
    void stopsAtTheTotalWhateverTheThreads();
    void takesNoMoreStreamsThanItsLimit();
    void keepsTheFirstOfTooManyInside();
    void countsOnlyWhatStreamsBeforeAllAtWorkGave();
};

/// zstd reads zeros as blocks of nothing, and a hole has any number of them.
void TestStreamLimits::givesUpStreamsThatGiveNothing()
{
    const std::string head("\x28\xb5\x2f\xfd\0\x58", 6);
    BeforeZeros nothing(head);
    StreamReader reader({});
    const auto visit = [](const StreamReader::Part&) { return true; };
    const Unpacked empty = reader.read(nothing, StreamCodec::Zstd, 1U << 20, visit);
    QCOMPARE(empty.end, Unpacked::End::Chance);
    QVERIFY(nothing.taken < 16U << 20);

    const std::string block("\x40\x1f\0", 3); // 1000 bytes as they are, and not the last
    BeforeZeros some(head + block + letters(1000, 1));
    const Unpacked cut = reader.read(some, StreamCodec::Zstd, 1U << 20, visit);
    QCOMPARE(cut.end, Unpacked::End::Cut);
    QCOMPARE(cut.produced, std::uint64_t {1000});
    QVERIFY(some.taken < 16U << 20);
}

void TestStreamLimits::waitsForTheWidestBlocks()
{
    const std::string plain = binary(9U << 20, 1);
    LZ4F_preferences_t preferences {};
    preferences.frameInfo.blockSizeID = LZ4F_max4MB;
    std::string member(LZ4F_compressFrameBound(plain.size(), &preferences), '\0');
    member.resize(
        LZ4F_compressFrame(member.data(), member.size(), plain.data(), plain.size(), &preferences));
    BeforeZeros feed(member);
    const Unpacked whole = StreamReader({}).read(feed, StreamCodec::Lz4, 64U << 20,
                                                 [](const StreamReader::Part&) { return true; });
    QCOMPARE(whole.end, Unpacked::End::Whole);
    QCOMPARE(whole.produced, std::uint64_t {plain.size()});
    QCOMPARE(whole.consumed, std::uint64_t {member.size()});
}

void TestStreamLimits::stopsAtTheTotalWhateverTheThreads()
{
    for (const unsigned threads : {1U, 3U}) {
        StreamLimits limits;
        limits.total = 5 * page(40).size() - 1;
        QCOMPARE(pagesFound(limits, threads), (std::pair<unsigned, std::size_t> {5, 1}));
    }
}

void TestStreamLimits::takesNoMoreStreamsThanItsLimit()
{
    for (const unsigned threads : {1U, 3U}) {
        StreamLimits limits;
        limits.streams = 3;
        QCOMPARE(pagesFound(limits, threads), (std::pair<unsigned, std::size_t> {3, 1}));
        limits.streams = 12;
        QCOMPARE(pagesFound(limits, threads), (std::pair<unsigned, std::size_t> {12, 0}));
    }
}

void TestStreamLimits::keepsTheFirstOfTooManyInside()
{
    StreamTree tree;
    for (std::uint64_t i = 500'000; i > 0; --i)
        addInside(tree, {i - 1, StreamCodec::Zlib});
    QVERIFY(tree.inside.size() < 200'000);
    std::vector<std::uint64_t> offsets;
    for (const StreamTree& inside : tree.inside)
        offsets.push_back(inside.start.offset);
    std::sort(offsets.begin(), offsets.end());
    for (std::uint64_t i = 0; i < 65'536; ++i)
        QCOMPARE(offsets[i], i);
}

void TestStreamLimits::countsOnlyWhatStreamsBeforeAllAtWorkGave()
{
    StreamBudget budget(4, 10);
    budget.took(2, 100); // quicker than the first two
    QVERIFY(!budget.isSpent());
    budget.took(0, 5);
    budget.took(1, 5);
    QVERIFY(budget.isSpent());
    StreamBudget fitting(2, 10);
    fitting.took(1, 5);
    fitting.took(0, 5);
    QVERIFY(!fitting.isSpent());
}

QTEST_APPLESS_MAIN(TestStreamLimits)
#include "tst_streamlimits.moc"
