// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that stand in the structure itself: wolfSSL's, behind what the options of the library put
// there, and those of Erlang's records, in short binaries.
#include "madekeys.h"
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

MemoryImage memory(const char* file = "/usr/lib/x86_64-linux-gnu/libwolfssl.so.35.3.0")
{
    MemoryImage image;
    image.begin(MemoryImage::base, file);
    image.pad(5000);
    return image;
}

const char* const beam = "/usr/lib/erlang/erts-13.1.5/bin/beam.smp";

/// What there is to spoil in Erlang's record of a key.
struct Record {
    std::uint64_t name = 0x82bcb; ///< an atom
    std::uint64_t version = 0x1f; ///< one
    std::uint64_t tag = 2; ///< of a pointer to a binary
    std::uint64_t curveTag = 2;
};

/// The record, and the binary in it; its octets' address.
std::uint64_t putRecord(MemoryImage& image, ByteView octets, const Record& record)
{
    std::vector<std::uint8_t> binary;
    putWord(binary, (octets.size() / 8 + 1) << 6 | 0x24);
    putWord(binary, octets.size());
    binary.insert(binary.end(), octets.begin(), octets.end());
    const std::uint64_t address = image.put(binary);
    std::vector<std::uint8_t> tuple;
    for (const std::uint64_t word : {std::uint64_t {0x180}, record.name, record.version,
                                     address + record.tag, address + record.curveTag})
        putWord(tuple, word);
    image.put(tuple);
    return address + 16;
}

} // namespace

class InlineNumbersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_rsa = rsaNumbers(makeRsa(2048)); }
    void findsAnRsaKeyInEachLayout_data();
    void findsAnRsaKeyInEachLayout();
    void aStructureThatDoesNotFitIsNone_data();
    void aStructureThatDoesNotFitIsNone();
    void aModulusWithoutItsPrimesIsNothing();
    void provesAScalarOfErlangByItsPublicPoint_data();
    void provesAScalarOfErlangByItsPublicPoint();
    void aRecordThatDoesNotFitIsNone_data();
    void aRecordThatDoesNotFitIsNone();

private:
    RsaNumbers m_rsa;
};

void InlineNumbersTest::findsAnRsaKeyInEachLayout_data()
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

void InlineNumbersTest::findsAnRsaKeyInEachLayout()
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

void InlineNumbersTest::aStructureThatDoesNotFitIsNone_data()
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

void InlineNumbersTest::aStructureThatDoesNotFitIsNone()
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

void InlineNumbersTest::aModulusWithoutItsPrimesIsNothing()
{
    RsaNumbers other = rsaNumbers(makeRsa(2048));
    MemoryImage image = memory();
    for (const BigNumber* number : {&m_rsa.n, &m_rsa.d, &other.p, &other.q})
        put(image, Layout {}, *number);
    image.pad(3000);
    QVERIFY(image.walk(bignumDetector).empty());
}

void InlineNumbersTest::provesAScalarOfErlangByItsPublicPoint_data()
{
    QTest::addColumn<QString>("curve");
    QTest::newRow("P-256") << "P-256";
    QTest::newRow("P-384") << "P-384";
}

void InlineNumbersTest::provesAScalarOfErlangByItsPublicPoint()
{
    QFETCH(QString, curve);
    const EcCurve& on = curveNamed(curve.toStdString());
    const BigNumber d = scalarOf(on, 81);
    MemoryImage image = memory(beam);
    image.put(ecOctets(on, *ecPublicPoint(on, d)));
    const std::uint64_t address = putRecord(image, d.bigEndian(on.bytes), {});
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == d.bigEndian());
    const std::vector<FileRange> expected {*FileRange::make(image.fileOffsetOf(address), on.bytes)};
    QVERIFY(matches[0].places == expected);
}

void InlineNumbersTest::aRecordThatDoesNotFitIsNone_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<quint64>("name");
    QTest::addColumn<quint64>("version");
    QTest::addColumn<quint64>("tag");
    QTest::addColumn<quint64>("curveTag");
    QTest::addColumn<bool>("hasPoint");
    QTest::addColumn<bool>("found");
    const auto row = [](const char* title, const Record& record, const char* file = beam,
                        bool hasPoint = true, bool found = false) {
        QTest::newRow(title) << QString(file) << quint64 {record.name} << quint64 {record.version}
                             << quint64 {record.tag} << quint64 {record.curveTag} << hasPoint
                             << found;
    };
    row("as it is", {}, beam, true, true);
    row("another program", {}, "/usr/bin/program");
    row("no public point", {}, beam, false);
    row("a name that is no atom", {.name = 0x82bcf});
    row("a name that is too large", {.name = 0x1'0008'2bcb});
    row("another version", {.version = 0x2f});
    row("a list, not a binary", {.tag = 1});
    row("no curve", {.curveTag = 3});
}

void InlineNumbersTest::aRecordThatDoesNotFitIsNone()
{
    QFETCH(QString, file);
    QFETCH(quint64, name);
    QFETCH(quint64, version);
    QFETCH(quint64, tag);
    QFETCH(quint64, curveTag);
    QFETCH(bool, hasPoint);
    QFETCH(bool, found);
    const EcCurve& curve = curveNamed("P-256");
    const BigNumber d = scalarOf(curve, 81);
    MemoryImage image = memory(file.toLatin1().constData());
    if (hasPoint)
        image.put(ecOctets(curve, *ecPublicPoint(curve, d)));
    putRecord(image, d.bigEndian(curve.bytes), {name, version, tag, curveTag});
    image.pad(3000);
    QCOMPARE(image.walk(bignumDetector).size(), std::size_t {found ? 1U : 0U});
}

QTEST_APPLESS_MAIN(InlineNumbersTest)
#include "tst_inlinenumbers.moc"
