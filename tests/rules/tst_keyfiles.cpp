// SPDX-License-Identifier: GPL-3.0-or-later
// Keys in binary files that are no PKCS #1, #8 or SEC 1: Windows' blobs, OpenPGP, key stores, ...
#include "memoryimage.h"

#include "scanner/rules/keys/eckey.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/dsa.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

using namespace coredact;

namespace {

using namespace std::string_view_literals;
using Bytes = std::vector<std::uint8_t>;

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Bytes encoded(EVP_PKEY* key, const char* form, const char* structure)
{
    OSSL_ENCODER_CTX* encoder
        = OSSL_ENCODER_CTX_new_for_pkey(key, EVP_PKEY_KEYPAIR, form, structure, nullptr);
    unsigned char* data = nullptr;
    std::size_t size = 0;
    Bytes bytes;
    if (OSSL_ENCODER_to_data(encoder, &data, &size) == 1)
        bytes.assign(data, data + size);
    OPENSSL_free(data);
    OSSL_ENCODER_CTX_free(encoder);
    return bytes;
}

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
void append(Bytes& bytes, std::string_view more) { append(bytes, asBytes(more)); }

void appendNumber(Bytes& bytes, std::uint64_t value, unsigned size, bool big = false)
{
    for (unsigned i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (big ? size - 1 - i : i)) & 0xff));
}

Bytes cngRsa(const RsaNumbers& key)
{
    Bytes blob;
    append(blob, "RSA3");
    for (const std::size_t size :
         {std::size_t {key.n.bits()}, key.e.bytes(), key.n.bytes(), key.p.bytes(), key.q.bytes()})
        appendNumber(blob, size, 4);
    for (const BigNumber* number : {&key.e, &key.n, &key.p, &key.q, &key.dp, &key.dq, &key.qinv})
        append(blob,
               number->bigEndian(number == &key.e       ? number->bytes()
                                     : number == &key.n ? key.n.bytes()
                                                        : key.p.bytes()));
    append(blob, key.d.bigEndian(key.n.bytes()));
    return blob;
}

bool covers(ByteView bytes, const Match& match, const SecretBytes& secret)
{
    const auto at = std::search(bytes.begin(), bytes.end(), secret.begin(), secret.end());
    const auto begin = static_cast<std::size_t>(at - bytes.begin());
    return at != bytes.end()
        && std::any_of(match.spans.begin(), match.spans.end(), [&](const Span& span) {
               return span.begin <= begin && begin + secret.size() <= span.end;
           });
}

QByteArray ran(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(120000);
    return process.readAllStandardOutput();
}

Bytes bytesOf(const QByteArray& array) { return Bytes(array.begin(), array.end()); }

/// A certificate, so often, and its key in PKCS #12, with OpenSSL's own defaults.
Bytes pkcs12Of(EVP_PKEY* key, int certificates = 1)
{
    X509* certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    STACK_OF(X509)* more = sk_X509_new_null();
    for (int i = 1; i < certificates; ++i)
        sk_X509_push(more, certificate);
    PKCS12* store = PKCS12_create("password", "name", key, certificate, more, 0, 0, 0, 0, 0);
    sk_X509_free(more);
    unsigned char* der = nullptr;
    const int size = i2d_PKCS12(store, &der);
    const Bytes bytes(der, der + size);
    OPENSSL_free(der);
    PKCS12_free(store);
    X509_free(certificate);
    return bytes;
}

Bytes javaStore()
{
    Bytes store;
    append(store, "\xfe\xed\xfe\xed"sv);
    appendNumber(store, 2, 4, true);
    appendNumber(store, 1, 4, true);
    appendNumber(store, 1, 4, true); // a key
    appendNumber(store, 5, 2, true);
    append(store, "alias");
    appendNumber(store, 1700000000000, 8, true);
    appendNumber(store, 700, 4, true);
    append(store, "\x30\x82\x02\xb8"sv);
    append(store, randomBytes(696, 3));
    appendNumber(store, 0, 4, true); // no certificates
    append(store, randomBytes(20, 4));
    return store;
}

