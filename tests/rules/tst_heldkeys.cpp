// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that show only by the structures and public halves around them.
#include "madekeys.h"
#include "memoryimage.h"

#include <QTest>

#include <openssl/evp.h>

#include <algorithm>

using namespace coredact;

namespace coredact {
extern const Detector okpheldDetector;
extern const Detector krbblocksDetector;
extern const Detector tsigkeysDetector;
} // namespace coredact

namespace {

void addNumber(std::vector<std::uint8_t>& to, std::uint64_t value, unsigned size, ByteOrder order)
{
    for (unsigned i = 0; i < size; ++i)
        to.push_back(static_cast<std::uint8_t>(
            value >> 8 * (order == ByteOrder::Little ? i : size - 1 - i)));
}

std::vector<std::uint8_t> joined(std::initializer_list<ByteView> parts)
{
    std::vector<std::uint8_t> bytes;
    for (const ByteView part : parts)
        bytes.insert(bytes.end(), part.begin(), part.end());
    return bytes;
}

/// OpenSSL 3's struct ecx_key_st for a private half that stands at `secret`.
std::vector<std::uint8_t> ecxStructure(std::uint64_t secret, ByteView publicHalf,
                                       std::uint32_t type, unsigned word = 8)
{
    std::vector<std::uint8_t> bytes;
    addNumber(bytes, word == 8 ? 0x555555600000 : 0x8060000, word, ByteOrder::Little); // libctx
    addNumber(bytes, 0, word, ByteOrder::Little); // propq
    bytes.push_back(1); // haspubkey
    bytes.insert(bytes.end(), publicHalf.begin(), publicHalf.end());
    bytes.resize(word == 8 ? 80 : 68); // of the public half are 57 bytes
    addNumber(bytes, secret, word, ByteOrder::Little);
    addNumber(bytes, publicHalf.size(), word, ByteOrder::Little); // keylen
    addNumber(bytes, type, 4, ByteOrder::Little);
    addNumber(bytes, 1, 4, ByteOrder::Little); // references
    return bytes;
}

} // namespace

class HeldKeysTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatOpensslHolds_data();
    void findsWhatOpensslHolds();
    void aStructureWithAnotherSecretIsNone();
    void findsSeedAndPublicHalfSideBySide();
    void aPublicHalfAloneIsNone();
    void findsBareKeysWhereALibraryHasThem_data();
    void findsBareKeysWhereALibraryHasThem();
    void bareBytesThatProveNothingAreNoKeys();
    void findsABareKeyBehindManyTables();
    void findsTsigKeysOfBind();
    void whatLeadsToNoTsigKeyIsNone();
    void findsKerberosKeyblocks_data();
    void findsKerberosKeyblocks();
    void aKeyblockThatDoesNotFitIsNone();
};

void HeldKeysTest::findsWhatOpensslHolds_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<unsigned>("word");
    for (const unsigned word : {8U, 4U}) {
        const auto row = [&](const char* name, int type) {
            QTest::addRow("%s, %u bits", name, word * 8) << type << word;
        };
        row("Ed25519", 2);
        row("X25519", 0);
        row("Ed448", 3);
        row("X448", 1);
    }
}

void HeldKeysTest::findsWhatOpensslHolds()
{
    QFETCH(int, type);
    QFETCH(const unsigned, word);
    const OkpKind& kind = okpKindOf(static_cast<std::uint8_t>(0x6e + type));
    const SecretBytes secret = madeSecret(41, kind.bytes);
    MemoryImage image(word);
    image.pad(5000);
    const std::uint64_t address = image.put(secret);
    image.pad(9000);
    image.put(
        ecxStructure(address, okpPublicHalf(kind, secret), static_cast<std::uint32_t>(type), word));
    image.pad(3000);
    const auto matches = image.walk(okpheldDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].confidence, Confidence::Verified);
    QVERIFY(matches[0].value == secret);
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {kind.bytes});
}

void HeldKeysTest::aStructureWithAnotherSecretIsNone()
{
    MemoryImage image;
    const std::uint64_t address = image.put(madeSecret(42));
    image.put(ecxStructure(address, okpPublicHalf(ed25519, madeSecret(43)), 2));
    image.pad(3000);
    QVERIFY(image.walk(okpheldDetector).empty());
}

void HeldKeysTest::findsSeedAndPublicHalfSideBySide()
{
    const SecretBytes secret = madeSecret(44);
    const SecretBytes publicHalf = okpPublicHalf(ed25519, secret);
    static constexpr std::uint8_t spkiHead[]
        = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    MemoryImage image;
    image.pad(4091);
    image.put(joined({spkiHead, publicHalf}));
    image.pad(6000);
    const std::uint64_t address = image.put(joined({secret, publicHalf}));
    image.pad(3000);
    const auto matches = image.walk(okpheldDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == secret);
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
}

