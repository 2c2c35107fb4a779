// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/codec.h"

#include "scanner/rules/constantruns.h"
#include "scanner/rules/noise.h"

#include <algorithm>
#include <cstring>

#include <QtTest>

using namespace coredact;

class TestCodec : public QObject {
    Q_OBJECT

private slots:
    void countsCrcAsEverybody();
    void countsMarvinAsItsPublishedVectors_data();
    void countsMarvinAsItsPublishedVectors();
    void decodesBase64OfEveryLength();
    void refusesWhatIsNoBase64();
    void decodesBase32();
    void decodesHex();
    void writesNumbersInDigits();
    void tellsSecretsFromNames_data();
    void tellsSecretsFromNames();
    void tellsPlaceholdersFromRandomText();
    void tellsPathsFromBase64();
    void leavesOutLongConstantRuns();
};

void TestCodec::countsCrcAsEverybody()
{
    QCOMPARE(crc32("123456789"), 0xcbf43926U);
    QCOMPARE(crc32(""), 0U);
}

void TestCodec::countsMarvinAsItsPublishedVectors_data()
{
    // Seed 0x004fb61a001bdbcc; the vectors of .NET's own tests, both halves.
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<quint64>("expected");
    QTest::newRow("nothing") << QByteArray("") << quint64(0x30ED35C100CD3C7D);
    QTest::newRow("1 byte") << QByteArray("AF") << quint64(0x48E73FC77D75DDC1);
    QTest::newRow("2 bytes") << QByteArray("E70F") << quint64(0xB5F6E1FC485DBFF8);
    QTest::newRow("3 bytes") << QByteArray("37F495") << quint64(0xF0B07C789B8CF7E8);
    QTest::newRow("4 bytes") << QByteArray("8642DC59") << quint64(0x7008F2E87E9CF556);
    QTest::newRow("7 bytes") << QByteArray("AB427EA8D10FC7") << quint64(0xE11847E4F0678C41);
}

void TestCodec::countsMarvinAsItsPublishedVectors()
{
    QFETCH(QByteArray, hex);
    QFETCH(quint64, expected);
    const std::string bytes = QByteArray::fromHex(hex).toStdString();
    QCOMPARE(marvin32(asBytes(bytes), 0x004fb61a001bdbccULL),
             static_cast<std::uint32_t>((expected >> 32) ^ (expected & 0xffffffffU)));
}

void TestCodec::decodesBase64OfEveryLength()
{
    QByteArray bytes;
    for (int size = 0; size < 70; ++size) {
        const std::string wanted = bytes.toStdString();
        for (const auto options :
             {QByteArray::Base64Options(QByteArray::Base64Encoding),
              QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals}) {
            const auto decoded = decodeBase64(bytes.toBase64(options).toStdString());
            QVERIFY(decoded && asText(*decoded) == wanted);
        }
        bytes.append(static_cast<char>(size * 37 + 250));
    }
}

void TestCodec::refusesWhatIsNoBase64()
{
    for (const char* const text : {"A", "AAAAA", "AA=A", "AA A", "A\xff"})
        QVERIFY(!decodeBase64(text));
}

void TestCodec::decodesBase32()
{
    const auto decoded = decodeBase32("mZxW6ytboi"); // RFC 4648: "foobar" without padding
    QVERIFY(decoded && asText(*decoded) == "foobar");
    QVERIFY(!decodeBase32("MZXW1"));
}

void TestCodec::decodesHex()
{
    const auto decoded = decodeHex("00ff7FaB");
    QVERIFY(decoded && toHex(*decoded) == "00ff7fab");
    for (const char* const text : {"0", "000", "0g", "g0", "0 ", "0x", "00\n"})
        QVERIFY2(!decodeHex(text), text);
}

void TestCodec::writesNumbersInDigits()
{
    QCOMPARE(inDigits(0, base62Digits, 6), std::string("000000"));
    QCOMPARE(inDigits(61, base62Digits, 2), std::string("0z"));
    QCOMPARE(inDigits(36 * 36, base36Digits, 1), std::string("100"));
}

