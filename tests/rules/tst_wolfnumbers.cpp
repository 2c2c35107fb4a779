// SPDX-License-Identifier: GPL-3.0-or-later
// wolfSSL's numbers, whose words stand in the structure itself, behind what the options of the
// library put there.
#include "memoryimage.h"

#include <QTest>

#include <algorithm>

using namespace coredact;

namespace {

/// {count, room, [sign], [pointer, length, pointer]} and the words.
struct Layout {
    bool shortSizes = false; ///< count and room of 16 bits
    bool sign = true;
    bool octets = true; ///< for hardware
};

void putWord(std::vector<std::uint8_t>& to, std::uint64_t word)
{
    for (unsigned i = 0; i < 8; ++i)
        to.push_back(static_cast<std::uint8_t>(word >> 8 * i));
}

/// The structure up to its words.
std::vector<std::uint8_t> headOf(const Layout& layout, std::uint64_t count, std::uint64_t room,
                                 std::uint64_t sign = 0)
{
    std::vector<std::uint8_t> head;
    if (layout.shortSizes) {
        putWord(head, count | room << 16 | sign << 32);
    } else {
        putWord(head, count | room << 32);
        if (layout.sign)
            putWord(head, sign | std::uint64_t {0x5555} << 32);
    }
    if (layout.octets) {
        putWord(head, 0x5555'0000'1230);
        putWord(head, std::uint64_t {0x7f7f} << 32 | count * 8);
        putWord(head, 0);
    }
    return head;
}

std::uint64_t put(MemoryImage& image, std::vector<std::uint8_t> head, const BigNumber& number)
{
    const std::size_t begin = head.size();
    const SecretBytes words = number.littleEndian((number.bits() + 63) / 64 * 8);
    head.insert(head.end(), words.begin(), words.end());
    return image.put(head) + begin;
}

std::uint64_t put(MemoryImage& image, const Layout& layout, const BigNumber& number)
{
    return put(image, headOf(layout, (number.bits() + 63) / 64, 129), number);
}

MemoryImage memory()
{
    MemoryImage image;
    image.begin(MemoryImage::base, "/usr/lib/x86_64-linux-gnu/libwolfssl.so.35.3.0");
    image.pad(5000);
    return image;
}

} // namespace

class WolfNumbersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_rsa = rsaNumbers(makeRsa(2048)); }
    void findsAnRsaKeyInEachLayout_data();
    void findsAnRsaKeyInEachLayout();
    void aStructureThatDoesNotFitIsNone_data();
    void aStructureThatDoesNotFitIsNone();
    void aModulusWithoutItsPrimesIsNothing();

private:
    RsaNumbers m_rsa;
};

void WolfNumbersTest::findsAnRsaKeyInEachLayout_data()
{
    QTest::addColumn<bool>("shortSizes");
    QTest::addColumn<bool>("sign");
    QTest::addColumn<bool>("octets");
    for (const bool sign : {false, true})
        for (const bool octets : {false, true})
            QTest::addRow("sign %d, octets %d", sign, octets) << false << sign << octets;
    for (const bool octets : {false, true})
        QTest::addRow("sizes of 16 bits, octets %d", octets) << true << true << octets;
}

void WolfNumbersTest::findsAnRsaKeyInEachLayout()
{
    QFETCH(bool, shortSizes);
    QFETCH(bool, sign);
    QFETCH(bool, octets);
    const Layout layout {shortSizes, sign, octets};
    MemoryImage image = memory();
    put(image, layout, m_rsa.n);
    const std::uint64_t d = put(image, layout, m_rsa.d);
    const std::uint64_t p = put(image, layout, m_rsa.p);
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == std::max(m_rsa.p.bigEndian(), m_rsa.q.bigEndian()));
    const std::vector<FileRange> expected {*FileRange::make(image.fileOffsetOf(d), 256),
                                           *FileRange::make(image.fileOffsetOf(p), 128)};
    QVERIFY(matches[0].places == expected);
}

void WolfNumbersTest::aStructureThatDoesNotFitIsNone_data()
{
    QTest::addColumn<bool>("shortSizes");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("room");
    QTest::addColumn<int>("sign");
    QTest::addColumn<bool>("found");
    for (const bool shortSizes : {false, true}) {
        const char* sizes = shortSizes ? "16" : "32";
        QTest::addRow("%s bits, as it is", sizes) << shortSizes << 16 << 16 << 0 << true;
        QTest::addRow("%s bits, less room than words", sizes)
            << shortSizes << 16 << 15 << 0 << false;
        QTest::addRow("%s bits, a size that no key has", sizes)
            << shortSizes << 15 << 129 << 0 << false;
        QTest::addRow("%s bits, more room than there is", sizes)
            << shortSizes << 16 << 0x200 << 0 << false;
        QTest::addRow("%s bits, negative", sizes) << shortSizes << 16 << 129 << 1 << false;
    }
}

void WolfNumbersTest::aStructureThatDoesNotFitIsNone()
{
    QFETCH(bool, shortSizes);
    QFETCH(int, count);
    QFETCH(int, room);
    QFETCH(int, sign);
    QFETCH(bool, found);
    const Layout layout {shortSizes, true, true};
    MemoryImage image = memory();
    put(image, layout, m_rsa.n);
    put(image,
        headOf(layout, static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(room),
               static_cast<std::uint64_t>(sign)),
        m_rsa.p);
    image.pad(3000);
    QCOMPARE(image.walk(bignumDetector).size(), std::size_t {found ? 1U : 0U});
}

void WolfNumbersTest::aModulusWithoutItsPrimesIsNothing()
{
    RsaNumbers other = rsaNumbers(makeRsa(2048));
    MemoryImage image = memory();
    for (const BigNumber* number : {&m_rsa.n, &m_rsa.d, &other.p, &other.q})
        put(image, Layout {}, *number);
    image.pad(3000);
    QVERIFY(image.walk(bignumDetector).empty());
}

QTEST_APPLESS_MAIN(WolfNumbersTest)
#include "tst_wolfnumbers.moc"
