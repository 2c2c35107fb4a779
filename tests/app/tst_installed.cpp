// SPDX-License-Identifier: GPL-3.0-or-later
#include "plantedcore.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace coredact::test;

/// The programs as a distribution installs them, in a place of their own.
class TestInstalled : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void putsEverythingInItsPlace();
    void findsItsEngineAndItsRules();
    void startsWithTheRulesOfTheBuild();
    void redactsAndVerifies();
    void opensTheWindow();

private:
    struct Answer {
        int code;
        QByteArray output;
    };
    QString at(const char* path) const { return m_folder.filePath(QLatin1String(path)); }
    /// With nothing of the build in the environment.
    QProcessEnvironment alone() const;
    Answer run(const QStringList& arguments) const;

    QTemporaryDir m_folder;
    PlantedCore m_core;
};

QProcessEnvironment TestInstalled::alone() const
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/bin:/bin"));
    environment.insert(QStringLiteral("HOME"), at("home"));
    environment.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    for (const char* kept : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(kept))
            environment.insert(QLatin1String(kept), qEnvironmentVariable(kept));
    }
    return environment;
}

TestInstalled::Answer TestInstalled::run(const QStringList& arguments) const
{
    QProcess program;
    program.setProcessEnvironment(alone());
    program.setWorkingDirectory(m_folder.path());
    program.start(at("usr/bin/coredact-cli"), arguments);
    const bool ended = program.waitForFinished(120000);
    return {ended && program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1,
            program.readAllStandardOutput() + program.readAllStandardError()};
}

void TestInstalled::initTestCase()
{
    QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("home")));
    QProcess install;
    install.start(QStringLiteral(COREDACT_CMAKE),
                  {QStringLiteral("--install"), QStringLiteral(COREDACT_BINARY_DIR),
                   QStringLiteral("--prefix"), at("usr")});
    QVERIFY(install.waitForFinished(120000));
    QVERIFY2(install.exitCode() == 0, install.readAllStandardError().constData());
}

void TestInstalled::putsEverythingInItsPlace()
{
    for (const char* program :
         {"usr/bin/coredact", "usr/bin/coredact-cli", "usr/libexec/coredact/coredact-engine"})
        QVERIFY2(QFileInfo(at(program)).isExecutable(), program);
    for (const char* file :
         {"usr/share/coredact/rules.cache", "usr/share/man/man1/coredact-cli.1",
          "usr/share/applications/org.coredact.Coredact.desktop",
          "usr/share/metainfo/org.coredact.Coredact.metainfo.xml",
          "usr/share/mime/packages/org.coredact.Coredact.xml",
          "usr/share/icons/hicolor/scalable/apps/org.coredact.Coredact.svg"})
        QVERIFY2(QFileInfo(at(file)).size() > 0, file);
    // Nothing else: no library of ours, no header, no test.
    QDirIterator all(at("usr"), {QStringLiteral("*.a"), QStringLiteral("*.h"),
                                 QStringLiteral("tst_*")},
                     QDir::Files, QDirIterator::Subdirectories);
    QVERIFY2(!all.hasNext(), qPrintable(all.hasNext() ? all.next() : QString()));
}

void TestInstalled::findsItsEngineAndItsRules()
{
    const Answer rules = run({QStringLiteral("rules"), QStringLiteral("list")});
    QCOMPARE(rules.code, 0);
    QVERIFY(rules.output.contains("github-token"));
    const Answer scan = run({QStringLiteral("scan"), m_core.path});
    QVERIFY2(scan.code == 1, scan.output.constData());
    QVERIFY(scan.output.contains("GitHub"));
    // libmagic's database is the system's, and the engine gets it from the front end.
    const Answer map = run({QStringLiteral("map"), m_core.path});
    QCOMPARE(map.code, 0);
}

void TestInstalled::startsWithTheRulesOfTheBuild()
{
    QDir(at("home/.cache")).removeRecursively();
    QCOMPARE(run({QStringLiteral("scan"), m_core.path}).code, 1);
    QFile shipped(at("usr/share/coredact/rules.cache"));
    QFile own(at("home/.cache/coredact/rules.cache"));
    QVERIFY(shipped.open(QFile::ReadOnly) && own.open(QFile::ReadOnly));
    QVERIFY2(own.readAll() == shipped.readAll(), "the rules were compiled once more");
}

void TestInstalled::redactsAndVerifies()
{
    const QString copy = at("copy.core");
    const Answer redacted
        = run({QStringLiteral("redact"), m_core.path, QStringLiteral("-o"), copy});
    QVERIFY2(redacted.code == 0, redacted.output.constData());
    QCOMPARE(run({QStringLiteral("verify"), copy}).code, 0);
}

void TestInstalled::opensTheWindow()
{
    QProcess window;
    window.setProcessEnvironment(alone());
    window.start(at("usr/bin/coredact"), {m_core.path});
    // The session is there once the dump was opened and scanned.
    const QDir sessions(at("home/.local/share/coredact/sessions"));
    QTRY_VERIFY_WITH_TIMEOUT(!sessions.entryList(QDir::Files).isEmpty(), 60000);
    QCOMPARE(window.state(), QProcess::Running);
    window.kill();
    QVERIFY(window.waitForFinished(20000));
}

QTEST_GUILESS_MAIN(TestInstalled)
#include "tst_installed.moc"
