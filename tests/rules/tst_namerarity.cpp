// SPDX-License-Identifier: GPL-3.0-or-later
// Random texts are told from the names of programs.
#include "scanner/rules/namerarity.h"

#include <QTest>

#include <random>
#include <string>

using namespace coredact;

namespace {

constexpr std::string_view base64url
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string randomText(std::mt19937& random, std::size_t size, std::string_view signs)
{
    std::string text;
    while (text.size() < size)
        text += signs[random() % signs.size()];
    return text;
}

class TestNameRarity : public QObject {
    Q_OBJECT

private slots:
    void tellsRandomTexts_data();
    void tellsRandomTexts();
    void leavesNames();
    void judgesNoTextOfOneCase();
    void tellsRandomLetters_data();
    void tellsRandomLetters();
    void leavesWords();
};

void TestNameRarity::tellsRandomTexts_data()
{
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<int>("mostMissed"); // of a thousand
    QTest::newRow("12") << std::size_t {12} << 120;
    QTest::newRow("16") << std::size_t {16} << 60;
    QTest::newRow("22") << std::size_t {22} << 25;
    QTest::newRow("32") << std::size_t {32} << 5;
    QTest::newRow("43") << std::size_t {43} << 1;
}

void TestNameRarity::tellsRandomTexts()
{
    QFETCH(std::size_t, size);
    QFETCH(int, mostMissed);
    constexpr int count = 20000;
    std::mt19937 random(1); // always the same texts
    int missed = 0;
    for (int i = 0; i < count; ++i)
        missed += isLikeNoName(randomText(random, size, base64url)) ? 0 : 1;
    QVERIFY2(missed * 1000 <= mostMissed * count, qPrintable(QString::number(missed)));
}

void TestNameRarity::leavesNames()
{
    for (const char* const name :
         {"wolfSSL_CTX_check_private_key", "VPN-Gateway-HTTP2-Proxy", "kCFStreamSSLCertificates",
          "X-Forwarded-For-HTTPS", "getElementsByTagNameNS", "XMLHttpRequestUpload",
          "GL_COMPRESSED_RGBA8_ETC2_EACext", "_PyUnicode_FromASCII", "AES256-GCM-SHA384-RSAkey",
          "libQt6WebEngineCore.so.6.4.2", "org.apache.commons.lang3.StringUtils",
          "EVP_PKEY_CTX_set1_hkdf_key", "ClientHelloOuterAAD", "PKCS5_PBKDF2_HMAC_SHA1test"})
        QVERIFY2(!isLikeNoName(name), name);
}

void TestNameRarity::judgesNoTextOfOneCase()
{
    std::mt19937 random(2);
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(!isLikeNoName(randomText(random, 32, "0123456789abcdef")));
        QVERIFY(!isLikeNoName(randomText(random, 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")));
        QVERIFY(!isLikeNoName(randomText(random, 11, base64url)));
    }
    QVERIFY(!isLikeNoName(""));
}

void TestNameRarity::tellsRandomLetters_data()
{
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<int>("mostMissed"); // of a thousand
    QTest::newRow("8") << std::size_t {8} << 400;
    QTest::newRow("10") << std::size_t {10} << 300;
    QTest::newRow("12") << std::size_t {12} << 220;
    QTest::newRow("16") << std::size_t {16} << 130;
}

void TestNameRarity::tellsRandomLetters()
{
    QFETCH(std::size_t, size);
    QFETCH(int, mostMissed);
    constexpr int count = 20000;
    std::mt19937 random(3);
    int missed = 0;
    for (int i = 0; i < count; ++i) {
        std::string text = randomText(random, size, "abcdefghijklmnopqrstuvwxyz");
        const bool isTold = isOfNoWord(text);
        missed += isTold ? 0 : 1;
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
        QCOMPARE(isOfNoWord(text), isTold);
        text.back() = static_cast<char>(text.back() - 'a' + 'A');
        QVERIFY(!isOfNoWord(text));
    }
    QVERIFY2(missed * 1000 <= mostMissed * count, qPrintable(QString::number(missed)));
}

void TestNameRarity::leavesWords()
{
    for (const char* const word :
         {"gewijzigd", "wachtwoord", "przestrzeni", "Zwischenablage", "szerkeszt", "lihavointi",
          "schtroumpf", "strcasecmp", "getpwnam", "KEYBOARDINTERRUPT", "aaaaaaaaaaaa", "xxxxxxxxxx",
          "xkqjzvb", ""})
        QVERIFY2(!isOfNoWord(word), word);
}

} // namespace

QTEST_APPLESS_MAIN(TestNameRarity)

#include "tst_namerarity.moc"
