// SPDX-License-Identifier: GPL-3.0-or-later
// Keys by the structures of the programs that hold them.
#include "memoryimage.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector sharedkeysDetector;
} // namespace coredact

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes wordsOf(std::initializer_list<std::uint64_t> words)
{
    Bytes bytes;
    for (const std::uint64_t word : words)
        for (unsigned i = 0; i < 8; ++i)
            bytes.push_back(static_cast<std::uint8_t>(word >> 8 * i));
    return bytes;
}

Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

MemoryImage memoryOf(const char* program)
{
    MemoryImage image;
    image.begin(MemoryImage::base, program);
    image.pad(5000);
    return image;
}

/// What is to be wrong.
enum class Flaw {
    None,
    OtherProgram,
    Freed,
    StructureSize,
    KeySize,
    NameSize,
    NameWithoutEnd,
    NameFreed,
    NoLength,
    NextIsNoPointer,
    KeyElsewhere,
    ChunkSize,
    Zeros,
    NoNumber,
    NoAlgorithm,
    Class,
    OtherKind,
    FreesOther,
    NoTable,
    NotSet,
    Short,
};

constexpr std::uint64_t allocated = 0xa110'c8ed'0000;
constexpr std::uint64_t freed = 0xdefe'c8ed'0000;

/// An allocation of stunnel's that its head says has `size` bytes; the address of its bytes.
std::uint64_t allocate(MemoryImage& image, const Bytes& bytes, std::uint64_t size,
                       std::uint64_t state = allocated)
{
    Bytes all
        = wordsOf({size, 0x5555'5555'0123, 0x5555'5555'0456, 4281, 0xabad'babe'0000, state, 0});
    const std::size_t head = all.size();
    all.insert(all.end(), bytes.begin(), bytes.end());
    return image.put(all) + head;
}

/// The address of the key.
std::uint64_t putStunnelKey(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    const auto when = [&](Flaw is, std::uint64_t then, std::uint64_t otherwise) {
        return flaw == is ? then : otherwise;
    };
    const std::string identity(flaw == Flaw::NameWithoutEnd ? "client-1" : "client1\0", 8);
    const std::uint64_t name = allocate(image, bytesOf(identity), when(Flaw::NameSize, 9, 8),
                                        when(Flaw::NameFreed, freed, allocated));
    const std::uint64_t address = allocate(image, key, when(Flaw::KeySize, 33, key.size()));
    allocate(image,
             wordsOf({name, when(Flaw::KeyElsewhere, 0x1000, address),
                      when(Flaw::NoLength, 0, key.size()), when(Flaw::NextIsNoPointer, 5, 0)}),
             when(Flaw::StructureSize, 40, 32), when(Flaw::Freed, freed, allocated));
    return address;
}

/// The address of the key.
std::uint64_t putChronyKey(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    Bytes chunk = wordsOf({flaw == Flaw::ChunkSize ? 0x41U : flaw == Flaw::Short ? 0x21U : 0x31U});
    chunk.insert(chunk.end(), key.begin(), key.end());
    if (flaw == Flaw::Zeros)
        std::fill(chunk.begin() + 20, chunk.end(), std::uint8_t {0});
    const std::uint64_t address = image.put(chunk) + 8;
    const std::uint64_t number = flaw == Flaw::NoNumber ? 0 : 7;
    const std::uint64_t algorithm = flaw == Flaw::NoAlgorithm ? 0 : 3;
    image.put(wordsOf({algorithm << 32 | number,
                       std::uint64_t {0x5555} << 32 | (flaw == Flaw::NoLength ? 0 : key.size()),
                       flaw == Flaw::KeyElsewhere ? 0x1000 : address,
                       flaw == Flaw::Class ? 0x1000U : 2U}));
    return address;
}

