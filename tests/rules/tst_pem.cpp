// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include <string>
#include <string_view>
#include <vector>

#include <QTest>

using namespace coredact;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

std::vector<Match> matchesOf(const std::string& text, std::size_t fresh = 1 << 20)
{
    return matchesIn(pemDetector, asBytes(text), fresh);
}

/// What follows the first line.
std::string bodyOf(const std::string& pem)
{
    const std::size_t begin = pem.find('\n') + 1;
    return pem.substr(begin, pem.find("-----END") - begin);
}

const std::string beginLine = std::string("-----BEGIN ") + "PRIVATE KEY-----\n";
const std::string endLine = std::string("-----END ") + "PRIVATE KEY-----\n";

} // namespace

class PemTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void provesEveryKind();
    void knowsEveryLineBreak_data();
    void knowsEveryLineBreak();
    void spanIsTheBodyWithoutLabels();
    void sameKeyHasTheSameValueInEveryForm();
    void aBodyThatBreaksOffIsLikely();
    void anotherEndLabelDoesNotClose();
    void encryptedKeysAreMedium_data();
    void encryptedKeysAreMedium();
    void aLabelAloneIsNothing();
    void neverFollowsMoreThanTheCap();
    void findsAKeyOnceWhereverAWindowEnds();
    void findsBodiesWithoutLabels();
    void findsALineWhoseHeadWasWrittenOver_data();
    void findsALineWhoseHeadWasWrittenOver();
    void aLineThatIsNoKeysEndIsNothing_data();
    void aLineThatIsNoKeysEndIsNothing();
    void findsWhatIsLeftBeforeAnEndLine_data();
    void findsWhatIsLeftBeforeAnEndLine();
    void findsWhatIsLeftOnceWhereverAWindowEnds();
    void anEndLineWhoseBeginIsThereTellsNothingMore();
    void examplesBeforeAnEndLineArePossible();
    void textBeforeAnEndLineIsNothing();
    void aCertificateIsNoKey();
    void textThatDoesNotDecodeIsPossible();

private:
    MadeKey m_rsa;
    MadeKey m_ec;
    MadeKey m_ed;
};

void PemTest::initTestCase()
{
    m_rsa = makeRsa(2048);
    m_ec = makeEc("P-256");
    m_ed = makeOkp("ED25519");
}

void PemTest::provesEveryKind()
{
    for (const std::string& pem :
         {m_rsa.pem, m_rsa.traditionalPem, m_ec.pem, m_ec.traditionalPem}) {
        const auto matches = matchesOf("xx" + pem + "yy");
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
        QVERIFY(matches[0].rule->id == "pem-private-key");
        const auto& spki = pem == m_ec.pem || pem == m_ec.traditionalPem ? m_ec.spki : m_rsa.spki;
        QCOMPARE(matches[0].identity->value, spkiSha256(spki));
    }
    const auto matches = matchesOf(m_ed.pem);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QCOMPARE(matches[0].identity->value, spkiSha256(m_ed.spki));
}

void PemTest::knowsEveryLineBreak_data()
{
    QTest::addColumn<QByteArray>("lineBreak");
    for (const char* text : {"\n", "\r\n", "\\n", "\\\\n", "\\r\\n", "\\u000a", "&#10;",
                             "&#xD;&#xA;", "%0A", "%0d%0a", " ", ""})
        QTest::newRow(QByteArray(text).toPercentEncoding().constData()) << QByteArray(text);
}

void PemTest::knowsEveryLineBreak()
{
    QFETCH(QByteArray, lineBreak);
    const std::string pem = replaced(m_rsa.pem, "\n", lineBreak.constData());
    const auto matches = matchesOf("\"" + pem + "\"");
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(QString::fromStdString(matches[0].title).indexOf("breaks off") < 0);
}

void PemTest::spanIsTheBodyWithoutLabels()
{
    const std::string text = "before" + m_ec.pem + "after";
    const auto matches = matchesOf(text);
    QCOMPARE(matches.size(), std::size_t {1});
    const SecretBytes bytes = spanned(asBytes(text), matches[0]);
    QVERIFY(std::string(bytes.begin(), bytes.end()) + "\n" == bodyOf(m_ec.pem));
}

void PemTest::sameKeyHasTheSameValueInEveryForm()
{
    const auto value = [](const std::vector<Match>& matches) { return matches.at(0).value; };
    const SecretBytes wanted = value(matchesIn(derkeysDetector, m_rsa.traditional));
    QVERIFY(value(matchesOf(m_rsa.pem)) == wanted);
    QVERIFY(value(matchesOf(m_rsa.traditionalPem)) == wanted);
    QVERIFY(value(matchesOf(bodyOf(m_rsa.pem))) == wanted);
}

void PemTest::aBodyThatBreaksOffIsLikely()
{
    const std::string cut = m_ec.pem.substr(0, m_ec.pem.size() / 2);
    const auto matches = matchesOf(cut + std::string(1, '\0') + "other text");
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QCOMPARE(matches[0].spans[0].end, cut.size());
}

