// SPDX-License-Identifier: GPL-3.0-or-later
// What the program says of itself, and of calls that it does not understand.
#include "tests/cli/program.h"

#include <QTest>

#include <memory>

using namespace coredact::test;

class CliHelpTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_place = std::make_unique<Workplace>(); }
    void helpTeachesEachCommand_data();
    void helpTeachesEachCommand();
    void versionIsTold();
    void wrongUseIsExitCodeTwo_data();
    void wrongUseIsExitCodeTwo();
    void theRuleOfTheHelpIsThere();
    void aFileWithoutACommandIsToldHowToBeScanned();
    void errorsNameTheHelpOfTheCommand();

private:
    std::unique_ptr<Workplace> m_place;
};

void CliHelpTest::helpTeachesEachCommand_data()
{
    QTest::addColumn<QString>("command");
    for (const char* command : {"scan", "redact", "verify", "map", "watch", "rules", "formats"})
        QTest::newRow(command) << QString::fromLatin1(command);
}

void CliHelpTest::helpTeachesEachCommand()
{
    QFETCH(QString, command);
    const Answer answer = run({command, QStringLiteral("--help")});
    QCOMPARE(answer.code, 0);
    QVERIFY(answer.output.contains("Exit codes:"));
    QVERIFY(answer.output.contains("verification failed"));
    QVERIFY(command == QStringLiteral("formats") || answer.output.contains("Examples:"));
    QVERIFY(answer.errors.isEmpty());
}

void CliHelpTest::versionIsTold()
{
    const Answer answer = m_place->cli({"--version"});
    QCOMPARE(answer.code, 0);
    QCOMPARE(answer.output, QByteArray("coredact " COREDACT_VERSION "\n"));
}

void CliHelpTest::wrongUseIsExitCodeTwo_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("unknown command") << list({"burn"});
    QTest::newRow("no path") << list({"scan"});
    QTest::newRow("unknown format") << list({"scan", "core", "--format", "pdf"});
    QTest::newRow("unknown severity") << list({"scan", "core", "--min-severity", "huge"});
    QTest::newRow("no output") << list({"redact", "core"});
    QTest::newRow("jobs") << list({"scan", "core", "--jobs", "many"});
    QTest::newRow("no rule file") << list({"scan", "core", "--rules", "none"});
    QTest::newRow("no baseline") << list({"scan", "core", "--baseline", "none"});
    QTest::newRow("no values") << list({"scan", "core", "--secrets-from", "none"});
    QTest::newRow("original alone") << list({"verify", "core", "--original", "core"});
    QTest::newRow("unknown rule") << list({"rules", "show", "no-such-rule"});
    QTest::newRow("unknown id") << list({"redact", "core", "-o", "copy", "--keep", "f999"});
    QTest::newRow("unknown pack") << list(
        {"redact", "core", "-o", "copy", "--pack", "personaldata=redact"});
    QTest::newRow("no folder") << list({"watch", "none", "--once"});
}

void CliHelpTest::wrongUseIsExitCodeTwo()
{
    QFETCH(QStringList, arguments);
    const Answer answer = run(arguments, m_place->folder());
    QCOMPARE(answer.code, 2);
    QVERIFY(answer.errors.startsWith("coredact-cli: "));
    QCOMPARE(m_place->files(), list({"core"}));
}

void CliHelpTest::theRuleOfTheHelpIsThere()
{
    const Answer help = run({"rules", "--help"}, m_place->folder());
    const QByteArray before = "coredact-cli rules show ";
    const qsizetype at = help.output.indexOf(before);
    QVERIFY(at > 0);
    const QByteArray id = help.output.mid(at + before.size()).split('\n').front().trimmed();
    QCOMPARE(run({"rules", "show", QString::fromUtf8(id)}, m_place->folder()).code, 0);
}

void CliHelpTest::aFileWithoutACommandIsToldHowToBeScanned()
{
    const Answer answer = run({"core"}, m_place->folder());
    QCOMPARE(answer.code, 2);
    QVERIFY(answer.errors.contains("core is no command"));
    QVERIFY(answer.errors.contains("coredact-cli scan core"));
    const Answer unknown = run({"burn"}, m_place->folder());
    QVERIFY(unknown.errors.contains("burn is no command; the commands are scan, redact, verify"));
    QVERIFY(!unknown.errors.contains("coredact-cli scan burn"));
}

void CliHelpTest::errorsNameTheHelpOfTheCommand()
{
    QVERIFY(run({"scan", "--jbos", "3", "core"}, m_place->folder())
                .errors.contains("'coredact-cli scan --help'"));
    QVERIFY(run({"rules", "show"}, m_place->folder())
                .errors.contains("'coredact-cli rules show --help'"));
    QVERIFY(run({}, m_place->folder()).errors.contains("a command is missing; the commands are"));
    const Answer part = run({"rules", "check", "--help"}, m_place->folder());
    QVERIFY(part.output.contains("coredact-cli rules check "));
    QVERIFY2(!part.output.contains("coredact-cli redact "), "the examples of another command");
}

QTEST_GUILESS_MAIN(CliHelpTest)
#include "tst_clihelp.moc"
