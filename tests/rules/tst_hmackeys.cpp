// SPDX-License-Identifier: GPL-3.0-or-later
// Contexts as libcrypto itself makes them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "littlewords.h"
#include "memoryimage.h"

#include <openssl/sha.h>

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector hmackeysDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

enum class Hash { Sha1, Sha224, Sha256, Sha384, Sha512 };

template <typename Context, typename Init, typename Update>
Bytes context(ByteView block, Init init, Update update)
{
    Context made {};
    init(&made);
    update(&made, block.data(), block.size());
    Bytes bytes(sizeof made);
    std::memcpy(bytes.data(), &made, sizeof made);
    return bytes;
}

/// What a program's context is after the key, combined with the pad, went in.
Bytes padded(Hash hash, ByteView key, std::uint8_t pad)
{
    Bytes block(hash == Hash::Sha384 || hash == Hash::Sha512 ? 128 : 64, pad);
    for (std::size_t i = 0; i < key.size(); ++i)
        block[i] ^= key[i];
    switch (hash) {
    case Hash::Sha1:
        return context<SHA_CTX>(block, SHA1_Init, SHA1_Update);
    case Hash::Sha224:
        return context<SHA256_CTX>(block, SHA224_Init, SHA224_Update);
    case Hash::Sha256:
        return context<SHA256_CTX>(block, SHA256_Init, SHA256_Update);
    case Hash::Sha384:
        return context<SHA512_CTX>(block, SHA384_Init, SHA384_Update);
    case Hash::Sha512:
        break;
    }
    return context<SHA512_CTX>(block, SHA512_Init, SHA512_Update);
}

struct Held {
    MemoryImage image;
    std::uint64_t key = 0;
};

/// A program that holds both contexts and the key, and points at the key with `size` beside.
Held held(Hash hash, const Bytes& key, std::uint64_t size, unsigned wordSize = 8)
{
    Held made {MemoryImage(wordSize), 0};
    made.image.put(padded(hash, key, 0x36));
    made.key = made.image.put(key);
    made.image.put(padded(hash, key, 0x5c));
    made.image.put(littleWords({made.key, size}, wordSize));
    made.image.pad(64);
    return made;
}

constexpr std::uint64_t goHeap = 0xc000000000;

/// A key as RFC 2104 pads it.
Bytes pad(const Bytes& key, std::size_t block, std::uint8_t with)
{
    Bytes bytes(block, with);
    for (std::size_t i = 0; i < key.size(); ++i)
        bytes[i] ^= key[i];
    return bytes;
}

/// A Go program with crypto/hmac's slices of both pads.
MemoryImage goProgram(const Bytes& outer, const Bytes& inner, std::uint64_t start = goHeap)
{
    MemoryImage image;
    image.begin(start, "server");
    image.pad(3000);
    Bytes slices;
    for (const Bytes* bytes : {&outer, &inner}) {
        const std::uint64_t address = image.put(*bytes);
        addWords(slices, {address, bytes->size(), bytes->size()});
    }
    image.put(slices);
    image.pad(3000);
    return image;
}

} // namespace

class HmacKeysTest : public QObject {
    Q_OBJECT

private slots:
    void provesTheKeyOfAnHmac_data();
    void provesTheKeyOfAnHmac();
    void provesItIn32Bits();
    void aKeyThatGivesAnotherStateIsNothing();
    void oneOfTheTwoStatesProvesNothing();
    void aLengthThatIsNotTheKeysIsNothing();
    void findsTheKeyOfBothPadsThatGoHolds_data();
    void findsTheKeyOfBothPadsThatGoHolds();
    void tellsWhereGoHoldsMorePadsThanAreKept();
    void padsOfDifferentKeysAreNothing();
    void theSaltOfEveryHandshakeIsNoKey();
    void padsOfWholeBlocksElsewhereThanInGosHeapAreNothing();
    void findsTheKeyOfPadsAnywhere_data();
    void findsTheKeyOfPadsAnywhere();
    void onePadIsNothing();
};

void HmacKeysTest::provesTheKeyOfAnHmac_data()
{
    QTest::addColumn<int>("hash");
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("title");
    const auto row = [](Hash hash, int size, const char* name) {
        QTest::addRow("%s, %d bytes", name, size)
            << static_cast<int>(hash) << size << "HMAC key in use, " + QString(name);
    };
    row(Hash::Sha1, 20, "SHA-1");
    row(Hash::Sha1, 64, "SHA-1");
    row(Hash::Sha224, 28, "SHA-224");
    row(Hash::Sha256, 16, "SHA-256");
    row(Hash::Sha256, 32, "SHA-256");
    row(Hash::Sha384, 48, "SHA-384");
    row(Hash::Sha512, 64, "SHA-512");
    row(Hash::Sha512, 128, "SHA-512");
}

