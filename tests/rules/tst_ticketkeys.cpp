// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector ticketkeysDetector;
}

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

/// What a server signs and encrypts its tickets with.
struct Keys {
    explicit Keys(std::size_t size)
        : name(randomBytes(16, 81))
        , signing(randomBytes(size, 82))
        , encryption(randomBytes(size, 83))
    {
    }
    Bytes name;
    Bytes signing;
    Bytes encryption;
};

/// A ticket (RFC 5077 4) around the begin of an SSL_SESSION.
Bytes ticketOf(const Keys& keys)
{
    Bytes session {0x30, 0x6e, 0x02, 0x01, 0x01, 0x02, 0x02, 0x03, 0x03};
    session.resize(112, 0x5a);
    Bytes ticket = keys.name;
    append(ticket, randomBytes(16, 84));
    Bytes sealed(session.size() + 16);
    int size = 0;
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context,
                       keys.encryption.size() == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc(),
                       nullptr, keys.encryption.data(), ticket.data() + 16);
    EVP_EncryptUpdate(context, sealed.data(), &size, session.data(),
                      static_cast<int>(session.size()));
    EVP_CIPHER_CTX_free(context);
    sealed.resize(static_cast<std::size_t>(size));
    append(ticket, sealed);
    Bytes mac(32);
    HMAC(EVP_sha256(), keys.signing.data(), static_cast<int>(keys.signing.size()), ticket.data(),
         ticket.size(), mac.data(), nullptr);
    append(ticket, mac);
    return ticket;
}

enum class Version { Tls12, Tls13 };

Bytes newSessionTicket(ByteView ticket, Version version)
{
    Bytes body {0x00, 0x00, 0x1c, 0x20};
    if (version == Version::Tls13)
        append(body, Bytes {1, 2, 3, 4, 8, 0, 0, 0, 0, 0, 0, 0, 1}); // age, nonce
    body.push_back(0);
    body.push_back(static_cast<std::uint8_t>(ticket.size()));
    append(body, ticket);
    if (version == Version::Tls13)
        append(body, Bytes {0, 0});
    Bytes message {4, 0, 0, static_cast<std::uint8_t>(body.size())};
    append(message, body);
    return message;
}

Bytes joined(std::initializer_list<ByteView> parts)
{
    Bytes bytes;
    for (const ByteView part : parts)
        append(bytes, part);
    return bytes;
}

Bytes pointerTo(std::uint64_t address)
{
    Bytes bytes;
    for (unsigned i = 0; i < 8; ++i)
        bytes.push_back(static_cast<std::uint8_t>(address >> 8 * i));
    return bytes;
}

const Bytes zeros(64, 0);

} // namespace

class TicketKeysTest : public QObject {
    Q_OBJECT

private slots:
    void provesTheKeysOfATicket_data();
    void provesTheKeysOfATicket();
    void followsThePointerBehindAName();
    void aTicketOfWhichTheHeadIsLeftMakesKeysLikely();
    void otherTicketsOfTheServerAreNoKeys();
    void keysOfAnotherNameAreLeft();
};

void TicketKeysTest::provesTheKeysOfATicket_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("encryptionFirst");
    QTest::addColumn<bool>("tls13");
    QTest::newRow("nginx, 80 bytes") << 32 << false << false;
    QTest::newRow("nginx, TLS 1.3") << 32 << false << true;
    QTest::newRow("Apache, 48 bytes") << 16 << false << false;
    QTest::newRow("HAProxy, 80 bytes") << 32 << true << false;
    QTest::newRow("HAProxy, 48 bytes") << 16 << true << false;
}

void TicketKeysTest::provesTheKeysOfATicket()
{
    QFETCH(const int, size);
    QFETCH(const bool, encryptionFirst);
    QFETCH(const bool, tls13);
    const Keys keys(static_cast<std::size_t>(size));
    MemoryImage image;
    image.put(newSessionTicket(ticketOf(keys), tls13 ? Version::Tls13 : Version::Tls12));
    image.put(encryptionFirst ? joined({keys.name, keys.encryption, keys.signing, zeros})
                              : joined({keys.name, keys.signing, keys.encryption, zeros}));
    const auto matches = image.walk(ticketkeysDetector);
    QCOMPARE(matches.size(), std::size_t {2});
    for (const Match& match : matches)
        QCOMPARE(match.confidence, Confidence::Verified);
    QVERIFY(std::ranges::equal(matches[0].value, keys.signing));
    QVERIFY(std::ranges::equal(matches[1].value, keys.encryption));
}

/// As OpenSSL's SSL_CTX holds them.
void TicketKeysTest::followsThePointerBehindAName()
{
    const Keys keys(32);
    MemoryImage image;
    image.put(newSessionTicket(ticketOf(keys), Version::Tls12));
    const std::uint64_t address = image.put(joined({keys.signing, keys.encryption, zeros}));
    image.put(joined({keys.name, pointerTo(address), zeros, zeros}));
    const auto matches = image.walk(ticketkeysDetector);
    QCOMPARE(matches.size(), std::size_t {2});
    QCOMPARE(matches[0].places.front().first(), image.fileOffsetOf(address));
    QCOMPARE(matches[1].places.front().first(), image.fileOffsetOf(address + 32));
}

void TicketKeysTest::aTicketOfWhichTheHeadIsLeftMakesKeysLikely()
{
    const Keys keys(32);
    Bytes message = newSessionTicket(ticketOf(keys), Version::Tls12);
    std::fill(message.begin() + 60, message.end(), std::uint8_t {0});
    MemoryImage image;
    image.put(message);
    const std::uint64_t address
        = image.put(joined({keys.name, keys.signing, keys.encryption, zeros}));
    const auto matches = image.walk(ticketkeysDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].confidence, Confidence::Likely);
    QCOMPARE(matches[0].places.front(), *FileRange::make(image.fileOffsetOf(address + 16), 64));
}

void TicketKeysTest::otherTicketsOfTheServerAreNoKeys()
{
    const Keys keys(32);
    const Bytes ticket = ticketOf(keys);
    MemoryImage image;
    image.put(newSessionTicket(ticket, Version::Tls12));
    image.put(ticket); // as a client keeps it
    image.put(joined({keys.name, randomBytes(160, 85), zeros})); // one of another session
    QVERIFY(image.walk(ticketkeysDetector).empty());
}

void TicketKeysTest::keysOfAnotherNameAreLeft()
{
    const Keys keys(32);
    MemoryImage image;
    image.put(newSessionTicket(ticketOf(keys), Version::Tls12));
    image.put(joined({randomBytes(16, 86), keys.signing, keys.encryption, zeros}));
    QVERIFY(image.walk(ticketkeysDetector).empty());
}

QTEST_APPLESS_MAIN(TicketKeysTest)
#include "tst_ticketkeys.moc"
