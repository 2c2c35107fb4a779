// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys in the numbers of other libraries than OpenSSL.
#include "littlewords.h"
#include "madekeys.h"
#include "memoryimage.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <map>

using namespace coredact;

namespace {

enum class Library { MbedTls, Libgcrypt, Go, Gmp, Botan, Mono, Tommath, Nss, Cryptopp, Wolf };

/// The structure of a number of `count` words that stand at `address`.
std::vector<std::uint8_t> structureOf(Library library, std::uint64_t address, std::uint64_t count)
{
    switch (library) {
    case Library::MbedTls: // what stands before; sign, count, pointer
        return littleWords({0, 1, count, address});
    case Library::Libgcrypt: // what stands before; room and count, sign and flags, pointer
        return littleWords({0, (count << 32) | (count + 1), 0, address});
    case Library::Gmp: // what stands before; room and count, pointer
        return littleWords({0, (count << 32) | (count + 1), address});
    case Library::Botan: // pointers to the words, behind them, behind their room; count, sign
        return littleWords({address, address + (count + 1) * 8, address + (count + 2) * 8, count,
                            0x5555'0000'0001});
    case Library::Mono: // class, lock, array, count of half words
        return littleWords({0x55fc'64af'e838, 0, address - 32, count * 2});
    case Library::Tommath: // what stands before; count and room, sign, pointer
        return littleWords({0, ((count + 3) << 32) | count, 0x5555'0000'0000, address});
    case Library::Nss: // type, pointer, bytes
        return littleWords({0x123, address, count});
    case Library::Cryptopp: // virtual functions, allocator, mark, room, pointer, sign
        return littleWords(
            {0x7f00'0000'1000, 0x55, 0x1fff'ffff'ffff'ffff, count, address, 0x55'0000'0000});
    case Library::Wolf: // what stands before, which tst_inlinenumbers knows in all its forms
        return littleWords({(count + 1) << 32 | count, 0x5555'0000'0000, address, 0, 0});
    case Library::Go: // pointer, count, room, of the slice behind the sign
        return littleWords({0, address, count, count + 4});
    }
    return {};
}

/// Words of 60 bits and the structure of libtommath that leads to them.
std::uint64_t putDigits(MemoryImage& image, const BigNumber& number)
{
    const std::size_t count = (number.bits() + 59) / 60;
    const SecretBytes bytes = number.littleEndian(count * 8 + 8);
    std::vector<std::uint8_t> digits(count * 8);
    for (std::size_t bit = 0; bit < count * 60; ++bit) {
        const unsigned value = bytes[bit / 8] >> bit % 8 & 1U;
        const std::size_t at = bit / 60 * 64 + bit % 60;
        digits[at / 8] = static_cast<std::uint8_t>(digits[at / 8] | value << at % 8);
    }
    const std::uint64_t address = image.put(digits);
    image.put(structureOf(Library::Tommath, address, count));
    return address;
}

std::uint64_t putNumber(MemoryImage& image, Library library, const BigNumber& number)
{
    if (library == Library::Tommath)
        return putDigits(image, number);
    if (library == Library::Nss) {
        const SecretBytes octets = number.bigEndian();
        const std::uint64_t at = image.put(octets);
        image.put(structureOf(library, at, octets.size()));
        return at;
    }
    std::uint64_t count = (number.bits() + 63) / 64;
    if (library == Library::Cryptopp) // and zeros behind
        count = std::bit_ceil(count);
    std::vector<std::uint8_t> array;
    if (library == Library::Wolf)
        array = structureOf(library, 0, count);
    if (library == Library::Mono) // class, lock, bounds, length
        array = littleWords({0x55fc'64af'e950, 0, 0, count * 2});
    const std::size_t head = array.size();
    const SecretBytes words = number.littleEndian(count * 8);
    array.insert(array.end(), words.begin(), words.end());
    const std::uint64_t address = image.put(array) + head;
    if (library != Library::Wolf)
        image.put(structureOf(library, address, count));
    return address;
}

MemoryImage memoryOf(Library library)
{
    if (library == Library::Go)
        return goHeapImage();
    static const std::map<Library, std::string> files {
        {Library::Gmp, "libgmp.so.10.4.1"},        {Library::Botan, "libbotan-2.so.19"},
        {Library::Mono, "/usr/bin/mono-sgen"},     {Library::Tommath, "libtommath.so.1.2.0"},
        {Library::Nss, "/usr/lib/libsoftokn3.so"}, {Library::Cryptopp, "libcrypto++.so.8.7.0"},
        {Library::Wolf, "libwolfssl.so.35"},
    };
    MemoryImage image;
    if (const auto file = files.find(library); file != files.end())
        image.begin(MemoryImage::base, file->second);
    image.pad(5000);
    return image;
}

void addLibraries()
{
    QTest::addColumn<Library>("library");
    QTest::newRow("mbedTLS") << Library::MbedTls;
    QTest::newRow("libgcrypt") << Library::Libgcrypt;
    QTest::newRow("Go") << Library::Go;
    QTest::newRow("GMP") << Library::Gmp;
    QTest::newRow("Botan") << Library::Botan;
    QTest::newRow("Mono") << Library::Mono;
    QTest::newRow("libtommath") << Library::Tommath;
    QTest::newRow("NSS") << Library::Nss;
    QTest::newRow("Crypto++") << Library::Cryptopp;
    QTest::newRow("wolfSSL") << Library::Wolf;
}

} // namespace

class ForeignNumbersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_rsa = makeRsa(2048); }
    void findsAnRsaKey_data() { addLibraries(); }
    void findsAnRsaKey();
    void provesAScalarByItsPublicPoint_data();
    void provesAScalarByItsPublicPoint();
    void aScalarAloneIsNothing_data() { addLibraries(); }
    void aScalarAloneIsNothing();
    void whatArithmeticBeginsWithIsNoKey();
    void structuresOfALibraryThatIsNotLoadedAreNone_data();
    void structuresOfALibraryThatIsNotLoadedAreNone();
    void findsAKeyOfBotanByWhatMontgomeryKeeps();
    void aMultipleOfAPrimeIsNoModulus();
    void aStructureThatDoesNotFitIsNone_data();
    void aStructureThatDoesNotFitIsNone();

private:
    MadeKey m_rsa;
};

