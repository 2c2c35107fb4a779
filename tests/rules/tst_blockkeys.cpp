// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/ciphers/cast5.h"
#include "scanner/rules/ciphers/samples.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

#include <QTest>

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/blowfish.h>
#include <openssl/camellia.h>
#include <openssl/cast.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rc2.h>
#include <openssl/seed.h>

using namespace coredact;

namespace coredact {
extern const Detector cipherkeysDetector;
}

namespace {

/// What libcrypto has allocated, while it is asked for: the memory of a process that uses it.
std::map<void*, std::size_t> allocated;
bool counting = false;

void* allocate(std::size_t size, const char*, int)
{
    void* memory = std::malloc(size);
    if (counting)
        allocated[memory] = size;
    return memory;
}

void* reallocate(void* old, std::size_t size, const char*, int)
{
    allocated.erase(old);
    return std::realloc(old, size);
}

void release(void* memory, const char*, int)
{
    allocated.erase(memory);
    std::free(memory);
}

struct Freed {
    void operator()(OSSL_PROVIDER* provider) const { OSSL_PROVIDER_unload(provider); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};

SecretBytes bytesOf(std::uint32_t seed, std::size_t size)
{
    const auto bytes = randomBytes(size, seed);
    return SecretBytes(bytes.begin(), bytes.end());
}

template <typename Structure> SecretBytes memoryOf(const Structure& structure)
{
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&structure);
    return SecretBytes(bytes, bytes + sizeof structure);
}

SecretBytes camellia(const SecretBytes& key)
{
    CAMELLIA_KEY expanded {};
    Camellia_set_key(key.data(), static_cast<int>(8 * key.size()), &expanded);
    SecretBytes bytes = memoryOf(expanded);
    bytes.resize(key.size() == 16 ? 208 : 272);
    return bytes;
}

SecretBytes seed(const SecretBytes& key)
{
    SEED_KEY_SCHEDULE expanded {};
    SEED_set_key(key.data(), &expanded);
    return memoryOf(expanded);
}

SecretBytes blowfish(const SecretBytes& key)
{
    BF_KEY expanded {};
    BF_set_key(&expanded, static_cast<int>(key.size()), key.data());
    return memoryOf(expanded);
}

SecretBytes cast5(const SecretBytes& key)
{
    CAST_KEY expanded {};
    CAST_set_key(&expanded, static_cast<int>(key.size()), key.data());
    return memoryOf(expanded);
}

SecretBytes rc2(const SecretBytes& key)
{
    RC2_KEY expanded {};
    RC2_set_key(&expanded, static_cast<int>(key.size()), key.data(),
                static_cast<int>(8 * key.size()));
    return memoryOf(expanded);
}

/// As a context has it: between pointers and counts.
std::vector<std::uint8_t> held(const SecretBytes& schedule, std::size_t before)
{
    std::vector<std::uint8_t> bytes(before);
    bytes.insert(bytes.end(), schedule.begin(), schedule.end());
    bytes.resize(bytes.size() + 600);
    for (const std::size_t at : {before / 2, before + schedule.size() + 16})
        bytes[at] = 0x40;
    return bytes;
}

struct Form {
    const char* rule;
    SecretBytes key;
    SecretBytes schedule;
};

std::vector<Form> everyForm()
{
    std::vector<Form> forms;
    for (const std::size_t size : {16U, 24U, 32U})
        forms.push_back({"camellia-key-schedule", bytesOf(20, size), camellia(bytesOf(20, size))});
    forms.push_back({"seed-key-schedule", bytesOf(21, 16), seed(bytesOf(21, 16))});
    forms.push_back({"blowfish-key-schedule", bytesOf(22, 16), blowfish(bytesOf(22, 16))});
    forms.push_back({"cast5-key-schedule", cast5(bytesOf(23, 16)), cast5(bytesOf(23, 16))});
    for (const std::size_t size : {5U, 8U, 16U})
        forms.push_back({"rc2-key-schedule", bytesOf(24, size), rc2(bytesOf(24, size))});
    return forms;
}

/// What Nettle 3.8 makes of the first 16, 24 and 32 bytes of 1, 8, 15, ...; each of 64 bits, the
/// highest digit first.
const std::array<QByteArray, 3> foldedSubkeys {
    QByteArray("9386fe16d5c498ac85a2b2ff3f1fb7d59505ff92dd79af3e9f45df1f5bf6d43b"
               "7f0b6ae24c5642d1597f9f8fdbeac9c3fd2761db51669d9c32382ce7af38bd6c"
               "5a90f52fe4a3bc40fce9b4074abce2af931590b4565fe7e32c7dc0d060308117"
               "fdbdf8c74812100359386fe16d5c498a7e9b344596642a9a08e9caab8c6d4021"
               "01e2c3a48566472876e9edcd819f9ceacfc7edf564e1bf85b571262b2168acbf"
               "6b25f5abe328b2d227a130478c9f97c2687a5ef57d53bbb3ffc6d5e75b274ede"),
    QByteArray("698c4ab99c3a5742f646b6760f61621757470365cccf3b330f3a480de813b9c1"
               "5bdf1aa6d44575e550d8f3e751ad5725941bdf30ea5f8a79a36526e8a3a1e01e"
               "5c9ad9175c5e1fe125eaea9599a3eef66521d8343b2876e59ae2007e5bc3d2cf"
               "a3034b81acd0d81f348dbbc758e5d4bf1caf44ef761fa47923940474e555c636"
               "a01080f161d242b377f2691671df5f602418171412856652019fc3a290c8ae7d"
               "0419a5b809ce9036d76a87fe7d77a0ef106d17bdd0337fe8a43912b4b8e0fbe6"
               "5907171b26650ca92385a64c26c7a73679f3a8d6ab92adef8d536a22baf2a86c"
               "14dc7145f047bc9c3baf506a3af462dc0f8d67077f17238c9527a8e20170ea21"),
    QByteArray("700aafb0ec167fe8767c3e1349dbc7114ec1e66cbce3000214e31bbb756a9cc7"
               "4c6b70a0c30cba0b9a92ec1cf7bf00dbde67b14c5f98fcc5a36526e8aa6c2def"
               "b17334f69c5e1fe1846c47e24090d9a7392ad21e9b26d4fccb4ca93fdda26b8d"
               "26d13c9cf8baa9152bf9ce38dd08ce3e812479c6592fae6323940474e555c636"
               "a01080f161d242b39cab04e9f41244028e68ccee3d94b77a1007adf207ca6cf7"
               "ac1a0d3e5da53a66b6f2e9aeea756265a1d0efbd50111dedf05363bea7948e19"
               "dcea0d9aa3b77bb4a6c7e144264e61d7760e7bdf806da635b85061865d05cd49"
               "f6c84fad1bb8b7460eac5bced4ceca081bd8271a3b2580d1c7a4a42173f45237")};

struct FoldedForm {
    SecretBytes key;
    SecretBytes state; ///< all subkeys
    std::vector<std::uint8_t> memory; ///< the context that has them
    std::size_t begin = 0; ///< in the memory, of those that must be right
    std::size_t end = 0;
};

/// Whole subkeys, each turned to another byte order, one behind the other.
SecretBytes littleEndian(const QByteArray& digits)
{
    SecretBytes words;
    const QByteArray bytes = QByteArray::fromHex(digits);
    for (qsizetype at = 0; at < bytes.size(); at += 8)
        for (qsizetype i = 8; i > 0; --i)
            words.push_back(static_cast<std::uint8_t>(bytes[at + i - 1]));
    return words;
}

std::vector<FoldedForm> foldedForms(std::size_t before)
{
    std::vector<FoldedForm> forms;
    for (const QByteArray& digits : foldedSubkeys) {
        SecretBytes key(16 + 8 * forms.size() / 3);
        for (std::size_t i = 0; i < key.size(); ++i)
            key[i] = static_cast<std::uint8_t>(1 + 7 * i);
        const SecretBytes there = littleEndian(digits);
        SecretBytes back;
        for (std::size_t at = there.size(); at > 0; at -= 8)
            back.insert(back.end(), there.begin() + static_cast<std::ptrdiff_t>(at - 8),
                        there.begin() + static_cast<std::ptrdiff_t>(at));
        // libgcrypt has two words of each, and zeros behind the first.
        SecretBytes words;
        for (std::size_t at = 0; at < there.size(); at += 8) {
            const auto word = there.begin() + static_cast<std::ptrdiff_t>(at);
            words.insert(words.end(), word + 4, word + 8);
            words.insert(words.end(), word, word + 4);
            if (at == 0)
                words.resize(16);
        }
        SecretBytes apart = words;
        apart.erase(apart.begin() + 8, apart.begin() + 16);
        for (const SecretBytes& state : {there, back})
            forms.push_back({key, state, held(state, before), before, before + state.size()});
        forms.push_back({key, apart, held(words, before), before + 16, before + words.size()});
    }
    return forms;
}

} // namespace

