// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/heldrsa.h"

#include <QTest>

using namespace coredact;

namespace {

// What libcrypto sets on private numbers: allocated, constant time; and on the secure heap.
constexpr std::uint32_t plain = 1;
constexpr std::uint32_t constantTime = 5;
constexpr std::uint32_t secure = 0xd;
/// No number of libcrypto's: on the secure heap, though its words were not allocated.
constexpr std::uint32_t staticOnSecureHeap = 0xa;

void putRsa(MemoryImage& image, const RsaNumbers& numbers)
{
    image.putBignum(numbers.n, plain);
    image.putBignum(numbers.e, plain);
    for (const BigNumber* number :
         {&numbers.d, &numbers.p, &numbers.q, &numbers.dp, &numbers.dq, &numbers.qinv})
        image.putBignum(*number, constantTime);
}

std::uint64_t bytesIn(const Match& match)
{
    std::uint64_t bytes = 0;
    for (const FileRange& range : match.places)
        bytes += range.size();
    return bytes;
}

/// A scalar below every order and its point.
struct CurveKey {
    const EcCurve* curve;
    BigNumber d;
    EcPoint point;
};

CurveKey curveKey(std::string_view name, std::uint32_t seed)
{
    for (const EcCurve& curve : ecCurves()) {
        if (curve.name != name)
            continue;
        auto bytes = randomBytes(curve.bytes, seed);
        bytes[0] = curve.bytes == 66 ? 1 : 0x7f;
        const BigNumber d = BigNumber::fromBigEndian(bytes);
        return {&curve, d, *ecPublicPoint(curve, d)};
    }
    qFatal("no such curve");
}

/// X = x·z² and Z = z as a key has them that was made here; with Montgomery's factor in both.
void putJacobian(MemoryImage& image, const CurveKey& key, bool montgomery)
{
    const auto field = [&](const BigNumber& number) {
        return montgomery ? BigNumber::fromLittleEndian(ecMontgomery(*key.curve, number)) : number;
    };
    auto bytes = randomBytes(key.curve->bytes, 77);
    bytes[0] = 0;
    bytes[1] = 0x55;
    const BigNumber z = BigNumber::fromBigEndian(bytes);
    image.putBignum(field(ecProjected(*key.curve, key.point.x, z).plain));
    image.putBignum(field(z));
}

} // namespace

class BignumTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_rsa = makeRsa(2048); }
    void findsAnRsaKeyInEveryWordSizeAndOrder_data();
    void findsAnRsaKeyInEveryWordSizeAndOrder();
    void placesAreTheWordsOfTheSecretNumbers();
    void needsNoMoreThanModulusAndPrime();
    void findsTheUnusualPublicExponent();
    void tellsEachCopyOfAKey();
    void triesVeryManyNumbersWithOneAnother_data();
    void triesVeryManyNumbersWithOneAnother();
    void triesVeryManyNumbersAsPrivateExponents_data();
    void triesVeryManyNumbersAsPrivateExponents();
    void oneWrongBitIsNoKey();
    void followsMemoryWhereTheFileHasAnotherOrder();
    void provesACurveKeyByItsPublicPoint_data();
    void provesACurveKeyByItsPublicPoint();
    void aFlaggedScalarAloneIsLikely();
    void findsHundredsOfCurveKeys();
    void aFlaggedArrayOfPointersIsNothing();
    void aFlaggedNumberWithAnAddressInItIsNone();
    void anUnflaggedScalarIsNothing();
    void aNumberOfDecimalFractionsIsNothing();
    void aViewOfANumberOnTheSecureHeapIsOne();
    void findsNothingInNoise();

private:
    MadeKey m_rsa;
};

void BignumTest::findsAnRsaKeyInEveryWordSizeAndOrder_data()
{
    QTest::addColumn<unsigned>("wordSize");
    QTest::addColumn<bool>("little");
    QTest::newRow("64-bit little-endian") << 8U << true;
    QTest::newRow("64-bit big-endian") << 8U << false;
    QTest::newRow("32-bit little-endian") << 4U << true;
    QTest::newRow("32-bit big-endian") << 4U << false;
}

