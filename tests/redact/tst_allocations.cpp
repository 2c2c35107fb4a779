// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/mallocchunks.h"

#include "tests/redact/heap.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

QByteArray text(int size) { return randomText(static_cast<unsigned>(size), size); }

/// The memory around a text whose bytes up to the next sixteen are zero: no allocation is known.
Heap variables()
{
    Heap data(0x601000, RegionKind::File);
    data.head(64);
    return data;
}

/// What a program may use of the allocation that holds a byte; places in the file.
std::optional<FileRange> usableAround(const Heap& heap, std::uint64_t at)
{
    const Source source = heap.source();
    const Dump dump = heap.dump();
    const Segment& segment = dump.segments.front();
    const std::uint64_t base = segment.memory.first();
    const auto usable = MallocChunks(source, dump, segment).usableAround(base + at);
    return usable ? FileRange::make(usable->first() - base, usable->size()) : std::nullopt;
}

} // namespace

/// Where a fill ends that is rounded up: what of the allocator's chunks is believed, and what texts
/// end with.
class TestAllocations : public QObject {
    Q_OBJECT

private slots:
    void doNotDependOnTheOrderOfTheSecrets()
    {
        Heap heap;
        std::vector<SecretEnd> ends;
        std::vector<std::uint64_t> expected;
        for (int i = 0; i < 6; ++i) {
            const auto at = heap.allocate(text(20 + 16 * i));
            ends.push_back({range(at, 9), 1});
            expected.push_back(at + std::uint64_t(23 + 16 * i));
        }
        heap.close();
        for (int turn = 0; turn < 6; ++turn) {
            const auto rounded = roundedUp(heap.source(), heap.dump(), ends, {});
            for (std::size_t i = 0; i < ends.size(); ++i)
                QCOMPARE(rounded[i].last, expected[i]);
            std::rotate(ends.begin(), ends.begin() + 1, ends.end());
            std::rotate(expected.begin(), expected.begin() + 1, expected.end());
            if (turn == 2) {
                std::reverse(ends.begin(), ends.end());
                std::reverse(expected.begin(), expected.end());
            }
        }
    }

    void growToTheEndOfATextInANote()
    {
        PlantedFile file(100, 'n');
        file.plant(20, text(12) + QByteArray(12, '\0') + "next");
        Dump dump = file.dump();
        dump.fields = {{"all", range(0, 90), FieldKind::Opaque},
                       {"NT_PRPSINFO.psargs", range(20, 24), FieldKind::Text},
                       {"next", range(44, 4), FieldKind::Text}};
        const std::vector<SecretEnd> inside {{range(22, 5), 1}};
        const auto end = roundedUp(file.source(), dump, inside, {}).front();
        QVERIFY(end.last > 31 && end.last <= 43); // the zero bytes, but not the field behind
        // What no part of the file claims has no end that is known, nor has one of no text.
        dump.fields.erase(dump.fields.begin() + 1, dump.fields.end());
        const auto unknown = roundedUp(file.source(), dump, inside, {}).front();
        QCOMPARE(unknown.last, std::uint64_t(26));
        QVERIFY(!unknown.hidden);
    }

    void areOfMemoryThatTheSecretLiesIn()
    {
        // Two segments say that they are the same memory; the secret is in the one that is not
        // read.
        Heap heap;
        const auto at = heap.allocate(text(20));
        heap.allocate("next");
        heap.close();
        Dump dump = heap.dump();
        const std::uint64_t size = dump.size;
        PlantedFile file(QByteArray(heap.bytes()) + heap.bytes());
        dump.segments.push_back(dump.segments[0]);
        dump.segments[1].file = range(size, size);
        const std::vector<SecretEnd> ends {{range(size + at, 9), 1}};
        const auto rounded = roundedUp(file.source(), dump, ends, {}).front();
        QVERIFY(rounded.last < 2 * size && rounded.last >= size + at + 8);
    }

    void stopBeforeOneByteThatMustStay()
    {
        Heap heap;
        const auto at = heap.allocate(text(12));
        heap.allocate("next");
        heap.close();
        for (std::uint64_t closed = at + 12; closed < at + 24; ++closed) {
            const RoundedEnd end = heap.rounded(at, 12, 1, {range(0, 2), range(closed, 1)});
            QCOMPARE(end.last, closed - 1);
            QVERIFY(!end.hidden);
        }
        QVERIFY(heap.rounded(at, 12, 1, {range(0, 2), range(at + 24, 1)}).hidden);
    }

