// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reportfile.h"
#include "app/cli/watchedwork.h"
#include "app/cli/watchstate.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;
using namespace coredact::cli;

class WatchStateTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void stateSurvivesARestart();
    void stateIsForItsPurposeOnly();
    void stateGivesUpAfterThreeFailures();
    void stateForgetsWhatIsGone();
    void stateRefusesASecondWatch();
    void stateRefusesOtherFiles();
    void dumpsAreKnownByFormatOrName();
    void reportNamesDoNotCollide();

private:
    std::string path(const char* name) const
    {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
    std::string write(const char* name, const QByteArray& bytes) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

std::string WatchStateTest::write(const char* name, const QByteArray& bytes) const
{
    QFile file(QString::fromStdString(path(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a test file");
    return path(name);
}

void WatchStateTest::stateSurvivesARestart()
{
    const FileIdentity file = *identityOf(write("core", "x"));
    {
        auto state = WatchState::open(path("deep/er/state"), "scan");
        QVERIFY(state.ok());
        QVERIFY(!state->done(file));
        QVERIFY(state->recordDone(file, path("core"), 1).ok());
        QVERIFY(state->done(file));
    }
    const auto state = WatchState::open(path("deep/er/state"), "scan");
    QVERIFY(state.ok());
    QVERIFY(state->done(file));
    FileIdentity changed = file;
    changed.changedNanoseconds += 1;
    QVERIFY(!state->done(changed));
}

void WatchStateTest::stateIsForItsPurposeOnly()
{
    const FileIdentity file = *identityOf(write("core", "x"));
    {
        auto state = WatchState::open(path("state"), "old rules");
        QVERIFY(state->recordDone(file, path("core"), 0).ok());
    }
    const auto state = WatchState::open(path("state"), "new rules");
    QVERIFY(!state->done(file));
}

void WatchStateTest::stateGivesUpAfterThreeFailures()
{
    const FileIdentity file = *identityOf(write("core", "x"));
    for (unsigned i = 1; i <= WatchState::attempts; ++i) {
        auto state = WatchState::open(path("state"), "scan");
        QVERIFY(!state->done(file));
        QVERIFY(state->recordFailure(file, path("core")).ok());
        QCOMPARE(state->failures(file), i);
    }
    QVERIFY(WatchState::open(path("state"), "scan")->done(file));
}

void WatchStateTest::stateForgetsWhatIsGone()
{
    const FileIdentity file = *identityOf(write("core", "x"));
    {
        auto state = WatchState::open(path("state"), "scan");
        QVERIFY(state->recordDone(file, path("core"), 0).ok());
    }
    QFile::remove(QString::fromStdString(path("core")));
    {
        auto state = WatchState::open(path("state"), "scan");
        QVERIFY(!state->done(file));
        QVERIFY(state->recordDone(*identityOf(write("other", "y")), path("other"), 0).ok());
    }
    const auto text = readText(path("state"), "it", 100000);
    QVERIFY(text->find("/core\"") == std::string::npos);
}

void WatchStateTest::stateRefusesASecondWatch()
{
    const auto first = WatchState::open(path("state"), "scan");
    QVERIFY(first.ok());
    const auto second = WatchState::open(path("state"), "scan");
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Usage);
}

void WatchStateTest::stateRefusesOtherFiles()
{
    for (const char* text : {"", "{}", "[]", R"({"schema":"coredact-watch/1","files":[{}]})",
                             R"({"schema":"coredact-watch/1","files":[{"path":3}]})"})
        QVERIFY2(!WatchState::open(write("state", text), "scan"), text);
}

void WatchStateTest::dumpsAreKnownByFormatOrName()
{
    QVERIFY(looksLikeDump("/a/core.123", "elf-core"));
    QVERIFY(looksLikeDump("/a/image.raw.zst", "raw"));
    QVERIFY(looksLikeDump("/a/memory.lime", "raw"));
    QVERIFY(!looksLikeDump("/a/messages.log.gz", "raw"));
    QVERIFY(!looksLikeDump("/a/raw", "raw"));
}

void WatchStateTest::reportNamesDoNotCollide()
{
    QCOMPARE(reportPath("/a/core", ""), std::string("/a/core.coredact.json"));
    QVERIFY(reportPath("/a/core", "/r") != reportPath("/b/core", "/r"));
    QVERIFY(reportPath("/a/core", "/r").starts_with("/r/core."));
    QVERIFY(reportPath("/a/core", "/r").ends_with(".coredact.json"));
}

QTEST_GUILESS_MAIN(WatchStateTest)
#include "tst_watchstate.moc"
