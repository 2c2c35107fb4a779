// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/der.h"
#include "scanner/rules/keys/moduli.h"
#include "scanner/rules/keys/primescan.h"
#include "scanner/scan/windows.h"

#include <QTest>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>

using namespace coredact;

namespace {

SecretBytes words(const BigNumber& number)
{
    return number.littleEndian((number.bytes() + 7) / 8 * 8);
}

/// As DER and SSH write it, without the head.
SecretBytes withZero(const BigNumber& number) { return number.bigEndian(number.bytes() + 1); }

std::vector<std::uint8_t> selfSignedCertificate(unsigned bits)
{
    EVP_PKEY* key = EVP_RSA_gen(bits);
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 77);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("a root"), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    std::vector<std::uint8_t> bytes(der, der + size);
    OPENSSL_free(der);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return bytes;
}

/// Of so many bytes, with its highest bit set.
BigNumber oddNumber(std::size_t size, std::uint32_t seed)
{
    auto bytes = randomBytes(size, seed);
    bytes.front() |= 0x80;
    bytes.back() |= 1;
    return BigNumber::fromBigEndian(bytes);
}

/// RSAPublicKey without its head.
SecretBytes publicKey(const BigNumber& n, const BigNumber& e)
{
    SecretBytes key = derInteger(n.bigEndian());
    const SecretBytes exponent = derInteger(e.bigEndian());
    key.insert(key.end(), exponent.begin(), exponent.end());
    return key;
}

} // namespace

class RsaPrimesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void findsAPrimeInEitherOrder_data();
    void findsAPrimeInEitherOrder();
    void findsEveryKeySize();
    void findsAKeyWhoseDerLostItsHead();
    void findsExponentsThatAreLeftOfADer_data();
    void findsExponentsThatAreLeftOfADer();
    void findsAnExponentThatIsAByteShorter();
    void findsTheLastLinesOfAPem_data();
    void findsTheLastLinesOfAPem();
    void integersThatProveNothingAreLeft();
    void findsItAcrossTheEdgeOfAChunk();
    void findsItWhereTheFileHasAnotherOrder();
    void findsBothPrimesAmongManyModuli();
    void findsThePrimeOfAModulusInUseAmongTooMany_data();
    void findsThePrimeOfAModulusInUseAmongTooMany();
    void searchesForThePrimesOfVeryManyModuli_data();
    void searchesForThePrimesOfVeryManyModuli();
    void triesVeryManyNumbersAsExponents_data();
    void triesVeryManyNumbersAsExponents();
    void anotherModulusOrAWrongBitIsNothing();
    void rootsComeLast();
    void candidatesAreThoseOfTheDefinition();
    void countsTheZerosOfCandidates();
    void tellsFactorsFromOtherNumbers();
    void findsNothingInNoise();

private:
    MadeKey m_key;
    RsaNumbers m_numbers;
};

void RsaPrimesTest::initTestCase()
{
    m_key = makeRsa(2048);
    m_numbers = rsaNumbers(m_key);
}

void RsaPrimesTest::findsAPrimeInEitherOrder_data()
{
    QTest::addColumn<bool>("little");
    QTest::addColumn<bool>("first");
    QTest::addColumn<bool>("ssh");
    for (const bool little : {true, false})
        for (const bool first : {true, false})
            for (const bool ssh : {true, false})
                QTest::addRow("%s %s, public key in %s", little ? "little-endian" : "big-endian",
                              first ? "p" : "q", ssh ? "SSH's form" : "DER")
                    << little << first << ssh;
}

void RsaPrimesTest::findsAPrimeInEitherOrder()
{
    QFETCH(bool, little);
    QFETCH(bool, first);
    QFETCH(bool, ssh);
    MemoryImage image;
    if (ssh) {
        SecretBytes blob;
        const auto add = [&](ByteView bytes) {
            for (int shift = 24; shift >= 0; shift -= 8)
                blob.push_back(static_cast<std::uint8_t>(bytes.size() >> shift & 0xff));
            blob.insert(blob.end(), bytes.begin(), bytes.end());
        };
        add(asBytes("ssh-rsa"));
        add(m_numbers.e.bigEndian());
        add(withZero(m_numbers.n));
        image.put(blob);
    } else {
        image.put(m_key.spki);
    }
    const BigNumber& prime = first ? m_numbers.p : m_numbers.q;
    const std::uint64_t address = image.put(little ? words(prime) : withZero(prime));
    const auto matches = image.walk(rsaprimesDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == std::max(m_numbers.p.bigEndian(), m_numbers.q.bigEndian()));
    QCOMPARE(matches[0].identity->value, spkiSha256(m_key.spki));
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address) + (little ? 0U : 1U));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {128});
}

