// SPDX-License-Identifier: GPL-3.0-or-later
// Live TLS connections of a real program, dumped: what the key log says was secret is found where
// it stands, and gone from the copy.
#include "realprocess.h"

#include <QFile>
#include <QtTest>

#include <algorithm>

namespace {

/// The secrets of a key log that protect what was sent: master and traffic secrets.
QList<QByteArray> secretsIn(const QString& keyLog)
{
    QList<QByteArray> secrets;
    QFile file(keyLog);
    if (!file.open(QIODevice::ReadOnly))
        return secrets;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const QList<QByteArray> words = line.trimmed().split(' ');
        if (words.size() == 3
            && (words[0] == "CLIENT_RANDOM" || words[0].contains("_TRAFFIC_SECRET_0")))
            secrets.append(QByteArray::fromHex(words[2]));
    }
    return secrets;
}

} // namespace

class TestTlsConnections : public QObject {
    Q_OBJECT

private slots:
    void givesItsSecrets_data()
    {
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("count");
        QTest::newRow("TLS 1.2") << QStringLiteral("1.2") << QStringLiteral("tls-session-secret")
                                 << 1;
        QTest::newRow("TLS 1.3") << QStringLiteral("1.3") << QStringLiteral("tls-traffic-secret")
                                 << 2;
    }

    void givesItsSecrets()
    {
        QFETCH(QString, version);
        QFETCH(QString, rule);
        QFETCH(int, count);
        QTemporaryDir folder;
        const QString key = folder.filePath(QStringLiteral("key"));
        const QString certificate = folder.filePath(QStringLiteral("crt"));
        const QString log = folder.filePath(QStringLiteral("log"));
        QCOMPARE(run(QStringLiteral("openssl"),
                     {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-nodes"),
                      QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-newkey"),
                      QStringLiteral("rsa:2048"), QStringLiteral("-subj"),
                      QStringLiteral("/CN=tls.test"), QStringLiteral("-keyout"), key,
                      QStringLiteral("-out"), certificate})
                     .exitCode,
                 0);
        RealProcess process(QStringLiteral("/usr/bin/python3"),
                            {testScript("tlsholder.py"), certificate, key, version, log});
        QVERIFY(process.ready());
        const QList<QByteArray> secrets = secretsIn(log);
        QCOMPARE(secrets.size(), count);
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());

        const QJsonArray findings = findingsIn(core);
        for (const QByteArray& secret : secrets) {
            QVERIFY(countIn(core, secret) > 0);
            const auto found = covering(findings, core, secret);
            const bool proved = std::any_of(found.begin(), found.end(), [&](const auto& finding) {
                return finding[u"rule"] == rule
                    && finding[u"confidence"] == QStringLiteral("verified");
            });
            QVERIFY2(proved, qPrintable(summary(findings)));
        }
        // The record keys of both directions are told whose they are.
        const auto keys = ofRule(findings, QStringLiteral("aes-key-schedule"));
        QVERIFY(std::count_if(keys.begin(), keys.end(),
                              [&](const auto& finding) {
                                  return finding[u"belongsTo"][0].toString().contains(version);
                              })
                >= 2);

        const QString copy = core + QStringLiteral(".redacted");
        QCOMPARE(run(coredactCli(), {QStringLiteral("redact"), core, QStringLiteral("-o"), copy})
                     .exitCode,
                 0);
        for (const QByteArray& secret : secrets)
            QCOMPARE(windowsLeft(copy, secret), 0);
    }
};

QTEST_GUILESS_MAIN(TestTlsConnections)
#include "tst_tlsconnections.moc"
