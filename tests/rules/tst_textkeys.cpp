// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys in text that is no PEM: JWK, XML, PuTTY's files, S-expressions.
#include "memoryimage.h"

#include "scanner/rules/keys/base64.h"
#include "scanner/rules/keys/eckey.h"
#include "scanner/rules/keys/okpkey.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;

namespace {

std::string base64Of(const SecretBytes& bytes) { return std::string(asText(encodeBase64(bytes))); }

std::string urlBase64(const SecretBytes& bytes)
{
    std::string text = base64Of(bytes);
    for (char& letter : text)
        letter = letter == '+' ? '-' : letter == '/' ? '_' : letter;
    while (text.ends_with('='))
        text.pop_back();
    return text;
}

std::string member(const char* name, const std::string& value)
{
    return "\"" + std::string(name) + "\":\"" + value + "\"";
}

std::string jwkOf(const RsaNumbers& key)
{
    const auto number = [](const char* name, const BigNumber& value) {
        return member(name, urlBase64(value.bigEndian()));
    };
    return "{" + number("p", key.p) + "," + number("q", key.q) + "," + number("d", key.d) + ", "
        + member("kty", "RSA") + "," + number("e", key.e) + "," + member("kid", "key-2026") + ","
        + "\"key_ops\":[\"sign\"]," + number("qi", key.qinv) + "," + number("dp", key.dp) + ","
        + number("dq", key.dq) + "," + number("n", key.n) + "}";
}

std::string xmlOf(const RsaNumbers& key, const std::string& open, const std::string& close)
{
    const auto number = [&](const std::string& name, const BigNumber& value) {
        return open + name + close + base64Of(value.bigEndian()) + open + "/" + name + close;
    };
    return open + "RSAKeyValue" + close + number("Modulus", key.n) + number("Exponent", key.e)
        + number("P", key.p) + number("Q", key.q) + number("DP", key.dp) + number("DQ", key.dq)
        + number("InverseQ", key.qinv) + number("D", key.d) + open + "/RSAKeyValue" + close;
}

std::string hexOf(const BigNumber& number) { return toHex(number.bigEndian(number.bytes() + 1)); }

std::string sexpOf(const RsaNumbers& key)
{
    return "Key: (private-key\n (rsa\n  (n #" + hexOf(key.n) + "#)\n  (e #010001#)\n  (d #"
        + hexOf(key.d) + "#)\n  (p #" + hexOf(key.p) + "#)\n  (q #" + hexOf(key.q) + "#)\n  (u #"
        + hexOf(key.qinv) + "#)))";
}

std::string counted(std::string_view text)
{
    return std::to_string(text.size()) + ":" + std::string(text);
}

/// An expression as libgcrypt has it in memory: 3 and 4 for parentheses, lengths in 16 bits.
std::string heldOf(std::initializer_list<std::string> parts)
{
    std::string held;
    for (const std::string& part : parts) {
        if (part == "(" || part == ")") {
            held += part == "(" ? '\x03' : '\x04';
            continue;
        }
        held += '\x01';
        held += static_cast<char>(part.size() & 0xff);
        held += static_cast<char>(part.size() >> 8);
        held += part;
    }
    return held;
}

std::string unsignedOf(const BigNumber& number)
{
    return std::string(asText(number.bigEndian(number.bytes() + 1)));
}

/// A secret that may not be left: its text stands in the spans.
void verifyCovered(const std::string& text, const Match& match, const std::string& secret)
{
    const std::size_t at = text.find(secret);
    QVERIFY(at != std::string::npos);
    QVERIFY(std::any_of(match.spans.begin(), match.spans.end(), [&](const Span& span) {
        return span.begin <= at && at + secret.size() <= span.end;
    }));
}

QByteArray ran(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput();
}

std::string readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace

class TextKeysTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void provesJwkInAnyOrder();
    void readsJwkWithVeryManyMembers_data();
    void readsJwkWithVeryManyMembers();
    void readsJwkAsWideAsItsChainOfCertificates();
    void readsJwkInsideJson();
    void readsEveryKindOfJwk();
    void aPublicJwkIsNoKey();
    void provesXmlPlainAndEscaped();
    void aPublicXmlKeyIsNoKey();
    void provesEveryKindOfPuttyKey_data();
    void provesEveryKindOfPuttyKey();
    void encryptedPuttyKeysAreMedium();
    void aWrongMacIsNotVerifiedByIt();
    void provesWrittenAndCanonicalExpressions();
    void readsExpressionsAsLibgcryptHoldsThem();
    void readsWhatIsLeftOfHeldExpressions();
    void protectedExpressionsAreMedium();
    void findsTheKeyBehindManyBeginnings();
    void aBrokenElementTakesNothingOfTheNext();
    void everyPrefixIsSafe();
    void findsAKeyOnceWhereverAWindowEnds();

private:
    RsaNumbers m_rsa;
    MadeKey m_made;
};

