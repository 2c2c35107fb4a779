// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/dump/dump.h"
#include "scanner/rules/keys/base64.h"
#include "scanner/rules/walk.h"

#include <QTest>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace coredact {
extern const Detector redispasswordDetector;
extern const Detector scrampasswordDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

const std::string secret = std::string("fINKjgP.63") + "80-hunter";

Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

std::string sha256Text(const std::string& text)
{
    Digest digest {};
    SHA256(asBytes(text).data(), text.size(), digest.data());
    const QByteArray bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
    return bytes.toHex().toStdString();
}

/// A string of Redis whose header has a byte for each length.
Bytes redisString(const std::string& text, std::uint8_t room)
{
    Bytes bytes {static_cast<std::uint8_t>(text.size()), room, 1};
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return bytes;
}

/// One of up to 31 bytes: all in one byte.
Bytes shortRedisString(const std::string& text)
{
    Bytes bytes {static_cast<std::uint8_t>(text.size() << 3)};
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return bytes;
}

std::string base64(ByteView bytes)
{
    const SecretBytes text = encodeBase64(bytes);
    return {text.begin(), text.end()};
}

/// What PostgreSQL keeps of a role's password.
std::string verifierOf(const std::string& password, int iterations)
{
    const Bytes salt = randomBytes(16, 31);
    Digest salted {};
    Digest client {};
    Digest stored {};
    Digest server {};
    unsigned size = 0;
    PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                      static_cast<int>(salt.size()), iterations, EVP_sha256(), 32, salted.data());
    const auto keyed = [&](std::string_view label, Digest& to) {
        HMAC(EVP_sha256(), salted.data(), 32, asBytes(label).data(), label.size(), to.data(),
             &size);
    };
    keyed("Client Key", client);
    keyed("Server Key", server);
    SHA256(client.data(), client.size(), stored.data());
    return "SCRAM-SHA-256$" + std::to_string(iterations) + ":" + base64(salt) + "$" + base64(stored)
        + ":" + base64(server);
}

/// As an allocator of PostgreSQL puts a string: behind a header that ends with zeros.
Bytes allocated(const std::string& text)
{
    Bytes bytes {0x05, 0x40, 0, 0, 0, 0, 0, 0};
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(0);
    return bytes;
}

bool tells(const std::vector<Match>& matches, const MemoryImage& image, std::uint64_t address)
{
    const FileRange range = *FileRange::make(image.fileOffsetOf(address), secret.size());
    return std::any_of(matches.begin(), matches.end(), [&](const Match& match) {
        return match.confidence == Confidence::Verified && match.places.front() == range
            && match.value == SecretBytes(secret.begin(), secret.end());
    });
}

} // namespace

/// Passwords that no name stands beside, proved by what a server keeps to check them.
class HeldPasswordsTest : public QObject {
    Q_OBJECT

private slots:
    void redisDigestProvesItsPassword();
    void redisStringsWithoutTheirDigestAreNothing();
    void otherProgramsAreNotSearchedForRedisStrings();
    void scramVerifierProvesItsPassword();
    void scramVerifierOfAnotherPasswordProvesNothing();
    void passwordsOfManyRolesAreAllFound();
    void verifierThatWouldTakeHoursIsLeftOut();
    void moreStringsThanAreTriedAreTold_data();
    void moreStringsThanAreTriedAreTold();
};

void HeldPasswordsTest::redisDigestProvesItsPassword()
{
    MemoryImage image;
    image.pad(100);
    const auto first = image.put(shortRedisString(secret)) + 1;
    image.put(redisString(sha256Text(secret), 76));
    const auto second = image.put(redisString(secret, 24)) + 3;
    image.pad(100);
    const auto matches = image.walk(redispasswordDetector);
    QVERIFY(tells(matches, image, first));
    QVERIFY(tells(matches, image, second));
    QCOMPARE(matches.size(), std::size_t {2});
}

