// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/scan/storedbytes.h"

#include "tests/scan/packed.h"
#include "tests/scan/pages.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

using Runs = std::vector<FileRange>;

Runs runsIn(const std::string& unpacked, const std::string& packed)
{
    return storedRuns(asBytes(unpacked), asBytes(packed));
}

FileRange range(std::uint64_t first, std::uint64_t size) { return *FileRange::make(first, size); }

class BytesFeed : public Feed {
public:
    explicit BytesFeed(const std::string& bytes)
        : m_left(bytes)
    {
    }
    std::size_t read(MutableByteView buffer) override
    {
        const std::size_t size = m_left.copy(reinterpret_cast<char*>(buffer.data()), buffer.size());
        m_left.remove_prefix(size);
        return size;
    }

private:
    std::string_view m_left;
};

class Ignorant : public StreamVisitor {
public:
    bool look(StreamTree& /*stream*/, const StreamReader::Part& /*part*/,
              const std::string& /*encoding*/) override
    {
        return true;
    }
};

/// A block that is stored as it is, and not the last one.
std::string stored(const std::string& bytes)
{
    std::string head("\0\0\0\0\0", 5);
    for (std::size_t i = 0; i < 2; ++i) {
        head[1 + i] = static_cast<char>(bytes.size() >> (8 * i));
        head[3 + i] = static_cast<char>(~head[1 + i]);
    }
    return head + bytes;
}

/// A stream of zlib that breaks off, as it was taken.
struct Taken {
    explicit Taken(const std::string& blocks, StreamCodec codec = StreamCodec::Zlib,
                   const std::string& head = "\x78\x01")
        : bytes(head + blocks + "\xff")
    {
        tree.start.codec = codec;
        Ignorant visitor;
        walk.take(tree, opened(), visitor);
    }
    FeedMaker opened() const
    {
        return [this] { return std::make_unique<BytesFeed>(bytes); };
    }
    bool hasStored(const Runs& places) { return areStored(places, tree, opened(), walk); }

    std::string bytes;
    StreamWalk walk {{4096, 256, 256}, {}};
    StreamTree tree;
};

} // namespace

class TestStoredBytes : public QObject {
    Q_OBJECT

private slots:
    void areFoundWhereverTheyStand()
    {
        for (std::size_t before = 0; before < 20; ++before)
            for (const std::size_t size : {16UL, 17UL, 31UL, 5000UL}) {
                const std::string plain = binary(size, 1);
                const std::string packed = binary(before, 2) + plain;
                QVERIFY(runsIn(plain, packed) == Runs {range(0, size)});
                QVERIFY(runsIn(plain, packed + "more") == Runs {range(0, size)});
                QVERIFY(runsIn("some" + plain, packed) == Runs {range(4, size)});
                QVERIFY(runsIn(plain + "more", packed) == Runs {range(0, size)});
            }
    }

    void areNoneOfFifteen()
    {
        const std::string plain = binary(15, 1);
        for (std::size_t before = 0; before < 20; ++before)
            QVERIFY(runsIn("+" + plain + "+", std::string(before, '-') + plain + "-").empty());
        QVERIFY(runsIn({}, plain).empty() && runsIn(plain, {}).empty());
        QVERIFY(runsIn(plain.substr(0, 7), plain).empty());
        QVERIFY(runsIn(plain, plain.substr(0, 7)).empty());
    }

    void areRunsApart()
    {
        const std::string first = binary(100, 1);
        const std::string second = binary(40, 2);
        const std::string head = "\x01\x02\x03\x04\x05";
        QVERIFY(runsIn(first + second, head + first + head + second)
                == (Runs {range(0, 100), range(100, 40)}));
        QVERIFY(runsIn(first + "packed" + second, head + first + head + second)
                == (Runs {range(0, 100), range(106, 40)}));
        // The same bytes again; what stands before them stands nowhere else.
        QVERIFY(runsIn(first + first, head + first) == (Runs {range(0, 100), range(100, 100)}));
        QVERIFY(runsIn(first + first.substr(50), head + first)
                == (Runs {range(0, 100), range(100, 50)}));
        // The same stands before the second one, but was counted.
        QVERIFY(runsIn(first + second, head + first + "!" + first.substr(60) + second)
                == (Runs {range(0, 100), range(100, 40)}));
    }