/// The address of the key.
std::uint64_t putNodeKey(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    Bytes chunk = wordsOf({flaw == Flaw::ChunkSize ? 0x41U : 0x35U});
    chunk.insert(chunk.end(), key.begin(), key.end());
    if (flaw == Flaw::Zeros)
        std::fill(chunk.begin() + 20, chunk.end(), std::uint8_t {0});
    const std::uint64_t address = image.put(chunk) + 8;
    const std::uint64_t bytes = flaw == Flaw::KeyElsewhere ? 0x1000 : address;
    image.put(wordsOf({flaw == Flaw::NoTable ? 0U : 0x26d37c8U,
                       std::uint64_t {0x5555} << 32 | (flaw == Flaw::OtherKind ? 2U : 0U), bytes,
                       flaw == Flaw::FreesOther ? bytes + 16 : bytes,
                       flaw == Flaw::NoLength ? 0 : key.size()}));
    return address;
}

/// The address of the keys.
std::uint64_t putHaproxyKeys(MemoryImage& image, const Bytes& keys, Flaw flaw)
{
    Bytes chunk = wordsOf({flaw == Flaw::ChunkSize ? 0x111U : 0x101U});
    chunk.insert(chunk.end(), keys.begin(), keys.end());
    if (flaw == Flaw::Zeros)
        std::fill(chunk.begin() + 30, chunk.end(), std::uint8_t {0});
    const std::uint64_t address = image.put(chunk) + 8;
    const std::uint64_t file = image.put(
        bytesOf(std::string_view(flaw == Flaw::NameSize ? "\t" : "/etc/haproxy/tickets")));
    const std::uint64_t head = 0x55b8164fab20;
    image.put(wordsOf({head, flaw == Flaw::NextIsNoPointer ? 5 : head, file,
                       std::uint64_t {1} << 32, flaw == Flaw::KeyElsewhere ? 0x1000 : address,
                       std::uint64_t {flaw == Flaw::NoLength ? 384U : 256U} << 32
                           | (flaw == Flaw::NoNumber ? 3U : 1U)}));
    return address;
}

/// The address of the key.
std::uint64_t putWpaNetwork(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    Bytes chunk = wordsOf({flaw == Flaw::ChunkSize ? 0x51U : 0x21U});
    for (const char c : std::string_view("Other\0", 6))
        chunk.push_back(static_cast<std::uint8_t>(c));
    const std::uint64_t ssid = image.put(chunk) + 8;
    Bytes network = wordsOf({0x562e34a76300, flaw == Flaw::NextIsNoPointer ? 5U : 0U, 1, ssid,
                             flaw == Flaw::NoLength ? 33U : 5U});
    network.resize(102);
    network.insert(network.end(), key.begin(), key.end());
    if (flaw == Flaw::Zeros)
        std::fill(network.begin() + 110, network.end(), std::uint8_t {0});
    network.resize(136);
    network.push_back(flaw == Flaw::NotSet ? 0 : 1);
    network.resize(0x6a8);
    return image.put(network) + 102;
}

void tellsKey(const Match& match, const char* rule, const Bytes& key, std::uint64_t offset)
{
    QCOMPARE(match.rule->id, std::string(rule));
    QVERIFY(match.confidence == Confidence::Likely);
    QVERIFY(match.value == SecretBytes(key.begin(), key.end()));
    const std::vector<FileRange> expected {*FileRange::make(offset, key.size())};
    QVERIFY(match.places == expected);
}

} // namespace

class SharedKeysTest : public QObject {
    Q_OBJECT

private slots:
    void findsPreSharedKeysOfStunnel_data();
    void findsPreSharedKeysOfStunnel();
    void findsKeysOfChronyd_data();
    void findsKeysOfChronyd();
    void findsSecretKeysOfNode_data();
    void findsSecretKeysOfNode();
    void findsKeysOfWpaSupplicant_data();
    void findsKeysOfWpaSupplicant();
    void findsTicketKeysOfHaproxy_data();
    void findsTicketKeysOfHaproxy();
    void findsSmallTicketKeysOfHaproxy();
    void findsEachKeyOnce();
};

