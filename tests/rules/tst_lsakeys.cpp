// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/aes/schedule.h"

#include <QTest>

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

namespace coredact {
extern const Detector lsakeysDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

void put(Bytes& to, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i, value >>= 8)
        to.push_back(static_cast<std::uint8_t>(value & 0xff));
}

void put(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

/// An MSSK object whose key's size stands at `field`.
Bytes cngObject(ByteView key, std::size_t field, bool withSchedule)
{
    Bytes object;
    put(object, 0x1b0, 4);
    put(object, 0x4d53534b, 4); // "KSSM"
    put(object, 0x20003, 4);
    object.resize(field);
    put(object, key.size(), 4);
    put(object, key);
    put(object, 0, 12);
    if (withSchedule && key.size() != 24)
        put(object, expandAesKey(key));
    object.resize(0x1b0);
    return object;
}

/// Where a version of Windows has the hashes in its primary credentials.
enum class Version { Seven, TenFirst, Ten, Ten1607 };

struct Credential {
    Bytes nt = randomBytes(16, 71);
    Bytes sha = randomBytes(20, 72);
};

void putName(Bytes& to, std::size_t size, std::size_t offset)
{
    put(to, size, 2);
    put(to, size, 2);
    put(to, 0xabcd, 4); // padding is not cleared
    put(to, offset, 8);
}

Bytes plainCredential(const Credential& credential, Version version, bool wholeBlocks)
{
    constexpr std::string_view domain = "OFFICE";
    constexpr std::string_view user = "k.meier";
    const std::size_t texts = 160;
    Bytes plain;
    putName(plain, 2 * domain.size(), texts);
    putName(plain, 2 * user.size(), texts + 2 * domain.size());
    const Bytes flags {0, 1, 0, 1};
    switch (version) {
    case Version::Seven:
        break;
    case Version::TenFirst:
        put(plain, flags);
        break;
    case Version::Ten:
        put(plain, flags);
        put(plain, 0, 4);
        break;
    case Version::Ten1607:
        put(plain, 0, 8);
        put(plain, flags);
        put(plain, 0, 1 + 3 + 4 + 2);
        put(plain, randomBytes(16, 73));
        put(plain, 0, 4);
        break;
    }
    put(plain, credential.nt);
    put(plain, Bytes(16));
    put(plain, credential.sha);
    if (version == Version::Seven)
        put(plain, flags);
    plain.resize(texts);
    for (const std::string_view text : {domain, user})
        for (const char letter : text)
            put(plain, static_cast<std::uint8_t>(letter), 2);
    plain.resize(wholeBlocks ? 192 : 191);
    return plain;
}

Bytes encrypted(const Bytes& plain, ByteView key)
{
    const EVP_CIPHER* cipher = key.size() == 24 ? EVP_des_ede3_cbc() : EVP_aes_128_cfb8();
    const Bytes iv = randomBytes(16, 74);
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    Bytes ciphertext(plain.size() + 16);
    int size = 0;
    EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.data(), iv.data());
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
    EVP_EncryptUpdate(context.get(), ciphertext.data(), &size, plain.data(),
                      static_cast<int>(plain.size()));
    ciphertext.resize(static_cast<std::size_t>(size));
    return ciphertext;
}

/// The memory of a process with one key and one logon; where its credentials stand.
struct Lsass {
    MemoryImage image;
    std::uint64_t credentials = 0;

    Lsass(ByteView key, const Bytes& ciphertext)
    {
        image.put(cngObject(key, 56, false));
        credentials = image.put(ciphertext);
        constexpr std::string_view name("Primary\0", 8);
        const std::uint64_t text = image.put(Bytes(name.begin(), name.end()));
        Bytes entry;
        put(entry, 0, 8);
        put(entry, 7, 2);
        put(entry, 8, 2);
        put(entry, 0x77, 4);
        put(entry, text, 8);
        put(entry, ciphertext.size(), 2);
        put(entry, ciphertext.size(), 2);
        put(entry, 0x77, 4);
        put(entry, credentials, 8);
        image.put(entry);
        image.pad(200);
    }
};

/// The one match that is of a logon.
const Match* logonIn(const std::vector<Match>& matches)
{
    const auto found = std::find_if(matches.begin(), matches.end(), [](const Match& match) {
        return match.rule->id == "windows-logon-hash";
    });
    return found == matches.end() ? nullptr : &*found;
}

} // namespace

class LsaKeysTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheKeyOfEveryVersion_data();
    void findsTheKeyOfEveryVersion();
    void aScheduleInTheObjectProvesIt();
    void anEmptyOrTextualKeyIsNothing();
    void decryptsTheHashesOfEveryVersion_data();
    void decryptsTheHashesOfEveryVersion();
    void decryptsWhatAesEncrypted();
    void anotherKeyDecryptsNothing();
    void findsNothingInNoise();
};

void LsaKeysTest::findsTheKeyOfEveryVersion_data()
{
    QTest::addColumn<int>("field");
    QTest::addColumn<int>("size");
    for (const int field : {24, 32, 40, 52, 56})
        for (const int size : {16, 24, 32})
            QTest::addRow("size at %d, %d bytes", field, size) << field << size;
}

void LsaKeysTest::findsTheKeyOfEveryVersion()
{
    QFETCH(int, field);
    QFETCH(int, size);
    const Bytes key = randomBytes(static_cast<std::size_t>(size), 70);
    MemoryImage image;
    const std::uint64_t object = image.put(cngObject(key, static_cast<std::size_t>(field), false));
    const auto matches = image.walk(lsakeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "windows-cng-key-memory");
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QVERIFY(matches[0].value == SecretBytes(key.begin(), key.end()));
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(),
             image.fileOffsetOf(object + static_cast<std::uint64_t>(field) + 4));
    QCOMPARE(matches[0].places[0].size(), static_cast<std::uint64_t>(size));
}

void LsaKeysTest::aScheduleInTheObjectProvesIt()
{
    MemoryImage image;
    image.put(cngObject(randomBytes(16, 70), 56, true));
    const auto matches = image.walk(lsakeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
}

void LsaKeysTest::anEmptyOrTextualKeyIsNothing()
{
    for (const std::uint8_t filler : {std::uint8_t {0}, std::uint8_t {'K'}}) {
        MemoryImage image;
        image.put(cngObject(Bytes(16, filler), 56, false));
        QVERIFY(image.walk(lsakeysDetector).empty());
    }
}

void LsaKeysTest::decryptsTheHashesOfEveryVersion_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("Windows 7") << static_cast<int>(Version::Seven);
    QTest::newRow("first Windows 10") << static_cast<int>(Version::TenFirst);
    QTest::newRow("Windows 10") << static_cast<int>(Version::Ten);
    QTest::newRow("Windows 10, 1607") << static_cast<int>(Version::Ten1607);
}

void LsaKeysTest::decryptsTheHashesOfEveryVersion()
{
    QFETCH(int, version);
    const Credential credential;
    const Bytes key = randomBytes(24, 75);
    const Lsass lsass(
        key, encrypted(plainCredential(credential, static_cast<Version>(version), true), key));
    const auto matches = lsass.image.walk(lsakeysDetector);
    QCOMPARE(matches.size(), std::size_t {2}); // the key, too
    const Match* logon = logonIn(matches);
    QVERIFY(logon);
    QVERIFY(logon->confidence == Confidence::Verified);
    QVERIFY(logon->value == SecretBytes(credential.nt.begin(), credential.nt.end()));
    QCOMPARE(logon->derived.size(), std::size_t {1});
    QVERIFY(logon->derived[0].bytes == SecretBytes(credential.sha.begin(), credential.sha.end()));
    QCOMPARE(logon->places.size(), std::size_t {1});
    QCOMPARE(logon->places[0].first(), lsass.image.fileOffsetOf(lsass.credentials));
    QCOMPARE(logon->places[0].size(), std::uint64_t {192});
}

void LsaKeysTest::decryptsWhatAesEncrypted()
{
    const Credential credential;
    const Bytes key = randomBytes(16, 76);
    const Lsass lsass(key, encrypted(plainCredential(credential, Version::Ten1607, false), key));
    const auto matches = lsass.image.walk(lsakeysDetector);
    const Match* logon = logonIn(matches);
    QVERIFY(logon);
    QVERIFY(logon->value == SecretBytes(credential.nt.begin(), credential.nt.end()));
}

void LsaKeysTest::anotherKeyDecryptsNothing()
{
    const Bytes key = randomBytes(24, 77);
    const Lsass lsass(key, encrypted(plainCredential({}, Version::Ten, true), randomBytes(24, 78)));
    QVERIFY(!logonIn(lsass.image.walk(lsakeysDetector)));
}

void LsaKeysTest::findsNothingInNoise()
{
    MemoryImage image;
    image.pad(1 << 20);
    QVERIFY(image.walk(lsakeysDetector).empty());
}

QTEST_GUILESS_MAIN(LsaKeysTest)
#include "tst_lsakeys.moc"
