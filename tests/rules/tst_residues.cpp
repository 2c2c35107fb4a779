// SPDX-License-Identifier: GPL-3.0-or-later
// What Montgomery arithmetic leaves of RSA primes.
#include "memoryimage.h"

#include "scanner/rules/keys/rsaforms.h"
#include "scanner/rules/walk.h"

#include <QTest>

#include <openssl/bn.h>

#include <algorithm>

using namespace coredact;

namespace {

/// 52 bits in each word of 64.
std::vector<std::uint64_t> digitsOf(const BigNumber& number, std::size_t count)
{
    const SecretBytes bytes = number.littleEndian(count * 52 / 8 + 1);
    std::vector<std::uint64_t> digits(count);
    for (std::size_t bit = 0; bit < count * 52; ++bit)
        if ((bytes[bit / 8] >> bit % 8 & 1) != 0)
            digits[bit / 52] |= std::uint64_t {1} << bit % 52;
    return digits;
}

std::vector<std::uint8_t> bytesOf(const std::vector<std::uint64_t>& words)
{
    std::vector<std::uint8_t> bytes;
    for (const std::uint64_t word : words)
        for (unsigned i = 0; i < 8; ++i)
            bytes.push_back(static_cast<std::uint8_t>(word >> 8 * i & 0xff));
    return bytes;
}

/// base^i · R for each i below `count`, modulo q and p by turns, as libcrypto has them.
std::vector<std::uint64_t> tableOf(const RsaNumbers& key, std::size_t count)
{
    const std::size_t digits = (key.p.bits() + 51) / 52;
    const BigNumber r = BigNumber::powerOfTwo(static_cast<unsigned>(digits * 52));
    const BigNumber base = BigNumber::fromBigEndian(randomBytes(key.p.bytes(), 7));
    std::vector<std::uint64_t> words;
    std::array<BigNumber, 2> entries {r % key.q, r % key.p};
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t side = 0; side < 2; ++side) {
            const auto one = digitsOf(entries[side], digits);
            words.insert(words.end(), one.begin(), one.end());
            entries[side] = entries[side] * base % (side == 0 ? key.q : key.p);
        }
    return words;
}

} // namespace

class ResiduesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aTableOfPowersGivesItsKeyAway_data();
    void aTableOfPowersGivesItsKeyAway();
    void ofATableThatLostItsBeginningTheRestDoes();
    void oneResidueDoesBesideThePublicKey();
    void oneResidueDoesBesideManyPublicKeys();
    void fillsATableThatIsLongerThanAWindow();
    void otherWordsAreNothing();
    void tellsWhereThereAreMoreThanItTries();
    void valuesThatGiveAPrimeAwayAreTold();

private:
    MadeKey m_key;
    RsaNumbers m_numbers;
};

void ResiduesTest::initTestCase()
{
    m_key = makeRsa(2048);
    m_numbers = rsaNumbers(m_key);
}

void ResiduesTest::aTableOfPowersGivesItsKeyAway_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("before");
    for (const int before : {0, 40, 2000, 4000})
        QTest::addRow("RSA-2048, %d bytes before", before) << 2048 << before;
    for (const int bits : {3072, 4096})
        QTest::addRow("RSA-%d", bits) << bits << 1000;
}

void ResiduesTest::aTableOfPowersGivesItsKeyAway()
{
    QFETCH(int, bits);
    QFETCH(int, before);
    const MadeKey made = bits == 2048 ? m_key : makeRsa(bits);
    const RsaNumbers key = rsaNumbers(made);
    const auto table = bytesOf(tableOf(key, 12));
    MemoryImage image;
    image.pad(static_cast<std::size_t>(before));
    const std::uint64_t address = image.put(table);
    image.pad(300);
    const auto matches = image.walk(rsaprimesDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == std::max(key.p, key.q, std::less<>()).bigEndian());
    QCOMPARE(matches[0].identity->value, spkiSha256(made.spki));
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {table.size()});
}

void ResiduesTest::ofATableThatLostItsBeginningTheRestDoes()
{
    const auto whole = tableOf(m_numbers, 12);
    for (const std::size_t lost : {1U, 19U, 20U, 37U, 60U}) {
        MemoryImage image;
        image.put(bytesOf({whole.begin() + static_cast<std::ptrdiff_t>(lost), whole.end()}));
        image.pad(300);
        QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {1});
    }
}

void ResiduesTest::oneResidueDoesBesideThePublicKey()
{
    const BigNumber r = BigNumber::powerOfTwo(1040);
    for (const BigNumber* prime : {&m_numbers.p, &m_numbers.q}) {
        MemoryImage image;
        image.put(bytesOf(digitsOf(r % *prime, 20)));
        image.pad(300);
        QVERIFY(image.walk(rsaprimesDetector).empty());
        image.put(m_key.spki);
        image.pad(300);
        QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {1});
    }
}

