// SPDX-License-Identifier: GPL-3.0-or-later
// DSA and Diffie-Hellman keys of which only numbers are left, or the end of their DER.
#include "madekeys.h"
#include "memoryimage.h"

#include "scanner/rules/keys/numberkeys.h"

#include <QTest>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

using namespace coredact;

namespace {

constexpr std::uint32_t constantTime = 5;

BigNumber taken(BIGNUM* number)
{
    SecretBytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    BN_clear_free(number);
    return BigNumber::fromBigEndian(bytes);
}

BigNumber numberOf(const EVP_PKEY* key, const char* name)
{
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        qFatal("no such number");
    return taken(number);
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// A key that libcrypto makes for this run.
Key makeKey(int bits, int orderBits)
{
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr);
    EVP_PKEY* parameters = nullptr;
    EVP_PKEY_paramgen_init(context);
    EVP_PKEY_CTX_set_dsa_paramgen_bits(context, bits);
    EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context, orderBits);
    EVP_PKEY_generate(context, &parameters);
    EVP_PKEY_CTX_free(context);
    context = EVP_PKEY_CTX_new_from_pkey(nullptr, parameters, nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_keygen_init(context);
    if (EVP_PKEY_generate(context, &key) != 1)
        qFatal("no DSA");
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(parameters);
    return {key, &EVP_PKEY_free};
}

LogNumbers numbersOf(const Key& key)
{
    const auto number = [&](const char* name) { return numberOf(key.get(), name); };
    return {number(OSSL_PKEY_PARAM_FFC_P), number(OSSL_PKEY_PARAM_FFC_Q),
            number(OSSL_PKEY_PARAM_FFC_G), number(OSSL_PKEY_PARAM_PUB_KEY),
            number(OSSL_PKEY_PARAM_PRIV_KEY)};
}

std::vector<std::uint8_t> taken(unsigned char* bytes, int size)
{
    std::vector<std::uint8_t> copy(bytes, bytes + size);
    OPENSSL_free(bytes);
    return copy;
}

std::vector<std::uint8_t> traditional(const Key& key)
{
    unsigned char* bytes = nullptr;
    const int size = i2d_PrivateKey(key.get(), &bytes);
    return taken(bytes, size);
}

std::vector<std::uint8_t> pkcs8(const Key& key)
{
    PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key.get());
    unsigned char* bytes = nullptr;
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info, &bytes);
    PKCS8_PRIV_KEY_INFO_free(info);
    return taken(bytes, size);
}

BigNumber primeOf(int bits)
{
    BIGNUM* number = BN_new();
    if (BN_generate_prime_ex(number, bits, 0, nullptr, nullptr, nullptr) != 1)
        qFatal("no prime");
    return taken(number);
}

BigNumber oddNumber(std::size_t bits, std::uint32_t seed)
{
    auto bytes = randomBytes(bits / 8, seed);
    bytes.front() |= 0x80;
    bytes.back() |= 1;
    return BigNumber::fromBigEndian(bytes);
}

} // namespace

class LogKeysTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_made = makeKey(1024, 160);
        m_key = numbersOf(m_made);
    }
    void findsAKeyInEveryWordSizeAndOrder_data();
    void findsAKeyInEveryWordSizeAndOrder();
    void findsKeysOfAllSizes_data();
    void findsKeysOfAllSizes();
    void placesEachCopy();
    void anotherNumberOfItsSizeIsNone();
    void aMissingNumberProvesNothing_data();
    void aMissingNumberProvesNothing();
    void tellsWhereNotAllIsTried_data();
    void tellsWhereNotAllIsTried();
    void findsDiffieHellman_data();
    void findsDiffieHellman();
    void anExponentOfAnotherPublicValueIsNone();
    void anExponentThatIsNotFlaggedIsNone();
    void aPrimeThatIsNotSafeNamesNoGroup();

    void readsTheEndOfDer_data();
    void readsTheEndOfDer();
    void anEndThatDoesNotFitIsNone_data();
    void anEndThatDoesNotFitIsNone();

private:
    Key m_made {nullptr, &EVP_PKEY_free};
    LogNumbers m_key;
};

namespace {

void putKey(MemoryImage& image, const LogNumbers& key)
{
    for (const BigNumber* number : {&key.p, &key.q, &key.g, &key.y})
        image.putBignum(*number);
    image.putBignum(key.x, constantTime);
}

} // namespace

void LogKeysTest::findsAKeyInEveryWordSizeAndOrder_data()
{
    QTest::addColumn<unsigned>("wordSize");
    QTest::addColumn<bool>("little");
    for (const unsigned wordSize : {8U, 4U})
        for (const bool little : {true, false})
            QTest::addRow("%u bits, %s-endian", wordSize * 8, little ? "little" : "big")
                << wordSize << little;
}

