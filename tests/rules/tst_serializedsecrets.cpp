// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

#include <algorithm>

using namespace coredact;

namespace coredact {
extern const Detector serializedsecretsDetector;
}

namespace {

const QByteArray token = QByteArray("4fefc7b9d729bfc5") + "22b5a33a66e4016e";
const QByteArray password = QByteArray("Paper") + "dragon1234!";

std::vector<Match> toldIn(const QByteArray& bytes)
{
    return matchesIn(serializedsecretsDetector,
                     buried(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), 700, 700), 4096);
}

/// Whether the value, and nothing else, is told, with the places of its bytes.
bool isTold(const QByteArray& bytes, const QByteArray& value)
{
    const auto matches = toldIn(bytes);
    return matches.size() == 1 && matches.front().value == SecretBytes(value.begin(), value.end())
        && matches.front().spans.size() == 1
        && matches.front().spans.front().end - matches.front().spans.front().begin
        == static_cast<std::size_t>(value.size());
}

/// A number of `size` bytes.
QByteArray little(qsizetype number, int size)
{
    QByteArray bytes;
    for (int i = 0; i < size; ++i)
        bytes += static_cast<char>(number >> (8 * i));
    return bytes;
}

QByteArray big(qsizetype number, int size)
{
    QByteArray bytes = little(number, size);
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

QByteArray decimal(qsizetype number) { return QByteArray::number(number); }

/// How a format writes a name and a value; what it says of their lengths may be wrong by `error`.
struct Format {
    const char* name;
    QByteArray (*pair)(const QByteArray& name, const QByteArray& value, int error);
};

const Format formats[] {
    {"MessagePack",
     [](const QByteArray& n, const QByteArray& v, int error) {
         const QByteArray length = v.size() < 32
             ? QByteArray(1, static_cast<char>(0xa0 | (v.size() + error)))
             : "\xd9" + little(v.size() + error, 1);
         return QByteArray(1, static_cast<char>(0xa0 | n.size())) + n + length + v + "\xa1q";
     }},
    {"CBOR",
     [](const QByteArray& n, const QByteArray& v, int error) {
         const QByteArray length = v.size() < 24
             ? QByteArray(1, static_cast<char>(0x60 | (v.size() + error)))
             : "x" + little(v.size() + error, 1);
         return QByteArray(1, static_cast<char>(0x60 | n.size())) + n + length + v + "\x01";
     }},
    {"BSON",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return "\x02" + n + '\0' + little(v.size() + 1 + error, 4) + v + '\0';
     }},
    {"Protocol Buffers",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return "\n" + little(n.size(), 1) + n + "\x12" + little(v.size() + error, 1) + v;
     }},
    {"Avro",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return little(2 * n.size(), 1) + n + little(2 * (v.size() + error), 1) + v + '\0';
     }},
    {"Thrift",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return big(n.size(), 4) + n + big(v.size() + error, 4) + v;
     }},
    {"AMQP",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return little(n.size(), 1) + n + 'S' + big(v.size() + error, 4) + v;
     }},
    {"D-Bus",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return little(n.size(), 4) + n + QByteArray("\0\x01s\0\0\0", 6)
             + little(v.size() + error, 4) + v + '\0';
     }},
    {"uwsgi",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return little(n.size(), 2) + n + little(v.size() + error, 2) + v + '\0';
     }},
    {"FastCGI",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return little(n.size() + error, 1) + little(v.size(), 1) + n + v + '\0';
     }},
    {"a pickle",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return "\x8c" + little(n.size(), 1) + n + "\x94\x8c" + little(v.size() + error, 1) + v
             + "\x94";
     }},
    {"a serialized object of Java",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return "t" + big(n.size(), 2) + n + 't' + big(v.size() + error, 2) + v;
     }},
    {"a serialized object of PHP",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return "s:" + decimal(n.size()) + ":\"" + n + "\";s:" + decimal(v.size() + error) + ":\""
             + v + "\";";
     }},
    {"RESP",
     [](const QByteArray& n, const QByteArray& v, int error) {
         return "$" + decimal(n.size()) + "\r\n" + n + "\r\n$" + decimal(v.size() + error) + "\r\n"
             + v + "\r\n";
     }},
    {"netstrings", [](const QByteArray& n, const QByteArray& v, int error) {
         return decimal(n.size()) + ":" + n + "," + decimal(v.size() + error) + ":" + v + ",";
     }}};

} // namespace

/// Secrets behind their names in what says how long each text is.
class SerializedSecretsTest : public QObject {
    Q_OBJECT

private slots:
    void findsValuesInFormats_data();
    void findsValuesInFormats();
    void lengthsMustAgree_data();
    void lengthsMustAgree();
    void textsBehindNulMustBeLikeNoOther();
    void namesMustBeWhole();
    void bytesMayEndBehindALength();
    void textIsNoMessage_data();
    void textIsNoMessage();
    void typesOfJavaAreNoValues_data();
    void typesOfJavaAreNoValues();
};