Bytes keytab(const Bytes& key)
{
    Bytes entry;
    appendNumber(entry, 2, 2, true);
    for (const std::string_view text : {"REALM.EXAMPLE"sv, "HTTP"sv, "www"sv}) {
        appendNumber(entry, text.size(), 2, true);
        append(entry, text);
    }
    appendNumber(entry, 1, 4, true);
    appendNumber(entry, 1700000000, 4, true);
    entry.push_back(2);
    appendNumber(entry, 18, 2, true);
    appendNumber(entry, key.size(), 2, true);
    append(entry, key);
    Bytes file;
    append(file, "\x05\x02"sv);
    appendNumber(file, entry.size(), 4, true);
    append(file, entry);
    return file;
}

} // namespace

class KeyFilesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void provesCngBlobs();
    void provesCngCurveBlobs();
    void provesCryptoApiBlobs();
    void encryptedPvkIsMedium();
    void findsSymmetricBlobs();
    void provesPgpKeys_data();
    void provesPgpKeys();
    void encryptedPgpKeysAreMedium();
    void findsPkcs12Whole();
    void tellsThatPkcs12IsTooWide();
    void findsKeysOfJavaStores();
    void findsKeytabKeys();
    void findsDpapiBlobs();
    void findsOnionKeys();
    void provesDsaInBothForms();
    void findsDiffieHellman();
    void encryptedDerIsMedium();
    void everyPrefixIsSafe();
    void findsAKeyOnceWhereverAWindowEnds();

private:
    MadeKey m_made;
    RsaNumbers m_rsa;
    Key m_key;
};

void KeyFilesTest::initTestCase()
{
    m_made = makeRsa(2048);
    m_rsa = rsaNumbers(m_made);
    const unsigned char* at = m_made.pkcs8.data();
    m_key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(m_made.pkcs8.size())));
    QVERIFY(m_key);
}

void KeyFilesTest::provesCngBlobs()
{
    const auto bytes = buried(cngRsa(m_rsa), 100, 50);
    const auto matches = matchesIn(winkeysDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(m_made.spki));
    for (const BigNumber* secret : {&m_rsa.p, &m_rsa.q, &m_rsa.dp, &m_rsa.qinv, &m_rsa.d})
        QVERIFY(covers(bytes, matches[0], secret->bigEndian()));
    QVERIFY(!covers(bytes, matches[0], m_rsa.n.bigEndian()));
}

void KeyFilesTest::provesCngCurveBlobs()
{
    for (const char last : {'2', '4', '6'}) {
        const EcCurve& curve = *ecCurveBySshName(last == '2'       ? "nistp256"
                                                     : last == '4' ? "nistp384"
                                                                   : "nistp521");
        auto scalar = randomBytes(curve.bytes, 8);
        scalar[0] = 0; // below every order
        const BigNumber d = BigNumber::fromBigEndian(scalar);
        const auto octets = ecOctets(curve, *ecPublicPoint(curve, d));
        for (const std::string_view kind : {"ECS", "ECK"}) {
            Bytes blob;
            append(blob, kind);
            blob.push_back(static_cast<std::uint8_t>(last));
            appendNumber(blob, curve.bytes, 4);
            append(blob, ByteView(octets).subspan(1));
            append(blob, scalar);
            const auto matches = matchesIn(winkeysDetector, blob);
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].confidence == Confidence::Verified);
            QCOMPARE(matches[0].spans[0].end, blob.size());
            QCOMPARE(matches[0].spans[0].begin, blob.size() - curve.bytes);
        }
    }
}

void KeyFilesTest::provesCryptoApiBlobs()
{
    const Bytes blob = encoded(m_key.get(), "MSBLOB", nullptr);
    QVERIFY(!blob.empty());
    const auto matches = matchesIn(winkeysDetector, blob);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "capi-private-key");
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].identity->value, spkiSha256(m_made.spki));
    QCOMPARE(matches[0].spans[0].end, blob.size());
    QVERIFY(covers(blob, matches[0], m_rsa.d.littleEndian(256)));
}