class BlockKeysTest : public QObject {
    Q_OBJECT

    std::vector<std::unique_ptr<OSSL_PROVIDER, Freed>> m_providers;

private slots:
    void initTestCase();
    void findsKeysInContextsOfLibcrypto_data();
    void findsKeysInContextsOfLibcrypto();
    void findsThemAtEveryPlaceOnceWhereverAWindowEnds();
    void findsThemInTheOtherOrders();
    void findsCamelliaAsMbedTlsHasIt();
    void findsCamelliaAsNettleAndLibgcryptHaveIt();
    void aWrongBitIsNoKey();
    void aWrongBitIsNoFoldedKey();
    void tellsBlowfishKeysOfAnyLength();
    void computesCast5Keys();
    void findsThemWhereRandomBytesBeginAndEnd();
    void findsNothingInNoise();
};

void BlockKeysTest::initTestCase()
{
    for (const char* name : {"legacy", "default"})
        QVERIFY(m_providers.emplace_back(OSSL_PROVIDER_load(nullptr, name)) != nullptr);
}

void BlockKeysTest::findsKeysInContextsOfLibcrypto_data()
{
    QTest::addColumn<QByteArray>("cipher");
    QTest::addColumn<QString>("rule");
    for (const char* name : {"CAMELLIA-128-CBC", "CAMELLIA-192-CTR", "CAMELLIA-256-CFB"})
        QTest::newRow(name) << QByteArray(name) << QStringLiteral("camellia-key-schedule");
    for (const char* name : {"ARIA-128-CBC", "ARIA-192-ECB", "ARIA-256-CBC", "ARIA-256-GCM"})
        QTest::newRow(name) << QByteArray(name) << QStringLiteral("aria-key-schedule");
    QTest::newRow("SEED-CBC") << QByteArray("SEED-CBC") << QStringLiteral("seed-key-schedule");
    QTest::newRow("BF-CBC") << QByteArray("BF-CBC") << QStringLiteral("blowfish-key-schedule");
    QTest::newRow("CAST5-CBC") << QByteArray("CAST5-CBC") << QStringLiteral("cast5-key-schedule");
    for (const char* name : {"RC2-CBC", "RC2-40-CBC", "RC2-64-CBC"})
        QTest::newRow(name) << QByteArray(name) << QStringLiteral("rc2-key-schedule");
}

