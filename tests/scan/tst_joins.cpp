// SPDX-License-Identifier: GPL-3.0-or-later
// What places of one dump prove of one another: keys, certificates and tokens made for each run.
#include "tests/support/scanning.h"

#include <QtTest>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string base64Url(const std::string& bytes)
{
    std::string text(bytes.size() / 3 * 4 + 8, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (text.ends_with('='))
        text.pop_back();
    return text;
}

std::string hmac(const EVP_MD* digest, const std::string& secret, const std::string& text)
{
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(digest, secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), code, &size);
    return {reinterpret_cast<char*>(code), size};
}

/// Header and payload of a token; `number` makes it different from others.
std::string unsignedToken(const std::string& algorithm, int number, const std::string& keyId = "7a")
{
    return base64Url("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + keyId + "\"}")
        + "."
        + base64Url("{\"iss\":\"https://idp.example.net\",\"sub\":\"" + std::to_string(number)
                    + "\",\"exp\":1900000000}");
}

std::string hmacToken(const std::string& secret, int number, const std::string& keyId = "7a")
{
    const std::string text = unsignedToken("HS256", number, keyId);
    return text + "." + base64Url(hmac(EVP_sha256(), secret, text));
}

/// A token that names neither issuer nor key: most applications' own.
std::string namelessToken(const std::string& secret, int number, const std::string& claim = "sub")
{
    const std::string text = base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
        + base64Url("{\"" + claim + "\":\"" + std::to_string(number) + "\",\"exp\":1900000000}");
    return text + "." + base64Url(hmac(EVP_sha256(), secret, text));
}

/// Without padding. `key`: 32 bytes.
std::string fernetToken(const std::string& key, int number)
{
    std::string block = std::to_string(number);
    block.resize(16, '.');
    const std::string content
        = std::string("\x80\0\0\0\0\x6b\x08\xd6\xec", 9) + "16 bytes for IV." + block;
    return base64Url(content + hmac(EVP_sha256(), key.substr(0, 16), content));
}

std::string signature(EVP_PKEY* key, const std::string& text, const EVP_MD* digest, bool pss)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    EVP_PKEY_CTX* settings = nullptr;
    EVP_DigestSignInit(context.get(), &settings, digest, nullptr, key);
    if (pss) {
        EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
    }
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, data, text.size());
    std::string bytes(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size, data,
                   text.size());
    bytes.resize(size);
    return bytes;
}

/// An ECDSA signature's two numbers side by side.
std::string joined(const std::string& der, int half)
{
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* parts = d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()));
    std::string bytes(static_cast<std::size_t>(half) * 2, '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parts), out, half);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts), out + half, half);
    ECDSA_SIG_free(parts);
    return bytes;
}

std::string pkcs8(EVP_PKEY* key)
{
    unsigned char* der = nullptr;
    PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key);
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    PKCS8_PRIV_KEY_INFO_free(info);
    std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
}

/// In DER, self-signed, for `name`, valid to the first of March 2027.
std::string certificate(EVP_PKEY* key, const std::string& name)
{
    X509* made = X509_new();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 77);
    ASN1_TIME_set_string(X509_getm_notBefore(made), "20260301000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(made), "20270301000000Z");
    X509_set_pubkey(made, key);
    X509_NAME* names = X509_NAME_new();
    X509_NAME_add_entry_by_txt(names, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_subject_name(made, names);
    X509_set_issuer_name(made, names);
    X509_NAME_free(names);
    X509_sign(made, key, EVP_sha256());
    unsigned char* der = nullptr;
    const int size = i2d_X509(made, &der);
    std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    X509_free(made);
    return bytes;
}

/// Parts with random bytes between them that are no text, at odd places.
std::string memoryOf(const std::vector<std::string>& parts)
{
    std::mt19937 dice(5);
    std::string bytes;
    for (const std::string& part : parts) {
        for (int i = 0; i < 5003; ++i)
            bytes += static_cast<char>(dice() | 0x80U);
        bytes += part + '\0';
    }
    return bytes + std::string(3000, '\x01');
}

int countOf(const ScanResult& result, const std::string& rule)
{
    return int(std::count_if(result.findings.begin(), result.findings.end(),
                             [&](const Finding& finding) { return finding.rule == rule; }));
}

bool saysLeftOut(const ScanResult& result, const std::string& detector)
{
    return std::any_of(result.incomplete.begin(), result.incomplete.end(), [&](const auto& one) {
        return one.reason.find("detector " + detector + " ") != std::string::npos;
    });
}

const std::string madeSecret = "Q7#unlikely"
                               "-signing-text";
const std::string madeFernetKey = "Q7!unlikely-key"
                                  ".Of_32-bytes+long";

} // namespace