    void areFilledUpToFourKilobytesAndNotOneByteMore()
    {
        Heap heap;
        const auto at = heap.allocate(text(20) + QByteArray(4997, 'd'));
        const auto next = heap.allocate("next");
        heap.close();
        const std::uint64_t last = next - 9; // of the allocation
        QVERIFY(heap.rounded(at, last - 4096 - at + 1).hidden);
        QCOMPARE(heap.rounded(at, last - 4096 - at + 1).last, last);
        QVERIFY(!heap.rounded(at, last - 4096 - at).hidden);
    }

    void mayBeTheLastOfTheirHeap()
    {
        Heap heap;
        heap.allocate(text(30));
        const auto at = heap.allocate(text(12));
        heap.end();
        const RoundedEnd end = heap.rounded(at, 12);
        QVERIFY(end.hidden);
        QCOMPARE(end.last, std::uint64_t(heap.bytes().size()) - 1);
        Heap one;
        const auto alone = one.allocate(text(12));
        one.end();
        QCOMPARE(one.rounded(alone, 4).last, std::uint64_t(one.bytes().size()) - 1);
    }

    void reachFromTheirFirstByteToTheSizeOfTheNext()
    {
        Heap heap;
        const auto at = heap.allocate(text(20));
        const auto next = heap.allocate(text(50));
        heap.close();
        for (std::uint64_t byte = at; byte <= next - 9; ++byte)
            QCOMPARE(usableAround(heap, byte), FileRange::between(at, next - 9));
        for (const std::uint64_t byte : {at - 1, next - 8, next - 1})
            QVERIFY(!usableAround(heap, byte));
    }

    void mayBeTheOnlyOneOfTheirHeap()
    {
        Heap heap;
        const auto at = heap.allocate(text(12));
        heap.end();
        QCOMPARE(usableAround(heap, at),
                 FileRange::between(at, std::uint64_t(heap.bytes().size()) - 1));
    }

    void areBelievedWhereNineFollowEachOther()
    {
        const auto isBelieved = [](int count) {
            Heap heap(0x7f0000100000, RegionKind::Anonymous);
            const auto at = heap.allocate(text(20));
            for (int i = 1; i < count; ++i)
                heap.allocate(text(20 + i % 3 * 40));
            const auto disorder = heap.allocate(text(20));
            heap.allocate("last");
            heap.close();
            heap.spoilSize(disorder);
            return usableAround(heap, at).has_value();
        };
        QVERIFY(isBelieved(9));
        QVERIFY(!isBelieved(8));
    }

    void areLookedForInMemoryThatAnAllocatorMayHave()
    {
        const auto roundedIn = [](RegionKind kind, bool writable) {
            Heap heap(0x7f0000000000, kind);
            std::uint64_t at = 0;
            for (int i = 0; i < 12; ++i)
                at = heap.allocate(text(60));
            heap.close();
            if (!writable)
                heap.forbidWriting();
            return heap.rounded(at, 10).last == at + 71;
        };
        QVERIFY(roundedIn(RegionKind::Heap, true));
        QVERIFY(roundedIn(RegionKind::Anonymous, true));
        QVERIFY(roundedIn(RegionKind::Unknown, true));
        QVERIFY(!roundedIn(RegionKind::File, true));
        QVERIFY(!roundedIn(RegionKind::Stack, true));
        QVERIFY(!roundedIn(RegionKind::Heap, false));
        QVERIFY(!roundedIn(RegionKind::Unknown, false));
    }

    void haveWordsOfTheProcess()
    {
        for (const std::uint64_t base : {0x8000000U, 0xf7000000U}) {
            Heap heap(base, base == 0x8000000U ? RegionKind::Heap : RegionKind::Anonymous, 4);
            if (base != 0x8000000U)
                heap.head(0x4b8); // of a heap at a round address: its head and the arena's state
            std::uint64_t at = 0;
            for (int i = 0; i < 12; ++i)
                at = heap.allocate(text(21));
            const auto next = heap.allocate("next");
            heap.close();
            const RoundedEnd end = heap.rounded(at, 10);
            QVERIFY(end.hidden);
            QCOMPARE(end.last, next - 5); // up to the size of the next one
        }
    }

    /// A heap of another process than glibc's, or one whose begin is not saved.
    void areNotBelievedWhereTheFirstIsNone()
    {
        Heap heap(0x7f0000100000, RegionKind::Anonymous); // no round address: no room for a state
        heap.head(0x8d0);
        std::uint64_t at = 0;
        for (int i = 0; i < 12; ++i)
            at = heap.allocate(text(60) + QByteArray(400, 'f'));
        heap.close();
        QVERIFY(!heap.rounded(at, 10).hidden);
        Heap freed; // nothing lies before the first one that could be free
        const auto first = freed.allocate(text(60) + QByteArray(400, 'f'));
        freed.allocate("next");
        freed.close();
        QVERIFY(freed.rounded(first, 10).hidden);
        freed.freeBefore(first, 0);
        QVERIFY(!freed.rounded(first, 10).hidden);
    }

