// SPDX-License-Identifier: GPL-3.0-or-later
// Keys by the structures of the programs that hold them.
#include "littlewords.h"
#include "memoryimage.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector sharedkeysDetector;
} // namespace coredact

namespace {

using Bytes = std::vector<std::uint8_t>;

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
        = littleWords({size, 0x5555'5555'0123, 0x5555'5555'0456, 4281, 0xabad'babe'0000, state, 0});
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
             littleWords({name, when(Flaw::KeyElsewhere, 0x1000, address),
                          when(Flaw::NoLength, 0, key.size()), when(Flaw::NextIsNoPointer, 5, 0)}),
             when(Flaw::StructureSize, 40, 32), when(Flaw::Freed, freed, allocated));
    return address;
}

/// The address of the key.
std::uint64_t putChronyKey(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    Bytes chunk = littleWords({flaw == Flaw::ChunkSize   ? 0x41U
                                   : flaw == Flaw::Short ? 0x21U
                                                         : 0x31U});
    chunk.insert(chunk.end(), key.begin(), key.end());
    if (flaw == Flaw::Zeros)
        std::fill(chunk.begin() + 20, chunk.end(), std::uint8_t {0});
    const std::uint64_t address = image.put(chunk) + 8;
    const std::uint64_t number = flaw == Flaw::NoNumber ? 0 : 7;
    const std::uint64_t algorithm = flaw == Flaw::NoAlgorithm ? 0 : 3;
    image.put(littleWords({algorithm << 32 | number,
                           std::uint64_t {0x5555} << 32 | (flaw == Flaw::NoLength ? 0 : key.size()),
                           flaw == Flaw::KeyElsewhere ? 0x1000 : address,
                           flaw == Flaw::Class ? 0x1000U : 2U}));
    return address;
}

/// The address of the key.
std::uint64_t putNodeKey(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    Bytes chunk = littleWords({flaw == Flaw::ChunkSize ? 0x41U : 0x35U});
    chunk.insert(chunk.end(), key.begin(), key.end());
    if (flaw == Flaw::Zeros)
        std::fill(chunk.begin() + 20, chunk.end(), std::uint8_t {0});
    const std::uint64_t address = image.put(chunk) + 8;
    const std::uint64_t bytes = flaw == Flaw::KeyElsewhere ? 0x1000 : address;
    image.put(littleWords({flaw == Flaw::NoTable ? 0U : 0x26d37c8U,
                           std::uint64_t {0x5555} << 32 | (flaw == Flaw::OtherKind ? 2U : 0U),
                           bytes, flaw == Flaw::FreesOther ? bytes + 16 : bytes,
                           flaw == Flaw::NoLength ? 0 : key.size()}));
    return address;
}

/// The address of the keys.
std::uint64_t putHaproxyKeys(MemoryImage& image, const Bytes& keys, Flaw flaw)
{
    Bytes chunk = littleWords({flaw == Flaw::ChunkSize ? 0x111U : 0x101U});
    chunk.insert(chunk.end(), keys.begin(), keys.end());
    if (flaw == Flaw::Zeros)
        std::fill(chunk.begin() + 30, chunk.end(), std::uint8_t {0});
    const std::uint64_t address = image.put(chunk) + 8;
    const std::uint64_t file = image.put(
        bytesOf(std::string_view(flaw == Flaw::NameSize ? "\t" : "/etc/haproxy/tickets")));
    const std::uint64_t head = 0x55b8164fab20;
    image.put(littleWords({head, flaw == Flaw::NextIsNoPointer ? 5 : head, file,
                           std::uint64_t {1} << 32, flaw == Flaw::KeyElsewhere ? 0x1000 : address,
                           std::uint64_t {flaw == Flaw::NoLength ? 384U : 256U} << 32
                               | (flaw == Flaw::NoNumber ? 3U : 1U)}));
    return address;
}

