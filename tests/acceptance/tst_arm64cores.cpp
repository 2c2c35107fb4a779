// SPDX-License-Identifier: GPL-3.0-or-later
// Cores of arm64 programs, as QEMU writes them when its guest aborts: gdb shows of a copy what it
// shows of the original, and the secret is gone. No part of ctest, since it needs a compiler and a
// debugger for arm64.
#include "realprocess.h"

#include <QDir>
#include <QRegularExpression>
#include <QtTest>

class TestArm64Cores : public QObject {
    Q_OBJECT

private slots:
    /// Linked statically: QEMU's cores do not say which files were mapped.
    void initTestCase()
    {
        const Ran compiler = run(QStringLiteral("aarch64-linux-gnu-gcc"),
                                 {QStringLiteral("-g"), QStringLiteral("-O0"),
                                  QStringLiteral("-static"), QStringLiteral("-pthread"),
                                  testScript("threads.c"), QStringLiteral("-o"), m_program});
        QVERIFY2(compiler.exitCode == 0, compiler.errors.constData());
        const QString script = QStringLiteral("cd '%1'; ulimit -c unlimited; qemu-aarch64 %2 %3")
                                   .arg(m_folder.path(), m_program, QString::fromLatin1(m_token));
        run(QStringLiteral("sh"), {QStringLiteral("-c"), script});
        const QStringList cores
            = QDir(m_folder.path()).entryList({QStringLiteral("qemu_*.core")}, QDir::Files);
        QCOMPARE(cores.size(), 1);
        m_core = m_folder.filePath(cores.first());
        QVERIFY(windowsLeft(m_core, m_token) > 0);
    }

    void aRedactedCopyTellsWhatTheOriginalTells()
    {
        const QString copy = copied(QStringLiteral("redact"));
        QVERIFY(!copy.isEmpty());
        const QByteArray told = toldOf(m_core);
        QVERIFY(told.contains("(Thread 0x") && told.contains("wait_here"));
        QVERIFY(told.contains("\nx29 ") && told.contains("copy = "));
        QCOMPARE(difference(toldOf(copy), told), QByteArray());
        QCOMPARE(windowsLeft(copy, m_token.sliced(4)), 0);
    }

    /// Without the C library's data gdb knows threads by their numbers only.
    void aMinimisedCopyHasTheSameFramesAndRegisters()
    {
        const QString copy = copied(QStringLiteral("minimise"));
        QVERIFY(!copy.isEmpty());
        const QByteArray frames = framesIn(toldOf(m_core));
        QVERIFY(frames.count("wait_here") == 12 && frames.contains("\nx29 "));
        QCOMPARE(difference(framesIn(toldOf(copy)), frames), QByteArray());
        QCOMPARE(windowsLeft(copy, m_token.sliced(4)), 0);
    }

private:
    QByteArray toldOf(const QString& dump) const
    {
        return withoutStrings(toldByDebugger(QStringLiteral("gdb-multiarch"), m_program, dump,
                                             {QStringLiteral("info threads"),
                                              QStringLiteral("thread apply all bt full"),
                                              QStringLiteral("thread apply all info registers")}));
    }

    /// Lines that begin with a frame's number or a register's name; no texts of dropped memory.
    static QByteArray framesIn(const QByteArray& told)
    {
        static const QRegularExpression wanted(QStringLiteral("^(#\\d+ |x\\d+ |sp |pc |cpsr )"));
        static const QRegularExpression text(
            QStringLiteral(" (\"\"|<error: Cannot access memory at address 0x[0-9a-f]+>)"));
        QByteArray frames;
        for (const QByteArray& line : told.split('\n'))
            if (wanted.match(QString::fromLatin1(line)).hasMatch())
                frames += QString::fromLatin1(line).remove(text).toLatin1() + '\n';
        return frames;
    }

    /// The path of the copy, "" when there is none.
    QString copied(const QString& mode) const
    {
        const QString copy = m_core + u'.' + mode;
        const Ran redact = run(coredactCli(),
                               {QStringLiteral("redact"), m_core, QStringLiteral("--mode"), mode,
                                QStringLiteral("-o"), copy},
                               300);
        if (redact.exitCode != 0)
            qWarning("%s", (redact.output + redact.errors).constData());
        return redact.exitCode == 0 ? copy : QString();
    }

    QTemporaryDir m_folder;
    QString m_program = m_folder.filePath(QStringLiteral("threads"));
    QString m_core;
    QByteArray m_token = madeToken();
};

QTEST_GUILESS_MAIN(TestArm64Cores)
#include "tst_arm64cores.moc"