void TextKeysTest::initTestCase()
{
    m_made = makeRsa(2048);
    m_rsa = rsaNumbers(m_made);
}

void TextKeysTest::provesJwkInAnyOrder()
{
    const std::string text = "noise{}" + jwkOf(m_rsa) + "noise";
    const auto matches = matchesIn(jwkDetector, asBytes(text));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].title.ends_with("kid key-2026"));
    QVERIFY(matches[0].identity->kind == "jwk-thumbprint");
    for (const BigNumber* secret :
         {&m_rsa.d, &m_rsa.p, &m_rsa.q, &m_rsa.dp, &m_rsa.dq, &m_rsa.qinv})
        verifyCovered(text, matches[0], urlBase64(secret->bigEndian()));
}

void TextKeysTest::readsJwkWithVeryManyMembers_data()
{
    QTest::addColumn<bool>("escaped");
    QTest::newRow("as it is") << false;
    QTest::newRow("inside a string") << true;
}

/// Before "kty", and between it and what the key needs.
void TextKeysTest::readsJwkWithVeryManyMembers()
{
    QFETCH(const bool, escaped);
    std::string others;
    for (int i = 0; i < 150; ++i)
        others += member(("m" + std::to_string(i)).c_str(), "v") + ",";
    std::string key = jwkOf(m_rsa);
    const std::size_t type = key.find("\"kty\"");
    key.insert(key.find(',', type) + 1, others);
    key.insert(type, others);
    std::string text;
    for (const char letter : key)
        text += letter == '"' && escaped ? "\\\"" : std::string(1, letter);
    QCOMPARE(matchesIn(jwkDetector, asBytes("[\"" + text + "\"]")).size(), std::size_t {1});
}

/// Between its type and what is secret; as far as windows reach.
void TextKeysTest::readsJwkAsWideAsItsChainOfCertificates()
{
    const auto told = [&](std::size_t others) {
        std::string key = jwkOf(m_rsa);
        const std::string chain
            = "\"x5c\":[\"" + std::string(others - key.size() - 11, 'Q') + "\"],";
        key.insert(key.find(',', key.find("\"kty\"")) + 1, chain);
        return matchesIn(jwkDetector, asBytes("noise{}" + key + "noise")).size();
    };
    QCOMPARE(told(16384), std::size_t {1});
    QCOMPARE(told(16384 + 1000), std::size_t {0});
}

void TextKeysTest::readsJwkInsideJson()
{
    std::string escaped;
    for (const char letter : jwkOf(m_rsa))
        escaped += letter == '"' ? std::string("\\\"") : std::string(1, letter);
    const auto matches = matchesIn(jwkDetector, asBytes("{\"keys\":\"[" + escaped + "]\"}"));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QCOMPARE(matches[0].spans.size(), std::size_t {6});
}