void BlockKeysTest::findsKeysInContextsOfLibcrypto()
{
    QFETCH(QByteArray, cipher);
    QFETCH(QString, rule);
    for (const int encrypt : {1, 0}) {
        const std::unique_ptr<EVP_CIPHER, Freed> method(
            EVP_CIPHER_fetch(nullptr, cipher.constData(), nullptr));
        QVERIFY(method != nullptr);
        const SecretBytes key
            = bytesOf(30, static_cast<std::size_t>(EVP_CIPHER_get_key_length(method.get())));
        const SecretBytes iv = bytesOf(31, 16);
        allocated.clear();
        counting = true;
        const std::unique_ptr<EVP_CIPHER_CTX, Freed> context(EVP_CIPHER_CTX_new());
        QCOMPARE(EVP_CipherInit_ex2(context.get(), method.get(), key.data(), iv.data(), encrypt,
                                    nullptr),
                 1);
        counting = false;
        std::vector<std::uint8_t> memory;
        for (const auto& [block, size] : allocated) {
            const auto* bytes = static_cast<const std::uint8_t*>(block);
            memory.resize((memory.size() + 15) / 16 * 16 + 16);
            memory.insert(memory.end(), bytes, bytes + size);
        }
        memory.resize(memory.size() + 64);
        const auto matches = matchesIn(cipherkeysDetector, memory);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(QString::fromStdString(matches[0].rule->id), rule);
        if (rule.startsWith(QLatin1String("cast5"))) {
            QVERIFY(matches[0].confidence == Confidence::Likely);
            const auto keys = cast5KeysOf(spanned(memory, matches[0]).data());
            QVERIFY(std::find(keys.begin(), keys.end(), key) != keys.end());
        } else {
            QVERIFY(matches[0].confidence == Confidence::Verified);
            QVERIFY(matches[0].value == key);
        }
    }
}