void BignumTest::findsAnRsaKeyInEveryWordSizeAndOrder()
{
    QFETCH(unsigned, wordSize);
    QFETCH(bool, little);
    MemoryImage image(wordSize, little ? ByteOrder::Little : ByteOrder::Big);
    const RsaNumbers numbers = rsaNumbers(m_rsa);
    putRsa(image, numbers);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].rule->id == "rsa-private-key-bignum");
    QCOMPARE(matches[0].identity->value, spkiSha256(m_rsa.spki));
    QVERIFY(matches[0].value == std::max(numbers.p.bigEndian(), numbers.q.bigEndian()));
    // d and five numbers of half its size
    QCOMPARE(bytesIn(matches[0]), std::uint64_t {256 + 5 * 128});
}

void BignumTest::placesAreTheWordsOfTheSecretNumbers()
{
    MemoryImage image;
    const RsaNumbers numbers = rsaNumbers(m_rsa);
    putRsa(image, numbers);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    for (const BigNumber* number :
         {&numbers.d, &numbers.p, &numbers.q, &numbers.dp, &numbers.dq, &numbers.qinv}) {
        const SecretBytes words = number->littleEndian((number->bytes() + 7) / 8 * 8);
        QVERIFY(std::any_of(matches[0].places.begin(), matches[0].places.end(),
                            [&](const FileRange& place) {
                                return place.size() == words.size()
                                    && std::equal(words.begin(), words.end(),
                                                  image.bytes().begin()
                                                      + static_cast<std::ptrdiff_t>(place.first()));
                            }));
    }
}

void BignumTest::needsNoMoreThanModulusAndPrime()
{
    MemoryImage image;
    const RsaNumbers numbers = rsaNumbers(m_rsa);
    image.putBignum(numbers.n);
    image.putBignum(numbers.q);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(m_rsa.spki));
    QVERIFY(matches[0].value == std::max(numbers.p.bigEndian(), numbers.q.bigEndian()));
}

void BignumTest::findsTheUnusualPublicExponent()
{
    const RsaNumbers usual = rsaNumbers(m_rsa);
    std::optional<RsaNumbers> numbers;
    for (std::uint64_t e = 1000003; !numbers; e += 2)
        numbers = rsaFromPrime(usual.n, BigNumber(e), usual.p);
    MemoryImage image;
    putRsa(image, *numbers);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].identity->value, spkiSha256(rsaSpki(numbers->n, numbers->e)));
}

void BignumTest::tellsEachCopyOfAKey()
{
    MemoryImage image;
    putRsa(image, rsaNumbers(m_rsa));
    putRsa(image, rsaNumbers(m_rsa));
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {2});
    QVERIFY(matches[0].value == matches[1].value);
    QVERIFY(matches[0].places != matches[1].places);
}

void BignumTest::triesVeryManyNumbersWithOneAnother_data()
{
    QTest::addColumn<std::size_t>("moduli");
    QTest::newRow("as many as are tried") << std::size_t {2047};
    QTest::newRow("more") << std::size_t {2048};
}

/// The smallest modulus is tried last: all others with 2048 numbers come before.
void BignumTest::triesVeryManyNumbersWithOneAnother()
{
    QFETCH(const std::size_t, moduli);
    const RsaNumbers key = rsaNumbers(makeRsa(512));
    std::vector<HeldNumber> numbers {{key.n, {}}, {key.p, {}}};
    std::uint32_t seed = 0;
    const auto add = [&](std::size_t count, std::size_t size) {
        for (std::size_t added = 0; added < count; ++seed) {
            auto bytes = randomBytes(size, seed);
            bytes.front() = 0xff;
            bytes.back() |= 1;
            Limbs limbs;
            readBigEndian(bytes, limbs);
            if (!mayBePrime(limbs))
                continue;
            numbers.push_back({BigNumber::fromLimbs(limbs), {}});
            ++added;
        }
    };
    add(2047, 32);
    add(moduli, 64);
    Bounded owner;
    const bool all = moduli < 2048;
    QCOMPARE(rsaKeysAmong(NumbersByValue(numbers), owner).size(), std::size_t {all ? 1U : 0U});
    QCOMPARE(owner.leftOut(), !all);
}

