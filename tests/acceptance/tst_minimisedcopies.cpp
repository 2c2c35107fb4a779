// SPDX-License-Identifier: GPL-3.0-or-later
// Real programs, dumped and minimised: gdb shows the same backtraces, threads and libraries, and
// what lay in the heap is gone, whether a rule knows it or not.
#include "realprocess.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QtTest>

#include <sys/stat.h>

namespace {

/// Text that no rule takes for anything.
QByteArray plainText()
{
    QByteArray text;
    for (int i = 0; i < 30; ++i)
        text += static_cast<char>('a' + QRandomGenerator::global()->bounded(26));
    return text;
}

qint64 bytesOnDisk(const QString& path)
{
    struct stat status = {};
    return stat(path.toUtf8().constData(), &status) == 0 ? status.st_blocks * 512 : -1;
}

Ran cli(const QStringList& arguments) { return run(coredactCli(), arguments, 300); }

} // namespace

class TestMinimisedCopies : public QObject {
    Q_OBJECT

private slots:
    void keepWhatGdbShowsOfAProgram_data()
    {
        QTest::addColumn<QString>("program");
        QTest::newRow("C, threads") << testProgram("test-threads");
        QTest::newRow("C, i386") << testProgram("test-i386");
        QTest::newRow("C++, while an exception passes") << testProgram("test-exceptions");
    }

    void keepWhatGdbShowsOfAProgram()
    {
        QFETCH(QString, program);
        const QByteArray text = plainText();
        RealProcess process(program, {QString::fromLatin1(text)});
        QVERIFY(process.ready());
        minimiseAndCompare(process, program);
    }

    void keepWhatGdbShowsOfAPythonProgramAndNothingOfItsHeap()
    {
        const QString python = QFileInfo(QStringLiteral("/usr/bin/python3")).canonicalFilePath();
        // A thousand texts in the heap, each made of one that stands in none.
        const QString script
            = QStringLiteral("import hashlib, os, signal\n"
                             "base = os.urandom(8)\n"
                             "held = [hashlib.md5(base + bytes([n & 255, n >> 8]))"
                             ".hexdigest() for n in range(1000)]\n"
                             "told = open(os.environ['COREDACT_READY'] + '.part', 'w')\n"
                             "told.write('base ' + base.hex() + '\\n')\n"
                             "told.close()\n"
                             "os.rename(told.name, os.environ['COREDACT_READY'])\n"
                             "signal.pause()\n");
        RealProcess process(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), script});
        QVERIFY(process.ready());
        const QString copy = minimiseAndCompare(process, python);
        QFile file(copy);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        const QByteArray base = process.secrets().at(QStringLiteral("base"));
        for (int number = 0; number < 1000; ++number) {
            const QByteArray held = QCryptographicHash::hash(base + static_cast<char>(number & 255)
                                                                 + static_cast<char>(number >> 8),
                                                             QCryptographicHash::Md5)
                                        .toHex();
            QVERIFY2(!bytes.contains(held), "a text of the heap is in the minimised copy");
        }
        QVERIFY(bytesOnDisk(copy) * 2 < QFileInfo(copy).size());
    }

private:
    /// gdb's text without the contents of strings: those in the heap are gone.
    static QByteArray frames(const QByteArray& text)
    {
        QString shown = QString::fromLatin1(text);
        shown.replace(
            QRegularExpression(QStringLiteral(
                " (\"[^\"]*\"(\\.\\.\\.)?|<error: Cannot access memory at address 0x[0-9a-f]+>)")),
            QString());
        return shown.toLatin1();
    }

    QString minimiseAndCompare(RealProcess& process, const QString& program)
    {
        const QString core = process.dump();
        const QString copy = process.folder() + QStringLiteral("/minimised.core");
        const auto fail = [&](const QByteArray& why) {
            QTest::qFail(why.constData(), __FILE__, __LINE__);
            return copy;
        };
        const Ran redact = cli({QStringLiteral("redact"), core, QStringLiteral("-o"), copy,
                                QStringLiteral("--mode"), QStringLiteral("minimise"),
                                QStringLiteral("--format"), QStringLiteral("json")});
        if (redact.exitCode != 0)
            return fail(redact.output + redact.errors);
        const QJsonObject said = QJsonDocument::fromJson(redact.output).object();
        if (said[QStringLiteral("promise")].toString()
            != QStringLiteral("only stacks, selected registers, modules and loader data were kept"))
            return fail("the promise has other words");
        if (QFileInfo(copy).size() != QFileInfo(core).size())
            return fail("the copy has another size");
        const QByteArray original = frames(gdbView(program, core));
        const QByteArray minimised = frames(gdbView(program, copy));
        if (!original.contains("Thread ") || original != minimised)
            return fail("gdb shows\n" + minimised + "\ninstead of\n" + original);
        for (const QStringList& more : {QStringList(), {QStringLiteral("--original"), core}}) {
            const Ran verify = cli(QStringList {QStringLiteral("verify"), copy} + more);
            if (verify.exitCode != 0)
                return fail(verify.output + verify.errors);
        }
        return copy;
    }
};

QTEST_GUILESS_MAIN(TestMinimisedCopies)
#include "tst_minimisedcopies.moc"