void BlockKeysTest::findsThemAtEveryPlaceOnceWhereverAWindowEnds()
{
    for (const Form& form : everyForm())
        for (std::size_t before = 8; before < 1000; before += 8)
            for (const std::size_t fresh : {std::size_t {1} << 20, std::size_t {300}}) {
                const auto bytes = held(form.schedule, before);
                const auto matches = matchesIn(cipherkeysDetector, bytes, fresh);
                QVERIFY2(matches.size() == 1,
                         qPrintable(QStringLiteral("%1 of %2 bytes, %3 before, windows of %4")
                                        .arg(QLatin1String(form.rule))
                                        .arg(form.key.size())
                                        .arg(before)
                                        .arg(fresh)));
                QVERIFY(matches[0].rule->id == form.rule);
                QVERIFY(spanned(bytes, matches[0]) == form.schedule);
                QVERIFY(matches[0].value.empty() || matches[0].value == form.key);
            }
}

void BlockKeysTest::findsThemInTheOtherOrders()
{
    // libgcrypt has Blowfish's subkeys behind the S-boxes, portable code the halves of Camellia's
    // subkeys the other way round.
    SecretBytes state = blowfish(bytesOf(40, 16));
    std::rotate(state.begin(), state.begin() + 72, state.end());
    auto matches = matchesIn(cipherkeysDetector, held(state, 64));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].value == bytesOf(40, 16));
    for (const std::size_t size : {16U, 32U}) {
        SecretBytes subkeys = camellia(bytesOf(41, size));
        for (std::size_t at = 0; at < subkeys.size(); at += 8)
            std::rotate(subkeys.begin() + static_cast<std::ptrdiff_t>(at),
                        subkeys.begin() + static_cast<std::ptrdiff_t>(at + 4),
                        subkeys.begin() + static_cast<std::ptrdiff_t>(at + 8));
        matches = matchesIn(cipherkeysDetector, held(subkeys, 64));
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].value == bytesOf(41, size));
    }
}

void BlockKeysTest::findsCamelliaAsMbedTlsHasIt()
{
    // Behind a number of 32 bits, in words of 32 bits, for decryption from the last subkey to the
    // first but for the two pairs of the whitening.
    for (const std::size_t size : {16U, 24U, 32U}) {
        const SecretBytes subkeys = camellia(bytesOf(42, size));
        const std::size_t count = subkeys.size() / 8;
        SecretBytes there;
        SecretBytes back;
        const auto put = [&](SecretBytes& to, std::size_t index) {
            const auto at = subkeys.begin() + static_cast<std::ptrdiff_t>(8 * index);
            to.insert(to.end(), at + 4, at + 8);
            to.insert(to.end(), at, at + 4);
        };
        for (std::size_t i = 0; i < count; ++i) {
            put(there, i);
            const bool whitening = i < 2 || i >= count - 2;
            put(back, whitening ? (i + 2) % count + (i < 2 ? count - 4 : 0) : count - 1 - i);
        }
        for (const SecretBytes& form : {there, back}) {
            const auto bytes = held(form, 68);
            const auto matches = matchesIn(cipherkeysDetector, bytes);
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].value == bytesOf(42, size));
            QVERIFY(spanned(bytes, matches[0]) == form);
        }
    }
}

void BlockKeysTest::aWrongBitIsNoKey()
{
    for (const Form& form : everyForm()) {
        if (form.key == form.schedule)
            continue; // only its shape is looked at
        for (std::size_t bit = 0;
             bit<8 * form.schedule.size(); bit += form.schedule.size()> 1000 ? 331 : 1) {
            auto bytes = held(form.schedule, 64);
            std::uint8_t& byte = bytes[64 + bit / 8];
            byte = static_cast<std::uint8_t>(byte ^ 1U << bit % 8);
            QVERIFY(matchesIn(cipherkeysDetector, bytes).empty());
        }
    }
}

void BlockKeysTest::findsCamelliaAsNettleAndLibgcryptHaveIt()
{
    for (std::size_t before = 8; before < 400; before += 8)
        for (const FoldedForm& form : foldedForms(before))
            for (const std::size_t fresh : {std::size_t {1} << 20, std::size_t {300}}) {
                const auto matches = matchesIn(cipherkeysDetector, form.memory, fresh);
                QCOMPARE(matches.size(), std::size_t {1});
                QVERIFY(matches[0].rule->id == "camellia-key-schedule");
                QVERIFY(matches[0].confidence == Confidence::Verified);
                QVERIFY(matches[0].value == form.key);
                QVERIFY(spanned(form.memory, matches[0]) == form.state);
            }
}