void BignumTest::triesVeryManyNumbersAsPrivateExponents_data()
{
    QTest::addColumn<std::uint32_t>("others");
    QTest::newRow("as many as are tried") << 8191U;
    QTest::newRow("one more") << 8192U;
}

/// The numbers are smaller than d, which is tried behind them; no other number tells what e is.
void BignumTest::triesVeryManyNumbersAsPrivateExponents()
{
    QFETCH(const std::uint32_t, others);
    const BigNumber unusual(65539); // a prime
    const RsaNumbers made = rsaNumbers(makeRsa(1024));
    const auto key = rsaFromPrime(made.n, unusual, made.p);
    QVERIFY(key);
    std::vector<HeldNumber> numbers {{key->n, {}}, {key->p, {}}, {key->d, {}}};
    for (std::uint32_t i = 0; i < others; ++i) {
        auto bytes = randomBytes(70, i);
        bytes.front() |= 0x80;
        bytes.back() |= 1;
        numbers.push_back({BigNumber::fromBigEndian(bytes), {}});
    }
    Bounded owner;
    const auto keys = rsaKeysAmong(NumbersByValue(numbers), owner);
    QCOMPARE(keys.size(), std::size_t {1});
    const bool all = others < 8192;
    QCOMPARE(keys[0].e == unusual, all);
    QCOMPARE(owner.leftOut(), !all);
}

void BignumTest::oneWrongBitIsNoKey()
{
    MemoryImage image;
    const RsaNumbers numbers = rsaNumbers(m_rsa);
    const BigNumber flipped = numbers.n + BigNumber::powerOfTwo(700);
    image.putBignum(flipped);
    image.putBignum(numbers.p);
    image.putBignum(numbers.q);
    QVERIFY(image.walk(bignumDetector).empty());
}

void BignumTest::followsMemoryWhereTheFileHasAnotherOrder()
{
    const RsaNumbers numbers = rsaNumbers(m_rsa);
    MemoryImage whole;
    putRsa(whole, numbers);
    // Everywhere inside the words of one number and its structure.
    for (std::size_t cut = 16; cut < whole.size(); cut += 112) {
        MemoryImage image = whole;
        image.swapAt(cut);
        const auto matches = image.walk(bignumDetector);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(bytesIn(matches[0]), std::uint64_t {256 + 5 * 128});
    }
}

void BignumTest::provesACurveKeyByItsPublicPoint_data()
{
    QTest::addColumn<QString>("curve");
    QTest::addColumn<QString>("form");
    for (const char* curve :
         {"P-192", "P-224", "P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1",
          "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1", "SM2"})
        for (const char* form :
             {"octets", "words", "montgomery", "spki", "jacobian", "jacobian in Montgomery form"})
            QTest::addRow("%s %s", curve, form) << curve << form;
}

void BignumTest::provesACurveKeyByItsPublicPoint()
{
    QFETCH(QString, curve);
    QFETCH(QString, form);
    const CurveKey key = curveKey(curve.toStdString(), 21);
    MemoryImage image;
    image.putBignum(key.d, secure);
    const std::size_t words = (key.curve->bytes + 7) / 8 * 8;
    if (form == "octets")
        image.put(ecOctets(*key.curve, key.point));
    else if (form == "words")
        image.put(key.point.x.littleEndian(words));
    else if (form == "montgomery")
        image.put(ecMontgomery(*key.curve, key.point.x));
    else if (form == "spki")
        image.put(ecSpki(*key.curve, key.point));
    else
        putJacobian(image, key, form != "jacobian");
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].title.find(curve.toStdString()) != std::string::npos);
    QVERIFY(matches[0].value == key.d.bigEndian());
    QCOMPARE(bytesIn(matches[0]), static_cast<std::uint64_t>(words));
    QCOMPARE(matches[0].identity->value, spkiSha256(ecSpki(*key.curve, key.point)));
}

