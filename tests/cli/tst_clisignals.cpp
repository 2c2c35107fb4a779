// SPDX-License-Identifier: GPL-3.0-or-later
// A signal ends the program also where it waits for somebody else.
#include "tests/cli/program.h"

#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace coredact::test;

class CliSignalsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_place = std::make_unique<Workplace>();
        QCOMPARE(mkfifo(QFile::encodeName(pipe()).constData(), 0600), 0);
    }
    void interruptEndsAWaitForAPipe();
    void interruptEndsAReportThatNobodyReads_data();
    void interruptEndsAReportThatNobodyReads();

private:
    QString pipe() const { return m_place->path("pipe"); }

    std::unique_ptr<Workplace> m_place;
};

void CliSignalsTest::interruptEndsAWaitForAPipe()
{
    for (const char* option : {"--secrets-from", "--rules", "--baseline"}) {
        QProcess program;
        program.setWorkingDirectory(m_place->folder());
        program.start(programPath(), list({"scan", "core", option, "pipe"}));
        QVERIFY(program.waitForStarted());
        QTest::qSleep(300);
        kill(static_cast<pid_t>(program.processId()), SIGINT);
        QVERIFY2(program.waitForFinished(60000), option);
    }
}

void CliSignalsTest::interruptEndsAReportThatNobodyReads_data()
{
    QTest::addColumn<bool>("named");
    QTest::newRow("standard output") << false;
    QTest::newRow("a named pipe") << true;
}

/// The report is longer than a pipe holds, so the program waits for a reader that does not read.
void CliSignalsTest::interruptEndsAReportThatNobodyReads()
{
    QFETCH(bool, named);
    const int reader = open(QFile::encodeName(pipe()).constData(), O_RDONLY | O_NONBLOCK);
    QVERIFY(reader >= 0);
    const int shortest = fcntl(reader, F_SETPIPE_SZ, 4096);
    QStringList arguments = list({"scan", "--format", "json"});
    for (int i = 0; i < 1 + shortest / 256; ++i)
        arguments += QStringLiteral("core");
    QProcess program;
    program.setWorkingDirectory(m_place->folder());
    if (named)
        arguments += list({"-o", "pipe"});
    else
        program.setStandardOutputFile(pipe());
    program.start(programPath(), arguments);
    int waiting = 0;
    const auto isFull = [&] { return ioctl(reader, FIONREAD, &waiting) == 0 && waiting > 0; };
    QTRY_VERIFY_WITH_TIMEOUT(isFull(), 60000);
    kill(static_cast<pid_t>(program.processId()), SIGINT);
    QVERIFY(program.waitForFinished(60000));
    close(reader);
}

QTEST_GUILESS_MAIN(CliSignalsTest)

#include "tst_clisignals.moc"