void BlockKeysTest::aWrongBitIsNoFoldedKey()
{
    for (const FoldedForm& form : foldedForms(64))
        for (std::size_t bit = 8 * form.begin; bit < 8 * form.end; bit += 5) {
            auto bytes = form.memory;
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
            QVERIFY(matchesIn(cipherkeysDetector, bytes).empty());
        }
}

void BlockKeysTest::tellsBlowfishKeysOfAnyLength()
{
    for (std::size_t size = 4; size <= 56; ++size) {
        const SecretBytes key = bytesOf(static_cast<std::uint32_t>(50 + size), size);
        const auto matches = matchesIn(cipherkeysDetector, held(blowfish(key), 64));
        QCOMPARE(matches.size(), std::size_t {1});
        if (size <= 36) // a longer one does not come twice in the 72 bytes of the subkeys
            QVERIFY(matches[0].value == key);
        QVERIFY(std::equal(key.begin(), key.end(), matches[0].value.begin()));
    }
}

void BlockKeysTest::computesCast5Keys()
{
    for (const std::size_t size : {5U, 10U, 11U, 16U}) {
        const SecretBytes key = bytesOf(static_cast<std::uint32_t>(60 + size), size);
        QVERIFY(expandCast5Key(key) == cast5(key));
        SecretBytes wanted = key;
        if (size > 10)
            wanted.resize(16);
        const auto keys = cast5KeysOf(cast5(key).data());
        QVERIFY(std::find(keys.begin(), keys.end(), wanted) != keys.end());
        for (const SecretBytes& other : keys)
            QVERIFY(expandCast5Key(other) == cast5(key));
        SecretBytes wrong = cast5(key);
        wrong[77] ^= 4;
        QVERIFY(cast5KeysOf(wrong.data()).empty());
    }
}

void BlockKeysTest::findsThemWhereRandomBytesBeginAndEnd()
{
    const SecretBytes schedule = camellia(bytesOf(70, 32));
    for (const std::size_t before : {std::size_t {0}, std::size_t {96}, std::size_t {384}}) {
        SecretBytes bytes(1024);
        const SecretBytes random = bytesOf(71, before);
        bytes.insert(bytes.end(), random.begin(), random.end());
        bytes.insert(bytes.end(), schedule.begin(), schedule.end());
        const SecretBytes behind = bytesOf(72, 4096);
        bytes.insert(bytes.end(), behind.begin(), behind.end());
        QCOMPARE(matchesIn(cipherkeysDetector, bytes, 512).size(), std::size_t {1});
        std::reverse(bytes.begin(), bytes.end());
        const auto at = std::search(bytes.begin(), bytes.end(), schedule.rbegin(), schedule.rend());
        std::reverse(at, at + static_cast<std::ptrdiff_t>(schedule.size()));
        bytes.resize(bytes.size() / 8 * 8);
        if ((at - bytes.begin()) % 8 == 0)
            QCOMPARE(matchesIn(cipherkeysDetector, bytes, 512).size(), std::size_t {1});
    }
}

void BlockKeysTest::findsNothingInNoise()
{
    QVERIFY(matchesIn(cipherkeysDetector, randomBytes(1 << 20, 80)).empty());
    std::vector<std::uint8_t> islands;
    for (std::uint32_t i = 0; i < 200; ++i) {
        const auto random = randomBytes(100 + 40 * i, 81 + i);
        islands.insert(islands.end(), random.begin(), random.end());
        islands.resize(islands.size() + 40 + i);
    }
    QVERIFY(matchesIn(cipherkeysDetector, islands).empty());
    // Every other word small, as in CAST5's pairs, but all alike.
    std::vector<std::uint8_t> pairs = randomBytes(1 << 14, 82);
    for (std::size_t at = 0; at < pairs.size(); ++at)
        if (at % 8 >= 4)
            pairs[at] = at % 8 == 4 ? 3 : 0;
    QVERIFY(matchesIn(cipherkeysDetector, pairs).empty());
}

int main(int argc, char** argv)
{
    if (CRYPTO_set_mem_functions(allocate, reallocate, release) != 1)
        return 1;
    QCoreApplication application(argc, argv);
    BlockKeysTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_blockkeys.moc"