void HeldKeysTest::aPublicHalfAloneIsNone()
{
    const SecretBytes publicHalf = okpPublicHalf(ed25519, madeSecret(45));
    static constexpr std::uint8_t sshHead[]
        = {0, 0, 0, 11, 's', 's', 'h', '-', 'e', 'd', '2', '5', '5', '1', '9', 0, 0, 0, 32};
    MemoryImage image;
    image.put(joined({sshHead, publicHalf}));
    image.pad(2000);
    image.put(joined({madeSecret(46), publicHalf}));
    image.pad(2000);
    QVERIFY(image.walk(okpheldDetector).empty());
}

namespace {

/// Memory of a program with a library that keeps bare keys, or with another one.
MemoryImage memoryWith(const std::string& library)
{
    MemoryImage image;
    image.begin(0x7f0000000000, "/usr/lib/x86_64-linux-gnu/" + library);
    image.pad(4096);
    return image;
}

/// Between zeros, as a block of a heap is.
std::uint64_t putBlock(MemoryImage& image, std::initializer_list<ByteView> parts)
{
    static constexpr std::uint8_t zeros[16] {};
    auto bytes = joined(parts);
    bytes.insert(bytes.begin(), zeros, zeros + 16);
    bytes.insert(bytes.end(), zeros, zeros + 16);
    return image.put(bytes) + 16;
}

} // namespace

void HeldKeysTest::findsBareKeysWhereALibraryHasThem_data()
{
    QTest::addColumn<int>("layout");
    QTest::addColumn<bool>("isEd25519");
    QTest::newRow("seed and public half") << 0 << true;
    QTest::newRow("public half and private one") << 1 << false;
    QTest::newRow("apart") << 2 << false;
    QTest::newRow("apart, Ed25519") << 2 << true;
}

void HeldKeysTest::findsBareKeysWhereALibraryHasThem()
{
    QFETCH(int, layout);
    QFETCH(bool, isEd25519);
    const OkpKind& kind = isEd25519 ? ed25519 : x25519();
    const SecretBytes secret = madeSecret(54);
    const SecretBytes publicHalf = okpPublicHalf(kind, secret);
    for (const char* library : {"libsodium.so.23", "libz.so.1"})
        for (const bool writable : {true, false}) {
            MemoryImage image = memoryWith(library);
            image.setAccess({true, writable, false});
            if (layout == 2)
                putBlock(image, {publicHalf});
            const std::uint64_t address = layout == 0 ? putBlock(image, {secret, publicHalf})
                : layout == 1                         ? putBlock(image, {publicHalf, secret}) + 32
                                                      : putBlock(image, {secret});
            image.pad(3000);
            const auto matches = image.walk(okpheldDetector);
            const bool found = writable && library == std::string("libsodium.so.23");
            QCOMPARE(matches.size(), std::size_t {found ? 1U : 0U});
            if (!found)
                continue;
            QVERIFY(matches[0].confidence == Confidence::Verified);
            QVERIFY(matches[0].value == secret);
            QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
            QCOMPARE(matches[0].places[0].size(), std::uint64_t {32});
        }
}

void HeldKeysTest::bareBytesThatProveNothingAreNoKeys()
{
    MemoryImage image = memoryWith("libsodium.so.23");
    putBlock(image, {madeSecret(55)});
    putBlock(image, {madeSecret(56), okpPublicHalf(ed25519, madeSecret(57))});
    image.pad(3000);
    QVERIFY(image.walk(okpheldDetector).empty());
}

