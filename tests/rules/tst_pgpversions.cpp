// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"
#include "memoryimage.h"

#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/pgpkey.h"

#include <QCryptographicHash>
#include <QTest>

#include <algorithm>

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

void put(Bytes& to, std::uint64_t value, unsigned size)
{
    for (unsigned i = size; i-- > 0;)
        to.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
}

void put(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

void putMpi(Bytes& to, const BigNumber& number)
{
    put(to, number.bits(), 2);
    put(to, number.bigEndian());
}

/// A Secret-Key packet in the newer packet format.
Bytes packetOf(const Bytes& body)
{
    Bytes packet {0xc5};
    if (body.size() < 192) {
        put(packet, body.size(), 1);
    } else {
        put(packet, ((body.size() - 192) >> 8) + 192, 1);
        put(packet, (body.size() - 192) & 0xff, 1);
    }
    put(packet, body);
    return packet;
}

/// Version, time, algorithm, and the public part with its size.
Bytes publicPart(std::uint8_t version, std::uint8_t algorithm, const Bytes& material)
{
    Bytes part {version};
    put(part, 1700000000, 4);
    put(part, algorithm, 1);
    put(part, material.size(), 4);
    put(part, material);
    return part;
}

struct Edwards {
    Bytes secret = randomBytes(32, 61);
    Bytes publicHalf;

    Edwards()
    {
        const SecretBytes half = okpPublicHalf(ed25519, secret);
        publicHalf.assign(half.begin(), half.end());
    }
};

std::string fingerprintOf(std::uint8_t first, const Bytes& part)
{
    Bytes hashed {first};
    put(hashed, part.size(), 4);
    put(hashed, part);
    const QByteArray bytes(reinterpret_cast<const char*>(hashed.data()),
                           static_cast<qsizetype>(hashed.size()));
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256)
        .toHex()
        .toUpper()
        .toStdString();
}

Bytes encryptedPart(const Bytes& specifier)
{
    Bytes part {253, static_cast<std::uint8_t>(3 + specifier.size() + 15), 9, 2};
    put(part, specifier.size(), 1);
    put(part, specifier);
    put(part, randomBytes(15, 62)); // OCB's nonce
    put(part, randomBytes(48, 63));
    return part;
}

} // namespace

class PgpVersionsTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheSampleOfTheSpecification();
    void provesKeysOfVersionSix();
    void provesRsaKeysOfBothVersions_data();
    void provesRsaKeysOfBothVersions();
    void aWrongBitIsNoKeyOfVersionSix();
    void aWrongSizeOfThePublicPartIsNoKey();
    void readsEncryptedKeysOfVersionSix_data();
    void readsEncryptedKeysOfVersionSix();
};

/// RFC 9580 A.4, its first packet.
void PgpVersionsTest::readsTheSampleOfTheSpecification()
{
    const QByteArray decoded = QByteArray::fromBase64("xUsGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52J"
                                                      "GggkLq2EVD34laMAGXKBexK+cH6NX1hs5hNhIB00"
                                                      "TrJmosgv3mg1ditlsLfC");
    const Bytes packet(decoded.begin(), decoded.begin() + 77);
    const auto matches = matchesIn(pgpDetector, buried(packet, 100, 100));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].severity == Severity::Info); // known to all
    QVERIFY(matches[0].identity->value.starts_with("CB186C4F0609A697E4D52DFA6C722B0C"));
    QCOMPARE(matches[0].spans[0].end - matches[0].spans[0].begin, std::size_t {32});
}

void PgpVersionsTest::provesKeysOfVersionSix()
{
    const Edwards key;
    const Bytes part = publicPart(6, 27, key.publicHalf);
    Bytes body = part;
    put(body, 0, 1);
    put(body, key.secret);
    const Bytes bytes = buried(packetOf(body), 100, 100);
    const auto matches = matchesIn(pgpDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(spanned(bytes, matches[0]) == SecretBytes(key.secret.begin(), key.secret.end()));
    QCOMPARE(matches[0].identity->value, fingerprintOf(0x9b, part));
}

void PgpVersionsTest::provesRsaKeysOfBothVersions_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("version 5") << 5;
    QTest::newRow("version 6") << 6;
}

void PgpVersionsTest::provesRsaKeysOfBothVersions()
{
    QFETCH(int, version);
    const RsaNumbers numbers = rsaNumbers(makeRsa(2048));
    Bytes material;
    putMpi(material, numbers.n);
    putMpi(material, numbers.e);
    const Bytes part = publicPart(static_cast<std::uint8_t>(version), 1, material);
    Bytes secret;
    putMpi(secret, numbers.d);
    putMpi(secret, numbers.q);
    putMpi(secret, numbers.p);
    putMpi(secret, *numbers.q.inverse(numbers.p));
    Bytes body = part;
    put(body, 0, 1);
    if (version == 5) {
        put(body, 0, 1);
        put(body, secret.size(), 4);
    }
    put(body, secret);
    if (version == 5) {
        std::uint64_t sum = 0;
        for (const std::uint8_t byte : secret)
            sum += byte;
        put(body, sum, 2);
    }
    const auto found = readPgpSecretKey(buried(packetOf(body), 100, 100), 100);
    QVERIFY(found);
    QVERIFY(found->key.confidence == Confidence::Verified);
    QVERIFY(!found->encrypted);
    QCOMPARE(found->key.identity->value, fingerprintOf(version == 5 ? 0x9a : 0x9b, part));
    QCOMPARE(found->secret.end - found->secret.begin, secret.size() + (version == 5 ? 2 : 0));
}

void PgpVersionsTest::aWrongBitIsNoKeyOfVersionSix()
{
    const Edwards key;
    Bytes body = publicPart(6, 27, key.publicHalf);
    put(body, 0, 1);
    put(body, key.secret);
    body.back() ^= 1;
    QVERIFY(matchesIn(pgpDetector, buried(packetOf(body), 100, 100)).empty());
}

void PgpVersionsTest::aWrongSizeOfThePublicPartIsNoKey()
{
    const Edwards key;
    Bytes body = publicPart(6, 27, key.publicHalf);
    body[9] = 33;
    put(body, 0, 1);
    put(body, key.secret);
    QVERIFY(matchesIn(pgpDetector, buried(packetOf(body), 100, 100)).empty());
}

void PgpVersionsTest::readsEncryptedKeysOfVersionSix_data()
{
    QTest::addColumn<QByteArray>("specifier");
    QTest::newRow("Argon2") << QByteArray("\x04saltsaltsaltsalt\x03\x04\x10", 20);
    QTest::newRow("iterated") << QByteArray("\x03\x0asaltsalt\xe0", 11);
}

void PgpVersionsTest::readsEncryptedKeysOfVersionSix()
{
    QFETCH(QByteArray, specifier);
    const Edwards key;
    Bytes body = publicPart(6, 27, key.publicHalf);
    put(body, encryptedPart({specifier.begin(), specifier.end()}));
    const Bytes bytes = buried(packetOf(body), 100, 100);
    const auto found = readPgpSecretKey(bytes, 100);
    QVERIFY(found);
    QVERIFY(found->encrypted);
    QCOMPARE(found->secret.end - found->secret.begin, std::size_t {48});
    QVERIFY(std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(found->secret.begin),
                       bytes.begin() + static_cast<std::ptrdiff_t>(found->secret.end),
                       randomBytes(48, 63).begin()));
}

QTEST_GUILESS_MAIN(PgpVersionsTest)
#include "tst_pgpversions.moc"
