// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;

namespace {

/// A key that ssh-keygen makes, and what it calls its fingerprint.
struct MadeSshKey {
    std::string pem;
    QByteArray binary;
    QString fingerprint;
};

QByteArray ran(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput();
}

MadeSshKey makeSshKey(const QString& type, const QString& bits, const QString& passphrase)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("key");
    ran("ssh-keygen",
        {"-q", "-t", type, "-b", bits, "-N", passphrase, "-C", "somebody", "-f", path});
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    MadeSshKey key;
    const QByteArray text = file.readAll();
    key.pem = text.toStdString();
    const auto begin = text.indexOf('\n');
    const auto end = text.indexOf("-----END");
    key.binary = QByteArray::fromBase64(text.mid(begin, end - begin));
    key.fingerprint = QString::fromUtf8(ran("ssh-keygen", {"-l", "-E", "sha256", "-f", path}))
                          .section(' ', 1, 1);
    return key;
}

std::vector<Match> matchesOf(const QByteArray& bytes)
{
    return matchesIn(opensshDetector,
                     asBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
}

const Match* ofRule(const std::vector<Match>& matches, std::string_view rule)
{
    for (const Match& match : matches)
        if (match.rule->id == rule)
            return &match;
    return nullptr;
}

} // namespace

class OpenSshTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void provesEveryKind_data();
    void provesEveryKind();
    void aWrongByteLowersTheConfidence_data() { provesEveryKind_data(); }
    void aWrongByteLowersTheConfidence();
    void encryptedKeysAreMedium();
    void provesKeysAsTheAgentGetsThem();
    void publicKeysAreNoKeys();
    void everyPrefixIsSafe();
    void findsAKeyOnceWhereverAWindowEnds();
    void readsThemInsidePem();
    void publicHalvesAreNoDerivedValues();

private:
    std::map<QString, MadeSshKey> m_keys;
};

void OpenSshTest::initTestCase()
{
    m_keys["ed25519"] = makeSshKey("ed25519", "256", "");
    m_keys["rsa"] = makeSshKey("rsa", "2048", "");
    m_keys["ecdsa"] = makeSshKey("ecdsa", "256", "");
    m_keys["ecdsa521"] = makeSshKey("ecdsa", "521", "");
    for (const auto& [kind, key] : m_keys)
        QVERIFY2(!key.binary.isEmpty(), "ssh-keygen (openssh-client) makes the keys for this test");
}

void OpenSshTest::provesEveryKind_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"ed25519", "rsa", "ecdsa", "ecdsa521"})
        QTest::newRow(kind) << kind;
}

void OpenSshTest::provesEveryKind()
{
    QFETCH(QString, kind);
    const MadeSshKey& key = m_keys.at(kind);
    const auto matches = matchesOf("noise" + key.binary + "noise");
    QCOMPARE(matches.size(), std::size_t {2});
    for (const Match& match : matches) {
        QVERIFY(match.confidence == Confidence::Verified);
        QCOMPARE(QString::fromStdString(match.identity->value), key.fingerprint);
        QVERIFY(match.value == matches[0].value);
    }
    QVERIFY(ofRule(matches, "openssh-private-key"));
    QVERIFY(ofRule(matches, "ssh-private-key-wire"));
}

void OpenSshTest::aWrongByteLowersTheConfidence()
{
    QFETCH(QString, kind);
    QByteArray bytes = m_keys.at(kind).binary;
    const auto good = matchesOf(bytes);
    const Span secret = ofRule(good, "ssh-private-key-wire")->spans.back();
    const auto middle = static_cast<qsizetype>((secret.begin + secret.end) / 2);
    bytes[middle] = static_cast<char>(bytes[middle] ^ 4);
    const auto matches = matchesOf(bytes);
    QCOMPARE(matches.size(), std::size_t {2});
    for (const Match& match : matches)
        QVERIFY(match.confidence == Confidence::Likely);
}

void OpenSshTest::encryptedKeysAreMedium()
{
    const MadeSshKey key = makeSshKey("ed25519", "256", "some passphrase");
    const auto matches = matchesOf(key.binary);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].severity == Severity::Medium);
    QVERIFY(matches[0].confidence == Confidence::Likely);
    QCOMPARE(QString::fromStdString(matches[0].identity->value), key.fingerprint);
}

void OpenSshTest::provesKeysAsTheAgentGetsThem()
{
    // SSH_AGENTC_ADD_IDENTITY holds what the private blob holds after its two check numbers.
    const MadeSshKey& key = m_keys.at("rsa");
    const auto whole = matchesOf(key.binary);
    const Span blob = ofRule(whole, "openssh-private-key")->spans[0];
    const auto message = key.binary.mid(static_cast<qsizetype>(blob.begin) + 8,
                                        static_cast<qsizetype>(blob.end - blob.begin) - 8);
    const auto matches = matchesOf(QByteArray("\0\0\x05\x10\x11", 5) + message);
    QCOMPARE(matches.size(), std::size_t {1});
    QVERIFY(matches[0].confidence == Confidence::Verified);
    QVERIFY(matches[0].value == whole[0].value);
}

void OpenSshTest::publicKeysAreNoKeys()
{
    for (const auto& [kind, key] : m_keys) {
        // The public blob comes first, behind the header of 39 bytes and the count.
        const QByteArray publicOnly = key.binary.left(key.binary.indexOf("somebody") / 3);
        QVERIFY(matchesOf(publicOnly + QByteArray(300, '\0')).empty());
    }
}

void OpenSshTest::everyPrefixIsSafe()
{
    for (const auto& [kind, key] : m_keys)
        for (qsizetype size = 0; size < key.binary.size(); ++size)
            for (const Match& match : matchesOf(key.binary.left(size)))
                for (const Span& span : match.spans)
                    QVERIFY(span.end <= static_cast<std::size_t>(size));
}

void OpenSshTest::findsAKeyOnceWhereverAWindowEnds()
{
    const QByteArray& key = m_keys.at("ed25519").binary;
    for (std::size_t before = 700; before < 1100; before += 3) {
        const auto bytes
            = buried(asBytes({key.constData(), static_cast<std::size_t>(key.size())}), before, 500);
        QCOMPARE(matchesIn(opensshDetector, bytes, 1024).size(), std::size_t {2});
    }
}

void OpenSshTest::readsThemInsidePem()
{
    for (const auto& [kind, key] : m_keys) {
        const auto matches = matchesIn(pemDetector, asBytes(key.pem));
        QCOMPARE(matches.size(), std::size_t {1});
        QVERIFY(matches[0].confidence == Confidence::Verified);
        QCOMPARE(QString::fromStdString(matches[0].identity->value), key.fingerprint);
    }
}

void OpenSshTest::publicHalvesAreNoDerivedValues()
{
    for (const auto& [kind, key] : m_keys) {
        const auto matches = matchesIn(pemDetector, asBytes(key.pem));
        QCOMPARE(matches.size(), std::size_t {1});
        // What the file holds before its private blob, as its base64 lines begin with it.
        const std::string body = QByteArray(key.binary.toBase64()).toStdString();
        const auto publicText = body.substr(60, 40);
        for (const DerivedValue& value : matches[0].derived)
            QVERIFY(asText(value.bytes).find(publicText) == std::string_view::npos);
        const auto comment = QByteArray("somebody").toBase64().left(8).toStdString();
        for (const DerivedValue& value : matches[0].derived)
            QVERIFY(asText(value.bytes).find(comment) == std::string_view::npos);
    }
}

QTEST_GUILESS_MAIN(OpenSshTest)
#include "tst_openssh.moc"