void LogKeysTest::findsAKeyInEveryWordSizeAndOrder()
{
    QFETCH(unsigned, wordSize);
    QFETCH(bool, little);
    MemoryImage image(wordSize, little ? ByteOrder::Little : ByteOrder::Big);
    putKey(image, m_key);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "dsa-private-key-bignum");
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == m_key.x.bigEndian());
    QVERIFY(matches[0].title.find("DSA-1024") != std::string::npos);
}

void LogKeysTest::findsKeysOfAllSizes_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("orderBits");
    QTest::newRow("2048/224") << 2048 << 224;
    QTest::newRow("2048/256") << 2048 << 256;
}

/// One of 256 bits is not told as a scalar of P-256 as well.
void LogKeysTest::findsKeysOfAllSizes()
{
    QFETCH(int, bits);
    QFETCH(int, orderBits);
    const LogNumbers key = numbersOf(makeKey(bits, orderBits));
    MemoryImage image;
    putKey(image, key);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == key.x.bigEndian());
}

void LogKeysTest::placesEachCopy()
{
    MemoryImage image;
    putKey(image, m_key);
    image.pad(100);
    image.putBignum(m_key.x);
    const auto matches = image.walk(bignumDetector);
    QCOMPARE(matches.size(), std::size_t {2});
    for (const Match& match : matches) {
        QCOMPARE(match.places.size(), std::size_t {1});
        QCOMPARE(match.places[0].size(), std::uint64_t {24});
    }
    QVERIFY(matches[0].places[0].first() != matches[1].places[0].first());
}

void LogKeysTest::anotherNumberOfItsSizeIsNone()
{
    LogNumbers other = m_key;
    other.x = other.x + BigNumber(1);
    MemoryImage image;
    putKey(image, other);
    const auto matches = image.walk(bignumDetector);
    QVERIFY(std::none_of(matches.begin(), matches.end(), [](const Match& match) {
        return match.rule->id == "dsa-private-key-bignum";
    }));
}

void LogKeysTest::aMissingNumberProvesNothing_data()
{
    QTest::addColumn<int>("missing");
    for (const int missing : {0, 1, 2, 3})
        QTest::addRow("%c", "pqgy"[missing]) << missing;
}

void LogKeysTest::aMissingNumberProvesNothing()
{
    QFETCH(int, missing);
    MemoryImage image;
    const BigNumber* numbers[] = {&m_key.p, &m_key.q, &m_key.g, &m_key.y};
    for (int i = 0; i < 4; ++i)
        if (i != missing)
            image.putBignum(*numbers[i]);
    image.putBignum(m_key.x);
    QVERIFY(image.walk(bignumDetector).empty());
}

void LogKeysTest::tellsWhereNotAllIsTried_data()
{
    QTest::addColumn<int>("numbers");
    QTest::addColumn<bool>("leavesOut");
    QTest::newRow("few") << 100 << false;
    QTest::newRow("many") << 400 << true;
}

/// Each of some primes with each of some numbers that may be a modulus.
void LogKeysTest::tellsWhereNotAllIsTried()
{
    QFETCH(int, numbers);
    QFETCH(bool, leavesOut);
    MemoryImage image;
    for (int i = 0; i < numbers; ++i) {
        image.putBignum(primeOf(160));
        image.putBignum(oddNumber(512, static_cast<std::uint32_t>(i)));
    }
    QCOMPARE(image.leavesOut(bignumDetector), leavesOut);
}

namespace {

/// A prime that is published but has no name in libcrypto, or one that has.
BigNumber oakley1024() { return taken(BN_get_rfc2409_prime_1024(nullptr)); }
BigNumber modp2048() { return taken(BN_get_rfc3526_prime_2048(nullptr)); }

std::vector<Match> walkedWith(const BigNumber& x, const BigNumber& y, const BigNumber* p,
                              std::uint32_t flags = constantTime)
{
    MemoryImage image;
    image.putBignum(y);
    image.putBignum(x, flags);
    if (p)
        image.putBignum(*p);
    auto matches = image.walk(bignumDetector);
    std::erase_if(matches,
                  [](const Match& match) { return match.rule->id != "dsa-private-key-bignum"; });
    return matches;
}

} // namespace