    /// What says what a place is lies around it, and must stand there too.
    void holdPlacesThatLieDeepInside()
    {
        Taken taken(stored(binary(600, 1)) + stored(binary(9000, 2)));
        QVERIFY(taken.tree.unpacked.end == Unpacked::End::Cut);
        QCOMPARE(taken.tree.unpacked.produced, std::uint64_t {9600});
        QVERIFY(taken.hasStored({range(256, 88)}));
        QVERIFY(!taken.hasStored({range(255, 20)}));
        QVERIFY(!taken.hasStored({range(256, 89)}));
        QVERIFY(!taken.hasStored({range(590, 20)}));
        QVERIFY(!taken.hasStored({range(855, 20)}));
        QVERIFY(taken.hasStored({range(856, 20)}));
        QVERIFY(taken.hasStored({range(9343, 1)}));
        QVERIFY(!taken.hasStored({range(9344, 1)}));
        QVERIFY(!taken.hasStored({range(9600, 1)}));
        // All of them.
        QVERIFY(taken.hasStored({range(300, 20), range(2000, 100)}));
        QVERIFY(!taken.hasStored({range(300, 20), range(600, 20)}));
        QVERIFY(!taken.hasStored({range(10, 20), range(2000, 100)}));
    }

    void areNotWhatIsPacked()
    {
        Taken taken(stored(binary(5000, 1))
                    + deflated(page(2) + binary(9000, 3), -15).substr(0, 2000));
        QVERIFY(taken.tree.unpacked.end == Unpacked::End::Cut);
        QVERIFY(taken.tree.unpacked.produced > 6000);
        QVERIFY(taken.hasStored({range(2000, 100)}));
        QVERIFY(!taken.hasStored({range(5500, 100)}));
    }

    void areSoughtInDeflateThatBrokeOff()
    {
        const std::string blocks = stored(binary(5000, 1));
        const Runs places {range(1000, 20)};
        Taken taken(blocks);
        QVERIFY(taken.hasStored(places));
        QVERIFY(Taken(blocks, StreamCodec::Deflate, {}).hasStored(places));
        const std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
        QVERIFY(Taken(blocks, StreamCodec::Gzip, gzip).hasStored(places));
        const std::string frame = packed("lz4", binary(5000, 1));
        Taken lz4(frame.substr(7, 4900), StreamCodec::Lz4, frame.substr(0, 7));
        QVERIFY(lz4.tree.unpacked.end == Unpacked::End::Cut);
        QVERIFY(!lz4.hasStored(places));
        for (const Unpacked::End end : {Unpacked::End::Whole, Unpacked::End::Limit}) {
            taken.tree.unpacked.end = end;
            QVERIFY(!taken.hasStored(places));
        }
        Taken written(blocks);
        written.tree.start.wrapping = "base64";
        QVERIFY(!written.hasStored(places));
    }

    void areNotSoughtInWhatIsVeryLong()
    {
        const std::string blocks = stored(binary(5000, 1));
        const Runs places {range(1000, 20)};
        for (const bool isMore : {false, true}) {
            Taken packed(blocks);
            packed.tree.unpacked.consumed = longestJudged + (isMore ? 1 : 0);
            QCOMPARE(packed.hasStored(places), !isMore);
            Taken unpacked(blocks);
            unpacked.tree.unpacked.produced = longestJudged + (isMore ? 1 : 0);
            QCOMPARE(unpacked.hasStored(places), !isMore);
        }
    }
};

QTEST_APPLESS_MAIN(TestStoredBytes)
#include "tst_storedbytes.moc"
