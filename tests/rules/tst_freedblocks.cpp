// SPDX-License-Identifier: GPL-3.0-or-later
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/base/bytes.h"

#include <QTest>

#include <cstring>

using namespace coredact;

namespace coredact {
extern const Detector freedblocksDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

/// What is left of a text, and a number of the process.
const std::string rest = std::string("KP7CqYxttmk") + "0PRgysy";
constexpr std::uint64_t cacheKey = 0x93c1d27f60e8b54a;

/// Blocks of glibc's heap, put one by one.
class Heap {
public:
    explicit Heap(std::uint64_t begin = MemoryImage::base)
        : m_begin(begin)
    {
        m_image.begin(begin, "");
        m_image.pad(5000);
    }

    /// A block of `size` bytes that begins with these words and goes on with a text. Where the
    /// program has its bytes.
    std::uint64_t put(const std::vector<std::uint64_t>& words, const std::string& text,
                      std::size_t size = 64)
    {
        Bytes bytes;
        addWords(bytes, {0, size | 1});
        for (const std::uint64_t one : words)
            addWords(bytes, {one});
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.resize(std::max(size + 8, bytes.size()));
        addWords(bytes, {0x21});
        return m_image.put(bytes) + 16;
    }

    void setFirst(std::uint64_t block, std::uint64_t first)
    {
        Bytes bytes;
        addWords(bytes, {first});
        std::copy(bytes.begin(), bytes.end(),
                  m_image.bytes().begin() + static_cast<std::ptrdiff_t>(block - m_begin));
    }

    std::vector<std::string> told()
    {
        m_image.pad(5000);
        std::vector<std::string> texts;
        for (const Match& match : m_image.walk(freedblocksDetector))
            texts.emplace_back(match.value.begin(), match.value.end());
        return texts;
    }

private:
    std::uint64_t m_begin;
    MemoryImage m_image;
};

/// So low that what is mixed in leaves pointers near.
constexpr std::uint64_t lowHeap = 0x1400000;

/// How a block says where the next one is since glibc 2.32.
std::uint64_t mixed(std::uint64_t block, std::uint64_t next) { return (block >> 12) ^ next; }

const std::vector<std::string> theRest {rest};
const std::vector<std::string> nothing;

} // namespace

/// Secrets of which a freed block keeps the rest.
class FreedBlocksTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheRestInACache_data();
    void findsTheRestInACache();
    void findsTheRestInAFastBin_data();
    void findsTheRestInAFastBin();
    void findsTheRestInABin();
    void nextOneMayBeInUseAgain();
    void pointerIsNoProof_data();
    void pointerIsNoProof();
    void nextOneMustHaveTheSameNumber();
    void smallNumberProvesNothing();
    void nextOneOfAFastBinMustHaveTheSameSize();
    void binMustLeadBack();
    void pieceOfALongerTextIsNone();
    void otherTextsAreNone();
};

void FreedBlocksTest::findsTheRestInACache_data()
{
    QTest::addColumn<bool>("isMixed");
    QTest::addColumn<bool>("isLast");
    QTest::newRow("the next one") << true << false;
    QTest::newRow("the last one") << true << true;
    QTest::newRow("before glibc 2.32") << false << false;
}

void FreedBlocksTest::findsTheRestInACache()
{
    QFETCH(const bool, isMixed);
    QFETCH(const bool, isLast);
    Heap heap;
    const std::uint64_t next = isLast ? 0 : heap.put({0, cacheKey}, "");
    const std::uint64_t block = heap.put({0, cacheKey}, rest);
    heap.setFirst(block, isMixed ? mixed(block, next) : next);
    QCOMPARE(heap.told(), theRest);
}

void FreedBlocksTest::findsTheRestInAFastBin_data()
{
    QTest::addColumn<bool>("isMixed");
    QTest::addColumn<bool>("isLast");
    QTest::newRow("the next one") << true << false;
    QTest::newRow("the last one") << true << true;
    QTest::newRow("before glibc 2.32") << false << false;
}

void FreedBlocksTest::findsTheRestInAFastBin()
{
    QFETCH(const bool, isMixed);
    QFETCH(const bool, isLast);
    Heap heap;
    const std::uint64_t next = isLast ? 0 : heap.put({0}, "") - 16; // its head
    const std::uint64_t block = heap.put({0}, rest);
    heap.setFirst(block, isMixed ? mixed(block, next) : next);
    QCOMPARE(heap.told(), theRest);
}

