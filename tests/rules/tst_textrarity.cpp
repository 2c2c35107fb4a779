// SPDX-License-Identifier: GPL-3.0-or-later
// Random texts are told from the names of programs.
#include "scanner/rules/textrarity.h"

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

/// How many of a thousand random texts are not told, rounded up. Always the same texts.
int missedBy(bool (*tells)(std::string_view), std::size_t size, std::string_view signs)
{
    constexpr int count = 20000;
    std::mt19937 random(1);
    int missed = 0;
    for (int i = 0; i < count; ++i)
        missed += tells(randomText(random, size, signs)) ? 0 : 1;
    return (missed * 1000 + count - 1) / count;
}

class TestTextRarity : public QObject {
    Q_OBJECT

private slots:
    void tellsRandomTexts_data();
    void tellsRandomTexts();
    void leavesNames();
    void judgesNoTextOfOneCase();
    void tellsRandomLetters_data();
    void tellsRandomLetters();
    void tellsRandomLettersOfBothCases_data();
    void tellsRandomLettersOfBothCases();
    void leavesWords();
    void tellsWhatWasDrawn_data();
    void tellsWhatWasDrawn();
    void leavesWhatWasNotDrawn();
    void leavesLists();
};

void TestTextRarity::tellsRandomTexts_data()
{
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<int>("mostMissed"); // of a thousand
    QTest::newRow("8") << std::size_t {8} << 240;
    QTest::newRow("12") << std::size_t {12} << 100;
    QTest::newRow("16") << std::size_t {16} << 60;
    QTest::newRow("22") << std::size_t {22} << 25;
    QTest::newRow("32") << std::size_t {32} << 5;
    QTest::newRow("43") << std::size_t {43} << 1;
}

void TestTextRarity::tellsRandomTexts()
{
    QFETCH(std::size_t, size);
    QFETCH(int, mostMissed);
    const int missed = missedBy(isLikeNoName, size, base64url);
    QVERIFY2(missed <= mostMissed, qPrintable(QString::number(missed)));
}

void TestTextRarity::leavesNames()
{
    for (const char* const name :
         {"wolfSSL_CTX_check_private_key", "VPN-Gateway-HTTP2-Proxy", "kCFStreamSSLCertificates",
          "X-Forwarded-For-HTTPS", "getElementsByTagNameNS", "XMLHttpRequestUpload",
          "GL_COMPRESSED_RGBA8_ETC2_EACext", "_PyUnicode_FromASCII", "AES256-GCM-SHA384-RSAkey",
          "libQt6WebEngineCore.so.6.4.2", "org.apache.commons.lang3.StringUtils",
          "EVP_PKEY_CTX_set1_hkdf_key", "ClientHelloOuterAAD", "PKCS5_PBKDF2_HMAC_SHA1test"})
        QVERIFY2(!isLikeNoName(name), name);
}

void TestTextRarity::judgesNoTextOfOneCase()
{
    std::mt19937 random(2);
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(!isLikeNoName(randomText(random, 32, "0123456789abcdef")));
        QVERIFY(!isLikeNoName(randomText(random, 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")));
        QVERIFY(!isLikeNoName(randomText(random, 7, base64url)));
    }
    QVERIFY(!isLikeNoName(""));
}

void TestTextRarity::tellsRandomLetters_data()
{
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<int>("mostMissed"); // of a thousand
    QTest::newRow("8") << std::size_t {8} << 400;
    QTest::newRow("10") << std::size_t {10} << 300;
    QTest::newRow("12") << std::size_t {12} << 220;
    QTest::newRow("16") << std::size_t {16} << 130;
}

void TestTextRarity::tellsRandomLetters()
{
    QFETCH(std::size_t, size);
    QFETCH(int, mostMissed);
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    const int missed = missedBy(isOfNoWord, size, letters);
    QVERIFY2(missed <= mostMissed, qPrintable(QString::number(missed)));
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i) {
        std::string text = randomText(random, size, letters);
        const bool isTold = isOfNoWord(text);
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
        QCOMPARE(isOfNoWord(text), isTold);
        QVERIFY(!isOfNoWord(text + '1'));
    }
}

void TestTextRarity::tellsRandomLettersOfBothCases_data()
{
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<int>("mostMissed"); // of a thousand
    QTest::newRow("8") << std::size_t {8} << 120;
    QTest::newRow("12") << std::size_t {12} << 55;
    QTest::newRow("14") << std::size_t {14} << 40;
    QTest::newRow("20") << std::size_t {20} << 15;
}

void TestTextRarity::tellsRandomLettersOfBothCases()
{
    QFETCH(std::size_t, size);
    QFETCH(int, mostMissed);
    const int missed = missedBy(isOfNoWord, size, base64url.substr(0, 52));
    QVERIFY2(missed <= mostMissed, qPrintable(QString::number(missed)));
}

void TestTextRarity::leavesWords()
{
    for (const char* const word :
         {"gewijzigd", "wachtwoord", "przestrzeni", "Zwischenablage", "szerkeszt", "lihavointi",
          "schtroumpf", "strcasecmp", "getpwnam", "KEYBOARDINTERRUPT", "aaaaaaaaaaaa", "xxxxxxxxxx",
          "xkqjzvb", "getElementsByTagNameNS", "XMLHttpRequest", "PasswordField", "mysqlUserDn",
          "bBuhHiIlLqQfd", ""})
        QVERIFY2(!isOfNoWord(word), word);
}

void TestTextRarity::tellsWhatWasDrawn_data()
{
    QTest::addColumn<QByteArray>("signs");
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<int>("mostMissed"); // of a thousand
    QTest::newRow("base32") << QByteArray("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") << std::size_t {32}
                            << 26;
    QTest::newRow("small letters and digits")
        << QByteArray("abcdefghijklmnopqrstuvwxyz0123456789") << std::size_t {24} << 110;
    QTest::newRow("with signs") << QByteArray("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)")
                                << std::size_t {50} << 35;
    QTest::newRow("base64url") << QByteArray(base64url.data(), base64url.size()) << std::size_t {43}
                               << 13;
}

void TestTextRarity::tellsWhatWasDrawn()
{
    QFETCH(QByteArray, signs);
    QFETCH(std::size_t, size);
    QFETCH(int, mostMissed);
    const int missed = missedBy(isDrawn, size, signs.toStdString());
    QVERIFY2(missed <= mostMissed, qPrintable(QString::number(missed)));
}

void TestTextRarity::leavesWhatWasNotDrawn()
{
    std::mt19937 random(5);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(!isDrawn(randomText(random, 19, "abcdefghijklmnopqrstuvwxyz0123456789")));
    for (const char* const text :
         {"gtk_tree_view_column_set_cell_data", "PKCS5_PBKDF2_HMAC_SHA1_TEST_CASES",
          "k3xvzqz8wbx2mfqz7tzr 1hcqz", "1234567890123456789012345678", ""})
        QVERIFY2(!isDrawn(text), text);
}

void TestTextRarity::leavesLists()
{
    for (const char* const list :
         {"bBuhHiIlLqQfd", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP", "0123456789ABCDEFGHabcdefgh"}) {
        QVERIFY2(isOfNeighbours(list), list);
        QVERIFY2(!isLikeNoName(list) && !isDrawn(list), list);
    }
    QVERIFY(!isOfNeighbours("abxqdgabxqdg")); // two of twelve
    QVERIFY(!isOfNeighbours(""));
}

} // namespace

QTEST_APPLESS_MAIN(TestTextRarity)

#include "tst_textrarity.moc"