void HmacKeysTest::provesTheKeyOfAnHmac()
{
    QFETCH(const int, hash);
    QFETCH(const int, size);
    QFETCH(const QString, title);
    const Bytes key = randomBytes(static_cast<std::size_t>(size), 71);
    const Held program = held(static_cast<Hash>(hash), key, key.size());
    const auto matches = program.image.walk(hmackeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(QString::fromStdString(matches[0].title), title);
    QCOMPARE(matches[0].confidence, Confidence::Verified);
    QCOMPARE(matches[0].places.front().first(), program.image.fileOffsetOf(program.key));
    QVERIFY(std::ranges::equal(matches[0].value, key));
    // Both states make codes as the key does.
    for (std::size_t side = 0; side < 2; ++side) {
        const Bytes state = padded(static_cast<Hash>(hash), key, side == 0 ? 0x36 : 0x5c);
        const SecretBytes& derived = matches[0].derived.at(side).bytes;
        QVERIFY(std::equal(derived.begin(), derived.end(), state.begin()));
    }
}

void HmacKeysTest::provesItIn32Bits()
{
    const Bytes key = randomBytes(32, 72);
    QCOMPARE(held(Hash::Sha256, key, 32, 4).image.walk(hmackeysDetector).size(), std::size_t {1});
}

void HmacKeysTest::aKeyThatGivesAnotherStateIsNothing()
{
    const Bytes key = randomBytes(32, 73);
    Held program = held(Hash::Sha256, key, key.size());
    program.image.bytes()[program.key - MemoryImage::base + 31] ^= 1;
    QVERIFY(program.image.walk(hmackeysDetector).empty());
}

void HmacKeysTest::oneOfTheTwoStatesProvesNothing()
{
    const Bytes key = randomBytes(32, 74);
    Held program = held(Hash::Sha256, key, key.size());
    const Bytes outer = padded(Hash::Sha256, key, 0x5c);
    auto& bytes = program.image.bytes();
    const auto place = std::search(bytes.begin(), bytes.end(), outer.begin(), outer.end());
    QVERIFY(place != bytes.end());
    *place ^= 1;
    QVERIFY(program.image.walk(hmackeysDetector).empty());
}

void HmacKeysTest::aLengthThatIsNotTheKeysIsNothing()
{
    const Bytes key = randomBytes(32, 75);
    QVERIFY(held(Hash::Sha256, key, 31).image.walk(hmackeysDetector).empty());
    QVERIFY(held(Hash::Sha256, key, 0x100000020).image.walk(hmackeysDetector).empty());
}

void HmacKeysTest::findsTheKeyOfBothPadsThatGoHolds_data()
{
    QTest::addColumn<int>("block");
    QTest::addColumn<int>("size");
    QTest::newRow("SHA-256, short") << 64 << 20;
    QTest::newRow("SHA-256, a block") << 64 << 64;
    QTest::newRow("SHA-512") << 128 << 64;
}

void HmacKeysTest::findsTheKeyOfBothPadsThatGoHolds()
{
    QFETCH(const int, block);
    QFETCH(const int, size);
    const Bytes key = randomBytes(static_cast<std::size_t>(size), 81);
    const auto blockBytes = static_cast<std::size_t>(block);
    const Bytes outer = pad(key, blockBytes, 0x5c);
    const Bytes inner = pad(key, blockBytes, 0x36);
    const auto matches = goProgram(outer, inner).walk(hmackeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].confidence, Confidence::Verified);
    QVERIFY(std::ranges::equal(matches[0].value, key));
    QCOMPARE(matches[0].places.size(), std::size_t {2});
    QCOMPARE(matches[0].places[0].size(), static_cast<std::uint64_t>(size));
    const auto brings = [&](const Bytes& wanted) {
        return std::ranges::any_of(matches[0].derived, [&](const DerivedValue& value) {
            return std::equal(value.bytes.begin(), value.bytes.end(), wanted.begin());
        });
    };
    QVERIFY(brings(outer));
    QVERIFY(brings(inner));
    const Hash hash = block == 64 ? Hash::Sha256 : Hash::Sha512;
    QVERIFY(brings(padded(hash, key, 0x36)));
    QVERIFY(brings(padded(hash, key, 0x5c)));
}