void TextKeysTest::readsEveryKindOfJwk()
{
    const auto bytes = randomBytes(32, 5);
    const SecretBytes secret(bytes.begin(), bytes.end());
    const EcCurve& curve = ecCurves().front();
    const auto point = ecPublicPoint(curve, BigNumber::fromBigEndian(secret));
    const std::string ec = "{" + member("kty", "EC") + "," + member("crv", "P-256") + ","
        + member("x", urlBase64(point->x.bigEndian(32))) + ","
        + member("y", urlBase64(point->y.bigEndian(32))) + "," + member("d", urlBase64(secret))
        + "}";
    const std::string okp = "{" + member("kty", "OKP") + "," + member("crv", "Ed25519") + ","
        + member("d", urlBase64(secret)) + ","
        + member("x", urlBase64(okpPublicHalf(ed25519, secret))) + "}";
    for (const std::string& text : {ec, okp}) {
        const auto matches = matchesIn(jwkDetector, asBytes(text));
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
        verifyCovered(text, matches[0], urlBase64(secret));
    }
    const std::string octets
        = "{" + member("kty", "oct") + "," + member("k", urlBase64(secret)) + "}";
    const auto matches = matchesIn(jwkDetector, asBytes(octets));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QVERIFY(matches[0].rule->id == "jwk-symmetric-key");
    QVERIFY(!matches[0].identity);
}

void TextKeysTest::aPublicJwkIsNoKey()
{
    const std::string text = "{" + member("kty", "RSA") + ","
        + member("n", urlBase64(m_rsa.n.bigEndian())) + "," + member("e", "AQAB") + "}";
    QVERIFY(matchesIn(jwkDetector, asBytes(text)).empty());
}

void TextKeysTest::provesXmlPlainAndEscaped()
{
    for (const std::string& text : {xmlOf(m_rsa, "<", ">"), xmlOf(m_rsa, "&lt;", "&gt;")}) {
        const auto matches = matchesIn(xmlkeysDetector, asBytes("xx" + text));
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
        QCOMPARE(matches[0].identity->value, spkiSha256(m_made.spki));
        for (const BigNumber* secret : {&m_rsa.d, &m_rsa.p, &m_rsa.q, &m_rsa.qinv})
            verifyCovered("xx" + text, matches[0], base64Of(secret->bigEndian()));
    }
}

void TextKeysTest::aPublicXmlKeyIsNoKey()
{
    std::string text = xmlOf(m_rsa, "<", ">");
    text = text.substr(0, text.find("<P>")) + "</RSAKeyValue>";
    QVERIFY(matchesIn(xmlkeysDetector, asBytes(text)).empty());
}

void TextKeysTest::provesEveryKindOfPuttyKey_data()
{
    QTest::addColumn<QStringList>("kind");
    for (const char* version : {"2", "3"}) {
        for (const char* type : {"rsa", "ecdsa", "ed25519"})
            QTest::addRow("%s, version %s", type, version)
                << QStringList {"-t", type, "--ppk-param", QString("version=") + version};
    }
}

void TextKeysTest::provesEveryKindOfPuttyKey()
{
    QFETCH(QStringList, kind);
    const QTemporaryDir folder;
    const QString path = folder.filePath("key.ppk");
    ran("puttygen",
        kind + QStringList {"-q", "-C", "me", "--new-passphrase", "/dev/null", "-o", path});
    const std::string text = readFile(path);
    QVERIFY2(!text.empty(), "puttygen (putty-tools) makes the keys for this test");
    const auto matches = matchesIn(puttyDetector, asBytes("xx\n" + text + "yy"));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].proof.ends_with("and the file's MAC holds"));
    const QByteArray fingerprint = ran("puttygen", {path, "-l", "-E", "sha256"});
    QVERIFY(fingerprint.contains(matches[0].identity->value.c_str()));
}

void TextKeysTest::encryptedPuttyKeysAreMedium()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("key.ppk");
    QFile word(folder.filePath("word"));
    QVERIFY(word.open(QIODevice::WriteOnly));
    word.write("some passphrase\n");
    word.close();
    ran("puttygen", {"-q", "-t", "ed25519", "--new-passphrase", word.fileName(), "-o", path});
    const auto matches = matchesIn(puttyDetector, asBytes(readFile(path)));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Medium);
    QVERIFY(matches[0].confidence == Confidence::Likely);
}

