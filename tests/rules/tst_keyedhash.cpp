// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/rules/hmac/keyedhash.h"

#include <QTest>

#include <openssl/evp.h>
#include <openssl/hmac.h>

using namespace coredact;

namespace {

SecretBytes libcryptoCode(const EVP_MD* digest, ByteView key, ByteView text)
{
    SecretBytes code(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    HMAC(digest, key.data(), static_cast<int>(key.size()), text.data(), text.size(), code.data(),
         &size);
    code.resize(size);
    return code;
}

} // namespace

class KeyedHashTest : public QObject {
    Q_OBJECT

private slots:
    void codesAreThoseOfLibcrypto_data();
    void codesAreThoseOfLibcrypto();
    void stretchesPasswordsAsLibcryptoDoes();
    void stretchesNothingWhenCancelled();
};

void KeyedHashTest::codesAreThoseOfLibcrypto_data()
{
    QTest::addColumn<HashKind>("kind");
    QTest::addColumn<QString>("name");
    QTest::newRow("SHA-1") << HashKind::Sha1 << "SHA1";
    QTest::newRow("SHA-224") << HashKind::Sha224 << "SHA224";
    QTest::newRow("SHA-256") << HashKind::Sha256 << "SHA256";
    QTest::newRow("SHA-384") << HashKind::Sha384 << "SHA384";
    QTest::newRow("SHA-512") << HashKind::Sha512 << "SHA512";
}

/// Keys shorter than a block, of one, and longer; texts with and without whole blocks.
void KeyedHashTest::codesAreThoseOfLibcrypto()
{
    QFETCH(HashKind, kind);
    QFETCH(QString, name);
    const EVP_MD* digest = EVP_get_digestbyname(qPrintable(name));
    for (const std::size_t keySize : {1U, 20U, 64U, 65U, 128U, 129U, 200U}) {
        const auto key = randomBytes(keySize, 1);
        const KeyedHash keyed(kind, key);
        for (const std::size_t textSize : {0U, 1U, 55U, 64U, 111U, 128U, 1000U}) {
            const auto text = randomBytes(textSize, 2);
            SecretBytes code(keyed.size());
            keyed.code(text, code);
            QVERIFY(code == libcryptoCode(digest, key, text));
        }
    }
}

void KeyedHashTest::stretchesPasswordsAsLibcryptoDoes()
{
    const auto salt = randomBytes(16, 3);
    for (const std::size_t size : {1U, 12U, 64U, 90U})
        for (const int iterations : {1, 2, 77}) {
            const auto password = randomBytes(size, 4);
            SecretBytes wanted(32);
            PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()),
                              static_cast<int>(password.size()), salt.data(),
                              static_cast<int>(salt.size()), iterations, EVP_sha256(), 32,
                              wanted.data());
            QVERIFY(pbkdf2Sha256(password, salt, static_cast<std::size_t>(iterations), {})
                    == wanted);
        }
}

void KeyedHashTest::stretchesNothingWhenCancelled()
{
    JobControl control;
    control.cancel();
    QVERIFY(!pbkdf2Sha256(randomBytes(12, 5), randomBytes(16, 6), std::size_t {1} << 40, control));
}

QTEST_APPLESS_MAIN(KeyedHashTest)
#include "tst_keyedhash.moc"
