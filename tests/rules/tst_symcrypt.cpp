// SPDX-License-Identifier: GPL-3.0-or-later
#include "madekeys.h"
#include "memoryimage.h"

#include <QTest>

#include <algorithm>

namespace coredact {
extern const Detector symcryptDetector;
}

using namespace coredact;

namespace {

// Flags of a modulus: public, parity public, prime.
constexpr std::uint32_t publicFlags = 1;
constexpr std::uint32_t privatePrime = 0xa;
constexpr std::uint32_t publicPrime = 9;

/// What differs between builds: the size of a digit, the alignment of objects, and whether each
/// has a check value behind its head.
struct Build {
    std::size_t digit = 64;
    std::size_t alignment = 32;
    bool magic = false;
};

/// Writes objects of SymCrypt, field by field.
class Objects {
public:
    explicit Objects(const Build& build)
        : m_build(build)
    {
    }

    std::vector<std::uint8_t>& bytes() { return m_bytes; }

    std::size_t elementBytes(const BigNumber& number) const
    {
        return (number.bytes() + m_build.digit - 1) / m_build.digit * m_build.digit;
    }

    void integer(const BigNumber& number, std::size_t element)
    {
        const std::size_t begin = m_bytes.size();
        const std::size_t head = padded(12 + magicBytes());
        word(0x67490000); // "Ig"
        word(element / m_build.digit);
        word(head + element);
        magic();
        fillTo(begin + head);
        raw(number.littleEndian(element));
    }

    void modulus(const BigNumber& m, std::uint32_t flags)
    {
        const std::size_t begin = m_bytes.size();
        const std::size_t element = elementBytes(m);
        const BigNumber r = BigNumber::powerOfTwo(static_cast<unsigned>(8 * element));
        const std::size_t integerBytes = padded(12 + magicBytes()) + element;
        const std::size_t divisorBytes = 32 + integerBytes;
        const std::size_t head = padded(32 + magicBytes() + 8);
        word(0x6d4d0080); // "Mm", and which functions
        word(element / m_build.digit);
        word(head + divisorBytes + 2 * element);
        word(flags);
        word(element);
        word(0);
        const BigNumber low = BigNumber::powerOfTwo(64);
        raw((low - *(m % low).inverse(low)).littleEndian(8));
        magic();
        long64(0x7f1234567890); // R²
        fillTo(begin + head);
        word(0x67440000); // "Dg"
        word(element / m_build.digit);
        word(divisorBytes);
        word(m.bits());
        magic();
        long64(0x9abcdef0); // an approximation of 1/m
        fillTo(begin + head + 32);
        integer(m, element);
        raw(((r * r) % m).littleEndian(element));
        raw((r - m).littleEndian(element));
    }

    void raw(ByteView bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }

private:
    std::size_t magicBytes() const { return m_build.magic ? 8 : 0; }
    std::size_t padded(std::size_t size) const
    {
        return (size + m_build.alignment - 1) / m_build.alignment * m_build.alignment;
    }
    void word(std::size_t value)
    {
        for (unsigned i = 0; i < 4; ++i)
            m_bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
    }
    void long64(std::uint64_t value)
    {
        word(value & 0xffffffff);
        word(value >> 32);
    }
    void magic()
    {
        if (!m_build.magic)
            return;
        fillTo((m_bytes.size() + 7) / 8 * 8);
        long64(0x55553333);
    }
    void fillTo(std::size_t size) { m_bytes.resize(std::max(size, m_bytes.size())); }

    Build m_build;
    std::vector<std::uint8_t> m_bytes;
};

/// A key as SymCrypt holds it: n, p, q, the inverses, d, d modulo p - 1 and q - 1.
Objects rsaKey(const RsaNumbers& key, const Build& build, bool withModulus = true)
{
    Objects objects(build);
    if (withModulus)
        objects.modulus(key.n, publicFlags);
    objects.modulus(key.p, privatePrime);
    objects.modulus(key.q, privatePrime);
    const std::size_t element = objects.elementBytes(key.p);
    const BigNumber r = BigNumber::powerOfTwo(static_cast<unsigned>(8 * element));
    objects.raw(((key.qinv * r) % key.p).littleEndian(element));
    objects.integer(key.d, objects.elementBytes(key.n));
    objects.integer(key.dp, element);
    objects.integer(key.dq, element);
    return objects;
}

std::uint64_t bytesIn(const Match& match)
{
    std::uint64_t bytes = 0;
    for (const FileRange& range : match.places)
        bytes += range.size();
    return bytes;
}

std::vector<Match> matchesIn(Objects objects)
{
    MemoryImage image;
    image.put(objects.bytes());
    image.pad(200);
    return image.walk(symcryptDetector);
}

BigNumber oddNumber(std::size_t size, std::uint32_t seed)
{
    auto bytes = randomBytes(size, seed);
    bytes.front() |= 0x80;
    bytes.back() |= 1;
    return BigNumber::fromBigEndian(bytes);
}

/// That is no prime, which shows at once.
BigNumber multipleOfThree(std::size_t size, std::uint32_t seed)
{
    const BigNumber number = oddNumber(size, seed);
    const BigNumber multiple = number - number % BigNumber(3);
    return multiple.isOdd() ? multiple : multiple - BigNumber(3);
}

} // namespace

class SymCryptTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_rsa = rsaNumbers(makeRsa(2048)); }
    void findsAnRsaKeyOfEveryBuild_data();
    void findsAnRsaKeyOfEveryBuild();
    void placesLeaveNothingOfThePrimes();
    void needsNoModulus();
    void pairsVeryManyPrimes_data();
    void pairsVeryManyPrimes();
    void aLonePrimeIsLikely();
    void testsVeryManyLonePrimes_data();
    void testsVeryManyLonePrimes();
    void aPublicPrimeIsNothing();
    void aWrongInverseIsNoModulus();
    void knowsTheInverseInMontgomeryForm();
    void followsMemoryWhereTheFileHasAnotherOrder();
    void provesACurveKeyByThePointBeforeIt_data();
    void provesACurveKeyByThePointBeforeIt();
    void aCurveKeyWithoutItsPointIsLikely();
    void findsNothingInNoise();

private:
    RsaNumbers m_rsa;
};

void SymCryptTest::findsAnRsaKeyOfEveryBuild_data()
{
    QTest::addColumn<int>("digit");
    QTest::addColumn<int>("alignment");
    QTest::addColumn<bool>("magic");
    QTest::newRow("amd64") << 64 << 32 << false;
    QTest::newRow("amd64 with check values") << 64 << 32 << true;
    QTest::newRow("arm64") << 32 << 32 << false;
    QTest::newRow("generic") << 16 << 16 << false;
    QTest::newRow("generic with check values") << 16 << 16 << true;
}

void SymCryptTest::findsAnRsaKeyOfEveryBuild()
{
    QFETCH(int, digit);
    QFETCH(int, alignment);
    QFETCH(bool, magic);
    const Build build {static_cast<std::size_t>(digit), static_cast<std::size_t>(alignment), magic};
    const auto matches = matchesIn(rsaKey(m_rsa, build));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "rsa-private-key-symcrypt");
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(rsaSpki(m_rsa.n, m_rsa.e)));
    // d, d modulo p - 1 and q - 1; of each prime itself, R², the negated one, and two words.
    QCOMPARE(bytesIn(matches[0]), std::uint64_t {256 + 2 * 128 + 2 * (3 * 128 + 8 + 16)});
}

void SymCryptTest::placesLeaveNothingOfThePrimes()
{
    MemoryImage image;
    image.put(rsaKey(m_rsa, {}).bytes());
    const auto matches = image.walk(symcryptDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    for (const FileRange& place : matches[0].places)
        std::fill_n(image.bytes().begin() + static_cast<std::ptrdiff_t>(place.first()),
                    place.size(), std::uint8_t {'X'});
    const BigNumber r = BigNumber::powerOfTwo(1024);
    for (const BigNumber* prime : {&m_rsa.p, &m_rsa.q})
        for (const BigNumber& form : {*prime, (r * r) % *prime, r - *prime}) {
            const SecretBytes bytes = form.littleEndian(128);
            for (std::size_t i = 0; i + 8 <= bytes.size(); ++i)
                QVERIFY(std::search(image.bytes().begin(), image.bytes().end(),
                                    bytes.begin() + static_cast<std::ptrdiff_t>(i),
                                    bytes.begin() + static_cast<std::ptrdiff_t>(i + 8))
                        == image.bytes().end());
        }
}

void SymCryptTest::needsNoModulus()
{
    const auto matches = matchesIn(rsaKey(m_rsa, {}, false));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(rsaSpki(m_rsa.n, m_rsa.e)));
}

void SymCryptTest::pairsVeryManyPrimes_data()
{
    QTest::addColumn<std::uint32_t>("others");
    QTest::newRow("as many as are paired") << 256U;
    QTest::newRow("one more") << 257U;
}

/// Numbers of 4096 bits take sixteen times as much of what is given to pairs as those of usual
/// keys: 256 of them as neighbours, and the last one with the key's first prime.
void SymCryptTest::pairsVeryManyPrimes()
{
    QFETCH(const std::uint32_t, others);
    Objects objects {Build {}};
    for (std::uint32_t i = 0; i < others; ++i)
        objects.modulus(oddNumber(512, i), privatePrime);
    objects.raw(rsaKey(m_rsa, {}, false).bytes());
    const auto matches = matchesIn(objects);
    const bool all = others < 257;
    QCOMPARE(
        std::count_if(matches.begin(), matches.end(),
                      [](const Match& match) { return match.confidence == Confidence::Verified; }),
        all ? 1 : 0);
}

