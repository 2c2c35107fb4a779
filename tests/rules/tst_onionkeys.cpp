// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/onionkey.h"

#include <QCryptographicHash>
#include <QTest>

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// An onion service's key, as tor makes it out of a seed.
struct Service {
    Bytes publicKey;
    Bytes expanded;
    std::string address; ///< without ".onion"
};

Bytes bytesOf(const QByteArray& array) { return {array.begin(), array.end()}; }

QByteArray arrayOf(const Bytes& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

std::string addressOf(const Bytes& publicKey)
{
    const QByteArray checked = ".onion checksum" + arrayOf(publicKey) + '\x03';
    Bytes bytes = publicKey;
    const Bytes sum = bytesOf(QCryptographicHash::hash(checked, QCryptographicHash::Sha3_256));
    bytes.insert(bytes.end(), {sum[0], sum[1], 3});
    std::string letters;
    for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 5) {
        unsigned value = 0;
        for (std::size_t i = bit; i < bit + 5; ++i)
            value = value << 1 | (bytes[i / 8] >> (7 - i % 8) & 1U);
        letters += "abcdefghijklmnopqrstuvwxyz234567"[value];
    }
    return letters;
}

Service makeService(std::uint32_t seedOf)
{
    const Bytes seed = randomBytes(32, seedOf);
    Service service;
    const SecretBytes half = okpPublicHalf(ed25519, seed);
    service.publicKey.assign(half.begin(), half.end());
    service.expanded = bytesOf(QCryptographicHash::hash(arrayOf(seed), QCryptographicHash::Sha512));
    service.expanded[0] &= 0xf8;
    service.expanded[31] = static_cast<std::uint8_t>((service.expanded[31] & 0x3f) | 0x40);
    service.address = addressOf(service.publicKey);
    return service;
}

std::uint64_t putText(MemoryImage& image, std::string_view text)
{
    Bytes bytes(text.begin(), text.end());
    bytes.push_back(0);
    return image.put(bytes);
}

std::uint64_t putPair(MemoryImage& image, const Bytes& first, const Bytes& second)
{
    Bytes both = first;
    both.insert(both.end(), second.begin(), second.end());
    return image.put(both);
}

} // namespace

class OnionKeysTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheKeyBehindItsPublicKey();
    void findsTheKeyBeforeItsPublicKey();
    void readsAddressesInTexts();
    void needsAnAddressThatChecks();
    void needsTheSettingOfAService();
    void looksWithoutTheSettingInTorItself();
    void anotherServicesKeyIsNothing();
    void followsMemoryWhereTheFileHasAnotherOrder();
};

void OnionKeysTest::findsTheKeyBehindItsPublicKey()
{
    const Service service = makeService(91);
    MemoryImage image;
    putText(image, "HiddenServiceDir");
    putText(image, service.address);
    const std::uint64_t pair = putPair(image, service.publicKey, service.expanded);
    image.pad(200);
    const auto matches = image.walk(toronionDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].rule->id == "tor-onion-key");
    QVERIFY(matches[0].value == SecretBytes(service.expanded.begin(), service.expanded.end()));
    QCOMPARE(matches[0].places.size(), std::size_t {1});
    QCOMPARE(matches[0].places[0].first(), image.fileOffsetOf(pair + 32));
    QCOMPARE(matches[0].places[0].size(), std::uint64_t {64});
}

void OnionKeysTest::findsTheKeyBeforeItsPublicKey()
{
    const Service service = makeService(92);
    MemoryImage image;
    putText(image, "HiddenServiceDir");
    putText(image, service.address);
    putPair(image, service.expanded, service.publicKey);
    image.pad(200);
    QCOMPARE(image.walk(toronionDetector).size(), std::size_t {1});
}

void OnionKeysTest::readsAddressesInTexts()
{
    const Service service = makeService(93);
    for (const std::string& text :
         {"http://" + service.address + ".onion/", "\"" + service.address + "\"",
          std::string(500, ' ') + service.address}) {
        MemoryImage image;
        putText(image, "HiddenServiceDir /var/lib/tor/service");
        putText(image, text);
        putPair(image, service.publicKey, service.expanded);
        image.pad(200);
        QCOMPARE(image.walk(toronionDetector).size(), std::size_t {1});
    }
}

void OnionKeysTest::needsAnAddressThatChecks()
{
    const Service service = makeService(94);
    std::string spoilt = service.address;
    spoilt[52] = spoilt[52] == 'a' ? 'b' : 'a'; // in the checksum
    for (const std::string& text : {spoilt, service.address + "a", service.address.substr(1)}) {
        MemoryImage image;
        putText(image, "HiddenServiceDir");
        putText(image, '.' + text + '.');
        putPair(image, service.publicKey, service.expanded);
        image.pad(200);
        QVERIFY(image.walk(toronionDetector).empty());
    }
}

void OnionKeysTest::needsTheSettingOfAService()
{
    const Service service = makeService(95);
    MemoryImage image;
    putText(image, "HiddenServicePort");
    putText(image, service.address);
    putPair(image, service.publicKey, service.expanded);
    image.pad(200);
    QVERIFY(image.walk(toronionDetector).empty());
}

void OnionKeysTest::looksWithoutTheSettingInTorItself()
{
    const Service service = makeService(99);
    for (const std::string module : {"/usr/bin/tor", "/usr/bin/tor2", "/usr/lib/libssl.so.3"}) {
        MemoryImage image;
        image.begin(MemoryImage::base, module);
        putText(image, service.address);
        putPair(image, service.publicKey, service.expanded);
        image.pad(200);
        QCOMPARE(image.walk(toronionDetector).size(),
                 std::size_t {module == "/usr/bin/tor" ? 1U : 0U});
    }
}

void OnionKeysTest::anotherServicesKeyIsNothing()
{
    const Service service = makeService(96);
    MemoryImage image;
    putText(image, "HiddenServiceDir");
    putText(image, service.address);
    putPair(image, service.publicKey, makeService(97).expanded);
    image.pad(200);
    QVERIFY(image.walk(toronionDetector).empty());
    Bytes spoilt = service.expanded;
    spoilt[7] ^= 0x10;
    QVERIFY(isExpandedKeyOf(service.expanded, service.publicKey));
    QVERIFY(!isExpandedKeyOf(spoilt, service.publicKey));
}

void OnionKeysTest::followsMemoryWhereTheFileHasAnotherOrder()
{
    const Service service = makeService(98);
    MemoryImage whole;
    putText(whole, "HiddenServiceDir");
    whole.pad(100);
    putText(whole, service.address);
    putPair(whole, service.publicKey, service.expanded);
    whole.pad(200);
    for (std::size_t cut = 16; cut < whole.size(); cut += 24) {
        MemoryImage image = whole;
        image.swapAt(cut);
        QCOMPARE(image.walk(toronionDetector).size(), std::size_t {1});
    }
}

QTEST_GUILESS_MAIN(OnionKeysTest)
#include "tst_onionkeys.moc"