/// The address of the key.
std::uint64_t putWpaNetwork(MemoryImage& image, const Bytes& key, Flaw flaw)
{
    Bytes chunk = littleWords({flaw == Flaw::ChunkSize ? 0x51U : 0x21U});
    for (const char c : std::string_view("Other\0", 6))
        chunk.push_back(static_cast<std::uint8_t>(c));
    const std::uint64_t ssid = image.put(chunk) + 8;
    Bytes network = littleWords({0x562e34a76300, flaw == Flaw::NextIsNoPointer ? 5U : 0U, 1, ssid,
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

/// A row for a program that holds a key as it should, one for another program, and one for each
/// flaw.
void addRows(std::initializer_list<std::pair<const char*, Flaw>> flaws)
{
    QTest::addColumn<int>("flaw");
    const auto row
        = [](const char* name, Flaw flaw) { QTest::newRow(name) << static_cast<int>(flaw); };
    row("as it is", Flaw::None);
    row("another program", Flaw::OtherProgram);
    for (const auto& [name, flaw] : flaws)
        row(name, flaw);
}

/// Programs that hold a key in the same way, of which one is known.
struct Programs {
    const char* known;
    const char* other;
};

/// The key that `put` puts, whose address it returns, is told by that rule, but for a flaw.
void findsKey(const Programs& programs,
              std::uint64_t (*put)(MemoryImage& image, const Bytes& key, Flaw flaw),
              const char* rule, std::size_t size = 32)
{
    QFETCH(int, flaw);
    const auto is = static_cast<Flaw>(flaw);
    MemoryImage image = memoryOf(is == Flaw::OtherProgram ? programs.other : programs.known);
    const Bytes key = randomBytes(is == Flaw::Short ? 3 : size, 91);
    const std::uint64_t address = put(image, key, is);
    image.pad(3000);
    const auto matches = image.walk(sharedkeysDetector);
    QCOMPARE(matches.size(), std::size_t {is == Flaw::None ? 1U : 0U});
    if (is == Flaw::None)
        tellsKey(matches[0], rule, key, image.fileOffsetOf(address));
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
    addRows({{"freed", Flaw::Freed},
             {"a structure of another size", Flaw::StructureSize},
             {"a key of another size", Flaw::KeySize},
             {"an identity of another size", Flaw::NameSize},
             {"an identity without an end", Flaw::NameWithoutEnd},
             {"an identity that was freed", Flaw::NameFreed},
             {"no length", Flaw::NoLength},
             {"no pointer to the next", Flaw::NextIsNoPointer},
             {"a key that is not in the dump", Flaw::KeyElsewhere}});
}

void SharedKeysTest::findsPreSharedKeysOfStunnel()
{
    findsKey({"/usr/bin/stunnel4", "/usr/bin/haproxy"}, putStunnelKey, "tls-pre-shared-key-memory");
}

void SharedKeysTest::findsKeysOfChronyd_data()
{
    addRows({{"a chunk of another size", Flaw::ChunkSize},
             {"zeros", Flaw::Zeros},
             {"no number", Flaw::NoNumber},
             {"no algorithm", Flaw::NoAlgorithm},
             {"no length", Flaw::NoLength},
             {"no class", Flaw::Class},
             {"a key of three bytes", Flaw::Short},
             {"a key that is not in the dump", Flaw::KeyElsewhere}});
}

void SharedKeysTest::findsKeysOfChronyd()
{
    findsKey({"/usr/sbin/chronyd", "/usr/sbin/ntpd"}, putChronyKey, "ntp-key-memory");
}

void SharedKeysTest::findsSecretKeysOfNode_data()
{
    addRows({{"a chunk of another size", Flaw::ChunkSize},
             {"zeros", Flaw::Zeros},
             {"another kind of key", Flaw::OtherKind},
             {"other bytes to be freed", Flaw::FreesOther},
             {"no table of functions", Flaw::NoTable},
             {"no length", Flaw::NoLength},
             {"a key that is not in the dump", Flaw::KeyElsewhere}});
}

void SharedKeysTest::findsSecretKeysOfNode()
{
    findsKey({"/usr/bin/node", "/usr/bin/deno"}, putNodeKey, "secret-key-object-memory");
}

void SharedKeysTest::findsKeysOfWpaSupplicant_data()
{
    addRows({{"a chunk too large for an SSID", Flaw::ChunkSize},
             {"zeros", Flaw::Zeros},
             {"an SSID too long", Flaw::NoLength},
             {"no pointer to the next", Flaw::NextIsNoPointer},
             {"not set", Flaw::NotSet}});
}

void SharedKeysTest::findsKeysOfWpaSupplicant()
{
    findsKey({"/usr/sbin/wpa_supplicant", "/usr/sbin/iwd"}, putWpaNetwork, "wpa-key-memory");
}

void SharedKeysTest::findsTicketKeysOfHaproxy_data()
{
    addRows({{"a chunk of another size", Flaw::ChunkSize},
             {"zeros", Flaw::Zeros},
             {"a file without a name", Flaw::NameSize},
             {"no pointer to the one before", Flaw::NextIsNoPointer},
             {"neither 128 nor 256 bits", Flaw::NoLength},
             {"a fourth key in use", Flaw::NoNumber},
             {"keys that are not in the dump", Flaw::KeyElsewhere}});
}

void SharedKeysTest::findsTicketKeysOfHaproxy()
{
    findsKey({"/usr/sbin/haproxy", "/usr/sbin/nginx"}, putHaproxyKeys, "tls-ticket-key-memory",
             240);
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