void BignumTest::aFlaggedScalarAloneIsLikely()
{
    const CurveKey key = curveKey("P-256", 22);
    for (const std::uint32_t flags : {constantTime, secure}) {
        MemoryImage image;
        image.putBignum(key.d, flags);
        EcPoint wrong = key.point;
        wrong.x = wrong.x + BigNumber(1);
        image.put(ecOctets(*key.curve, wrong));
        const auto matches = image.walk(bignumDetector);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Likely);
    }
}

/// As a program holds them that made many, or talks to many at once.
void BignumTest::findsHundredsOfCurveKeys()
{
    constexpr std::size_t count = 400;
    MemoryImage image;
    for (std::uint32_t seed = 0; seed < count; ++seed)
        image.putBignum(curveKey("P-256", 1000 + seed).d, constantTime);
    QCOMPARE(image.walk(bignumDetector).size(), count);
}

void BignumTest::aFlaggedArrayOfPointersIsNothing()
{
    std::vector<std::uint8_t> pointers;
    for (std::uint8_t i = 0; i < 4; ++i) {
        const std::uint8_t pointer[]
            = {static_cast<std::uint8_t>(i * 16), 0x12, 0x34, 0x5d, 0xf7, 0x7f, 0, 0};
        pointers.insert(pointers.end(), pointer, pointer + 8);
    }
    MemoryImage image;
    image.putBignum(BigNumber::fromLittleEndian(pointers), constantTime);
    QVERIFY(image.walk(bignumDetector).empty());
}

void BignumTest::aFlaggedNumberWithAnAddressInItIsNone()
{
    for (const std::size_t word : {0U, 1U, 2U}) {
        auto bytes = randomBytes(32, 77);
        bytes[31] = 0x7f;
        bytes[word * 8 + 7] = bytes[word * 8 + 6] = 0;
        MemoryImage image;
        image.putBignum(BigNumber::fromLittleEndian(bytes), constantTime);
        image.pad(3000);
        QVERIFY(image.walk(bignumDetector).empty());
    }
}

void BignumTest::anUnflaggedScalarIsNothing()
{
    const CurveKey key = curveKey("P-256", 23);
    MemoryImage image;
    image.putBignum(key.d, plain);
    image.put(ecOctets(*key.curve, key.point));
    QVERIFY(image.walk(bignumDetector).empty());
}

/// As MariaDB has it of a decimal fraction: constant, and with its words right behind it.
void BignumTest::aNumberOfDecimalFractionsIsNothing()
{
    const BigNumber number = curveKey("P-256", 24).d;
    MemoryImage constant;
    constant.putBignum(number, staticOnSecureHeap);
    QVERIFY(constant.walk(bignumDetector).empty());

    // The words first: they stand where the next one's array would be.
    MemoryImage behind;
    behind.putBignum(number, constantTime);
    QCOMPARE(behind.walk(bignumDetector).size(), std::size_t {1});
    auto& bytes = behind.bytes();
    const std::uint64_t words = MemoryImage::base + bytes.size();
    for (unsigned i = 0; i < 8; ++i)
        bytes[bytes.size() - 24 + i] = static_cast<std::uint8_t>(words >> 8 * i);
    const SecretBytes little = number.littleEndian(32);
    bytes.insert(bytes.end(), little.begin(), little.end());
    QVERIFY(behind.walk(bignumDetector).empty());
}

/// BN_with_flags() makes such views, for a call.
void BignumTest::aViewOfANumberOnTheSecureHeapIsOne()
{
    MemoryImage image;
    image.putBignum(curveKey("P-256", 25).d, staticOnSecureHeap | constantTime);
    QCOMPARE(image.walk(bignumDetector).size(), std::size_t {1});
}

void BignumTest::findsNothingInNoise()
{
    MemoryImage image;
    image.pad(1 << 20);
    QVERIFY(image.walk(bignumDetector).empty());
}

QTEST_GUILESS_MAIN(BignumTest)
#include "tst_bignum.moc"