void HmacKeysTest::padsOfDifferentKeysAreNothing()
{
    const Bytes key = randomBytes(32, 82);
    Bytes other = key;
    other[31] ^= 1;
    QVERIFY(goProgram(pad(key, 64, 0x5c), pad(other, 64, 0x36)).walk(hmackeysDetector).empty());
}

void HmacKeysTest::theSaltOfEveryHandshakeIsNoKey()
{
    // RFC 8446 7.1 with SHA-256: Derive-Secret(Early Secret, "derived", "").
    const QByteArray salt
        = QByteArray::fromHex("6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");
    const Bytes key(salt.begin(), salt.end());
    QVERIFY(goProgram(pad(key, 64, 0x5c), pad(key, 64, 0x36)).walk(hmackeysDetector).empty());
}

void HmacKeysTest::padsOfWholeBlocksElsewhereThanInGosHeapAreNothing()
{
    const Bytes key = randomBytes(64, 83);
    const MemoryImage image = goProgram(pad(key, 64, 0x5c), pad(key, 64, 0x36), 0x7f0000000000);
    QVERIFY(image.walk(hmackeysDetector).empty());
}

void HmacKeysTest::findsTheKeyOfPadsAnywhere_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("block");
    const auto row = [](const char* name, Bytes key, int block) {
        QTest::newRow(name) << QByteArray::fromStdString({key.begin(), key.end()}) << block;
    };
    Bytes key = randomBytes(32, 84);
    row("SHA-256", key, 64);
    row("SHA-512", randomBytes(64, 85), 128);
    row("all but four bytes", randomBytes(60, 86), 64);
    key[0] = 0x5c ^ 0x36;
    row("the outer pad behind the inner one begins as that ends", key, 64);
    row("text", {'k', 'P', '7', 'C', 'q', 'Y', 'x', 't', 't', 'm', 'k', '0', 'P', 'R'}, 64);
}

/// As Java's arrays, contexts of C programs and what these leave on stacks have them, at no
/// particular address.
void HmacKeysTest::findsTheKeyOfPadsAnywhere()
{
    QFETCH(const QByteArray, key);
    QFETCH(const int, block);
    const Bytes keyBytes(key.begin(), key.end());
    const Bytes inner = pad(keyBytes, static_cast<std::size_t>(block), 0x36);
    const Bytes outer = pad(keyBytes, static_cast<std::size_t>(block), 0x5c);
    for (const bool together : {true, false}) {
        MemoryImage image;
        image.pad(3001);
        Bytes first(3, 0x7f);
        first.insert(first.end(), inner.begin(), inner.end());
        if (together)
            first.insert(first.end(), outer.begin(), outer.end());
        first.push_back(0);
        image.put(first);
        if (!together)
            image.put(outer);
        image.pad(3000);
        const auto matches = image.walk(hmackeysDetector);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches[0].confidence, Confidence::Verified);
        QVERIFY(std::ranges::equal(matches[0].value, keyBytes));
        QCOMPARE(matches[0].places.size(), std::size_t {2});
        for (const FileRange& place : matches[0].places)
            QCOMPARE(place.size(), keyBytes.size());
    }
}

void HmacKeysTest::onePadIsNothing()
{
    const Bytes key = randomBytes(32, 87);
    for (const std::uint8_t with : {std::uint8_t {0x36}, std::uint8_t {0x5c}}) {
        MemoryImage image;
        image.pad(3000);
        image.put(pad(key, 64, with));
        image.put(pad(key, 64, with));
        image.pad(3000);
        QVERIFY(image.walk(hmackeysDetector).empty());
    }
}

void HmacKeysTest::tellsWhereGoHoldsMorePadsThanAreKept()
{
    constexpr std::uint64_t most = 4096;
    for (const std::uint64_t count : {most, most + 1}) {
        Bytes slices;
        for (std::uint64_t i = 0; i < count; ++i)
            for (const std::uint64_t word :
                 {goHeap + 256 * i, std::uint64_t {64}, std::uint64_t {64}, goHeap + 256 * i + 64,
                  std::uint64_t {64}, std::uint64_t {64}, std::uint64_t {}})
                for (unsigned byte = 0; byte < 8; ++byte)
                    slices.push_back(static_cast<std::uint8_t>(word >> 8 * byte & 0xff));
        MemoryImage image;
        image.begin(goHeap, {});
        image.put(slices);
        QCOMPARE(image.leavesOut(hmackeysDetector), count > most);
    }
}

QTEST_APPLESS_MAIN(HmacKeysTest)
#include "tst_hmackeys.moc"
