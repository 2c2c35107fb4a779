// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/base/bytereader.h"

#include <QTest>

#include <array>

using namespace coredact;

namespace {

constexpr std::array<std::uint8_t, 10> Bytes {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

} // namespace

class TestByteReader : public QObject {
    Q_OBJECT
private slots:
    void readsNumbersInBothOrders();
    void failsOnceAndForAll();
    void neverReadsPastTheEnd();
    void readsTextUpToANul();
    void seeksInsideOnly();
    void countsRecordsWithoutOverflow();
    void namesThePlaceInTheFile();
    void slicesOnlyWhatIsThere();
    void writesHexDigits();
};

void TestByteReader::readsNumbersInBothOrders()
{
    ByteReader little(ByteView(Bytes).subspan(1), ByteOrder::Little);
    QCOMPARE(little.u8(), std::uint8_t {1});
    QCOMPARE(little.u16(), std::uint16_t {0x0302});
    QCOMPARE(little.u32(), std::uint32_t {0x07060504});
    QCOMPARE(little.left(), std::uint64_t {2});
    ByteReader big(Bytes, ByteOrder::Big);
    QCOMPARE(big.u64(), std::uint64_t {0x0001020304050607});
    QCOMPARE(big.word(2), std::uint64_t {0x0809});
    QVERIFY(big.ok());
}

void TestByteReader::failsOnceAndForAll()
{
    ByteReader in(Bytes, ByteOrder::Little);
    in.skip(8);
    QCOMPARE(in.u32(), std::uint32_t {0});
    QVERIFY(!in.ok());
    QCOMPARE(in.u8(), std::uint8_t {0}); // one is left, but the reader has failed
    QVERIFY(in.bytes(1).empty());
    QVERIFY(in.text().empty());
    in.seek(0);
    QVERIFY(!in.ok());
}

void TestByteReader::neverReadsPastTheEnd()
{
    for (std::uint64_t position = 0; position <= Bytes.size(); ++position) {
        for (const std::uint64_t size : {std::uint64_t {0}, std::uint64_t {1}, std::uint64_t {9},
                                         std::uint64_t {10}, std::uint64_t {11},
                                         ~std::uint64_t {0}}) {
            ByteReader in(Bytes, ByteOrder::Little);
            in.seek(position);
            const ByteView view = in.bytes(size);
            QCOMPARE(in.ok(), size <= Bytes.size() - position);
            QCOMPARE(std::uint64_t {view.size()}, in.ok() ? size : 0);
        }
    }
    ByteReader in(Bytes, ByteOrder::Little);
    QCOMPARE(in.word(9), std::uint64_t {0});
    QVERIFY(!in.ok());
}

void TestByteReader::readsTextUpToANul()
{
    const std::string_view texts("one\0two", 7);
    ByteReader in(asBytes(texts), ByteOrder::Little);
    QCOMPARE(in.text(), std::string_view("one"));
    QCOMPARE(in.position(), std::uint64_t {4});
    QCOMPARE(in.text(), std::string_view("two"));
    QCOMPARE(in.left(), std::uint64_t {0});
    QCOMPARE(in.text(), std::string_view());
    QVERIFY(in.ok());
}

void TestByteReader::seeksInsideOnly()
{
    ByteReader in(Bytes, ByteOrder::Little);
    in.seek(10);
    QVERIFY(in.ok());
    in.seek(11);
    QVERIFY(!in.ok());
}

void TestByteReader::countsRecordsWithoutOverflow()
{
    ByteReader in(Bytes, ByteOrder::Little);
    QVERIFY(in.holds(2, 5));
    QVERIFY(!in.holds(3, 5));
    QVERIFY(!in.holds(~std::uint64_t {0}, 8));
    QVERIFY(!in.holds(std::uint64_t {1} << 61, 8));
    QVERIFY(in.holds(0, ~std::uint64_t {0}));
}

void TestByteReader::namesThePlaceInTheFile()
{
    ByteReader in(Bytes, ByteOrder::Little, 1000);
    in.skip(3);
    const Error error = in.truncated("the list");
    QCOMPARE(error.code, ErrorCode::Truncated);
    QCOMPARE(error.offset, std::optional<std::uint64_t>(1003));
    QCOMPARE(error.message, std::string("the file ends inside the list"));
}

void TestByteReader::slicesOnlyWhatIsThere()
{
    for (std::uint64_t offset = 0; offset < 13; ++offset) {
        for (std::uint64_t size = 0; size < 13; ++size) {
            const auto part = slice(Bytes, offset, size);
            QCOMPARE(part.has_value(), offset + size <= Bytes.size());
            if (part && size != 0)
                QCOMPARE(part->front(), Bytes[offset]);
        }
    }
    QVERIFY(!slice(Bytes, ~std::uint64_t {0}, 2));
    QVERIFY(!slice(Bytes, 2, ~std::uint64_t {0}));
}

void TestByteReader::writesHexDigits()
{
    const std::array<std::uint8_t, 3> bytes {0x00, 0xa9, 0xff};
    QCOMPARE(toHex(bytes), std::string("00a9ff"));
    QCOMPARE(toHex({}), std::string());
}

QTEST_GUILESS_MAIN(TestByteReader)
#include "tst_bytereader.moc"
