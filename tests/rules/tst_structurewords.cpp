// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/keys/structurewords.h"

#include <QtTest>

#include <cstring>
#include <random>
#include <vector>

using namespace coredact;

namespace {

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t word)
{
    for (std::size_t i = 0; i < 8; ++i)
        bytes[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
}

} // namespace

class TestStructureWords : public QObject {
    Q_OBJECT

private slots:
    void findsThePairAtEveryWord_data()
    {
        QTest::addColumn<WordPair>("pair");
        QTest::addColumn<quint64>("first");
        QTest::addColumn<quint64>("second");
        QTest::addColumn<bool>("fits");
        const WordPair some {~std::uint64_t(0xff0f), ~std::uint64_t(0x3), 0};
        QTest::newRow("some bits") << some << quint64(0x100) << quint64(3) << true;
        QTest::newRow("one more in the first") << some << quint64(0x110) << quint64(3) << false;
        QTest::newRow("one more in the second") << some << quint64(0x100) << quint64(4) << false;
        QTest::newRow("the highest bit") << some << quint64(0x100) << (quint64(1) << 63) << false;
        QTest::newRow("no bits") << some << quint64(0) << quint64(0) << false;
        const WordPair value {0, ~std::uint64_t(0x1), 32};
        QTest::newRow("a value") << value << quint64(32) << quint64(0) << true;
        QTest::newRow("another value") << value << quint64(33) << quint64(0) << false;
        QTest::newRow("a value with more bits")
            << value << quint64(32 | 1ULL << 40) << quint64(0) << false;
    }
    void findsThePairAtEveryWord()
    {
        QFETCH(const WordPair, pair);
        QFETCH(const quint64, first);
        QFETCH(const quint64, second);
        QFETCH(const bool, fits);
        for (const PairKernelChoice& choice : pairKernels()) {
            for (std::size_t at = 0; at < 512; at += 8) {
                std::vector<std::uint8_t> bytes(512 + 8 + 3, 0xff);
                put(bytes, 3 + at, first);
                put(bytes, 3 + at + 8, second);
                const std::size_t expected = fits ? at / 64 * 64 : 512;
                QVERIFY2(choice.kernel(pair, bytes.data() + 3, 0, 512) == expected,
                         choice.name.data());
                QVERIFY2(choice.kernel(pair, bytes.data() + 3, 0, 1)
                             == (fits && at < 64 ? 0U : 64U),
                         choice.name.data());
            }
        }
    }

    void allKernelsAgreeOnRandomWords()
    {
        std::mt19937 dice(5);
        const WordPair pair {~std::uint64_t(0x3f), ~std::uint64_t(0x7f), 0};
        std::vector<std::uint8_t> bytes((1U << 16) + 8, 0);
        for (std::size_t at = 0; at < bytes.size(); at += 8)
            put(bytes, at, dice() % 1024);
        std::size_t found = 0;
        for (std::size_t at = 0; at < 1U << 16; at += 64) {
            const std::size_t wanted
                = pairKernels().front().kernel(pair, bytes.data(), at, 1U << 16);
            found += wanted == at ? 1 : 0;
            for (const PairKernelChoice& choice : pairKernels())
                QCOMPARE(choice.kernel(pair, bytes.data(), at, 1U << 16), wanted);
        }
        QVERIFY(found > 10);
        QVERIFY(found < 500);
    }

    void findsTwoRangesAtEveryWord()
    {
        const WordRange first {0x10000, 0x7fffffffffff};
        const WordRange second {3, 48};
        const auto found
            = [&](const RangeKernelChoice& choice, std::size_t at, quint64 one, quint64 other) {
                  std::vector<std::uint8_t> bytes(512 + 8 + 3, 0xff);
                  put(bytes, 3 + at, one);
                  put(bytes, 3 + at + 8, other);
                  return choice.kernel(first, second, bytes.data() + 3, 0, 512);
              };
        for (const RangeKernelChoice& choice : rangeKernels())
            for (std::size_t at = 0; at < 512; at += 8) {
                for (const quint64 one : {0x10000ULL, 0x7fffffffffffULL, 0x5555'0000'0010ULL}) {
                    for (const quint64 other : {3ULL, 48ULL, 20ULL})
                        QVERIFY2(found(choice, at, one, other) == at / 64 * 64, choice.name.data());
                    for (const quint64 other :
                         {2ULL, 49ULL, 0ULL, ~0ULL, 1ULL << 63 | 20, 1ULL << 32 | 20})
                        QVERIFY2(found(choice, at, one, other) == 512, choice.name.data());
                }
                for (const quint64 one :
                     {0xffffULL, 0x800000000000ULL, 0ULL, ~0ULL, 1ULL << 63 | 0x10000})
                    QVERIFY2(found(choice, at, one, 20) == 512, choice.name.data());
            }
    }

    void findsAWordWhereverItStands()
    {
        const MaskedWord word {0x300, ~std::uint32_t(7)};
        for (const MaskedKernelChoice& choice : maskedKernels()) {
            for (std::size_t at = 0; at < 512; at += 4) {
                std::vector<std::uint8_t> bytes(3 + 512, 0xff);
                const auto put32 = [&](std::uint32_t value) {
                    for (std::size_t i = 0; i < 4; ++i)
                        bytes[3 + at + i] = static_cast<std::uint8_t>(value >> 8 * i);
                };
                for (const std::uint32_t value : {0x300U, 0x304U, 0x307U}) {
                    put32(value);
                    QVERIFY2(choice.kernel(word, bytes.data() + 3, 0, 512) == at / 64 * 64,
                             choice.name.data());
                }
                for (const std::uint32_t value : {0x308U, 0x200U, 0x1000304U, 0x30000U}) {
                    put32(value);
                    QVERIFY2(choice.kernel(word, bytes.data() + 3, 0, 512) == 512,
                             choice.name.data());
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestStructureWords)
#include "tst_structurewords.moc"
