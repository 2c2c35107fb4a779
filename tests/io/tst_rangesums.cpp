// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/io/rangesums.h"

#include <QtTest>

#include <random>

using namespace coredact;

namespace {

constexpr std::size_t page = 4096;

/// Random bytes with pages of one repeated byte among them.
std::vector<std::uint8_t> someBytes(std::size_t size)
{
    std::mt19937 random(7);
    std::vector<std::uint8_t> bytes(size);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    for (std::size_t at = 2 * page; at + page <= size; at += 5 * page)
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), page,
                    static_cast<std::uint8_t>(at / page));
    return bytes;
}

FileRange range(std::uint64_t first, std::uint64_t size) { return *FileRange::make(first, size); }

void sum(RangeSums& sums, const std::vector<std::uint8_t>& bytes, const FileRange& of)
{
    RangeSums::Maker maker(sums);
    sums.add(of, maker.of(of, ByteView(bytes).subspan(of.first(), of.size())));
}

/// Passes all bytes in pieces of `step`.
Status passed(const RangeSums& sums, ByteView bytes, std::size_t step)
{
    RangeSums::Check check(sums);
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(step, bytes.size())))
        if (Status same = check.pass(bytes.first(std::min(step, bytes.size()))); !same)
            return same;
    return {};
}

} // namespace

class TestRangeSums : public QObject {
    Q_OBJECT

private slots:
    void agreesWithTheSameBytesHoweverTheyCome_data()
    {
        QTest::addColumn<std::size_t>("step");
        for (const std::size_t step :
             {std::size_t(1), std::size_t(100), page - 1, page, page + 1, std::size_t(1) << 20})
            QTest::addRow("%zu", step) << step;
    }
    void agreesWithTheSameBytesHoweverTheyCome()
    {
        QFETCH(const std::size_t, step);
        const auto bytes = someBytes(20 * page + 77);
        RangeSums sums;
        // Neither in order nor along pages.
        sum(sums, bytes, range(7 * page + 11, bytes.size() - 7 * page - 11));
        sum(sums, bytes, range(0, 3 * page + 5));
        sum(sums, bytes, range(3 * page + 5, 4 * page + 6));
        sums.settle();
        QVERIFY(passed(sums, bytes, step));
    }

    void noticesEveryByteThatDiffers()
    {
        auto bytes = someBytes(4 * page + 9);
        RangeSums sums;
        sum(sums, bytes, range(0, page + 100));
        sum(sums, bytes, range(page + 100, bytes.size() - page - 100));
        sums.settle();
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            bytes[at] ^= 0x10;
            const Status same = passed(sums, bytes, page);
            QVERIFY(!same);
            QCOMPARE(same.error().code, ErrorCode::Changed);
            QCOMPARE(*same.error().offset, std::uint64_t(at < page + 100 ? 0 : page + 100));
            bytes[at] ^= 0x10;
        }
        QVERIFY(passed(sums, bytes, page));
    }

    void noticesAnotherRepeatedByte()
    {
        std::vector<std::uint8_t> bytes(3 * page, 1);
        RangeSums sums;
        sum(sums, bytes, range(0, bytes.size()));
        sums.settle();
        std::fill_n(bytes.begin() + page, page, std::uint8_t(2));
        QVERIFY(!passed(sums, bytes, page));
    }

    /// The same pages, but at other places.
    void noticesPagesThatChangedPlaces()
    {
        auto bytes = someBytes(2 * page);
        bytes.resize(4 * page, 3);
        RangeSums sums;
        sum(sums, bytes, range(0, bytes.size()));
        sums.settle();
        std::rotate(bytes.begin(), bytes.begin() + 3 * page, bytes.end());
        QVERIFY(!passed(sums, bytes, page));
    }

    void bytesWithoutASumMustBeZeros()
    {
        std::vector<std::uint8_t> bytes(5 * page);
        bytes[2 * page] = 9;
        RangeSums sums;
        sum(sums, bytes, range(2 * page, page));
        sums.settle();
        QVERIFY(passed(sums, bytes, 1000));
        RangeSums::Check check(sums);
        QVERIFY(check.passZeros(2 * page));
        QVERIFY(check.pass(ByteView(bytes).subspan(2 * page)));
        RangeSums::Check withoutData(sums);
        QVERIFY(!withoutData.passZeros(5 * page));
        for (const std::size_t at : {std::size_t(0), 2 * page - 1, 3 * page, 5 * page - 1}) {
            bytes[at] = 1;
            QVERIFY(!passed(sums, bytes, 1000));
            bytes[at] = 0;
        }
    }

    void nothingAgreesWithWhatCouldNotBeRead()
    {
        const auto bytes = someBytes(page);
        RangeSums sums;
        sums.addUnreadable(range(0, page));
        sums.settle();
        QVERIFY(!passed(sums, bytes, page));
        QVERIFY(!passed(sums, std::vector<std::uint8_t>(page), page));
    }
};

QTEST_GUILESS_MAIN(TestRangeSums)
#include "tst_rangesums.moc"