void RsaPrimesTest::findsEveryKeySize()
{
    for (const int bits : {1024, 3072, 4096}) {
        const MadeKey key = makeRsa(bits);
        MemoryImage image;
        image.put(words(rsaNumbers(key).p));
        image.put(key.spki);
        QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {1});
    }
}

void RsaPrimesTest::findsAKeyWhoseDerLostItsHead()
{
    // A freed buffer: the allocator and others wrote over the start, the modulus included.
    auto torn = m_key.traditional;
    std::fill_n(torn.begin(), 300, std::uint8_t {0x41});
    MemoryImage image;
    image.put(torn);
    QVERIFY(image.walk(rsaprimesDetector).empty());
    image.put(m_key.spki);
    const auto matches = image.walk(rsaprimesDetector);
    // p and q as numbers and again as INTEGERs, d mod p-1, d mod q-1.
    QCOMPARE(matches.size(), std::size_t {6});
    for (const Match& match : matches)
        QVERIFY(match.value == matches[0].value);
}

void RsaPrimesTest::findsExponentsThatAreLeftOfADer_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("d") << 0;
    QTest::newRow("d mod (p-1)(q-1)") << 1;
    QTest::newRow("d mod p-1") << 2;
    QTest::newRow("d mod q-1") << 3;
}

void RsaPrimesTest::findsExponentsThatAreLeftOfADer()
{
    QFETCH(int, which);
    const BigNumber one(1);
    const BigNumber whole = *m_numbers.e.inverse((m_numbers.p - one) * (m_numbers.q - one));
    const BigNumber numbers[] = {m_numbers.d, whole, m_numbers.dp, m_numbers.dq};
    const SecretBytes der = derInteger(numbers[which].bigEndian());
    MemoryImage image;
    image.put(m_key.spki);
    const std::uint64_t address = image.put(der);
    image.pad(100);
    const auto matches = image.walk(rsaprimesDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "rsa-private-key-fragment");
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == std::max(m_numbers.p, m_numbers.q).bigEndian());
    QCOMPARE(matches[0].places[0].size(), numbers[which].bytes());
    QCOMPARE(matches[0].places[0].first() + matches[0].places[0].size(),
             image.fileOffsetOf(address) + der.size());
}

/// One in 256 is; its length fits the short form then.
void RsaPrimesTest::findsAnExponentThatIsAByteShorter()
{
    for (int tries = 0; tries < 4000; ++tries) {
        const MadeKey key = makeRsa(1024);
        const RsaNumbers numbers = rsaNumbers(key);
        if (numbers.dp.bytes() == numbers.p.bytes())
            continue;
        MemoryImage image;
        image.put(key.spki);
        image.put(derInteger(numbers.dp.bigEndian()));
        image.pad(100);
        QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {1});
        return;
    }
    QFAIL("no key with a short exponent was made");
}

void RsaPrimesTest::findsTheLastLinesOfAPem_data()
{
    QTest::addColumn<std::size_t>("length");
    QTest::addColumn<QString>("end");
    for (const std::size_t length : {64U, 70U, 76U})
        for (const char* end : {"\n", "\r\n"})
            QTest::addRow("%zu, %s", length, end[0] == '\n' ? "LF" : "CRLF")
                << std::size_t {length} << end;
}

void RsaPrimesTest::findsTheLastLinesOfAPem()
{
    QFETCH(std::size_t, length);
    QFETCH(QString, end);
    const SecretBytes text = encodeBase64(m_key.traditional);
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += length)
        lines += std::string(asText(ByteView(text).subspan(at, std::min(length, text.size() - at))))
            + end.toStdString();
    for (const std::size_t cut : {600U, 655U, 690U}) {
        MemoryImage image;
        image.put(m_key.spki);
        image.pad(3000);
        image.put(asBytes(lines.substr(cut)));
        image.pad(100);
        const auto matches = image.walk(rsaprimesDetector);
        // p, q, d mod p-1, d mod q-1 but not d, whose head is cut off.
        QCOMPARE(matches.size(), std::size_t {4});
        for (const Match& match : matches) {
            QVERIFY(match.confidence == Confidence::Verified);
            QVERIFY(match.places[0].size() > 160);
            QVERIFY(match.places[0].size() < 182);
        }
    }
}