void ForeignNumbersTest::findsAnRsaKey()
{
    QFETCH(Library, library);
    const RsaNumbers key = rsaNumbers(m_rsa);
    MemoryImage image = memoryOf(library);
    for (const BigNumber* number : {&key.n, &key.d, &key.p, &key.q, &key.dp, &key.dq, &key.qinv})
        putNumber(image, library, *number);
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == std::max(key.p.bigEndian(), key.q.bigEndian()));
    QCOMPARE(matches[0].places.size(), std::size_t {6});
}

void ForeignNumbersTest::provesAScalarByItsPublicPoint_data()
{
    QTest::addColumn<Library>("library");
    QTest::addColumn<QString>("curve");
    for (const char* curve :
         {"P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1", "brainpoolP512r1"}) {
        QTest::addRow("mbedTLS, %s", curve) << Library::MbedTls << QString(curve);
        QTest::addRow("libgcrypt, %s", curve) << Library::Libgcrypt << QString(curve);
        QTest::addRow("Go, %s", curve) << Library::Go << QString(curve);
        QTest::addRow("GMP, %s", curve) << Library::Gmp << QString(curve);
        QTest::addRow("Botan, %s", curve) << Library::Botan << QString(curve);
        QTest::addRow("libtommath, %s", curve) << Library::Tommath << QString(curve);
        QTest::addRow("NSS, %s", curve) << Library::Nss << QString(curve);
        QTest::addRow("Crypto++, %s", curve) << Library::Cryptopp << QString(curve);
        QTest::addRow("wolfSSL, %s", curve) << Library::Wolf << QString(curve);
    }
}

void ForeignNumbersTest::provesAScalarByItsPublicPoint()
{
    QFETCH(Library, library);
    QFETCH(QString, curve);
    const EcCurve& on = curveNamed(curve.toStdString());
    const BigNumber d = scalarOf(on, 61);
    MemoryImage image = memoryOf(library);
    const std::uint64_t address = putNumber(image, library, d);
    putNumber(image, library, ecPublicPoint(on, d)->x);
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == d.bigEndian());
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
    const std::uint64_t bits = library == Library::Tommath ? 60 : 64;
    QCOMPARE(matches[0].places[0].size(),
             library == Library::Nss ? d.bytes() : (d.bits() + bits - 1) / bits * 8);
}

void ForeignNumbersTest::aScalarAloneIsNothing()
{
    QFETCH(Library, library);
    MemoryImage image = memoryOf(library);
    putNumber(image, library, scalarOf(curveNamed("P-256"), 62));
    image.pad(3000);
    QVERIFY(image.walk(bignumDetector).empty());
}