void TextKeysTest::aWrongMacIsNotVerifiedByIt()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("key.ppk");
    ran("puttygen", {"-q", "-t", "ed25519", "--new-passphrase", "/dev/null", "-o", path});
    std::string text = readFile(path);
    const std::size_t mac = text.find("Private-MAC: ") + 13;
    text[mac] = text[mac] == '0' ? '1' : '0';
    const auto matches = matchesIn(puttyDetector, asBytes(text));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(!matches[0].proof.ends_with("the file's MAC holds"));
}

void TextKeysTest::provesWrittenAndCanonicalExpressions()
{
    const std::string written = sexpOf(m_rsa);
    const auto number = [](const BigNumber& value) {
        return counted(asText(value.bigEndian(value.bytes() + 1)));
    };
    const std::string canonical = "(11:private-key(3:rsa(1:n" + number(m_rsa.n)
        + ")(1:e3:" + std::string("\x01\x00\x01", 3) + ")(1:d" + number(m_rsa.d) + ")(1:p"
        + number(m_rsa.p) + ")(1:q" + number(m_rsa.q) + ")(1:u" + number(m_rsa.qinv) + ")))";
    for (const std::string& text : {written, canonical}) {
        const auto matches = matchesIn(gpgkeysDetector, asBytes("x" + text));
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
        QVERIFY(matches[0].identity->kind == "keygrip");
        QCOMPARE(matches[0].spans.size(), std::size_t {4});
    }
    verifyCovered("x" + written, matchesIn(gpgkeysDetector, asBytes("x" + written))[0],
                  hexOf(m_rsa.d));
}

void TextKeysTest::readsExpressionsAsLibgcryptHoldsThem()
{
    const std::string rsa = "x"
        + heldOf({"(",
                  "private-key",
                  "(",
                  "rsa",
                  "(",
                  "n",
                  unsignedOf(m_rsa.n),
                  ")",
                  "(",
                  "e",
                  std::string("\x01\x00\x01", 3),
                  ")",
                  "(",
                  "d",
                  unsignedOf(m_rsa.d),
                  ")",
                  "(",
                  "p",
                  unsignedOf(m_rsa.p),
                  ")",
                  "(",
                  "q",
                  unsignedOf(m_rsa.q),
                  ")",
                  ")",
                  ")"});
    const auto matches = matchesIn(gpgkeysDetector, asBytes(rsa));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    verifyCovered(rsa, matches[0], unsignedOf(m_rsa.d));
    auto secret = randomBytes(32, 8);
    secret[0] = 0x51; // below each order
    const std::string d(asText(secret));
    for (const std::string curve : {"NIST P-256", "secp256k1", "brainpoolP256r1", "sm2p256v1"})
        for (const bool whole : {true, false}) {
            std::string ec = heldOf({"(", "private-key", "(", "ecc", "(", "curve", curve, ")", "(",
                                     "d", d, ")", ")", ")"});
            if (!whole)
                ec.resize(ec.find(d) + 31);
            const auto found = matchesIn(gpgkeysDetector, asBytes(ec));
            QCOMPARE(found.size(), std::size_t {whole ? 1U : 0U});
            if (whole)
                verifyCovered(ec, found[0], d);
        }
}

/// Two words of an allocator take "(private-key(" and no more.
void TextKeysTest::readsWhatIsLeftOfHeldExpressions()
{
    const std::string d = unsignedOf(m_rsa.d);
    const auto held = [&](const char* kind, bool isPrivate) {
        std::string list = heldOf({"(", kind, "(", "rsa", "(", "n", unsignedOf(m_rsa.n), ")", "(",
                                   "e", std::string("\x01\x00\x01", 3), ")"});
        return list + (isPrivate ? heldOf({"(", "d", d, ")", ")", ")"}) : heldOf({")", ")"}));
    };
    constexpr std::size_t lost = 16;
    const std::string left = std::string(lost, 'x') + held("private-key", true).substr(lost);
    const auto matches = matchesIn(gpgkeysDetector, asBytes(left));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    verifyCovered(left, matches[0], d);
    QCOMPARE(matchesIn(gpgkeysDetector, asBytes(held("private-key", true))).size(),
             std::size_t {1});
    QVERIFY(matchesIn(gpgkeysDetector, asBytes(held("public-key", false))).empty());
}