class TestJoins : public QObject {
    Q_OBJECT

private slots:
    void aTokenProvesItsSecretWhereverItStands_data();
    void aTokenProvesItsSecretWhereverItStands();
    void aSignedCookieProvesItsSecret_data();
    void aSignedCookieProvesItsSecret();
    void aFernetTokenProvesItsKey_data();
    void aFernetTokenProvesItsKey();
    void aWrongSecretIsNone();
    void secretsOfManyKeyIdsAreAllFound_data();
    void secretsOfManyKeyIdsAreAllFound();
    void tellsWhereThereAreMoreFamiliesOfTokensThanItKeeps();
    void theTokensOfABusyServerLeaveNothingOut_data();
    void theTokensOfABusyServerLeaveNothingOut();
    void applicationsThatNameNeitherThemselvesNorKeysAreAllFound_data();
    void applicationsThatNameNeitherThemselvesNorKeysAreAllFound();
    void anApplicationIsFoundBesideAnotherWithOtherClaims();
    void aForgedTokenHidesNoSecret();
    void tellsWhereTokensOfManyKeysAreMoreThanItKeeps();
    void secretsDoNotDependOnThreadsAndWindows();
    void aKeyIsToldWhoseTokensItSigns_data();
    void aKeyIsToldWhoseTokensItSigns();
    void anotherKeySignsNothing();
    void aKeyIsToldItsCertificate();
};

void TestJoins::aTokenProvesItsSecretWhereverItStands_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("alone") << madeSecret;
    QTest::newRow("environment") << "SIGNING=" + madeSecret;
    QTest::newRow("command line") << "--with key=" + madeSecret + " --more";
    QTest::newRow("JSON") << "{\"a\": 1, \"k\": \"" + madeSecret + "\", \"b\": 2}";
    QTest::newRow("YAML") << "top:\n  k: " + madeSecret + "\n";
    std::string encoded = base64Url(madeSecret);
    QTest::newRow("base64") << "k=" + encoded;
    QTest::newRow("hex") << std::string(
        QByteArray::fromStdString(madeSecret).toHex().toStdString());
}

void TestJoins::aTokenProvesItsSecretWhereverItStands()
{
    QFETCH(std::string, text);
    const auto result
        = scanned(memoryOf({hmacToken(madeSecret, 1), text, hmacToken(madeSecret, 2)}));
    const Finding* finding = findingOf(result, "jwt-hmac-secret");
    QVERIFY(finding);
    QCOMPARE(finding->confidence, Confidence::Verified);
    QVERIFY(finding->identity && finding->identity->value == "https://idp.example.net");
    QCOMPARE(finding->occurrences.size(), std::size_t {1});
}

void TestJoins::aSignedCookieProvesItsSecret_data()
{
    QTest::addColumn<std::string>("cookie");
    const std::string id = "qvWn2GQ7pR9xTz4LkYc0bMh6uJdS1eFa";
    const QByteArray code
        = QByteArray::fromStdString(hmac(EVP_sha256(), madeSecret, id)).toBase64();
    const std::string ofExpress = code.left(43).toStdString();
    const QByteArray escaped
        = QByteArray::fromStdString("s:" + id + "." + ofExpress).toPercentEncoding();
    QTest::newRow("Express, in a header") << "Cookie: a=b; connect.sid=" + escaped.toStdString();
    QTest::newRow("Express, decoded") << "connect.sid=s:" + id + "." + ofExpress;
    const std::string content = base64Url("{\"user\":\"jane\"}") + ".awiabg";
    const std::string key = hmac(EVP_sha1(), madeSecret, "cookie-session");
    QTest::newRow("Flask") << "Set-Cookie: session=" + content + "."
            + base64Url(hmac(EVP_sha1(), key, content)) + "; HttpOnly";
}

void TestJoins::aSignedCookieProvesItsSecret()
{
    QFETCH(std::string, cookie);
    const auto result = scanned(memoryOf({cookie, madeSecret}));
    const Finding* finding = findingOf(result, "cookie-signing-secret");
    QVERIFY(finding);
    QCOMPARE(finding->confidence, Confidence::Verified);
    QCOMPARE(finding->occurrences.size(), std::size_t {1});
    QVERIFY(!findingOf(scanned(memoryOf({cookie, madeSecret + "x"})), "cookie-signing-secret"));
}

void TestJoins::aFernetTokenProvesItsKey_data()
{
    QTest::addColumn<std::string>("padding");
    QTest::newRow("as Python writes it") << std::string("==");
    QTest::newRow("as OpenStack writes it") << std::string();
}