void SymCryptTest::aLonePrimeIsLikely()
{
    Objects objects {Build {}};
    objects.modulus(m_rsa.p, privatePrime);
    const auto matches = matchesIn(objects);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QVERIFY(matches[0].value == m_rsa.p.bigEndian());
    Objects composite {Build {}};
    composite.modulus(m_rsa.p * BigNumber(7), privatePrime);
    QVERIFY(matchesIn(composite).empty());
}

void SymCryptTest::testsVeryManyLonePrimes_data()
{
    QTest::addColumn<std::uint32_t>("others");
    QTest::newRow("as many as are tested") << 511U;
    QTest::newRow("one more") << 512U;
}

/// Numbers of 2048 bits take eight times as long as those of a usual key.
void SymCryptTest::testsVeryManyLonePrimes()
{
    QFETCH(const std::uint32_t, others);
    static const BigNumber prime = rsaNumbers(makeRsa(4096)).p;
    Objects objects {Build {}};
    for (std::uint32_t i = 0; i < others; ++i)
        objects.modulus(multipleOfThree(256, i), privatePrime);
    objects.modulus(prime, privatePrime);
    MemoryImage image;
    image.put(objects.bytes());
    image.pad(200);
    const bool all = others < 512;
    QCOMPARE(image.walk(symcryptDetector).size(), std::size_t {all ? 1U : 0U});
    QCOMPARE(image.leavesOut(symcryptDetector), !all);
}

void SymCryptTest::aPublicPrimeIsNothing()
{
    Objects objects {Build {}};
    objects.modulus(m_rsa.p, publicPrime);
    QVERIFY(matchesIn(objects).empty());
}

void SymCryptTest::aWrongInverseIsNoModulus()
{
    Objects objects {Build {}};
    objects.modulus(m_rsa.p, privatePrime);
    objects.bytes()[24] ^= 2;
    QVERIFY(matchesIn(objects).empty());
}

void SymCryptTest::knowsTheInverseInMontgomeryForm()
{
    // Digits of 64 bytes are wider than 8 words here: R is not the one that others take.
    const RsaNumbers key = rsaNumbers(makeRsa(1536));
    const auto matches = matchesIn(rsaKey(key, {}));
    QCOMPARE(matches.size(), std::size_t {1});
    const BigNumber r = BigNumber::powerOfTwo(1024);
    const SecretBytes wanted = ((key.qinv * r) % key.p).bigEndian();
    QVERIFY(std::any_of(matches[0].derived.begin(), matches[0].derived.end(),
                        [&](const DerivedValue& derived) { return derived.bytes == wanted; }));
}

void SymCryptTest::followsMemoryWhereTheFileHasAnotherOrder()
{
    MemoryImage whole;
    whole.put(rsaKey(m_rsa, {}).bytes());
    for (std::size_t cut = 16; cut < whole.size(); cut += 176) {
        MemoryImage image = whole;
        image.swapAt(cut);
        const auto matches = image.walk(symcryptDetector);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(bytesIn(matches[0]), std::uint64_t {256 + 2 * 128 + 2 * (3 * 128 + 8 + 16)});
    }
}

void SymCryptTest::provesACurveKeyByThePointBeforeIt_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"P-256", "P-384"})
        QTest::newRow(name) << name;
}

void SymCryptTest::provesACurveKeyByThePointBeforeIt()
{
    QFETCH(QString, name);
    const EcCurve& curve = curveNamed(name.toStdString());
    const BigNumber d = scalarOf(curve, 41);
    const EcPoint point = *ecPublicPoint(curve, d);
    const BigNumber z(0x123456789abcdef);
    const auto field = [&](const BigNumber& number) {
        SecretBytes bytes = ecMontgomery(curve, number);
        bytes.resize(64);
        return bytes;
    };
    Objects objects {Build {}};
    objects.raw(field(ecProjected(curve, point.x, z).plain));
    objects.raw(randomBytes(64, 5)); // Y is not looked at
    objects.raw(field(z));
    objects.integer(d, 64);
    const auto matches = matchesIn(objects);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "ec-private-key-symcrypt");
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == d.bigEndian());
    QCOMPARE(bytesIn(matches[0]), std::uint64_t {64});
}

void SymCryptTest::aCurveKeyWithoutItsPointIsLikely()
{
    Objects objects {Build {}};
    objects.raw(randomBytes(192, 6));
    objects.integer(scalarOf(curveNamed("P-256"), 41), 64);
    const auto matches = matchesIn(objects);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
}

void SymCryptTest::findsNothingInNoise()
{
    MemoryImage image;
    image.pad(1 << 20);
    QVERIFY(image.walk(symcryptDetector).empty());
}

QTEST_GUILESS_MAIN(SymCryptTest)
#include "tst_symcrypt.moc"