    void areBelievedUpToWhereTheyAreInDisorder()
    {
        // Far too large, too small for a free one, and no multiple of sixteen.
        for (const quint64 size : {0xfffff1U, 0x11U, 0x29U}) {
            Heap heap;
            const auto first = heap.allocate(text(20) + QByteArray(400, 'f'));
            const auto second = heap.allocate(text(20) + QByteArray(400, 'f'));
            const auto third = heap.allocate(text(20) + QByteArray(400, 'f'));
            heap.allocate("last");
            heap.close();
            heap.spoilSize(third, size);
            QVERIFY(heap.rounded(first, 20).hidden);
            QCOMPARE(heap.rounded(first, 20).last, second - 9);
            QVERIFY(!heap.rounded(second, 20).hidden); // where it ends the disorder says
            QVERIFY(!heap.rounded(third, 20).hidden);
        }
    }

    void endBeforeTheSizeThatTellsOfThemWhereTheyAreFree()
    {
        Heap heap;
        heap.allocate(text(30));
        const auto at = heap.allocate(text(38) + QByteArray(400, 'f'));
        const auto next = heap.allocate("next");
        heap.allocate("last");
        heap.close();
        QCOMPARE(heap.rounded(at, 10).last, next - 9);
        heap.freeBefore(next, next - at);
        QCOMPARE(heap.rounded(at, 10).last, next - 17); // the word before is the allocator's
        // Where the sizes contradict each other the walk ends.
        heap.freeBefore(next, next - at + 16);
        QVERIFY(!heap.rounded(at, 10).hidden);
    }

    void areNoneWhereASecretLiesInTheSizes()
    {
        Heap heap;
        const auto at = heap.allocate(text(60));
        const auto next = heap.allocate(QByteArray(60, 'n'));
        heap.close();
        const RoundedEnd end = heap.rounded(at, next - at - 7); // its last byte is of the size
        QVERIFY(end.last < next + 40);
        QVERIFY(end.last >= next - 8);
    }

    void areNotReadWhereTheFileEndsFirst()
    {
        Heap heap;
        const auto at = heap.allocate(text(60));
        heap.allocate(text(70'000));
        const auto behind = heap.allocate(text(60));
        heap.allocate("next");
        heap.close();
        for (const std::uint64_t size : {at - 10, at + 60, at + 70'000, behind - 3}) {
            heap.cut(size);
            const RoundedEnd end = heap.rounded(behind, 10);
            QCOMPARE(end.last, behind + 9);
            QVERIFY(!end.hidden);
        }
    }

    void areWalkedOverSeveralWindows()
    {
        Heap heap;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> expected;
        for (int i = 0; i < 400; ++i) {
            const auto at = heap.allocate(text(20 + i * 3 % 2000));
            if (!expected.empty())
                expected.back().second = at - 9;
            expected.emplace_back(at, 0);
        }
        heap.close();
        QVERIFY(heap.bytes().size() > 200'000);
        for (std::size_t i = 0; i + 1 < expected.size(); i += 7)
            QCOMPARE(heap.rounded(expected[i].first, 5).last, expected[i].second);
    }

    void ofTextsEndWithAnyZeroUpToTheLastByte()
    {
        Heap data = variables();
        const auto at = data.allocate(text(15));
        data.end(); // text, a zero, and the end of the memory
        const RoundedEnd end = data.rounded(at, 15);
        QCOMPARE(end.last, at + 15);
        QVERIFY(end.hidden);
        const RoundedEnd none = data.rounded(at, 16); // no zero behind it
        QCOMPARE(none.last, at + 15);
        QVERIFY(!none.hidden);
    }

    void ofTextsAreLookedForInTwoHundredAndFiftySixBytes()
    {
        for (const int more : {255, 256, 257}) {
            Heap data = variables();
            const auto at = data.allocate(text(16) + QByteArray(more, 'm') + QByteArray(64, '\0'));
            data.close();
            const RoundedEnd end = data.rounded(at, 16);
            QCOMPARE(end.hidden, more <= 256);
            QCOMPARE(end.last,
                     more <= 256 ? at + std::uint64_t(16 + more) / 16 * 16 + 15 : at + 15);
        }
    }

    void ofTextsTakeTheirZeroWhereverItLies()
    {
        for (int length = 1; length < 50; ++length) {
            Heap data = variables();
            const auto at = data.allocate(text(length) + QByteArray(64, '\0'));
            data.close();
            const RoundedEnd end = data.rounded(at, std::uint64_t(length));
            QVERIFY(end.hidden);
            QCOMPARE(end.last, at + std::uint64_t(length) / 16 * 16 + 15);
        }
    }
};

QTEST_APPLESS_MAIN(TestAllocations)
#include "tst_allocations.moc"