void SerializedSecretsTest::findsValuesInFormats_data()
{
    QTest::addColumn<int>("format");
    for (int i = 0; i < static_cast<int>(std::size(formats)); ++i)
        QTest::newRow(formats[i].name) << i;
}

void SerializedSecretsTest::findsValuesInFormats()
{
    QFETCH(const int, format);
    for (const QByteArray name : {"api_token", "client_secret"})
        QVERIFY(isTold(formats[format].pair(name, token, 0), token));
    QVERIFY(isTold(formats[format].pair("db_password", password, 0), password));
}

void SerializedSecretsTest::lengthsMustAgree_data() { findsValuesInFormats_data(); }

/// More than there is, up to what is no text.
void SerializedSecretsTest::lengthsMustAgree()
{
    QFETCH(const int, format);
    const auto matches = toldIn(formats[format].pair("api_token", token, 3) + '\0');
    QVERIFY(std::none_of(matches.begin(), matches.end(), [](const Match& match) {
        return match.value == SecretBytes(token.begin(), token.end());
    }));
}

void SerializedSecretsTest::textsBehindNulMustBeLikeNoOther()
{
    const auto texts = [](const QByteArray& value) {
        return QByteArray("user\0jane\0password\0", 19) + value + '\0';
    };
    QVERIFY(isTold(texts(password), password));
    QVERIFY(toldIn(texts("utf8_decode_2")).empty());
}

void SerializedSecretsTest::namesMustBeWhole()
{
    const auto pair = [](const QByteArray& name) {
        return little(name.size(), 4) + name + big(token.size(), 4) + token;
    };
    QVERIFY(isTold(pair("api_token"), token));
    QVERIFY(toldIn(pair("api_tokens")).empty());
    QVERIFY(toldIn(pair("get_token")).empty());
}

/// The place where the value would begin is none; the sanitizer sees who looks there.
void SerializedSecretsTest::bytesMayEndBehindALength()
{
    const QByteArray bytes = "9:api_token,,,,,,,:";
    QVERIFY(
        matchesIn(serializedsecretsDetector, std::vector<std::uint8_t>(bytes.begin(), bytes.end()))
            .empty());
}

void SerializedSecretsTest::textIsNoMessage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a sentence") << QByteArray(
        "The session's token of the account is not kept here.");
    QTest::newRow("a program") << QByteArray("if (password == nullptr) return std::nullopt; // 12");
    QTest::newRow("names") << QByteArray("kpassword oauth_token3 secret_key0 credentials_t");
}

void SerializedSecretsTest::textIsNoMessage()
{
    QFETCH(const QByteArray, text);
    QVERIFY(toldIn(text).empty());
}

void SerializedSecretsTest::typesOfJavaAreNoValues_data()
{
    QTest::addColumn<QByteArray>("constant");
    QTest::addColumn<bool>("isType");
    QTest::newRow("method") << QByteArray("(Ljava/lang/String;[Ljava/lang/Object;)[C") << true;
    QTest::newRow("method of numbers") << QByteArray("([CIJ)V") << true;
    QTest::newRow("class in an array") << QByteArray("[[Ljava/util/Map$Entry;") << true;
    QTest::newRow("several fields")
        << QByteArray("ZLjava/lang/String;ILjava/lang/String;II") << true;
    QTest::newRow("class") << QByteArray("java/security/KeyStore$LoadStoreParameter") << true;
    QTest::newRow("one more sign") << QByteArray("(Ljava/lang/String;[C)V!") << false;
    QTest::newRow("two results") << QByteArray("(Ljava/lang/String;)VV") << false;
    QTest::newRow("type that there is not") << QByteArray("(Ljava/lang/String;Q)V") << false;
    QTest::newRow("nothing but numbers' types") << QByteArray("[B[C[Z[J4!") << false;
    QTest::newRow("package that there is not") << QByteArray("Lx7/Kq9zR2;") << false;
    QTest::newRow("package with a sign") << QByteArray("Ljava/l@ng/Kq9zR2;") << false;
    QTest::newRow("class that begins with a digit") << QByteArray("Ljava/io/9Kq9zR2;") << false;
}

/// In the constants of class files the types of fields and methods stand behind their names, with
/// their lengths: a byte for the kind, then two for the length.
void SerializedSecretsTest::typesOfJavaAreNoValues()
{
    QFETCH(QByteArray, constant);
    QFETCH(bool, isType);
    const auto written = [](const QByteArray& text) { return "\x01" + big(text.size(), 2) + text; };
    const QByteArray constants = written("readPassword") + written(constant) + written("q");
    if (isType)
        QVERIFY(toldIn(constants).empty());
    else
        QVERIFY(isTold(constants, constant));
}

QTEST_APPLESS_MAIN(SerializedSecretsTest)
#include "tst_serializedsecrets.moc"