/// Bytes that repeat themselves, as Python's tables of lines and columns do, are tried by nothing:
/// of what is tried, there is a bound.
void HeldKeysTest::findsABareKeyBehindManyTables()
{
    constexpr unsigned tables = 70000;
    MemoryImage image = memoryWith("libnettle.so.8");
    std::vector<std::uint8_t> heap;
    for (unsigned i = 0; i < tables; ++i) {
        SecretBytes table = madeSecret(1000 + i);
        std::copy_n(table.begin() + 4, 4, table.begin() + 20);
        heap.insert(heap.end(), table.begin(), table.end());
        heap.resize(heap.size() + 16);
    }
    putBlock(image, {heap});
    const SecretBytes secret = madeSecret(54);
    const std::uint64_t address = putBlock(image, {secret, okpPublicHalf(ed25519, secret)});
    image.pad(3000);
    const auto matches = image.walk(okpheldDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
}

namespace {

/// A dst_key as BIND 9.18 has it on a 64-bit machine.
std::vector<std::uint8_t> dstKey(std::uint64_t address, std::uint32_t algorithm, std::uint32_t bits)
{
    std::vector<std::uint8_t> key;
    addNumber(key, 0x4453544b, 8, ByteOrder::Little);
    key.resize(56); // a count and a lock
    addNumber(key, 0x7f1b0a942060, 8, ByteOrder::Little); // the name
    addNumber(key, bits, 4, ByteOrder::Little);
    addNumber(key, 3, 4, ByteOrder::Little); // protocol
    addNumber(key, algorithm, 4, ByteOrder::Little);
    key.resize(96); // flags, ids
    addNumber(key, 0x7f1b0cec0000, 8, ByteOrder::Little); // where it was allocated
    key.resize(120); // engine, label
    addNumber(key, address, 8, ByteOrder::Little);
    key.resize(184);
    return key;
}

std::vector<std::uint8_t> padded(const SecretBytes& key, std::size_t size)
{
    std::vector<std::uint8_t> block(key.begin(), key.end());
    block.resize(size);
    return block;
}

} // namespace

void HeldKeysTest::findsTsigKeysOfBind()
{
    MemoryImage image;
    image.pad(4090);
    const SecretBytes key = madeSecret(51);
    const std::uint64_t address = image.put(padded(key, 128));
    image.put(dstKey(address, 163, 256));
    image.put(dstKey(address, 163, 256)); // told once
    image.pad(3000);
    const auto matches = image.walk(tsigkeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == key);
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
    QCOMPARE(matches[0].identity->value, std::string("hmac-sha256"));
}

void HeldKeysTest::whatLeadsToNoTsigKeyIsNone()
{
    MemoryImage image;
    image.pad(4090);
    const std::uint64_t address = image.put(padded(madeSecret(52), 128));
    const std::uint64_t zeros = image.put(std::vector<std::uint8_t>(128));
    const std::uint64_t longer = image.put(padded(madeSecret(53), 128));
    image.put(dstKey(address, 8, 256)); // RSA
    image.put(dstKey(address, 163, 257)); // no bytes
    image.put(dstKey(longer, 163, 128)); // more than the key is said to have
    image.put(dstKey(zeros, 163, 256)); // wiped
    image.put(dstKey(0x1000, 163, 256)); // not in the dump
    image.pad(3000);
    QVERIFY(image.walk(tsigkeysDetector).empty());
}

void HeldKeysTest::findsKerberosKeyblocks_data()
{
    QTest::addColumn<unsigned>("word");
    QTest::addColumn<bool>("little");
    QTest::newRow("64-bit little-endian") << 8U << true;
    QTest::newRow("32-bit little-endian") << 4U << true;
    QTest::newRow("64-bit big-endian") << 8U << false;
}

void HeldKeysTest::findsKerberosKeyblocks()
{
    QFETCH(unsigned, word);
    QFETCH(bool, little);
    const ByteOrder order = little ? ByteOrder::Little : ByteOrder::Big;
    MemoryImage image(word, order);
    image.pad(4090);
    const SecretBytes key = madeSecret(47);
    const std::uint64_t address = image.put(key);
    std::vector<std::uint8_t> block;
    addNumber(block, 0x970ea703, 4, order);
    addNumber(block, 18, 4, order);
    addNumber(block, 32, 4, order);
    if (word == 8)
        addNumber(block, 0, 4, order);
    addNumber(block, address, word, order);
    image.put(block);
    image.pad(3000);
    const auto matches = image.walk(krbblocksDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == key);
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(address));
}

void HeldKeysTest::aKeyblockThatDoesNotFitIsNone()
{
    const auto blockOf = [](std::uint64_t address, std::uint32_t type, std::uint32_t size) {
        std::vector<std::uint8_t> block;
        for (const std::uint32_t number : {0x970ea703U, type, size, 0U})
            addNumber(block, number, 4, ByteOrder::Little);
        addNumber(block, address, 8, ByteOrder::Little);
        return block;
    };
    MemoryImage image;
    const std::uint64_t address = image.put(madeSecret(48));
    const std::uint64_t zeros = image.put(std::vector<std::uint8_t>(32));
    image.put(blockOf(address, 18, 16)); // another size
    image.put(blockOf(address, 99, 32)); // no such kind
    image.put(blockOf(zeros, 18, 32)); // wiped
    image.put(blockOf(0x1000, 18, 32)); // not in the dump
    image.pad(3000);
    QVERIFY(image.walk(krbblocksDetector).empty());
}

QTEST_APPLESS_MAIN(HeldKeysTest)
#include "tst_heldkeys.moc"