void ForeignNumbersTest::whatArithmeticBeginsWithIsNoKey()
{
    // In Botan's tables of the base point's multiples stand those by powers of two.
    for (const char* name : {"P-256", "brainpoolP256r1", "brainpoolP512r1"}) {
        const EcCurve& curve = curveNamed(name);
        const BigNumber d = scalarOf(curve, 77);
        const PrivateKey key
            = ecPrivateKey(curve, d, *ecPublicPoint(curve, d), Confidence::Likely, {});
        const auto rest
            = std::find_if(key.derived.begin(), key.derived.end(),
                           [](const DerivedValue& value) { return value.name == "order - d"; });
        QVERIFY(rest != key.derived.end());
        const BigNumber order = d + BigNumber::fromBigEndian(rest->bytes);
        const BigNumber one = BigNumber::powerOfTwo(static_cast<unsigned>(curve.bytes * 8)) % order;
        MemoryImage image = memoryOf(Library::Botan);
        putNumber(image, Library::Botan, one);
        putNumber(image, Library::Botan, ecPublicPoint(curve, one)->x);
        image.pad(3000);
        QVERIFY(image.walk(bignumDetector).empty());
    }
}

void ForeignNumbersTest::structuresOfALibraryThatIsNotLoadedAreNone_data()
{
    QTest::addColumn<Library>("library");
    QTest::newRow("GMP") << Library::Gmp;
    QTest::newRow("Botan") << Library::Botan;
    QTest::newRow("Mono") << Library::Mono;
    QTest::newRow("libtommath") << Library::Tommath;
    QTest::newRow("NSS") << Library::Nss;
    QTest::newRow("Crypto++") << Library::Cryptopp;
    QTest::newRow("wolfSSL") << Library::Wolf;
}

void ForeignNumbersTest::structuresOfALibraryThatIsNotLoadedAreNone()
{
    QFETCH(Library, library);
    MemoryImage image;
    image.begin(MemoryImage::base, "libssl.so.3");
    for (const BigNumber& number : {rsaNumbers(m_rsa).n, rsaNumbers(m_rsa).p})
        putNumber(image, library, number);
    image.pad(3000);
    QVERIFY(image.walk(bignumDetector).empty());
}

/// The numbers themselves are in memory that no dump shows.
void ForeignNumbersTest::findsAKeyOfBotanByWhatMontgomeryKeeps()
{
    const RsaNumbers key = rsaNumbers(m_rsa);
    const BigNumber r = BigNumber::powerOfTwo(1024);
    MemoryImage image = memoryOf(Library::Botan);
    putNumber(image, Library::Botan, (r * r) % key.n);
    const std::uint64_t first = putNumber(image, Library::Botan, r % key.p);
    const std::uint64_t second = putNumber(image, Library::Botan, r % key.q);
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == std::max(key.p.bigEndian(), key.q.bigEndian()));
    QCOMPARE(matches[0].places.size(), std::size_t {2});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(first));
    QCOMPARE(matches[0].places[1].first(), image.fileOffsetOf(second));
    QVERIFY(brings(matches[0], (r * r * r) % key.p));
}

/// What the Chinese remainder theorem makes on the way, an h·q, stands among Mono's numbers.
void ForeignNumbersTest::aMultipleOfAPrimeIsNoModulus()
{
    const RsaNumbers key = rsaNumbers(m_rsa);
    BigNumber factor = key.dp;
    while (!factor.isOdd() || !(factor % BigNumber(3)).isZero())
        factor = factor + BigNumber(1);
    MemoryImage image = memoryOf(Library::Mono);
    for (const BigNumber& number : {key.n, key.p, key.q, factor * key.q})
        putNumber(image, Library::Mono, number);
    image.pad(3000);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == std::max(key.p.bigEndian(), key.q.bigEndian()));
}

void ForeignNumbersTest::aStructureThatDoesNotFitIsNone_data()
{
    QTest::addColumn<int>("word");
    QTest::addColumn<quint64>("value");
    QTest::newRow("negative") << 1 << quint64 {0xffffffff};
    QTest::newRow("a size that no key has") << 2 << quint64 {5};
    QTest::newRow("a pointer that is not aligned") << 3 << quint64 {MemoryImage::base + 4};
    QTest::newRow("a pointer out of the dump") << 3 << quint64 {0x1000};
}

void ForeignNumbersTest::aStructureThatDoesNotFitIsNone()
{
    QFETCH(int, word);
    QFETCH(quint64, value);
    const EcCurve& curve = curveNamed("P-256");
    const BigNumber d = scalarOf(curve, 63);
    for (const bool spoilt : {true, false}) {
        MemoryImage image;
        image.put(ecOctets(curve, *ecPublicPoint(curve, d)));
        auto structure = structureOf(Library::MbedTls, image.put(d.littleEndian(32)), 4);
        const auto wrong = littleWords({value});
        if (spoilt)
            std::copy(wrong.begin(), wrong.end(), structure.begin() + 8 * word);
        image.put(structure);
        image.pad(3000);
        QCOMPARE(image.walk(bignumDetector).size(), std::size_t {spoilt ? 0U : 1U});
    }
}

QTEST_APPLESS_MAIN(ForeignNumbersTest)
#include "tst_foreignnumbers.moc"