void KeyFilesTest::encryptedPvkIsMedium()
{
    Bytes file;
    for (const std::uint32_t word : {0xb0b5f11eU, 0U, 2U, 1U, 16U, 600U})
        appendNumber(file, word, 4);
    append(file, randomBytes(16, 1));
    append(file, "\x07\x02\0\0\0\xa4\0\0"sv);
    append(file, randomBytes(592, 2));
    const auto matches = matchesIn(winkeysDetector, file);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->severity == Severity::Medium);
    QCOMPARE(matches[0].spans[0].end - matches[0].spans[0].begin, std::size_t {592});
}

void KeyFilesTest::findsSymmetricBlobs()
{
    const auto key = randomBytes(32, 6);
    Bytes plain;
    append(plain, "\x08\x02\0\0\x10\x66\0\0\x20\0\0\0"sv);
    append(plain, key);
    Bytes data;
    append(data, "KDBM\x01\0\0\0\x20\0\0\0"sv);
    append(data, key);
    for (const Bytes& blob : {plain, data}) {
        const auto matches = matchesIn(winkeysDetector, blob);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Likely);
        QCOMPARE(matches[0].spans[0].begin, std::size_t {12});
        QCOMPARE(matches[0].spans[0].end, blob.size());
    }
}

void KeyFilesTest::provesPgpKeys_data()
{
    QTest::addColumn<QString>("algorithm");
    for (const char* algorithm :
         {"rsa2048", "dsa2048", "ed25519", "cv25519", "nistp256", "nistp521"})
        QTest::newRow(algorithm) << algorithm;
}

void KeyFilesTest::provesPgpKeys()
{
    QFETCH(QString, algorithm);
    const QTemporaryDir home;
    const QStringList common {"--homedir",    home.path(), "--batch",         "--quiet",
                              "--passphrase", "",          "--pinentry-mode", "loopback"};
    const bool onlyEncrypts = algorithm == "cv25519";
    ran("gpg",
        common
            + QStringList {"--quick-gen-key", "me@example.org",
                           onlyEncrypts ? "ed25519" : algorithm, "sign", "never"});
    const QString listed
        = QString::fromUtf8(ran("gpg", {"--homedir", home.path(), "--list-keys", "--with-colons"}));
    const QString fingerprint = listed.section("\nfpr:", 1, 1).section(':', 8, 8);
    if (onlyEncrypts)
        ran("gpg", common + QStringList {"--quick-add-key", fingerprint, algorithm, "encrypt"});
    const Bytes exported = bytesOf(ran("gpg", common + QStringList {"--export-secret-keys"}));
    ran("gpgconf", {"--homedir", home.path(), "--kill", "all"});
    QVERIFY2(!exported.empty(), "gpg (gnupg) makes the keys for this test");
    const auto matches = matchesIn(pgpDetector, exported);
    QCOMPARE(matches.size(), std::size_t {onlyEncrypts ? 2U : 1U});
    for (const Match& match : matches)
        QVERIFY(match.confidence == Confidence::Verified);
    QCOMPARE(QString::fromStdString(matches[0].identity->value), fingerprint);
}

void KeyFilesTest::encryptedPgpKeysAreMedium()
{
    const QTemporaryDir home;
    const QStringList common {"--homedir",    home.path(),  "--batch",         "--quiet",
                              "--passphrase", "some words", "--pinentry-mode", "loopback"};
    ran("gpg", common + QStringList {"--quick-gen-key", "me@example.org", "rsa2048", "sign"});
    const Bytes exported = bytesOf(ran("gpg", common + QStringList {"--export-secret-keys"}));
    ran("gpgconf", {"--homedir", home.path(), "--kill", "all"});
    const auto matches = matchesIn(pgpDetector, exported);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Medium);
    QVERIFY(matches[0].confidence == Confidence::Likely);
}