void RsaPrimesTest::integersThatProveNothingAreLeft()
{
    MemoryImage image;
    image.put(m_key.spki);
    image.put(derInteger(m_numbers.qinv.bigEndian()));
    image.put(derInteger((m_numbers.d + BigNumber(2)).bigEndian()));
    image.put(derInteger((m_numbers.dp + BigNumber(2)).bigEndian()));
    image.put(derInteger(rsaNumbers(makeRsa(2048)).d.bigEndian()));
    QVERIFY(image.walk(rsaprimesDetector).empty());
}

void RsaPrimesTest::findsItAcrossTheEdgeOfAChunk()
{
    for (std::size_t before = 128 + 16; before <= 128 + 160; before += 16) {
        MemoryImage image;
        image.put(m_key.spki);
        image.pad((std::size_t {1} << 20) - image.size() + 128 - before);
        image.put(words(m_numbers.p));
        image.pad(4096);
        QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {1});
    }
}

void RsaPrimesTest::findsItWhereTheFileHasAnotherOrder()
{
    MemoryImage image;
    image.put(m_key.spki);
    const std::size_t begin = image.size();
    image.put(words(m_numbers.p));
    for (std::size_t cut = begin + 48; cut < image.size(); cut += 24) {
        image.swapAt(cut);
        const auto matches = image.walk(rsaprimesDetector);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches[0].places.size(), std::size_t {2});
    }
}

void RsaPrimesTest::findsBothPrimesAmongManyModuli()
{
    std::vector<RsaNumbers> others;
    MemoryImage image;
    for (int i = 0; i < 12; ++i) {
        const MadeKey key = makeRsa(1024);
        image.put(key.spki);
        others.push_back(rsaNumbers(key));
    }
    for (const RsaNumbers& numbers : others) {
        image.put(words(numbers.q));
        image.put(withZero(numbers.p));
    }
    const auto matches = image.walk(rsaprimesDetector);
    QCOMPARE(matches.size(), std::size_t {24});
}

void RsaPrimesTest::findsThePrimeOfAModulusInUseAmongTooMany_data()
{
    QTest::addColumn<bool>("inUse");
    QTest::newRow("a program counts with it") << true;
    QTest::newRow("it only lies there") << false;
}

/// A trust store's keys come before the program's own; only of its own does it hold a number.
void RsaPrimesTest::findsThePrimeOfAModulusInUseAmongTooMany()
{
    QFETCH(const bool, inUse);
    MemoryImage image;
    for (std::uint32_t i = 0; i < 150; ++i)
        image.put(publicKey(oddNumber(128, 500 + i), m_numbers.e));
    image.put(m_key.spki);
    if (inUse)
        image.put(words(m_numbers.n));
    image.put(words(m_numbers.p));
    QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {inUse ? 1U : 0U});
}

void RsaPrimesTest::searchesForThePrimesOfVeryManyModuli_data()
{
    QTest::addColumn<std::uint32_t>("others");
    QTest::newRow("as many as are kept") << std::uint32_t {1023};
    QTest::newRow("one more") << std::uint32_t {1024};
}

void RsaPrimesTest::searchesForThePrimesOfVeryManyModuli()
{
    QFETCH(const std::uint32_t, others);
    MemoryImage image;
    for (std::uint32_t i = 0; i < others; ++i)
        image.put(publicKey(oddNumber(128, 500 + i), m_numbers.e));
    image.put(m_key.spki);
    image.put(words(m_numbers.p));
    image.put(words(m_numbers.q));
    const bool all = others < 1024;
    QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {all ? 2U : 0U});
    QCOMPARE(image.leavesOut(rsaprimesDetector), !all);
}

void RsaPrimesTest::triesVeryManyNumbersAsExponents_data()
{
    QTest::addColumn<std::uint32_t>("others");
    QTest::newRow("nearly as many as are tried") << std::uint32_t {16000};
    QTest::newRow("more") << std::uint32_t {16500};
}

/// With an exponent of 3 each costs hardly anything. Some stand in the noise between them, too.
void RsaPrimesTest::triesVeryManyNumbersAsExponents()
{
    QFETCH(const std::uint32_t, others);
    const BigNumber three(3);
    RsaNumbers key;
    std::optional<BigNumber> dp;
    while (!dp) {
        key = rsaNumbers(makeRsa(1024));
        dp = three.inverse(key.p - BigNumber(1));
    }
    MemoryImage image;
    image.put(publicKey(key.n, three));
    for (std::uint32_t i = 0; i < others; ++i)
        image.put(derInteger(oddNumber(64, 9000 + i).bigEndian()));
    image.put(derInteger(dp->bigEndian()));
    image.pad(100);
    const bool all = others < 16384;
    QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {all ? 1U : 0U});
    QCOMPARE(image.leavesOut(rsaprimesDetector), !all);
}