void PemTest::anotherEndLabelDoesNotClose()
{
    const std::string body = "MIIB" + std::string(400, 'A') + "\n";
    const auto titleOf = [&](const std::string& end) {
        const auto matches = matchesOf(beginLine + body + end);
        return matches.empty() ? std::string() : matches[0].title;
    };
    QVERIFY(titleOf(endLine).find("breaks off") == std::string::npos);
    QVERIFY(titleOf(replaced(endLine, "PRIVATE", "RSA PRIVATE")).find("breaks off")
            != std::string::npos);
}

void PemTest::encryptedKeysAreMedium_data()
{
    QTest::addColumn<QByteArray>("text");
    const std::string body = std::string(64, 'Q') + "\n" + std::string(64, 'w') + "\n";
    const auto labelled = [&](const std::string& label, const std::string& headers) {
        return QByteArray::fromStdString("-----BEGIN " + label + "-----\n" + headers + body
                                         + "-----END " + label + "-----\n");
    };
    QTest::newRow("label") << labelled("ENCRYPTED PRIVATE KEY", "");
    QTest::newRow("header") << labelled(
        "RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123456789ABCDEF\n\n");
    QTest::newRow("ssh.com") << QByteArray::fromStdString(
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"mine\"\n" + body
        + "---- END SSH2 ENCRYPTED PRIVATE KEY ----\n");
}

void PemTest::encryptedKeysAreMedium()
{
    QFETCH(QByteArray, text);
    const auto matches = matchesOf(text.toStdString());
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Medium);
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QVERIFY(matches[0].title.find("breaks off") == std::string::npos);
}

void PemTest::aLabelAloneIsNothing()
{
    QVERIFY(matchesOf(beginLine).empty());
    QVERIFY(matchesOf(beginLine + endLine).empty());
    QVERIFY(matchesOf(beginLine + "MIIEvQ...\n" + endLine).empty());
    QVERIFY(matchesOf(beginLine + "%s\n" + endLine).empty());
    QVERIFY(matchesOf("-----BEGIN CERTIFICATE-----\n" + bodyOf(m_ec.pem)).empty());
}

void PemTest::neverFollowsMoreThanTheCap()
{
    const auto matches = matchesOf(beginLine + std::string(3 << 20, 'A'));
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].spans[0].end <= 16384);
    QVERIFY(matches[0].confidence == Confidence::Possible);
}

void PemTest::findsAKeyOnceWhereverAWindowEnds()
{
    for (std::size_t before = 700; before < 1030; ++before) {
        const auto matches
            = matchesOf(std::string(before, '.') + m_ec.pem + std::string(900, '.'), 1024);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
    }
}

void PemTest::findsBodiesWithoutLabels()
{
    for (const std::string& pem :
         {m_rsa.pem, m_rsa.traditionalPem, m_ec.pem, m_ec.traditionalPem}) {
        for (const std::string& before :
             {std::string(3, '\0'), std::string("U\0\0EY-----\n", 11)}) {
            const auto matches = matchesOf(before + bodyOf(pem) + "-----EN");
            QCOMPARE(matches.size(), std::size_t {1});
            QVERIFY(matches[0].rule->id == "pem-private-key-body");
            QVERIFY(matches[0].confidence == Confidence::Verified);
        }
    }
}

void PemTest::findsALineWhoseHeadWasWrittenOver_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("gone");
    for (const int gone : {1, 8, 15, 16}) {
        QTest::addRow("Ed25519, %d characters", gone) << "ED25519" << gone;
        QTest::addRow("X25519, %d characters", gone) << "X25519" << gone;
    }
}

void PemTest::findsALineWhoseHeadWasWrittenOver()
{
    QFETCH(QString, type);
    QFETCH(int, gone);
    const MadeKey key = makeOkp(type.toLatin1().constData());
    for (const std::string& end : {endLine, std::string("\0\0", 2), std::string("\\n")}) {
        // An address ends in two zeros, a random number in anything.
        const std::string before = gone == 8 ? std::string("@U\0\0", 4) : "hZ";
        const std::string body = bodyOf(key.pem);
        const std::string line
            = body.substr(static_cast<std::size_t>(gone), 64 - static_cast<std::size_t>(gone));
        const std::string text = before + line + (end == endLine ? "\n" : "") + end;
        const auto matches = matchesOf(text);
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].rule->id == "pem-private-key-body");
        QVERIFY(matches[0].confidence == Confidence::Likely);
        QVERIFY(matches[0].value == SecretBytes(key.pkcs8.end() - 32, key.pkcs8.end()));
        if (gone < 15) // the head's last character tells the kinds apart
            QVERIFY(matches[0].title.starts_with(type == "X25519" ? "X25519" : "Ed25519"));
        QCOMPARE(matches[0].spans.size(), std::size_t {1});
        const std::size_t begin = before.size() + line.size() - 43;
        QCOMPARE(matches[0].spans[0].begin, begin);
        QCOMPARE(matches[0].spans[0].end, begin + 43);
    }
}