void LogKeysTest::findsDiffieHellman_data()
{
    QTest::addColumn<bool>("named");
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("generator");
    QTest::addColumn<bool>("found");
    QTest::newRow("a group that is only named") << true << 232 << 2 << true;
    QTest::newRow("a long exponent of such") << true << 1024 << 2 << false;
    QTest::newRow("a generator that such has not") << true << 232 << 5 << false;
    QTest::newRow("a group whose prime is there") << false << 1000 << 2 << true;
    QTest::newRow("with another generator") << false << 256 << 5 << true;
}

void LogKeysTest::findsDiffieHellman()
{
    QFETCH(bool, named);
    QFETCH(int, bits);
    QFETCH(int, generator);
    QFETCH(bool, found);
    const BigNumber p = named ? modp2048() : oakley1024();
    const BigNumber x = oddNumber(static_cast<std::size_t>(bits), 7);
    const BigNumber y = BigNumber(static_cast<std::uint64_t>(generator)).power(x, p);
    const auto matches = walkedWith(x, y, named ? nullptr : &p);
    QCOMPARE(matches.size(), std::size_t {found ? 1U : 0U});
    if (!found)
        return;
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == x.bigEndian());
    QVERIFY(matches[0].title.find("DH-") != std::string::npos);
}

void LogKeysTest::anExponentOfAnotherPublicValueIsNone()
{
    const BigNumber p = oakley1024();
    const BigNumber x = oddNumber(256, 8);
    QVERIFY(walkedWith(x, BigNumber(2).power(x + BigNumber(1), p), &p).empty());
}

void LogKeysTest::anExponentThatIsNotFlaggedIsNone()
{
    const BigNumber p = oakley1024();
    const BigNumber x = oddNumber(256, 8);
    QVERIFY(walkedWith(x, BigNumber(2).power(x, p), &p, 1).empty());
}

void LogKeysTest::aPrimeThatIsNotSafeNamesNoGroup()
{
    BigNumber p = primeOf(1024);
    while (p.remainder(12) == 11)
        p = primeOf(1024);
    const BigNumber x = oddNumber(256, 8);
    QVERIFY(walkedWith(x, BigNumber(2).power(x, p), &p).empty());
}

void LogKeysTest::readsTheEndOfDer_data()
{
    QTest::addColumn<bool>("isPkcs8");
    QTest::addColumn<int>("lost");
    QTest::addColumn<bool>("verified");
    QTest::newRow("PKCS#8, whole") << true << 0 << false;
    QTest::newRow("PKCS#8, two words lost") << true << 16 << false;
    QTest::newRow("PKCS#8, four words lost") << true << 32 << false;
    QTest::newRow("PKCS#8, most of p lost") << true << 100 << false;
    QTest::newRow("traditional, whole") << false << 0 << true;
    QTest::newRow("traditional, its heads lost") << false << 7 << true;
    QTest::newRow("traditional, two words lost") << false << 16 << false;
}

/// A whole key is told once.
void LogKeysTest::readsTheEndOfDer()
{
    QFETCH(bool, isPkcs8);
    QFETCH(int, lost);
    QFETCH(bool, verified);
    auto der = isPkcs8 ? pkcs8(m_made) : traditional(m_made);
    std::fill(der.begin(), der.begin() + lost, std::uint8_t {0x55});
    const auto bytes = buried(der, 5000, 3000);
    for (const std::size_t fresh : {std::size_t {1} << 20, std::size_t {512}}) {
        const auto matches = matchesIn(derkeysDetector, bytes, fresh);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].rule->id == "dsa-private-key-der");
        QVERIFY(matches[0].confidence == (verified ? Confidence::Verified : Confidence::Likely));
        QVERIFY(matches[0].value == m_key.x.bigEndian());
        QCOMPARE(BigNumber::fromBigEndian(spanned(bytes, matches[0])) == m_key.x, true);
    }
}

void LogKeysTest::anEndThatDoesNotFitIsNone_data()
{
    QTest::addColumn<int>("lost");
    QTest::addColumn<int>("changed");
    QTest::newRow("another g, where p is left") << 16 << -60;
    QTest::newRow("a secret above q") << 32 << -20;
}

/// Two bytes of what is left have other values; -20 is the first byte of x.
void LogKeysTest::anEndThatDoesNotFitIsNone()
{
    QFETCH(int, lost);
    QFETCH(int, changed);
    auto der = pkcs8(m_made);
    std::fill(der.begin(), der.begin() + lost, std::uint8_t {0x55});
    std::fill_n(der.end() + changed, 2, std::uint8_t {0xff});
    QVERIFY(matchesIn(derkeysDetector, buried(der, 500, 300)).empty());
}

QTEST_GUILESS_MAIN(LogKeysTest)
#include "tst_logkeys.moc"