void SharedKeysTest::findsPreSharedKeysOfStunnel_data()
{
    QTest::addColumn<int>("flaw");
    const auto row
        = [](const char* name, Flaw flaw) { QTest::newRow(name) << static_cast<int>(flaw); };
    row("as it is", Flaw::None);
    row("another program", Flaw::OtherProgram);
    row("freed", Flaw::Freed);
    row("a structure of another size", Flaw::StructureSize);
    row("a key of another size", Flaw::KeySize);
    row("an identity of another size", Flaw::NameSize);
    row("an identity without an end", Flaw::NameWithoutEnd);
    row("an identity that was freed", Flaw::NameFreed);
    row("no length", Flaw::NoLength);
    row("no pointer to the next", Flaw::NextIsNoPointer);
    row("a key that is not in the dump", Flaw::KeyElsewhere);
}

void SharedKeysTest::findsPreSharedKeysOfStunnel()
{
    QFETCH(int, flaw);
    const auto is = static_cast<Flaw>(flaw);
    MemoryImage image
        = memoryOf(is == Flaw::OtherProgram ? "/usr/bin/haproxy" : "/usr/bin/stunnel4");
    const Bytes key = randomBytes(32, 91);
    const std::uint64_t address = putStunnelKey(image, key, is);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {is == Flaw::None ? 1U : 0U});
    if (is == Flaw::None)
        tellsKey(matches[0], "tls-pre-shared-key-memory", key, image.fileOffsetOf(address));
}

void SharedKeysTest::findsKeysOfChronyd_data()
{
    QTest::addColumn<int>("flaw");
    const auto row
        = [](const char* name, Flaw flaw) { QTest::newRow(name) << static_cast<int>(flaw); };
    row("as it is", Flaw::None);
    row("another program", Flaw::OtherProgram);
    row("a chunk of another size", Flaw::ChunkSize);
    row("zeros", Flaw::Zeros);
    row("no number", Flaw::NoNumber);
    row("no algorithm", Flaw::NoAlgorithm);
    row("no length", Flaw::NoLength);
    row("no class", Flaw::Class);
    row("a key of three bytes", Flaw::Short);
    row("a key that is not in the dump", Flaw::KeyElsewhere);
}

void SharedKeysTest::findsKeysOfChronyd()
{
    QFETCH(int, flaw);
    const auto is = static_cast<Flaw>(flaw);
    MemoryImage image = memoryOf(is == Flaw::OtherProgram ? "/usr/sbin/ntpd" : "/usr/sbin/chronyd");
    const Bytes key = randomBytes(is == Flaw::Short ? 3 : 32, 92);
    const std::uint64_t address = putChronyKey(image, key, is);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {is == Flaw::None ? 1U : 0U});
    if (is == Flaw::None)
        tellsKey(matches[0], "ntp-key-memory", key, image.fileOffsetOf(address));
}

void SharedKeysTest::findsSecretKeysOfNode_data()
{
    QTest::addColumn<int>("flaw");
    const auto row
        = [](const char* name, Flaw flaw) { QTest::newRow(name) << static_cast<int>(flaw); };
    row("as it is", Flaw::None);
    row("another program", Flaw::OtherProgram);
    row("a chunk of another size", Flaw::ChunkSize);
    row("zeros", Flaw::Zeros);
    row("another kind of key", Flaw::OtherKind);
    row("other bytes to be freed", Flaw::FreesOther);
    row("no table of functions", Flaw::NoTable);
    row("no length", Flaw::NoLength);
    row("a key that is not in the dump", Flaw::KeyElsewhere);
}

void SharedKeysTest::findsSecretKeysOfNode()
{
    QFETCH(int, flaw);
    const auto is = static_cast<Flaw>(flaw);
    MemoryImage image = memoryOf(is == Flaw::OtherProgram ? "/usr/bin/deno" : "/usr/bin/node");
    const Bytes key = randomBytes(32, 95);
    const std::uint64_t address = putNodeKey(image, key, is);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {is == Flaw::None ? 1U : 0U});
    if (is == Flaw::None)
        tellsKey(matches[0], "secret-key-object-memory", key, image.fileOffsetOf(address));
}