void PemTest::aLineThatIsNoKeysEndIsNothing_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<QByteArray>("instead");
    QTest::newRow("another character behind it") << 64 << QByteArray("A");
    QTest::newRow("another line behind it") << 64 << QByteArray("\r\nA");
    QTest::newRow("a character less") << 63 << QByteArray("\n");
    QTest::newRow("other OCTET STRINGs") << 16 << QByteArray("C");
    QTest::newRow("no random bytes") << 21 << QByteArray(43, 'A');
    QTest::newRow("a break in it") << 40 << QByteArray("\n");
}

void PemTest::aLineThatIsNoKeysEndIsNothing()
{
    QFETCH(int, from);
    QFETCH(QByteArray, instead);
    std::string line = bodyOf(m_ed.pem).substr(0, 64) + std::string(4, '\0');
    const auto at = static_cast<std::size_t>(from);
    if (from == 64)
        line.insert(at, instead.toStdString());
    else
        line.replace(at, static_cast<std::size_t>(instead.size()), instead.toStdString());
    QVERIFY(matchesOf("zz" + line.substr(12)).empty());
}

void PemTest::findsWhatIsLeftBeforeAnEndLine_data()
{
    QTest::addColumn<int>("gone");
    QTest::addColumn<QByteArray>("lineBreak");
    for (const char* lineBreak : {"\n", "\r\n", "\\n", "\\\\n", "\\u000a", "%0A", " "})
        for (const int gone : {16, 29, 32, 64, 91, 93, 94, 300})
            QTest::addRow("%d gone, %s", gone,
                          QByteArray(lineBreak).toPercentEncoding().constData())
                << gone << QByteArray(lineBreak);
}

void PemTest::findsWhatIsLeftBeforeAnEndLine()
{
    QFETCH(int, gone);
    QFETCH(QByteArray, lineBreak);
    const auto from = static_cast<std::size_t>(gone);
    const std::string left = replaced(m_rsa.pem.substr(from), "\n", lineBreak.constData());
    const auto matches = matchesOf("\xc8U" + std::string(2, '\0') + left);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].rule->id == "pem-private-key-body");
    // With all its lines it is read; the labels' line is 28 characters long.
    QVERIFY(matches[0].confidence == (gone < 28 ? Confidence::Verified : Confidence::Likely));
    const std::size_t begin = gone < 28 ? left.find("MII") + 4 : 4;
    QCOMPARE(matches[0].spans.size(), std::size_t {1});
    // Between spaces a short word is no line.
    QVERIFY(matches[0].spans[0].begin <= begin + static_cast<std::size_t>(lineBreak.size()) + 1);
    QCOMPARE(matches[0].spans[0].end, 4 + left.rfind("-----END") - lineBreak.size());
}

void PemTest::findsWhatIsLeftOnceWhereverAWindowEnds()
{
    const std::string left = m_rsa.pem.substr(60);
    for (std::size_t before = 0; before < 2100; before += 3) {
        const auto matches = matchesOf(std::string(before, '.') + left + "....", 2048);
        QCOMPARE(matches.size(), std::size_t {1});
        QCOMPARE(matches[0].spans[0].end - matches[0].spans[0].begin, left.rfind("\n-----END"));
    }
}

void PemTest::anEndLineWhoseBeginIsThereTellsNothingMore()
{
    for (const std::string& text : {m_ed.pem, m_rsa.traditionalPem, m_ec.pem + m_rsa.pem})
        for (const Match& match : matchesOf("x " + text))
            QVERIFY(match.rule->id == "pem-private-key");
}

void PemTest::examplesBeforeAnEndLineArePossible()
{
    const auto matches = matchesOf("see " + std::string(64, 'z') + "\n" + endLine);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Possible);
}

void PemTest::textBeforeAnEndLineIsNothing()
{
    const std::string publicEnd = std::string("-----END ") + "PUBLIC KEY-----\n";
    QVERIFY(matchesOf(bodyOf(m_rsa.pem).substr(40) + publicEnd).empty());
    for (const char* before : {"", "...", "lines of it and then ", "KeyBody123\n", "x\n\n", ">\n"})
        QVERIFY(matchesOf(before + endLine).empty());
}

void PemTest::aCertificateIsNoKey()
{
    // A SubjectPublicKeyInfo in base64 begins much like PKCS#8.
    std::string text;
    for (const MadeKey* key : {&m_rsa, &m_ec}) {
        const QByteArray spki(reinterpret_cast<const char*>(key->spki.data()),
                              static_cast<qsizetype>(key->spki.size()));
        text += spki.toBase64().toStdString() + "\n";
    }
    QVERIFY(matchesOf(text).empty());
}

void PemTest::textThatDoesNotDecodeIsPossible()
{
    const auto matches = matchesOf(beginLine + std::string(64, 'z') + "\n" + endLine);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Possible);
}

QTEST_GUILESS_MAIN(PemTest)
#include "tst_pem.moc"
