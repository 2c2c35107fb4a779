// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys in the slices of bytes of Go programs, proved by their public halves in others.
#include "littlewords.h"
#include "madekeys.h"
#include "memoryimage.h"

#include <QCryptographicHash>
#include <QTest>

#include <algorithm>

using namespace coredact;

namespace {

/// Bytes and the slice of Go that is filled with them.
std::uint64_t putBytes(MemoryImage& image, ByteView bytes)
{
    const std::uint64_t address = image.put(bytes);
    image.put(littleWords({0, address, bytes.size(), bytes.size()}));
    return address;
}

SecretBytes joined(const SecretBytes& first, const SecretBytes& second)
{
    SecretBytes both = first;
    both.insert(both.end(), second.begin(), second.end());
    return both;
}

BigNumber numberOf(const char* hex)
{
    const QByteArray bytes = QByteArray::fromHex(hex);
    return BigNumber::fromBigEndian(SecretBytes(bytes.begin(), bytes.end()));
}

} // namespace

class GoSlicesTest : public QObject {
    Q_OBJECT

private slots:
    void provesBytesOfGoByTheirPublicPoint_data();
    void provesBytesOfGoByTheirPublicPoint();
    void anEcKeyBringsWhatArithmeticMakesOfIt();
    void findsSeedAndPublicHalfInOneSlice();
    void anEd25519KeyBringsItsScalarAsGoHasIt();
    void findsPrivateAndPublicHalfInTwoSlices();
    void bytesWithoutTheirPublicHalfAreNothing();
    void threeWordsOutsideOfGosHeapAreNoSlice();
};

void GoSlicesTest::provesBytesOfGoByTheirPublicPoint_data()
{
    QTest::addColumn<QString>("curve");
    for (const char* curve : {"P-256", "P-384", "P-521"})
        QTest::newRow(curve) << QString(curve);
}

void GoSlicesTest::provesBytesOfGoByTheirPublicPoint()
{
    QFETCH(QString, curve);
    const EcCurve& on = curveNamed(curve.toStdString());
    const BigNumber d = scalarOf(on, 64);
    MemoryImage image = goHeapImage();
    const std::uint64_t address = putBytes(image, d.bigEndian(on.bytes));
    putBytes(image, ecOctets(on, *ecPublicPoint(on, d)));
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == d.bigEndian());
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {on.bytes});
}

void GoSlicesTest::anEcKeyBringsWhatArithmeticMakesOfIt()
{
    const EcCurve& curve = curveNamed("P-256");
    const BigNumber order
        = numberOf("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const BigNumber d = scalarOf(curve, 73);
    MemoryImage image = goHeapImage();
    putBytes(image, d.bigEndian(32));
    putBytes(image, ecOctets(curve, *ecPublicPoint(curve, d)));
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(brings(matches[0], *d.inverse(order)));
    QVERIFY(brings(matches[0], (d * BigNumber::powerOfTwo(256)) % order));
    QVERIFY(brings(matches[0], order - d));
}

void GoSlicesTest::findsSeedAndPublicHalfInOneSlice()
{
    const SecretBytes secret = madeSecret(65);
    MemoryImage image = goHeapImage();
    const std::uint64_t address = putBytes(image, joined(secret, okpPublicHalf(ed25519, secret)));
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].rule->id == "edwards-private-key-slice");
    QVERIFY(matches[0].value == secret);
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {32});
}

void GoSlicesTest::anEd25519KeyBringsItsScalarAsGoHasIt()
{
    const BigNumber order
        = numberOf("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
    const SecretBytes seed = madeSecret(74);
    QByteArray scalar
        = QCryptographicHash::hash(QByteArray(reinterpret_cast<const char*>(seed.data()), 32),
                                   QCryptographicHash::Sha512)
              .first(32);
    scalar[0] = static_cast<char>(scalar[0] & 0xf8);
    scalar[31] = static_cast<char>((scalar[31] & 0x7f) | 0x40);
    const BigNumber s = BigNumber::fromLittleEndian(SecretBytes(scalar.begin(), scalar.end()));
    MemoryImage image = goHeapImage();
    putBytes(image, joined(seed, okpPublicHalf(ed25519, seed)));
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(brings(matches[0], s % order));
    QVERIFY(brings(matches[0], (s * BigNumber::powerOfTwo(256)) % order));
}

void GoSlicesTest::findsPrivateAndPublicHalfInTwoSlices()
{
    const SecretBytes secret = madeSecret(66);
    MemoryImage image = goHeapImage();
    putBytes(image, okpPublicHalf(x25519(), secret));
    const std::uint64_t address = putBytes(image, secret);
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == secret);
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
}

void GoSlicesTest::bytesWithoutTheirPublicHalfAreNothing()
{
    MemoryImage image = goHeapImage();
    putBytes(image, madeSecret(67));
    putBytes(image, joined(madeSecret(68), okpPublicHalf(ed25519, madeSecret(69))));
    putBytes(image, scalarOf(curveNamed("P-384"), 70).bigEndian(48));
    image.pad(3000);
    QVERIFY(image.walk(bignumDetector).empty());
}

void GoSlicesTest::threeWordsOutsideOfGosHeapAreNoSlice()
{
    const SecretBytes secret = madeSecret(71);
    MemoryImage image;
    putBytes(image, joined(secret, okpPublicHalf(ed25519, secret)));
    image.pad(3000);
    QVERIFY(image.walk(bignumDetector).empty());
}

QTEST_APPLESS_MAIN(GoSlicesTest)
#include "tst_goslices.moc"