void FreedBlocksTest::findsTheRestInABin()
{
    Heap heap;
    const std::uint64_t next = heap.put({0, 0}, "", 2048) - 16;
    const std::uint64_t block = heap.put({next, next}, rest, 2048);
    heap.setFirst(next + 16, block - 16);
    heap.setFirst(next + 24, block - 16);
    QCOMPARE(heap.told(), theRest);
}

void FreedBlocksTest::nextOneMayBeInUseAgain()
{
    Heap heap;
    const std::uint64_t block = heap.put({0, cacheKey}, rest);
    heap.setFirst(block, mixed(block, block + 0x2340));
    QCOMPARE(heap.told(), theRest);
}

void FreedBlocksTest::pointerIsNoProof_data()
{
    QTest::addColumn<quint64>("begin");
    QTest::newRow("in a usual heap") << quint64 {MemoryImage::base};
    QTest::newRow("in a low heap") << quint64 {lowHeap};
}

void FreedBlocksTest::pointerIsNoProof()
{
    QFETCH(const quint64, begin);
    Heap heap(begin);
    const std::uint64_t block = heap.put({0, cacheKey}, rest);
    heap.setFirst(block, block + 0x2340);
    QCOMPARE(heap.told(), nothing);
}

void FreedBlocksTest::nextOneMustHaveTheSameNumber()
{
    for (const std::uint64_t number : {cacheKey, cacheKey ^ 1}) {
        Heap heap(lowHeap);
        const std::uint64_t next = heap.put({0, number}, "");
        const std::uint64_t block = heap.put({0, cacheKey}, rest);
        heap.setFirst(block, mixed(block, next));
        QCOMPARE(heap.told(), number == cacheKey ? theRest : nothing);
    }
}

void FreedBlocksTest::smallNumberProvesNothing()
{
    Heap heap;
    const std::uint64_t next = heap.put({0, 24}, "");
    heap.put({next, 24}, rest);
    QCOMPARE(heap.told(), nothing);
}

void FreedBlocksTest::nextOneOfAFastBinMustHaveTheSameSize()
{
    for (const std::size_t size : {64U, 48U}) {
        Heap heap(lowHeap);
        const std::uint64_t next = heap.put({0}, "", size) - 16;
        const std::uint64_t block = heap.put({0}, rest);
        heap.setFirst(block, mixed(block, next));
        QCOMPARE(heap.told(), size == 64 ? theRest : nothing);
    }
}

void FreedBlocksTest::binMustLeadBack()
{
    for (const std::uint64_t word : {16, 24}) { // of the next one
        Heap heap;
        const std::uint64_t next = heap.put({0, 0}, "", 2048) - 16;
        const std::uint64_t block = heap.put({next, next}, rest, 2048);
        heap.setFirst(next + word, block - 16);
        QCOMPARE(heap.told(), nothing);
    }
}

void FreedBlocksTest::pieceOfALongerTextIsNone()
{
    const std::string longer = rest + "T6eoC6"; // fills a block of 48 bytes
    for (const std::size_t size : {64U, 48U}) {
        Heap heap;
        const std::uint64_t block = heap.put({0, cacheKey}, longer, size);
        heap.setFirst(block, mixed(block, 0));
        QCOMPARE(heap.told(), size == 64 ? std::vector<std::string> {longer} : nothing);
    }
    Heap heap;
    const std::uint64_t block = heap.put({0, cacheKey}, rest + "\nfQ7wLpZ3vT9m");
    heap.setFirst(block, mixed(block, 0));
    QCOMPARE(heap.told(), nothing);
}

void FreedBlocksTest::otherTextsAreNone()
{
    for (const char* text :
         {"/usr/lib/locale/C.UTF-8", "GetConnectionString2", "0123456789abcdef01"}) {
        Heap heap;
        const std::uint64_t block = heap.put({0, cacheKey}, text);
        heap.setFirst(block, mixed(block, 0));
        QCOMPARE(heap.told(), nothing);
    }
}

QTEST_APPLESS_MAIN(FreedBlocksTest)
#include "tst_freedblocks.moc"