void TestJoins::aFernetTokenProvesItsKey()
{
    QFETCH(std::string, padding);
    const std::string& key = madeFernetKey;
    const std::string token = fernetToken(key, 1) + padding;
    const std::string written = base64Url(key) + "=";
    const auto result = scanned(memoryOf({"x" + padding + " " + token, written, key}));
    const Finding* finding = findingOf(result, "fernet-key");
    QVERIFY(finding);
    QCOMPARE(finding->confidence, Confidence::Verified);
    QCOMPARE(finding->occurrences.size(), std::size_t {2}); // written, and decoded
    QVERIFY(findingOf(result, "fernet-token"));
    const std::string other = base64Url("x" + key.substr(1)) + "=";
    QVERIFY(!findingOf(scanned(memoryOf({token, other})), "fernet-key"));
}

void TestJoins::aWrongSecretIsNone()
{
    const auto result = scanned(memoryOf({hmacToken(madeSecret + "x", 1), madeSecret}));
    QVERIFY(!findingOf(result, "jwt-hmac-secret"));
}

void TestJoins::secretsOfManyKeyIdsAreAllFound_data()
{
    QTest::addColumn<int>("keys");
    QTest::newRow("more than are tried at once") << 70;
    QTest::newRow("as many as are tried") << 256;
    QTest::newRow("one more, which is told") << 257;
}

void TestJoins::secretsOfManyKeyIdsAreAllFound()
{
    QFETCH(const int, keys);
    std::vector<std::string> parts;
    for (int i = 0; i < keys; ++i) {
        const std::string secret = madeSecret + std::to_string(i);
        parts.push_back(hmacToken(secret, i, std::to_string(100 + i)));
        parts.push_back(secret);
    }
    const auto result = scanned(memoryOf(parts));
    QCOMPARE(countOf(result, "jwt-hmac-secret"), std::min(keys, 256));
    QCOMPARE(saysLeftOut(result, "tokensecret"), keys > 256);
}

void TestJoins::tellsWhereThereAreMoreFamiliesOfTokensThanItKeeps()
{
    const auto saysSo = [](int count) {
        std::string bytes;
        for (int i = 0; i < count; ++i)
            bytes
                += unsignedToken("HS256", 1, std::to_string(i)) + "." + std::string(43, 'Q') + " ";
        ScanOptions options;
        options.propagate = false;
        return saysLeftOut(scanned(bytes, options), "signedtokens");
    };
    constexpr int most = 512;
    QVERIFY(!saysSo(most));
    QVERIFY(saysSo(most + 1));
}

void TestJoins::theTokensOfABusyServerLeaveNothingOut_data()
{
    QTest::addColumn<bool>("isFernet");
    QTest::newRow("JSON Web Tokens") << false;
    QTest::newRow("Fernet") << true;
}

void TestJoins::theTokensOfABusyServerLeaveNothingOut()
{
    QFETCH(const bool, isFernet);
    std::string tokens;
    for (int i = 0; i < 17'000; ++i)
        tokens += (isFernet ? fernetToken(madeFernetKey, i) : hmacToken(madeSecret, i)) + " ";
    ScanOptions options;
    options.propagate = false;
    const auto result
        = scanned(memoryOf({tokens, isFernet ? base64Url(madeFernetKey) : madeSecret}), options);
    QVERIFY(findingOf(result, isFernet ? "fernet-key" : "jwt-hmac-secret"));
    QVERIFY(result.incomplete.empty());
}

void TestJoins::applicationsThatNameNeitherThemselvesNorKeysAreAllFound_data()
{
    QTest::addColumn<int>("applications");
    QTest::addColumn<int>("tokensOfEach");
    QTest::addColumn<int>("elsewhere");
    QTest::newRow("two") << 2 << 40 << 0;
    QTest::newRow("two of one token each") << 2 << 1 << 0;
    QTest::newRow("five") << 5 << 8 << 0;
    QTest::newRow("five, of which two hold their secrets elsewhere") << 5 << 8 << 2;
    QTest::newRow("as many as tokens are kept") << 64 << 1 << 0;
}

void TestJoins::applicationsThatNameNeitherThemselvesNorKeysAreAllFound()
{
    QFETCH(const int, applications);
    QFETCH(const int, tokensOfEach);
    QFETCH(const int, elsewhere);
    std::vector<std::string> parts;
    for (int i = 0; i < applications * tokensOfEach; ++i)
        parts.push_back(namelessToken(madeSecret + std::to_string(i % applications), i));
    for (int i = elsewhere; i < applications; ++i)
        parts.push_back(madeSecret + std::to_string(i));
    const auto result = scanned(memoryOf(parts));
    QCOMPARE(countOf(result, "jwt-hmac-secret"), applications - elsewhere);
    QVERIFY(result.incomplete.empty());
}

void TestJoins::anApplicationIsFoundBesideAnotherWithOtherClaims()
{
    std::vector<std::string> parts {madeSecret};
    for (int i = 0; i < 100; ++i) // of a secret that the dump does not hold
        parts.push_back(namelessToken(madeSecret + "x", i));
    parts.push_back(namelessToken(madeSecret, 1, "user"));
    QVERIFY(findingOf(scanned(memoryOf(parts)), "jwt-hmac-secret"));
}

void TestJoins::aForgedTokenHidesNoSecret()
{
    std::vector<std::string> parts {madeSecret, hmacToken(madeSecret, 1)};
    // Sorts before all others.
    parts.push_back(unsignedToken("HS256", 2) + "." + std::string(42, 'A') + "E");
    QVERIFY(findingOf(scanned(memoryOf(parts)), "jwt-hmac-secret"));
}

void TestJoins::tellsWhereTokensOfManyKeysAreMoreThanItKeeps()
{
    const auto saysSo = [](int count) {
        std::vector<std::string> parts;
        for (int i = 0; i < count; ++i) {
            const std::string secret = madeSecret + std::to_string(i);
            parts.push_back(namelessToken(secret, i));
            parts.push_back(secret);
        }
        return saysLeftOut(scanned(memoryOf(parts)), "tokensecret");
    };
    QVERIFY(!saysSo(64));
    QVERIFY(saysSo(65));
}

void TestJoins::secretsDoNotDependOnThreadsAndWindows()
{
    const std::string bytes = memoryOf({madeSecret, hmacToken(madeSecret, 1), "K=" + madeSecret});
    const auto wanted = scanned(bytes);
    QVERIFY(findingOf(wanted, "jwt-hmac-secret"));
    for (const std::size_t window : {4096U, 5003U, 5010U, 20000U})
        QVERIFY(scanned(bytes, cut(3, window)).findings == wanted.findings);
}

void TestJoins::aKeyIsToldWhoseTokensItSigns_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    for (const char* name : {"RS256", "PS384", "ES256", "ES384", "EdDSA"})
        QTest::newRow(name) << QByteArray(name);
}