void HeldPasswordsTest::redisStringsWithoutTheirDigestAreNothing()
{
    MemoryImage image;
    image.pad(100);
    image.put(shortRedisString(secret));
    image.put(redisString(sha256Text(secret + "1"), 64));
    image.put(bytesOf(sha256Text(secret)));
    QVERIFY(image.walk(redispasswordDetector).empty());
}

void HeldPasswordsTest::otherProgramsAreNotSearchedForRedisStrings()
{
    Dump dump;
    QVERIFY(redispasswordDetector.newWalk(dump));
    dump.modules.push_back({*AddressRange::make(0x1000, 0x1000), "/usr/lib/libc.so.6", {}});
    QVERIFY(!redispasswordDetector.newWalk(dump));
    dump.modules.push_back({*AddressRange::make(0x4000, 0x1000), "/usr/bin/redis-server", {}});
    QVERIFY(redispasswordDetector.newWalk(dump));
}

void HeldPasswordsTest::scramVerifierProvesItsPassword()
{
    MemoryImage image;
    image.pad(100);
    image.put(allocated("pg_toast_16385"));
    const auto address = image.put(allocated(secret)) + 8;
    image.put(allocated(verifierOf(secret, 64)));
    image.pad(100);
    const auto matches = image.walk(scrampasswordDetector);
    QVERIFY(tells(matches, image, address));
    QCOMPARE(matches.size(), std::size_t {1});
}

void HeldPasswordsTest::scramVerifierOfAnotherPasswordProvesNothing()
{
    MemoryImage image;
    image.pad(100);
    image.put(allocated(secret));
    image.put(allocated(verifierOf(secret + "1", 64)));
    std::string damaged = verifierOf(secret, 64);
    damaged[damaged.find('$', 20) + 3] ^= 1;
    image.put(allocated(damaged));
    QVERIFY(image.walk(scrampasswordDetector).empty());
}

void HeldPasswordsTest::passwordsOfManyRolesAreAllFound()
{
    constexpr int roles = 60;
    MemoryImage image;
    image.pad(100);
    for (int i = 0; i < roles; ++i) {
        const std::string password = secret + std::to_string(i);
        image.put(allocated(password));
        image.put(allocated(verifierOf(password, 64)));
    }
    image.pad(100);
    QCOMPARE(image.walk(scrampasswordDetector).size(), std::size_t {roles});
    QVERIFY(!image.leavesOut(scrampasswordDetector));
}

void HeldPasswordsTest::verifierThatWouldTakeHoursIsLeftOut()
{
    MemoryImage image;
    image.pad(100);
    image.put(allocated(secret));
    std::string verifier = verifierOf(secret, 64);
    verifier.replace(verifier.find("64:"), 2, "900000000");
    image.put(allocated(verifier));
    QVERIFY(image.walk(scrampasswordDetector).empty());
    QVERIFY(image.leavesOut(scrampasswordDetector));
}

void HeldPasswordsTest::moreStringsThanAreTriedAreTold_data()
{
    QTest::addColumn<int>("others");
    QTest::newRow("as many as are tried") << (1 << 14) - 1;
    QTest::newRow("one more") << (1 << 14);
}

void HeldPasswordsTest::moreStringsThanAreTriedAreTold()
{
    QFETCH(int, others);
    MemoryImage image;
    image.pad(100);
    for (int i = 0; i < others; ++i)
        image.put(allocated("k" + std::to_string(i) + "-9fX2"));
    const auto address = image.put(allocated(secret)) + 8;
    image.put(allocated(verifierOf(secret, 1)));
    image.pad(100);
    const bool all = others < 1 << 14;
    QCOMPARE(tells(image.walk(scrampasswordDetector), image, address), all);
    QCOMPARE(image.leavesOut(scrampasswordDetector), !all);
}

QTEST_APPLESS_MAIN(HeldPasswordsTest)
#include "tst_heldpasswords.moc"
