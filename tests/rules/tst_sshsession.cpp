// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include <QTest>

#include <algorithm>

namespace coredact {
extern const Detector sshsessionDetector;
}

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr char banner[] = "SSH-2.0-OpenSSH_9.2p1";

void put(Bytes& to, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i)
        to.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
}

SecretBytes secret(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// One direction of a connection.
struct Keys {
    std::string cipher = "aes256-ctr";
    Bytes key = randomBytes(32, 81);
    Bytes iv = randomBytes(16, 82);
    Bytes macKey = randomBytes(32, 83);
    std::uint32_t block = 16;
};

std::uint64_t putText(MemoryImage& image, std::string_view text)
{
    Bytes bytes(text.begin(), text.end());
    bytes.push_back(0);
    return image.put(bytes);
}

std::uint64_t putConnection(MemoryImage& image, const Keys& keys)
{
    const std::uint64_t name = putText(image, keys.cipher);
    const std::uint64_t key = image.put(keys.key);
    const std::uint64_t iv = keys.iv.empty() ? 0 : image.put(keys.iv);
    const std::uint64_t macKey = keys.macKey.empty() ? 0 : image.put(keys.macKey);
    Bytes structure;
    put(structure, name, 8);
    put(structure, 0x5555aaaabbb0, 8); // the cipher's description, in the program
    put(structure, 0, 4);
    put(structure, keys.key.size(), 4);
    put(structure, keys.iv.size(), 4);
    put(structure, keys.block, 4);
    put(structure, key, 8);
    put(structure, iv, 8);
    put(structure, macKey == 0 ? 0 : name, 8);
    put(structure, 1, 4);
    put(structure, keys.macKey.size(), 4);
    put(structure, macKey, 8);
    put(structure, keys.macKey.size(), 4);
    put(structure, 1, 4);
    image.put(structure);
    image.pad(256);
    return key;
}

const Match* titled(const std::vector<Match>& matches, std::string_view part)
{
    const auto found = std::find_if(matches.begin(), matches.end(), [&](const Match& match) {
        return match.title.find(part) != std::string::npos;
    });
    return found == matches.end() ? nullptr : &*found;
}

} // namespace

class SshSessionTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheKeysOfEveryCipher_data();
    void findsTheKeysOfEveryCipher();
    void findsTheKeyThatAuthenticates();
    void placesAreKeyAndVector();
    void needsABannerInTheDump();
    void needsTheNameOfACipherOfThatSize();
    void wipedKeysAreNothing();
    void followsMemoryWhereTheFileHasAnotherOrder();
    void findsNothingInNoise();
};

void SshSessionTest::findsTheKeysOfEveryCipher_data()
{
    QTest::addColumn<QString>("cipher");
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("iv");
    QTest::addColumn<int>("block");
    QTest::newRow("aes128-ctr") << "aes128-ctr" << 16 << 16 << 16;
    QTest::newRow("aes192-ctr") << "aes192-ctr" << 24 << 16 << 16;
    QTest::newRow("aes256-gcm") << "aes256-gcm@openssh.com" << 32 << 12 << 16;
    QTest::newRow("chacha20") << "chacha20-poly1305@openssh.com" << 64 << 0 << 8;
    QTest::newRow("3des") << "3des-cbc" << 24 << 8 << 8;
}

void SshSessionTest::findsTheKeysOfEveryCipher()
{
    QFETCH(QString, cipher);
    QFETCH(int, key);
    QFETCH(int, iv);
    QFETCH(int, block);
    Keys keys {cipher.toStdString(),
               randomBytes(static_cast<std::size_t>(key), 84),
               randomBytes(static_cast<std::size_t>(iv), 85),
               {},
               static_cast<std::uint32_t>(block)};
    MemoryImage image;
    putText(image, banner);
    putConnection(image, keys);
    const auto matches = image.walk(sshsessionDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == secret(keys.key));
    QVERIFY(matches[0].title.ends_with(keys.cipher));
    if (key == 64)
        QVERIFY(std::any_of(
            matches[0].derived.begin(), matches[0].derived.end(), [&](const DerivedValue& derived) {
                return derived.bytes == secret({keys.key.begin() + 32, keys.key.end()});
            }));
}

void SshSessionTest::findsTheKeyThatAuthenticates()
{
    const Keys keys;
    MemoryImage image;
    putText(image, banner);
    putConnection(image, keys);
    const auto matches = image.walk(sshsessionDetector);
    QCOMPARE(matches.size(), std::size_t {2});
    const Match* mac = titled(matches, "authenticates");
    QVERIFY(mac);
    QVERIFY(mac->value == secret(keys.macKey));
}

void SshSessionTest::placesAreKeyAndVector()
{
    const Keys keys;
    MemoryImage image;
    putText(image, banner);
    const std::uint64_t key = putConnection(image, keys);
    const auto matches = image.walk(sshsessionDetector);
    const Match* cipher = titled(matches, "aes256-ctr");
    QVERIFY(cipher);
    QCOMPARE(cipher->places.size(), std::size_t {2});
    QCOMPARE(cipher->places[0].first(), image.fileOffsetOf(key));
    QCOMPARE(cipher->places[0].size(), std::uint64_t {32});
    QCOMPARE(cipher->places[1].size(), std::uint64_t {16});
}

void SshSessionTest::needsABannerInTheDump()
{
    MemoryImage image;
    putText(image, "SSH-2.0-libssh2_1.10.0");
    putConnection(image, {});
    QVERIFY(image.walk(sshsessionDetector).empty());
}

void SshSessionTest::needsTheNameOfACipherOfThatSize()
{
    for (const std::string cipher : {"aes128-ctr", "aes256-ctr2", "xaes256-ctr", ""}) {
        Keys keys;
        keys.cipher = cipher;
        MemoryImage image;
        putText(image, banner);
        putConnection(image, keys);
        QVERIFY(image.walk(sshsessionDetector).empty());
    }
}

void SshSessionTest::wipedKeysAreNothing()
{
    Keys keys;
    keys.key = Bytes(32);
    keys.macKey = Bytes(32);
    MemoryImage image;
    putText(image, banner);
    putConnection(image, keys);
    QVERIFY(image.walk(sshsessionDetector).empty());
}

void SshSessionTest::followsMemoryWhereTheFileHasAnotherOrder()
{
    MemoryImage whole;
    putText(whole, banner);
    whole.pad(300);
    putConnection(whole, {});
    for (std::size_t cut = 32; cut < whole.size(); cut += 24) {
        MemoryImage image = whole;
        image.swapAt(cut);
        QCOMPARE(image.walk(sshsessionDetector).size(), std::size_t {2});
    }
}

void SshSessionTest::findsNothingInNoise()
{
    MemoryImage image;
    putText(image, banner);
    image.pad(1 << 20);
    QVERIFY(image.walk(sshsessionDetector).empty());
}

QTEST_GUILESS_MAIN(SshSessionTest)
#include "tst_sshsession.moc"