void KeyFilesTest::findsPkcs12Whole()
{
    const Bytes store = pkcs12Of(m_key.get());
    const auto bytes = buried(store, 10, 10);
    const auto matches = matchesIn(keystoresDetector, bytes);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->severity == Severity::Medium);
    QCOMPARE(matches[0].spans[0].begin, std::size_t {14});
    QCOMPARE(matches[0].spans[0].end, 10 + store.size());
}

void KeyFilesTest::tellsThatPkcs12IsTooWide()
{
    const auto bytes = buried(pkcs12Of(m_key.get(), 50), 10, 100);
    QVERIFY(bytes.size() > 17000);
    QVERIFY(matchesIn(keystoresDetector, bytes).empty());
    QCOMPARE(leftOutIn(keystoresDetector, bytes, 4096), std::vector<std::size_t> {10});
    QVERIFY(leftOutIn(keystoresDetector, pkcs12Of(m_key.get())).empty());
}

void KeyFilesTest::findsKeysOfJavaStores()
{
    const Bytes store = javaStore();
    const auto matches = matchesIn(keystoresDetector, store);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].spans[0].end, store.size() - 24);
    QCOMPARE(matches[0].spans[0].end - matches[0].spans[0].begin, std::size_t {700});
}

void KeyFilesTest::findsKeytabKeys()
{
    const auto key = randomBytes(32, 7);
    const Bytes file = keytab(key);
    const auto matches = matchesIn(kerberosDetector, file);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].identity->value == "HTTP/www@REALM.EXAMPLE");
    QVERIFY(covers(file, matches[0], SecretBytes(key.begin(), key.end())));
}

void KeyFilesTest::findsDpapiBlobs()
{
    Bytes blob;
    append(
        blob,
        "\x01\0\0\0\xd0\x8c\x9d\xdf\x01\x15\xd1\x11\x8c\x7a\x00\xc0\x4f\xc2\x97\xeb\x01\0\0\0"sv);
    append(blob, randomBytes(16, 1));
    appendNumber(blob, 0, 4); // flags
    appendNumber(blob, 2, 4); // description
    appendNumber(blob, 0, 2);
    appendNumber(blob, 0x6610, 4);
    appendNumber(blob, 256, 4);
    appendNumber(blob, 32, 4);
    append(blob, randomBytes(32, 2));
    appendNumber(blob, 0, 4);
    appendNumber(blob, 0x800e, 4);
    appendNumber(blob, 512, 4);
    appendNumber(blob, 32, 4);
    append(blob, randomBytes(32, 3));
    appendNumber(blob, 64, 4);
    append(blob, randomBytes(64, 4));
    appendNumber(blob, 64, 4);
    append(blob, randomBytes(64, 5));
    const auto matches = matchesIn(dpapiDetector, blob);
    QCOMPARE(matches.size(), std::size_t {1});
    QCOMPARE(matches[0].spans.size(), std::size_t {2});
    QCOMPARE(matches[0].spans[1].end, blob.size() - 68);
}

void KeyFilesTest::findsOnionKeys()
{
    auto key = randomBytes(64, 12);
    key[0] &= 0xf8;
    key[31] = static_cast<std::uint8_t>((key[31] & 0x3f) | 0x40);
    Bytes file;
    append(file, "== ed25519v1-secret: type0 ==\0\0\0"sv);
    append(file, key);
    const auto matches = matchesIn(toronionDetector, file);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QCOMPARE(matches[0].spans[0].begin, std::size_t {32});
}

void KeyFilesTest::provesDsaInBothForms()
{
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr);
    EVP_PKEY* parameters = nullptr;
    EVP_PKEY_paramgen_init(context);
    EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 1024);
    EVP_PKEY_paramgen(context, &parameters);
    EVP_PKEY_CTX* generator = EVP_PKEY_CTX_new(parameters, nullptr);
    EVP_PKEY* raw = nullptr;
    EVP_PKEY_keygen_init(generator);
    EVP_PKEY_keygen(generator, &raw);
    const Key key(raw);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_CTX_free(generator);
    EVP_PKEY_free(parameters);
    const auto traditional = matchesIn(derkeysDetector, encoded(key.get(), "DER", "type-specific"));
    QCOMPARE(traditional.size(), std::size_t {1});
    QVERIFY(traditional[0].rule->id == "dsa-private-key-der");
    QVERIFY(traditional[0].confidence == Confidence::Verified);
    const auto pkcs8 = matchesIn(derkeysDetector, encoded(key.get(), "DER", "PrivateKeyInfo"));
    QCOMPARE(pkcs8.size(), std::size_t {1});
    QVERIFY(pkcs8[0].confidence == Confidence::Likely);
    QVERIFY(pkcs8[0].value == traditional[0].value);
    QCOMPARE(pkcs8[0].identity->value, traditional[0].identity->value);
}