void SharedKeysTest::findsKeysOfWpaSupplicant_data()
{
    QTest::addColumn<int>("flaw");
    const auto row
        = [](const char* name, Flaw flaw) { QTest::newRow(name) << static_cast<int>(flaw); };
    row("as it is", Flaw::None);
    row("another program", Flaw::OtherProgram);
    row("a chunk too large for an SSID", Flaw::ChunkSize);
    row("zeros", Flaw::Zeros);
    row("an SSID too long", Flaw::NoLength);
    row("no pointer to the next", Flaw::NextIsNoPointer);
    row("not set", Flaw::NotSet);
}

void SharedKeysTest::findsKeysOfWpaSupplicant()
{
    QFETCH(int, flaw);
    const auto is = static_cast<Flaw>(flaw);
    MemoryImage image
        = memoryOf(is == Flaw::OtherProgram ? "/usr/sbin/iwd" : "/usr/sbin/wpa_supplicant");
    const Bytes key = randomBytes(32, 96);
    const std::uint64_t address = putWpaNetwork(image, key, is);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {is == Flaw::None ? 1U : 0U});
    if (is != Flaw::None)
        return;
    QVERIFY(matches[0].rule->id == "wpa-key-memory");
    QVERIFY(matches[0].value == SecretBytes(key.begin(), key.end()));
    const std::vector<FileRange> expected {*FileRange::make(image.fileOffsetOf(address), 32)};
    QVERIFY(matches[0].places == expected);
}

void SharedKeysTest::findsTicketKeysOfHaproxy_data()
{
    QTest::addColumn<int>("flaw");
    const auto row
        = [](const char* name, Flaw flaw) { QTest::newRow(name) << static_cast<int>(flaw); };
    row("as it is", Flaw::None);
    row("another program", Flaw::OtherProgram);
    row("a chunk of another size", Flaw::ChunkSize);
    row("zeros", Flaw::Zeros);
    row("a file without a name", Flaw::NameSize);
    row("no pointer to the one before", Flaw::NextIsNoPointer);
    row("neither 128 nor 256 bits", Flaw::NoLength);
    row("a fourth key in use", Flaw::NoNumber);
    row("keys that are not in the dump", Flaw::KeyElsewhere);
}

void SharedKeysTest::findsTicketKeysOfHaproxy()
{
    QFETCH(int, flaw);
    const auto is = static_cast<Flaw>(flaw);
    MemoryImage image
        = memoryOf(is == Flaw::OtherProgram ? "/usr/sbin/nginx" : "/usr/sbin/haproxy");
    const Bytes keys = randomBytes(240, 97);
    const std::uint64_t address = putHaproxyKeys(image, keys, is);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {is == Flaw::None ? 1U : 0U});
    if (is == Flaw::None)
        tellsKey(matches[0], "tls-ticket-key-memory", keys, image.fileOffsetOf(address));
}

/// Each in the first 48 of 80 bytes.
void SharedKeysTest::findsSmallTicketKeysOfHaproxy()
{
    Bytes keys = randomBytes(240, 98);
    for (std::size_t at = 0; at < keys.size(); at += 80)
        std::fill_n(keys.begin() + static_cast<std::ptrdiff_t>(at) + 48, 32, std::uint8_t {0});
    MemoryImage image = memoryOf("/usr/sbin/haproxy");
    const std::uint64_t address = putHaproxyKeys(image, keys, Flaw::None);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    tellsKey(matches[0], "tls-ticket-key-memory", keys, image.fileOffsetOf(address));
}

void SharedKeysTest::findsEachKeyOnce()
{
    MemoryImage image = memoryOf("/usr/bin/stunnel4");
    putStunnelKey(image, randomBytes(32, 93), Flaw::None);
    putStunnelKey(image, bytesOf("a text of some length"), Flaw::None);
    putStunnelKey(image, randomBytes(16, 94), Flaw::None);
    image.pad(9000);
    QCOMPARE(image.walk(sharedkeysDetector).size(), std::size_t {3});
}

QTEST_APPLESS_MAIN(SharedKeysTest)
#include "tst_sharedkeys.moc"
