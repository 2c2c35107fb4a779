// SPDX-License-Identifier: GPL-3.0-or-later
// Keys behind the contexts of OpenSSL 3's providers.
#include "littlewords.h"
#include "memoryimage.h"

#include "scanner/base/memoryword.h"

#include <QTest>

#include <algorithm>

using namespace coredact;

namespace coredact {
extern const Detector opensslcontextsDetector;
} // namespace coredact

namespace {

using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint64_t>;

constexpr std::uint64_t libcrypto = 0x7f0a'1c00'0000;
constexpr std::uint64_t libraryContext = libcrypto + 0x48'6900;
constexpr std::uint64_t hardware = libcrypto + 0x44'f160;
constexpr std::uint64_t elsewhere = 0x7f0b'0000'0000;

/// The field before an allocation of malloc's of `size` bytes.
std::uint64_t chunkFor(std::size_t size)
{
    return std::max<std::size_t>(0x20, (size + 8 + 15) / 16 * 16) | 1;
}

/// The address of an allocation, at a multiple of 16.
std::uint64_t allocate(MemoryImage& image, const Bytes& bytes, std::uint64_t chunk)
{
    Bytes all = littleWords({0, chunk});
    all.insert(all.end(), bytes.begin(), bytes.end());
    return image.put(all) + 16;
}

std::uint64_t allocate(MemoryImage& image, const Bytes& bytes)
{
    return allocate(image, bytes, chunkFor(bytes.size()));
}

Bytes bytesOf(const Words& words)
{
    Bytes bytes;
    for (const std::uint64_t word : words)
        addWords(bytes, {word});
    return bytes;
}

Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

MemoryImage newImage()
{
    MemoryImage image;
    image.begin(MemoryImage::base, "/usr/lib/libcrypto.so.3");
    image.setModuleMemory(*AddressRange::make(libcrypto, 0x48'0000));
    image.pad(5000);
    return image;
}

/// A provider and its context; the address of the latter.
std::uint64_t putProvider(MemoryImage& image, std::uint64_t library = libraryContext)
{
    Words words(30);
    words[0] = 3;
    words[10] = library;
    const std::uint64_t provider = allocate(image, bytesOf(words));
    const std::uint64_t method = allocate(image, littleWords({0x419, 0, 0, 0}));
    const std::uint64_t context = allocate(image, littleWords({provider, library, method, 0}));
    setWord(image.bytes(), provider - MemoryImage::base + 26 * 8, context);
    return context;
}

Bytes textKey() { return bytesOf(std::string_view("correct horse battery")); }

/// What is told, by value.
std::vector<Match> matchesOf(MemoryImage& image)
{
    image.pad(3000);
    return image.walk(opensslcontextsDetector);
}

void isTold(const std::vector<Match>& matches, const MemoryImage& image, const Bytes& key,
            std::uint64_t address, const char* rule = "openssl-context-key")
{
    const std::vector<FileRange> expected {
        *FileRange::make(image.fileOffsetOf(address), key.size())};
    const auto found = std::find_if(matches.begin(), matches.end(),
                                    [&](const Match& match) { return match.places == expected; });
    QVERIFY(found != matches.end());
    QCOMPARE(found->rule->id, std::string(rule));
    QVERIFY(found->confidence == Confidence::Likely);
    QVERIFY(found->value == SecretBytes(key.begin(), key.end()));
}

/// From 72 bytes before the size of the key on: as OpenSSL 3.0 has it, and what is wrong with it.
struct Cipher {
    std::uint64_t keySize = 32;
    std::uint64_t ivSize = 16;
    std::uint64_t block = 1;
    std::uint64_t buffered = 0;
    std::uint64_t functions = hardware;
    std::uint64_t schedule = 0;
    std::size_t further = 0; ///< words more before the functions
    bool hasKey = true;
};

Bytes cipherBytes(const Cipher& cipher, const Bytes& key)
{
    Words words(9);
    words.insert(words.end(),
                 {cipher.keySize, cipher.ivSize, cipher.block, cipher.buffered, 15ULL << 32});
    words.resize(words.size() + 7 + cipher.further);
    words.insert(words.end(), {cipher.functions, cipher.schedule, 0});
    Bytes bytes = bytesOf(words);
    const Bytes behind = cipher.hasKey ? key : Bytes(32);
    bytes.insert(bytes.end(), behind.begin(), behind.end());
    bytes.resize(bytes.size() + 88);
    return bytes;
}

} // namespace

class OpensslContextsTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatContextsBeginWith();
    void findsKeysBehindOtherTexts();
    void findsPasswordsAndSalts();
    void findsKeysOfEvpPkeys();
    void tellsNothingWithoutAProvider_data();
    void tellsNothingWithoutAProvider();
    void tellsNothingThatFitsNoChunk();
    void findsChaCha20_data();
    void findsChaCha20();
    void tellsNoOtherCiphers_data();
    void tellsNoOtherCiphers();
    void looksForNoCiphersWithoutAProvider();
    void tellsThatItLeftOutProviders();
};

/// As the context of HMAC has it.
void OpensslContextsTest::findsWhatContextsBeginWith()
{
    MemoryImage image = newImage();
    const std::uint64_t context = putProvider(image);
    const Bytes key = randomBytes(40, 11);
    const std::uint64_t address = allocate(image, key);
    allocate(image, littleWords({context, elsewhere, 0, 0, 0, address, key.size(), 0, 0}));
    const auto matches = matchesOf(image);
    QCOMPARE(matches.size(), std::size_t {1});
    isTold(matches, image, key, address);
    QVERIFY(matches[0].form == ValueForm::Binary);
}

/// As that of HKDF does: the salt comes first.
void OpensslContextsTest::findsKeysBehindOtherTexts()
{
    MemoryImage image = newImage();
    const std::uint64_t context = putProvider(image);
    const Bytes key = randomBytes(32, 12);
    const Bytes salt = randomBytes(16, 13);
    const std::uint64_t keyAddress = allocate(image, key);
    const std::uint64_t saltAddress = allocate(image, salt);
    const std::uint64_t label = allocate(image, bytesOf(std::string_view("session data key")));
    allocate(image, littleWords({context, 0, 0, saltAddress, 16, keyAddress, 32, label, 16}));
    const auto matches = matchesOf(image);
    QCOMPARE(matches.size(), std::size_t {2});
    isTold(matches, image, key, keyAddress);
    isTold(matches, image, salt, saltAddress);
}

/// As those of PBKDF2 and scrypt do.
void OpensslContextsTest::findsPasswordsAndSalts()
{
    MemoryImage image = newImage();
    const std::uint64_t context = putProvider(image);
    const Bytes first = textKey();
    const Bytes second = bytesOf(std::string_view("trombone-9"));
    const std::uint64_t firstAddress = allocate(image, first);
    const std::uint64_t secondAddress = allocate(image, second);
    allocate(image, littleWords({context, firstAddress, first.size(), 0, 0, 1000}));
    allocate(image, littleWords({libraryContext, 0, secondAddress, second.size(), 0, 0, 1024}));
    const auto matches = matchesOf(image);
    QCOMPARE(matches.size(), std::size_t {2});
    isTold(matches, image, first, firstAddress);
    isTold(matches, image, second, secondAddress);
    QVERIFY(matches[0].form == ValueForm::Text);
}

void OpensslContextsTest::findsKeysOfEvpPkeys()
{
    MemoryImage image = newImage();
    putProvider(image);
    const Bytes key = randomBytes(16, 14);
    const std::uint64_t address = allocate(image, key);
    allocate(image, littleWords({elsewhere, libraryContext, 1, address, key.size(), 0}));
    const auto matches = matchesOf(image);
    QCOMPARE(matches.size(), std::size_t {1});
    isTold(matches, image, key, address);
}

void OpensslContextsTest::tellsNothingWithoutAProvider_data()
{
    QTest::addColumn<int>("word"); ///< of the provider, that is something else
    QTest::addColumn<qulonglong>("library");
    QTest::newRow("as it is") << -1 << qulonglong {libraryContext};
    QTest::newRow("behind what is mapped") << -1 << qulonglong {libcrypto + 0x57'0000};
    QTest::newRow("none that points back") << 26 << qulonglong {libraryContext};
    QTest::newRow("none of the library") << 10 << qulonglong {libraryContext};
    QTest::newRow("a library's context that is no static data") << -1 << qulonglong {elsewhere};
}

void OpensslContextsTest::tellsNothingWithoutAProvider()
{
    QFETCH(int, word);
    QFETCH(qulonglong, library);
    MemoryImage image = newImage();
    const std::uint64_t context = putProvider(image, library);
    if (word >= 0) {
        // The provider's address is the first word of the context.
        const std::uint64_t provider
            = littleWord<std::uint64_t>(image.bytes().data() + (context - MemoryImage::base));
        setWord(image.bytes(), provider - MemoryImage::base + 8 * static_cast<std::size_t>(word),
                elsewhere);
    }
    const Bytes key = randomBytes(32, 15);
    const std::uint64_t address = allocate(image, key);
    allocate(image, littleWords({context, 0, 0, address, key.size(), 0}));
    QCOMPARE(matchesOf(image).size(), std::size_t {word < 0 && library != elsewhere ? 1U : 0U});
}

void OpensslContextsTest::tellsNothingThatFitsNoChunk()
{
    MemoryImage image = newImage();
    const std::uint64_t context = putProvider(image);
    const auto lead = [&](std::uint64_t address, std::size_t size) {
        allocate(image, littleWords({context, 0, 0, address, size, 0}));
    };
    const Bytes key = randomBytes(32, 16);
    lead(allocate(image, key, 0x41), 32); // would be of 56 bytes
    lead(allocate(image, key), 20);
    lead(elsewhere, 32);
    lead(allocate(image, Bytes(32)), 32);
    lead(allocate(image, bytesOf(std::string_view("aaaaaaaa"))), 8);
    lead(allocate(image, randomBytes(5, 17)), 5);
    const std::uint64_t whole = allocate(image, key);
    // No allocation begins there.
    image.put(littleWords({0, 7, context, 0, 0, whole, 32, 0}));
    QCOMPARE(matchesOf(image).size(), std::size_t {0});
}

void OpensslContextsTest::findsChaCha20_data()
{
    QTest::addColumn<int>("ivSize");
    QTest::addColumn<int>("further");
    QTest::newRow("ChaCha20") << 16 << 0;
    QTest::newRow("with its nonce alone") << 12 << 0;
    QTest::newRow("two words more") << 16 << 2;
}

void OpensslContextsTest::findsChaCha20()
{
    QFETCH(int, ivSize);
    QFETCH(int, further);
    MemoryImage image = newImage();
    putProvider(image);
    Cipher cipher;
    cipher.ivSize = static_cast<std::uint64_t>(ivSize);
    cipher.further = static_cast<std::size_t>(further);
    const Bytes key = randomBytes(32, 18);
    const Bytes bytes = cipherBytes(cipher, key);
    const std::uint64_t address = allocate(image, bytes) + bytes.size() - 88 - 32;
    const auto matches = matchesOf(image);
    QCOMPARE(matches.size(), std::size_t {1});
    isTold(matches, image, key, address, "chacha20-key");
}

void OpensslContextsTest::tellsNoOtherCiphers_data()
{
    QTest::addColumn<int>("flaw");
    QTest::newRow("none") << 0;
    QTest::newRow("a smaller key") << 1;
    QTest::newRow("another IV") << 2;
    QTest::newRow("a cipher of blocks") << 3;
    QTest::newRow("a buffer") << 4;
    QTest::newRow("functions of no file") << 5;
    QTest::newRow("a schedule") << 6;
    QTest::newRow("no key set") << 7;
}

void OpensslContextsTest::tellsNoOtherCiphers()
{
    QFETCH(int, flaw);
    MemoryImage image = newImage();
    putProvider(image);
    Cipher cipher;
    cipher.keySize = flaw == 1 ? 16 : 32;
    cipher.ivSize = flaw == 2 ? 20 : 16;
    cipher.block = flaw == 3 ? 16 : 1;
    cipher.buffered = flaw == 4 ? 5 : 0;
    cipher.functions = flaw == 5 ? elsewhere : hardware;
    cipher.schedule = flaw == 6 ? MemoryImage::base + 64 : 0;
    cipher.hasKey = flaw != 7;
    allocate(image, cipherBytes(cipher, randomBytes(32, 19)));
    QCOMPARE(matchesOf(image).size(), std::size_t {flaw == 0 ? 1U : 0U});
}

void OpensslContextsTest::looksForNoCiphersWithoutAProvider()
{
    MemoryImage image = newImage();
    allocate(image, cipherBytes({}, randomBytes(32, 20)));
    QCOMPARE(matchesOf(image).size(), std::size_t {0});
}

void OpensslContextsTest::tellsThatItLeftOutProviders()
{
    MemoryImage image = newImage();
    const auto put = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            allocate(image, littleWords({elsewhere, libraryContext, elsewhere, 0}));
    };
    put(1024);
    QVERIFY(!image.leavesOut(opensslcontextsDetector));
    put(1);
    QVERIFY(image.leavesOut(opensslcontextsDetector));
}

QTEST_APPLESS_MAIN(OpensslContextsTest)
#include "tst_opensslcontexts.moc"