void KeyFilesTest::findsDiffieHellman()
{
    const Key key([] {
        EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr);
        char group[] = "ffdhe2048";
        const OSSL_PARAM parameters[]
            = {OSSL_PARAM_construct_utf8_string("group", group, 0), OSSL_PARAM_construct_end()};
        EVP_PKEY* made = nullptr;
        EVP_PKEY_keygen_init(context);
        EVP_PKEY_CTX_set_params(context, parameters);
        EVP_PKEY_keygen(context, &made);
        EVP_PKEY_CTX_free(context);
        return made;
    }());
    const auto matches = matchesIn(derkeysDetector, encoded(key.get(), "DER", "PrivateKeyInfo"));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].title.starts_with("DH-2048"));
    QVERIFY(matches[0].confidence == Confidence::Likely);
}

void KeyFilesTest::encryptedDerIsMedium()
{
    OSSL_ENCODER_CTX* encoder = OSSL_ENCODER_CTX_new_for_pkey(m_key.get(), EVP_PKEY_KEYPAIR, "DER",
                                                              "EncryptedPrivateKeyInfo", nullptr);
    OSSL_ENCODER_CTX_set_cipher(encoder, "AES-256-CBC", nullptr);
    OSSL_ENCODER_CTX_set_passphrase(encoder, reinterpret_cast<const unsigned char*>("some"), 4);
    unsigned char* data = nullptr;
    std::size_t size = 0;
    QCOMPARE(OSSL_ENCODER_to_data(encoder, &data, &size), 1);
    const Bytes bytes(data, data + size);
    OPENSSL_free(data);
    OSSL_ENCODER_CTX_free(encoder);
    const auto matches = matchesIn(derkeysDetector, buried(bytes, 30, 30));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "encrypted-private-key-der");
    QVERIFY(matches[0].title.find("PBKDF2 with 2048 rounds") != std::string::npos);
    QCOMPARE(matches[0].spans[0].end, 30 + bytes.size());
}

void KeyFilesTest::everyPrefixIsSafe()
{
    const std::pair<const Detector*, Bytes> files[] = {
        {&winkeysDetector, cngRsa(m_rsa)},
        {&keystoresDetector, javaStore()},
        {&keystoresDetector, pkcs12Of(m_key.get())},
        {&kerberosDetector, keytab(randomBytes(32, 1))},
    };
    for (const auto& [detector, file] : files)
        for (std::size_t size = 0; size < file.size(); ++size)
            for (const Match& match : matchesIn(*detector, ByteView(file).first(size)))
                for (const Span& span : match.spans)
                    QVERIFY(span.end <= size);
}

void KeyFilesTest::findsAKeyOnceWhereverAWindowEnds()
{
    const std::pair<const Detector*, Bytes> files[] = {
        {&winkeysDetector, encoded(m_key.get(), "MSBLOB", nullptr)},
        {&keystoresDetector, javaStore()},
        {&keystoresDetector, pkcs12Of(m_key.get())},
        {&kerberosDetector, keytab(randomBytes(32, 1))},
    };
    for (const auto& [detector, file] : files)
        for (std::size_t before = 950; before < 1040; before += 3)
            QCOMPARE(matchesIn(*detector, buried(file, before, 300), 1024).size(), std::size_t {1});
}

QTEST_GUILESS_MAIN(KeyFilesTest)
#include "tst_keyfiles.moc"