void TestJoins::aKeyIsToldWhoseTokensItSigns()
{
    QFETCH(QByteArray, algorithm);
    const std::string name = algorithm.toStdString();
    const Key key(name == "EdDSA"       ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                      : name == "ES256" ? EVP_EC_gen("P-256")
                      : name == "ES384" ? EVP_EC_gen("P-384")
                                        : EVP_RSA_gen(2048),
                  &EVP_PKEY_free);
    std::vector<std::string> parts {pkcs8(key.get())};
    for (int number = 0; number < 3; ++number) {
        const std::string text = unsignedToken(name, number);
        const EVP_MD* digest = name == "EdDSA" ? nullptr
            : name.ends_with("384")            ? EVP_sha384()
                                               : EVP_sha256();
        std::string made = signature(key.get(), text, digest, name.starts_with("PS"));
        if (name.starts_with("ES"))
            made = joined(made, name == "ES256" ? 32 : 48);
        parts.push_back(text + "." + base64Url(made));
    }
    const auto result = scanned(memoryOf(parts));
    bool told = false;
    for (const Finding& finding : result.findings)
        for (const std::string& owner : finding.belongsTo) {
            QCOMPARE(owner,
                     std::string("signs tokens of https://idp.example.net, key id 7a "
                                 "(3 in this dump)"));
            QCOMPARE(finding.confidence, Confidence::Verified);
            told = true;
        }
    QVERIFY(told);
}

void TestJoins::anotherKeySignsNothing()
{
    const Key signer(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const Key held(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::string text = unsignedToken("ES256", 1);
    const auto result = scanned(memoryOf(
        {pkcs8(held.get()),
         text + "." + base64Url(joined(signature(signer.get(), text, EVP_sha256(), false), 32))}));
    QVERIFY(findingOf(result, "ec-private-key-der"));
    for (const Finding& finding : result.findings)
        QVERIFY(finding.belongsTo.empty());
}

void TestJoins::aKeyIsToldItsCertificate()
{
    const Key key(EVP_RSA_gen(2048), &EVP_PKEY_free);
    const Key other(EVP_RSA_gen(2048), &EVP_PKEY_free);
    const auto result
        = scanned(memoryOf({certificate(other.get(), "other.example.net"), pkcs8(key.get()),
                            certificate(key.get(), "api.example.net")}));
    const Finding* finding = findingOf(result, "rsa-private-key-der");
    QVERIFY(finding);
    QCOMPARE(finding->belongsTo,
             std::vector<std::string> {"certificate CN=api.example.net, valid to 2027-03-01"});
}

QTEST_APPLESS_MAIN(TestJoins)
#include "tst_joins.moc"