void TextKeysTest::protectedExpressionsAreMedium()
{
    const auto secret = randomBytes(720, 9);
    const std::string text = "(21:protected-private-key(3:rsa(1:n"
        + counted(asText(m_rsa.n.bigEndian(257))) + ")(1:e3:" + std::string("\x01\x00\x01", 3)
        + ")(9:protected25:openpgp-s2k3-sha1-aes-cbc((4:sha18:saltsalt8:25165824)16:"
        + "0123456789abcdef)" + counted(asText(secret)) + ")))";
    const auto matches = matchesIn(gpgkeysDetector, asBytes(text));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Medium);
    QVERIFY(matches[0].confidence == Confidence::Likely);
    verifyCovered(text, matches[0], std::string(asText(secret)));
}

/// Each of these beginnings may go on for kilobytes: to read each of them so far takes minutes.
void TextKeysTest::findsTheKeyBehindManyBeginnings()
{
    struct Row {
        const Detector* detector;
        std::string beginning;
        std::string key;
    };
    const std::vector<Row> rows {
        {&jwkDetector, "{" + member("kty", "RSA") + ",\"d\":\"", jwkOf(m_rsa)},
        {&jwkDetector, "{\"kty\":", jwkOf(m_rsa)},
        {&jwkDetector, "\"kty\",}", jwkOf(m_rsa)},
        {&xmlkeysDetector, "<RSAKeyValue><Modulus>", xmlOf(m_rsa, "<", ">")},
        {&gpgkeysDetector, "(11:private-key(3:rsa(1:n", sexpOf(m_rsa)},
        {&gpgkeysDetector, heldOf({"rsa", "(", "n"}), sexpOf(m_rsa)},
    };
    for (const Row& row : rows) {
        std::string text;
        while (text.size() < 8U << 20)
            text += row.beginning;
        text += '\0' + row.key;
        const auto matches = matchesIn(*row.detector, asBytes(text));
        QVERIFY2(matches.size() == 1, row.beginning.c_str());
        QVERIFY(matches[0].confidence == Confidence::Verified);
    }
}

void TextKeysTest::aBrokenElementTakesNothingOfTheNext()
{
    const std::string whole = xmlOf(m_rsa, "<", ">");
    for (const std::size_t kept : {std::size_t {20}, whole.size() / 2, whole.size() - 20}) {
        const std::string text = whole.substr(0, kept) + "\n" + whole;
        const auto matches = matchesIn(xmlkeysDetector, asBytes(text));
        QVERIFY(!matches.empty());
        for (const Match& match : matches)
            for (const Span& span : match.spans)
                QVERIFY(text.substr(span.begin, span.end - span.begin).find('<')
                        == std::string::npos);
    }
}

void TextKeysTest::everyPrefixIsSafe()
{
    const std::pair<const Detector*, std::string> texts[] = {
        {&jwkDetector, jwkOf(m_rsa)},
        {&xmlkeysDetector, xmlOf(m_rsa, "<", ">")},
        {&gpgkeysDetector, sexpOf(m_rsa)},
    };
    for (const auto& [detector, text] : texts)
        for (std::size_t size = 0; size < text.size(); size += 7)
            for (const Match& match : matchesIn(*detector, asBytes(text.substr(0, size))))
                for (const Span& span : match.spans)
                    QVERIFY(span.end <= size);
}

void TextKeysTest::findsAKeyOnceWhereverAWindowEnds()
{
    const std::pair<const Detector*, std::string> texts[] = {
        {&jwkDetector, jwkOf(m_rsa)},
        {&xmlkeysDetector, xmlOf(m_rsa, "<", ">")},
        {&gpgkeysDetector, sexpOf(m_rsa)},
    };
    for (const auto& [detector, text] : texts)
        for (std::size_t before = 900; before < 2200; before += 61)
            QCOMPARE(matchesIn(*detector, buried(asBytes(text), before, 300), 1024).size(),
                     std::size_t {1});
}

QTEST_GUILESS_MAIN(TextKeysTest)
#include "tst_textkeys.moc"
