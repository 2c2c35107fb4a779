// SPDX-License-Identifier: GPL-3.0-or-later
// Real programs that hold secrets known to the test: dumped, scanned, and what must be found is
// found, with the proof that is possible.
#include "realprocess.h"

#include <QFile>
#include <QtTest>

#include <algorithm>

class TestRealProcesses : public QObject {
    Q_OBJECT

private slots:
    void findsKeysOfAnOpensslProgramThatFreedThePem()
    {
        RealProcess process(testProgram("test-keyholder"),
                            {QStringLiteral("READY"), QStringLiteral("rsa2048"), QStringLiteral("p256"), QStringLiteral("p384")});
        QVERIFY(process.ready());
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());
        QCOMPARE(countIn(core, "-----BEGIN PRIVATE"), 0);
        const QJsonArray findings = findingsIn(core);
        for (const auto& [name, secret] : process.secrets()) {
            if (name.endsWith(QStringLiteral(".n")))
                continue;
            // OpenSSL holds numbers as little-endian limbs.
            QByteArray limbs(secret);
            std::reverse(limbs.begin(), limbs.end());
            QVERIFY2(countIn(core, limbs) > 0, qPrintable(name));
            const auto found = covering(findings, core, limbs);
            const bool verified = std::any_of(found.begin(), found.end(), [](const auto& finding) {
                return finding[u"confidence"] == QStringLiteral("verified");
            });
            QVERIFY2(verified, qPrintable(name + QStringLiteral(": ") + summary(findings)));
        }
        QVERIFY(!ofRule(findings, QStringLiteral("rsa-private-key"), QStringLiteral("verified")).isEmpty());
        QVERIFY(!ofRule(findings, QStringLiteral("ec-private-key"), QStringLiteral("verified")).isEmpty());
    }

    void findsEveryAesContext()
    {
        RealProcess process(testProgram("test-keyholder"), {QStringLiteral("READY"), QStringLiteral("aes")});
        QVERIFY(process.ready());
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());
        const QJsonArray findings = findingsIn(core);
        QStringList sizes;
        for (const QJsonObject& finding : ofRule(findings, QStringLiteral("aes-key-schedule"), QStringLiteral("verified")))
            if (finding[u"severity"] != QStringLiteral("info"))
                sizes.append(finding[u"title"].toString().left(7));
        // The program holds 3, 4 and 4 keys; OpenSSL's random generator has two of 256 bits more.
        QVERIFY2(sizes.count(QStringLiteral("AES-128")) == 3, qPrintable(sizes.join(u' ')));
        QVERIFY2(sizes.count(QStringLiteral("AES-192")) == 4, qPrintable(sizes.join(u' ')));
        QVERIFY2(sizes.count(QStringLiteral("AES-256")) >= 4, qPrintable(sizes.join(u' ')));
    }

    void readsAKeyInAVectorRegisterAsOne()
    {
        RealProcess process(testProgram("test-keyholder"), {QStringLiteral("READY"), QStringLiteral("registers")});
        QVERIFY(process.ready());
        const QString core = process.dump();
        const QByteArray key = process.secrets().at(QStringLiteral("register"));
        QFile file(core);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        int inRegister = 0;
        for (const QJsonObject& finding : ofRule(findingsIn(core), QStringLiteral("aes-key-schedule"), QStringLiteral("verified")))
            for (const QJsonValue occurrence : finding[u"occurrences"].toArray()) {
                QByteArray joined;
                for (const QJsonValue piece : occurrence[u"pieces"].toArray())
                    joined += bytes.mid(piece[u"offset"].toInteger(), piece[u"length"].toInteger());
                inRegister += occurrence[u"encoding"] == QStringLiteral("raw") && joined == key
                    && occurrence[u"region"].toString().startsWith(QStringLiteral("NT_X86_XSTATE"));
            }
        QVERIFY2(inRegister > 0, "the key is not told as one");
    }

    void findsTokensOfAPythonProcessInEveryShape()
    {
        RealProcess process(QStringLiteral("/usr/bin/python3"),
                            {testScript("tokenholder.py")});
        QVERIFY(process.ready());
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());
        int exitCode = -1;
        const QJsonArray findings = findingsIn(core, &exitCode);
        QCOMPARE(exitCode, 1);
        for (const auto& [name, secret] : process.secrets()) {
            const auto tokens = covering(findings, core, secret);
            QVERIFY2(!tokens.isEmpty(), qPrintable(name + QStringLiteral(": ") + summary(findings)));
            const auto verified = std::count_if(tokens.begin(), tokens.end(), [](const auto& token) {
                return token[u"confidence"] == QStringLiteral("verified");
            });
            QVERIFY2(verified > 0, qPrintable(name));
        }
    }

    void findsWhatTheNamesOfProgramsTell_data()
    {
        QTest::addColumn<QString>("interpreter");
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("count");
        const QString python = QStringLiteral("/usr/bin/python3");
        QTest::newRow("attributes of Python") << python << QStringLiteral("attributeholder.py") << 6;
        QTest::newRow("variables of Python") << python << QStringLiteral("variableholder.py") << 14;
        QTest::newRow("variables of Ruby") << QStringLiteral("/usr/bin/ruby") << QStringLiteral("variableholder.rb") << 13;
    }

    void findsWhatTheNamesOfProgramsTell()
    {
        QFETCH(QString, interpreter);
        QFETCH(QString, script);
        QFETCH(int, count);
        RealProcess process(interpreter, {testScript(qPrintable(script))});
        QVERIFY(process.ready());
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());
        const QJsonArray findings = findingsIn(core);
        QCOMPARE(static_cast<int>(process.secrets().size()), count);
        for (const auto& [name, secret] : process.secrets()) {
            const auto found = covering(findings, core, secret);
            const bool told = std::any_of(found.begin(), found.end(), [](const auto& finding) {
                return finding[u"rule"].toString().startsWith(QStringLiteral("table-"));
            });
            QVERIFY2(told, qPrintable(name + QStringLiteral(": ") + summary(findings)));
        }
    }

    void givesNoVerifiedFindingForAPythonProcessWithoutSecrets()
    {
        RealProcess process(QStringLiteral("/usr/bin/python3"), {testScript("plain.py")});
        QVERIFY(process.ready());
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());
        const QJsonArray findings = findingsIn(core);
        QVERIFY2(ofRule(findings, {}, QStringLiteral("verified")).isEmpty(),
                 qPrintable(summary(findings)));
    }

    void findsTheKeysOfNginx()
    {
        QTemporaryDir folder;
        makeKey(folder, QStringLiteral("rsa"), {QStringLiteral("rsa:2048")});
        makeKey(folder, QStringLiteral("ec"), {QStringLiteral("ec"), QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256")});
        QFile pattern(testScript("nginx.conf"));
        QVERIFY(pattern.open(QIODevice::ReadOnly));
        QFile config(folder.filePath(QStringLiteral("nginx.conf")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(pattern.readAll().replace("FOLDER", folder.path().toUtf8()));
        config.close();
        QProcess nginx;
        nginx.start(QStringLiteral("nginx"),
                    {QStringLiteral("-p"), folder.path(), QStringLiteral("-c"), config.fileName()});
        QVERIFY(nginx.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(QStringLiteral("nginx.pid"))), 10'000);
        // One request, so that the worker has used its keys.
        QTRY_VERIFY_WITH_TIMEOUT(
            run(QStringLiteral("openssl"),
                {QStringLiteral("s_client"), QStringLiteral("-unix"), folder.filePath(QStringLiteral("socket"))},
                20, "GET / HTTP/1.0\r\n\r\n").exitCode == 0, 20'000);
        const qint64 worker = childOf(nginx.processId());
        QVERIFY(worker > 0);
        for (const qint64 id : {nginx.processId(), worker}) {
            const QString prefix = folder.filePath(QStringLiteral("core"));
            QCOMPARE(run(QStringLiteral("gcore"), {QStringLiteral("-o"), prefix, QString::number(id)}).exitCode, 0);
            const QJsonArray findings = findingsIn(prefix + u'.' + QString::number(id));
            QVERIFY2(!ofRule(findings, QStringLiteral("rsa-private-key"), QStringLiteral("verified")).isEmpty(),
                     qPrintable(summary(findings)));
            QVERIFY2(!ofRule(findings, QStringLiteral("ec-private-key"), QStringLiteral("verified")).isEmpty(),
                     qPrintable(summary(findings)));
        }
        nginx.terminate();
        QVERIFY(nginx.waitForFinished(10'000));
    }

private:
    static void makeKey(const QTemporaryDir& folder, const QString& name, const QStringList& kind)
    {
        const QStringList arguments = QStringList {QStringLiteral("req"), QStringLiteral("-x509"),
            QStringLiteral("-nodes"), QStringLiteral("-days"), QStringLiteral("2"),
            QStringLiteral("-subj"), QStringLiteral("/CN=") + name + QStringLiteral(".test"),
            QStringLiteral("-keyout"), folder.filePath(name + QStringLiteral(".key")),
            QStringLiteral("-out"), folder.filePath(name + QStringLiteral(".crt")),
            QStringLiteral("-newkey")} + kind;
        QCOMPARE(run(QStringLiteral("openssl"), arguments).exitCode, 0);
    }

    static qint64 childOf(qint64 parent)
    {
        QFile file(QStringLiteral("/proc/%1/task/%1/children").arg(parent));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(0).toLongLong() : 0;
    }
};

QTEST_GUILESS_MAIN(TestRealProcesses)
#include "tst_realprocesses.moc"