void RsaPrimesTest::anotherModulusOrAWrongBitIsNothing()
{
    MemoryImage image;
    image.put(makeRsa(2048).spki);
    image.put(words(m_numbers.p));
    QVERIFY(image.walk(rsaprimesDetector).empty());
    MemoryImage wrong;
    wrong.put(m_key.spki);
    wrong.put(words(m_numbers.p + BigNumber::powerOfTwo(400)));
    wrong.put(withZero(m_numbers.q + BigNumber(2)));
    QVERIFY(wrong.walk(rsaprimesDetector).empty());
}

void RsaPrimesTest::rootsComeLast()
{
    std::vector<std::uint8_t> bytes = selfSignedCertificate(1024);
    bytes.insert(bytes.end(), m_key.spki.begin(), m_key.spki.end());
    const PieceMap map({*FileRange::make(0, bytes.size())});
    const Window window {bytes, 0, bytes.size(), &map, "raw"};
    ModuliHarvest harvest;
    for (std::size_t at = 0; at + 4 <= bytes.size(); ++at)
        if (bytes[at] == 0x02 && (bytes[at + 1] == 0x81 || bytes[at + 1] == 0x82))
            harvest.lookAt(window, at);
    const auto moduli = harvest.moduli();
    QCOMPARE(moduli.size(), std::size_t {2});
    QVERIFY(!moduli[0].selfSigned && moduli[0].n == m_numbers.n);
    QVERIFY(moduli[1].selfSigned);
}

void RsaPrimesTest::candidatesAreThoseOfTheDefinition()
{
    auto bytes = randomBytes(1 << 16, 31);
    // More zeros in the second half than any prime has.
    for (std::size_t at = 0; at < bytes.size(); at += at < bytes.size() / 2 ? 9 : 4)
        bytes[at] = 0;
    for (const std::size_t wordCount : {4U, 8U, 16U}) {
        const std::size_t size = wordCount * 8;
        for (const std::size_t total :
             {bytes.size(), bytes.size() - 13, size + 17, size + 1, size}) {
            const ByteView part = ByteView(bytes).first(total);
            std::vector<std::size_t> wanted;
            for (std::size_t at = 1; at + size <= total; ++at)
                if (part[at - 1] == 0 && part[at] >= 0xb5 && (part[at + size - 1] & 1) != 0
                    && balancedBytes(part.data() + at, std::min<std::size_t>(wordCount, 8))
                    && fewZeros(part.data() + at, wordCount))
                    wanted.push_back(at);
            std::vector<std::size_t> found;
            bigEndianPrimes(part, 0, total, wordCount, found);
            QVERIFY(found == wanted);
        }
    }
}

void RsaPrimesTest::countsTheZerosOfCandidates()
{
    for (const std::size_t size : {128U, 256U}) {
        std::vector<std::uint8_t> bytes(size, 0x80);
        bytes[1] = 1;
        const std::size_t most = 16 + size / 16;
        for (std::size_t i = 0; i < most; ++i)
            bytes[size - 1 - 3 * i] = 0;
        QVERIFY(fewZeros(bytes.data(), size / 8));
        bytes[0] = 0;
        QVERIFY(!fewZeros(bytes.data(), size / 8));
    }
}

void RsaPrimesTest::tellsFactorsFromOtherNumbers()
{
    Limbs product;
    readLittleEndian(words(m_numbers.n), product);
    for (const BigNumber* prime : {&m_numbers.p, &m_numbers.q}) {
        Limbs factor;
        readLittleEndian(words(*prime), factor);
        QVERIFY(mayBePrime(factor));
        QVERIFY(seemsFactor(factor, inverseMod64(factor[0]), product));
        for (std::size_t i = 0; i < factor.size(); ++i) {
            factor[i] ^= 2;
            QVERIFY(!seemsFactor(factor, inverseMod64(factor[0]), product));
            factor[i] ^= 2;
        }
    }
    QVERIFY(!mayBePrime({3 * 1000003ULL}));
    QVERIFY(!mayBePrime({257 * 1000003ULL}));
}

void RsaPrimesTest::findsNothingInNoise()
{
    MemoryImage image;
    image.put(m_key.spki);
    image.pad(1 << 20);
    QVERIFY(image.walk(rsaprimesDetector).empty());
}

QTEST_GUILESS_MAIN(RsaPrimesTest)
#include "tst_rsaprimes.moc"