/// As in a program that has read the certificates of many others before its own.
void ResiduesTest::oneResidueDoesBesideManyPublicKeys()
{
    constexpr int others = 10;
    MemoryImage image;
    for (int i = 0; i < others; ++i)
        image.put(makeRsa(2048).spki);
    image.put(m_key.spki);
    image.put(bytesOf(digitsOf(BigNumber::powerOfTwo(1040) % m_numbers.p, 20)));
    image.pad(300);
    QCOMPARE(image.walk(rsaprimesDetector).size(), std::size_t {1});
}

void ResiduesTest::fillsATableThatIsLongerThanAWindow()
{
    const auto table = bytesOf(tableOf(m_numbers, 60));
    QVERIFY(table.size() > walkReach);
    MemoryImage image;
    image.put(table);
    image.pad(300);
    const auto matches = image.walk(rsaprimesDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {table.size()});
}

void ResiduesTest::otherWordsAreNothing()
{
    // Powers that are not reduced by any prime, numbers at random, the same entry again and again.
    std::vector<std::vector<std::uint64_t>> others(2);
    for (std::size_t i = 0; i < 600; ++i)
        others[0].push_back(0x8000000000001 | i * 0x123456789ab);
    const auto noise = randomBytes(600 * 8, 3);
    for (std::size_t i = 0; i < 600; ++i) {
        std::uint64_t word = 0;
        for (std::size_t byte = 0; byte < 8; ++byte)
            word = word << 8 | noise[8 * i + byte];
        others[1].push_back(word >> 12 | 1);
    }
    const auto one = digitsOf(BigNumber::powerOfTwo(1040) % m_numbers.p, 20);
    others.emplace_back();
    for (int i = 0; i < 30; ++i)
        others.back().insert(others.back().end(), one.begin(), one.end());
    for (const auto& words : others) {
        MemoryImage image;
        image.put(bytesOf(words));
        image.pad(300);
        QVERIFY(image.walk(rsaprimesDetector).empty());
        // A wrong modulus changes nothing.
        image.put(makeRsa(2048).spki);
        QVERIFY(image.walk(rsaprimesDetector).empty());
    }
}

void ResiduesTest::tellsWhereThereAreMoreThanItTries()
{
    constexpr int most = 32;
    const BigNumber r = BigNumber::powerOfTwo(1040);
    const auto residue = bytesOf(digitsOf(r % m_numbers.p, 20));
    MemoryImage image;
    for (int i = 0; i < most; ++i)
        image.put(residue);
    image.pad(300);
    QVERIFY(!image.leavesOut(rsaprimesDetector));
    image.put(residue);
    image.pad(300);
    QVERIFY(image.leavesOut(rsaprimesDetector));
}

void ResiduesTest::valuesThatGiveAPrimeAwayAreTold()
{
    const auto derived = rsaDerivedValues(m_numbers);
    const auto tells = [&](ByteView bytes) {
        return std::any_of(derived.begin(), derived.end(), [&](const DerivedValue& value) {
            return std::ranges::equal(value.bytes, bytes);
        });
    };
    const BigNumber one(1);
    const BigNumber r = BigNumber::powerOfTwo(1024);
    QVERIFY(tells((m_numbers.p - m_numbers.q).bigEndian()));
    QVERIFY(tells(((m_numbers.q * r) % m_numbers.p).bigEndian()));
    QVERIFY(tells(((m_numbers.p * r) % m_numbers.q).bigEndian()));
    for (const BigNumber* prime : {&m_numbers.p, &m_numbers.q}) {
        const BigNumber square = BigNumber::powerOfTwo(2048);
        QVERIFY(tells((BigNumber::powerOfTwo(1024) % *prime).bigEndian()));
        QVERIFY(tells((square % *prime).bigEndian()));
        QVERIFY(tells((square - square % *prime).dividedBy(*prime)->bigEndian()));
        QVERIFY(tells(bytesOf(digitsOf(BigNumber::powerOfTwo(1040) % *prime, 20))));
        char* decimal = BN_bn2dec(prime->native());
        QVERIFY(tells(asBytes(decimal)));
        OPENSSL_free(decimal);
        // Montgomery's n0: times the prime it is -1 in a word.
        QVERIFY(std::any_of(derived.begin(), derived.end(), [&](const DerivedValue& value) {
            const BigNumber word = BigNumber::powerOfTwo(64);
            return value.bytes.size() <= 8
                && (BigNumber::fromBigEndian(value.bytes) * *prime + one) % word == BigNumber();
        }));
    }
    const BigNumber euler = (m_numbers.p - one) * (m_numbers.q - one);
    QVERIFY(tells((euler % BigNumber::powerOfTwo(1024)).bigEndian()));
    QVERIFY(!tells(euler.bigEndian())); // half of it is the public modulus'
}

QTEST_GUILESS_MAIN(ResiduesTest)
#include "tst_residues.moc"
