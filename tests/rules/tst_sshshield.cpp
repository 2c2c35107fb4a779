// SPDX-License-Identifier: GPL-3.0-or-later
#include "memoryimage.h"

#include "scanner/rules/keys/okpkey.h"
#include "scanner/rules/keys/shielded.h"

#include <QTest>

#include <openssl/evp.h>
#include <openssl/sha.h>

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

void appendString(Bytes& bytes, ByteView text)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(text.size() >> shift & 0xff));
    bytes.insert(bytes.end(), text.begin(), text.end());
}

/// What ssh-agent encrypts for an Ed25519 key, padded as it pads.
Bytes plainKey(const Bytes& seed)
{
    const SecretBytes half = okpPublicHalf(ed25519, seed);
    Bytes pair = seed;
    pair.insert(pair.end(), half.begin(), half.end());
    Bytes plain;
    appendString(plain, asBytes("ssh-ed25519"));
    appendString(plain, half);
    appendString(plain, pair);
    for (std::uint8_t i = 1; plain.size() % 16 != 0; ++i)
        plain.push_back(i);
    return plain;
}

/// In CTR mode to encrypt is to decrypt.
Bytes shielded(const Bytes& prekey, const Bytes& plain)
{
    std::uint8_t digest[SHA512_DIGEST_LENGTH];
    SHA512(prekey.data(), prekey.size(), digest);
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    Bytes ciphertext(plain.size());
    int size = 0;
    EVP_EncryptInit_ex2(context, EVP_aes_256_ctr(), digest, digest + 32, nullptr);
    EVP_EncryptUpdate(context, ciphertext.data(), &size, plain.data(),
                      static_cast<int>(plain.size()));
    EVP_CIPHER_CTX_free(context);
    return ciphertext;
}

/// A process that holds one shielded key.
struct Agent {
    Agent(unsigned wordSize, ByteOrder order)
        : image(wordSize, order)
        , prekey(randomBytes(16384, 21))
        , seed(randomBytes(32, 22))
        , ciphertext(shielded(prekey, plainKey(seed)))
    {
        image.pad(300);
        prekeyAddress = image.put(prekey);
        ciphertextAddress = image.put(ciphertext);
        Bytes tail;
        for (const std::uint64_t word : {ciphertextAddress, std::uint64_t {ciphertext.size()},
                                         prekeyAddress, std::uint64_t {16384}})
            for (unsigned i = 0; i < wordSize; ++i) {
                const unsigned shift = order == ByteOrder::Little ? i : wordSize - 1 - i;
                tail.push_back(static_cast<std::uint8_t>(word >> (8 * shift) & 0xff));
            }
        image.put(tail);
        image.pad(500);
    }

    MemoryImage image;
    Bytes prekey;
    Bytes seed;
    Bytes ciphertext;
    std::uint64_t prekeyAddress = 0;
    std::uint64_t ciphertextAddress = 0;
};

bool covered(const Match& match, std::uint64_t offset, std::uint64_t size)
{
    const FileRange range = *FileRange::make(offset, size);
    return std::any_of(match.places.begin(), match.places.end(),
                       [&](const FileRange& place) { return place.contains(range); });
}

} // namespace

class SshShieldTest : public QObject {
    Q_OBJECT

private slots:
    void provesAShieldedKey_data();
    void provesAShieldedKey();
    void aWrongPrekeyIsNothing();
    void keysOfOtherKindsAreToldToo();
};

void SshShieldTest::provesAShieldedKey_data()
{
    QTest::addColumn<unsigned>("wordSize");
    QTest::addColumn<bool>("little");
    QTest::newRow("64 bits") << 8U << true;
    QTest::newRow("64 bits, big-endian") << 8U << false;
    QTest::newRow("32 bits") << 4U << true;
    QTest::newRow("32 bits, big-endian") << 4U << false;
}

void SshShieldTest::provesAShieldedKey()
{
    QFETCH(unsigned, wordSize);
    QFETCH(bool, little);
    const Agent agent(wordSize, little ? ByteOrder::Little : ByteOrder::Big);
    const auto matches = agent.image.walk(sshshieldDetector);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == SecretBytes(agent.seed.begin(), agent.seed.end()));
    QVERIFY(matches[0].identity->kind == "ssh-fingerprint");
    QVERIFY(covered(matches[0], agent.image.fileOffsetOf(agent.prekeyAddress), 16384));
    QVERIFY(covered(matches[0], agent.image.fileOffsetOf(agent.ciphertextAddress),
                    agent.ciphertext.size()));
}

void SshShieldTest::aWrongPrekeyIsNothing()
{
    Agent agent(8, ByteOrder::Little);
    auto& bytes = agent.image.bytes();
    const auto at
        = std::search(bytes.begin(), bytes.end(), agent.prekey.begin(), agent.prekey.end());
    *at ^= 1;
    QVERIFY(agent.image.walk(sshshieldDetector).empty());
}

void SshShieldTest::keysOfOtherKindsAreToldToo()
{
    const auto prekey = randomBytes(16384, 1);
    Bytes plain;
    appendString(plain, asBytes("sk-ssh-ed25519@openssh.com"));
    plain.resize(96);
    const auto ciphertext = shielded(prekey, plain);
    QVERIFY(asText(unshield(prekey, ciphertext)).substr(4).starts_with("sk-ssh-ed25519"));
    QVERIFY(unshield(prekey, plain).empty());
}

QTEST_GUILESS_MAIN(SshShieldTest)
#include "tst_sshshield.moc"