void TestCodec::tellsSecretsFromNames_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isName");
    for (const char* const text : {"getpass.getpass",
                                   "camelCaseName",
                                   "SOME_CONSTANT2",
                                   "config['password']",
                                   "self.token",
                                   "content-type",
                                   "Optional[bytes] = None",
                                   "std::string",
                                   "call(x)",
                                   "hunter2",
                                   "getSha256DigestOfKey",
                                   "ECDSA_P256_SHA256_KEY",
                                   "lib-Crypto-1.2.3-x86",
                                   "XkbGetNamedGeometry",
                                   "ve_vl_vcvtsw_vvmvl",
                                   "HKLM_KDGKBSENT",
                                   "StrcspnVpclmul",
                                   "usr/lib/x86_64-linux-gnu/libQt6WebEngineCore",
                                   "org/apache/HttpClient-4.5.13",
                                   "_ZNK16Item_type_holder4typeEv",
                                   "_Z9do_selectP4JOINP9Procedure",
                                   "_D3std6format__T7sformatTaTykTykTkTkTkZQx",
                                   "self._session.pwd_ctx(xkb_map,rgb8)",
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"})
        QTest::newRow(text) << QByteArray(text) << true;
    for (const char* const text :
         {"aB3dE5fG7hJ9", "x9k!mQ2z", "s3cr3tpw4u", "0123abcd4567ef89", "Tr0ub4dor&3",
          "VBn5YKVUgXkakmXdYpre85SEXQjEMhl4", "TsGrdFxhxozsQTq2", "KllxAsABkpaGUIzOAGm9ChkY",
          "KGJSqDDdMQIo/67gJyftoU5oTPc/OZFl", "alFPQLYnw-UITSrVfga2WV2nTMnaiF41",
          "u614JIhOpPisjjcoi1lCel-FBAyYawlpcmnHoG7FErk", "Kq-bW3xTzPjU", "_ZNK16Item!type$holder",
          "_Zq4Item_type_holder7Kx", "P3APWCBTUBZ7UGUIHQW7BXO3UENIRITM", "xk7vqpz3mwgtb9rjhfc2",
          "sqv!zq3+d^)*1u05l7v4!y_$2u6i2pyxam^6f9r_(=el#p_-)7"})
        QTest::newRow(text) << QByteArray(text) << false;
}

void TestCodec::tellsSecretsFromNames()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isName);
    QCOMPARE(isIdentifier(text.toStdString()), isName);
}

void TestCodec::tellsPlaceholdersFromRandomText()
{
    for (const char* const text : {"%(name)s:%(secret)s@%(host)s", "$(pass_of_user)", "{{ token }}",
                                   "%s", "key-%d", "a%sb%s:", "[password]", "[your_secret]"})
        QVERIFY2(isPlaceholder(text), text);
    for (const char* const text : {"BrPU%dklALSrtBuw#aQF", "[Xk29fQ7w]",
                                   ")i+e%47=vc=*_+khj%(q^-w0klnr6@*q68uq@7*_uq@8komba^",
                                   "&(a5nq$cjz7g-e7@@j5^oqjf!vvovu)=b6yt$ic3t&+x^a3jp="})
        QVERIFY2(!isPlaceholder(text), text);
}

void TestCodec::tellsPathsFromBase64()
{
    for (const char* const text :
         {"/usr/lib/x86_64-linux-gnu/libQt6Core.so", "/root/.ssh", "/home/Anna/Documents/TheKeys",
          "/opt/IBMJava/jre/lib/ext/ibmjceprovider", "~/x", "https://example.net"})
        QVERIFY2(isPath(text), text);
    for (const char* const text :
         {"/KGJSqDDdMQIo67gJyftoU5oTPcOZFl", "kGJSqDDdMQIo/67gJyftoU5oTPcOZFl="})
        QVERIFY2(!isPath(text), text);
}

void TestCodec::leavesOutLongConstantRuns()
{
    std::string text = "begin" + std::string(5000, '\0') + "middle" + std::string(300, '\0') + "end"
        + std::string(2000, 'x') + std::string(5000, '\xff');
    std::vector<std::pair<std::size_t, std::size_t>> parts;
    forEachBusyPart(asBytes(text),
                    [&](std::size_t begin, std::size_t end) { parts.emplace_back(begin, end); });
    std::size_t seen = 0;
    for (const auto& [begin, end] : parts)
        seen += end - begin;
    QVERIFY(seen < 4500);
    for (const char* const word : {"begin", "middle", "end"}) {
        const std::size_t at = text.find(word);
        QVERIFY(std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
            return part.first <= at && at + std::strlen(word) + 16 <= part.second;
        }));
    }
}

QTEST_APPLESS_MAIN(TestCodec)
#include "tst_codec.moc"
