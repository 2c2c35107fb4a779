// SPDX-License-Identifier: GPL-3.0-or-later
// Real programs, dumped and redacted: the secret is gone by a search that is not ours, and gdb
// shows the same.
#include "realprocess.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QtTest>

#include <algorithm>

namespace {

QByteArray utf16(const QByteArray& text)
{
    QByteArray wide;
    for (const char c : text)
        wide += QByteArray(1, c) + '\0';
    return wide;
}

QByteArray digestOf(const QString& path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    return file.open(QIODevice::ReadOnly) && hash.addData(&file) ? hash.result() : QByteArray();
}

} // namespace

class TestRedactedCopies : public QObject {
    Q_OBJECT

private slots:
    void keepWhatGdbShowsOfAProgram_data()
    {
        QTest::addColumn<QString>("program");
        QTest::newRow("C, threads") << testProgram("test-threads");
        QTest::newRow("C, static") << testProgram("test-static");
        QTest::newRow("C++, while an exception passes") << testProgram("test-exceptions");
    }

    void keepWhatGdbShowsOfAProgram()
    {
        QFETCH(QString, program);
        const QByteArray token = madeToken();
        RealProcess process(program, {QString::fromLatin1(token)});
        QVERIFY(process.ready());
        redactAndCompare(process, program, {token});
    }

    /// Memory that backtraces do not need is filled whole.
    void keepWhatGdbShowsWhereHeapAndDataAreFilled_data()
    {
        // Not of a static program: libc's data, which tells of threads, lies among its own.
        QTest::addColumn<QString>("program");
        QTest::newRow("C, threads") << testProgram("test-threads");
        QTest::newRow("C++, while an exception passes") << testProgram("test-exceptions");
    }

    void keepWhatGdbShowsWhereHeapAndDataAreFilled()
    {
        QFETCH(QString, program);
        const QByteArray token = madeToken();
        RealProcess process(program, {QString::fromLatin1(token)});
        QVERIFY(process.ready());
        redactAndCompare(process, program, {token},
                         {QStringLiteral("--mode"), QStringLiteral("custom"),
                          QStringLiteral("--class"), QStringLiteral("heap=fill"),
                          QStringLiteral("--class"), QStringLiteral("data=fill"),
                          QStringLiteral("--class"), QStringLiteral("anonymous=fill"),
                          QStringLiteral("--class"), QStringLiteral("notes=fill")});
    }

    void keepWhatGdbShowsOfAPythonProgram_data()
    {
        QTest::addColumn<QString>("script");
        QTest::newRow("with tokens") << testScript("tokenholder.py");
        QTest::newRow("with attributes") << testScript("attributeholder.py");
    }

    void keepWhatGdbShowsOfAPythonProgram()
    {
        QFETCH(QString, script);
        RealProcess process(QStringLiteral("/usr/bin/python3"), {script});
        QVERIFY(process.ready());
        QList<QByteArray> secrets;
        for (const auto& [name, secret] : process.secrets())
            secrets.append(secret);
        redactAndCompare(process, QFileInfo(QStringLiteral("/usr/bin/python3")).canonicalFilePath(), secrets);
    }

    void leaveNothingOfKeysToOtherTools()
    {
        RealProcess process(testProgram("test-keyholder"),
                            {QStringLiteral("READY"), QStringLiteral("rsa2048"), QStringLiteral("p256"), QStringLiteral("aes")});
        QVERIFY(process.ready());
        const QString core = process.dump();
        QVERIFY(run(QStringLiteral("aeskeyfind"), {QStringLiteral("-q"), core}).output.size() > 0);
        const QString copy = process.folder() + QStringLiteral("/redacted.core");
        const Ran redact = run(coredactCli(), {QStringLiteral("redact"), core, QStringLiteral("-o"), copy}, 300);
        QVERIFY2(redact.exitCode == 0, redact.output + redact.errors);
        for (const auto& [name, secret] : process.secrets()) {
            if (name.endsWith(QStringLiteral(".n")))
                continue;
            QByteArray limbs(secret);
            std::reverse(limbs.begin(), limbs.end());
            QCOMPARE(windowsLeft(copy, secret), 0);
            QCOMPARE(windowsLeft(copy, limbs), 0);
        }
        QCOMPARE(run(QStringLiteral("aeskeyfind"), {QStringLiteral("-q"), copy}).output, QByteArray());
        const QByteArray rsa = run(QStringLiteral("rsakeyfind"), {copy}).output;
        QVERIFY2(!rsa.contains("FOUND"), "rsakeyfind finds a key in the copy");
    }

private:
    void redactAndCompare(RealProcess& process, const QString& program,
                          const QList<QByteArray>& secrets, const QStringList& options = {})
    {
        const QString core = process.dump();
        QVERIFY(!core.isEmpty());
        const QByteArray before = digestOf(core);
        const QString copy = process.folder() + QStringLiteral("/redacted.core");
        const Ran redact = run(coredactCli(), QStringList {QStringLiteral("redact"), core, QStringLiteral("-o"), copy} + options, 300);
        QVERIFY2(redact.exitCode == 0, redact.output + redact.errors);
        QCOMPARE(digestOf(core), before);
        QCOMPARE(QFileInfo(copy).size(), QFileInfo(core).size());

        for (const QByteArray& secret : secrets) {
            // The harmless prefix "ghp_" may stay.
            const QByteArray value = secret.sliced(4);
            QCOMPARE(windowsLeft(copy, value), 0);
            QCOMPARE(windowsLeft(copy, utf16(value)), 0);
        }
        const QByteArray original = gdbView(program, core);
        QVERIFY(original.contains("Thread "));
        // Arguments that gdb prints may be secrets themselves; frames and addresses must be equal.
        QCOMPARE(withoutStrings(gdbView(program, copy)), withoutStrings(original));

        int exitCode = -1;
        const QJsonArray left = findingsIn(copy, &exitCode);
        QVERIFY2(exitCode == 0, qPrintable(summary(left)));

        const Ran verify = run(coredactCli(), {QStringLiteral("verify"), copy, QStringLiteral("--certificate"),
                                               copy + QStringLiteral(".coredact.json"), QStringLiteral("--original"), core}, 300);
        QVERIFY2(verify.exitCode == 0, verify.output + verify.errors);
    }
};

QTEST_GUILESS_MAIN(TestRedactedCopies)
#include "tst_redactedcopies.moc"
