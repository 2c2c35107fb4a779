// SPDX-License-Identifier: GPL-3.0-or-later
// The passphrases that gpg-agent keeps, wrapped under a key in the same memory; made for each run.
#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/keys/wrappedcache.h"
#include "tests/support/scanning.h"

#include <QtTest>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string passphrase = "correct-"
                               "horse battery";

SecretBytes drawn(std::size_t size)
{
    SecretBytes bytes(size);
    RAND_bytes(bytes.data(), static_cast<int>(size));
    return bytes;
}

Bytes wrapped(const SecretBytes& key, const std::string& text)
{
    Bytes plain(text.begin(), text.end());
    plain.resize(std::max<std::size_t>(16, (text.size() + 8) / 8 * 8));
    Bytes result(plain.size() + 8);
    int size = 0;
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    EVP_EncryptInit_ex2(context, EVP_aes_128_wrap(), key.data(), nullptr, nullptr);
    EVP_EncryptUpdate(context, result.data(), &size, plain.data(), static_cast<int>(plain.size()));
    EVP_CIPHER_CTX_free(context);
    return result;
}

/// Memory with the key's schedule, and the cache's entry at `place`.
Bytes memoryOf(const SecretBytes& key, const Bytes& blob, std::size_t place)
{
    std::mt19937 dice(11);
    Bytes bytes(16384);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(dice() | 0x80U);
    const SecretBytes schedule = expandAesKey(key);
    std::copy(schedule.begin(), schedule.end(), bytes.begin() + 4096);
    bytes[place] = static_cast<std::uint8_t>(blob.size());
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(place) + 1, 3, std::uint8_t {0});
    std::copy(blob.begin(), blob.end(), bytes.begin() + static_cast<std::ptrdiff_t>(place) + 4);
    return bytes;
}

/// There may be more: a byte beside a place may fit another writing of the value by chance.
bool isAt(const Finding& finding, std::uint64_t begin, std::uint64_t size)
{
    return std::any_of(
        finding.occurrences.begin(), finding.occurrences.end(),
        [&](const auto& one) { return one.pieces[0].file == *FileRange::make(begin, size); });
}

} // namespace

class TestWrappedCache : public QObject {
    Q_OBJECT

private slots:
    void findsThePassphrase_data();
    void findsThePassphrase();
    void findsItsCopiesInClearText();
    void findsPiecesOfTheWrapped();
    void doesNotDependOnWindows();
    void anotherKeyOrAWrongBitIsNothing();
};

void TestWrappedCache::findsThePassphrase_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("short") << std::string("pass");
    QTest::newRow("usual") << passphrase;
    QTest::newRow("long") << std::string(200, 'a') + passphrase;
}

void TestWrappedCache::findsThePassphrase()
{
    QFETCH(std::string, text);
    const SecretBytes key = drawn(16);
    const Bytes blob = wrapped(key, text);
    const auto result = scanned(memoryOf(key, blob, 8192));
    const Finding* found = findingOf(result, "gpg-cached-passphrase");
    QVERIFY(found);
    QVERIFY(found->confidence == Confidence::Verified);
    QVERIFY(isAt(*found, 8196, blob.size()));
    QCOMPARE(findingOf(result, "aes-key-schedule")->belongsTo.size(), std::size_t {1});
}

void TestWrappedCache::findsItsCopiesInClearText()
{
    const SecretBytes key = drawn(16);
    Bytes bytes = memoryOf(key, wrapped(key, passphrase), 8192);
    std::copy(passphrase.begin(), passphrase.end(), bytes.begin() + 12001);
    const auto result = scanned(bytes);
    const Finding* found = findingOf(result, "gpg-cached-passphrase");
    QVERIFY(found);
    QVERIFY(isAt(*found, 12001, passphrase.size()));
}

void TestWrappedCache::findsPiecesOfTheWrapped()
{
    const SecretBytes key = drawn(16);
    const Bytes blob = wrapped(key, passphrase);
    Bytes bytes = memoryOf(key, blob, 8192);
    std::copy(blob.end() - 8, blob.end(), bytes.begin() + 12001);
    // The bytes beside the piece differ from what is there in the secret, and in the secret with its
    // words in reverse, so that the place is no longer than the piece.
    bytes[12000] = static_cast<std::uint8_t>(blob[blob.size() - 9] ^ 0x55U);
    bytes[12009] = static_cast<std::uint8_t>(blob[blob.size() - 16] ^ 0x55U);
    const auto result = scanned(bytes);
    const Finding* found = findingOf(result, "gpg-cached-passphrase");
    QVERIFY(found);
    QVERIFY(isAt(*found, 12001, 8));
}

void TestWrappedCache::doesNotDependOnWindows()
{
    const SecretBytes key = drawn(16);
    const Bytes bytes = memoryOf(key, wrapped(key, passphrase), 8184);
    const auto wanted = scanned(bytes);
    QVERIFY(findingOf(wanted, "gpg-cached-passphrase"));
    for (const std::size_t window : {std::size_t {64}, std::size_t {4096}, std::size_t {8190}})
        QVERIFY(scanned(bytes, cut(2, window)).findings == wanted.findings);
}

void TestWrappedCache::anotherKeyOrAWrongBitIsNothing()
{
    const SecretBytes key = drawn(16);
    const Bytes blob = wrapped(key, passphrase);
    QVERIFY(!findingOf(scanned(memoryOf(drawn(16), blob, 8192)), "gpg-cached-passphrase"));
    for (const std::size_t at : {std::size_t {0}, blob.size() / 2, blob.size() - 1}) {
        Bytes spoilt = blob;
        spoilt[at] ^= 1;
        QVERIFY(!findingOf(scanned(memoryOf(key, spoilt, 8192)), "gpg-cached-passphrase"));
        QVERIFY(unwrapped(key, spoilt).empty());
    }
    QVERIFY(!unwrapped(key, blob).empty());
    QVERIFY(unwrapped(drawn(32), blob).empty());
}

QTEST_GUILESS_MAIN(TestWrappedCache)
#include "tst_wrappedcache.moc"
