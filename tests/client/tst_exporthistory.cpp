// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/exporthistory.h"

#include "scanner/io/digest.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace coredact;

class TestExportHistory : public QObject {
    Q_OBJECT

private slots:
    void tellsOfOtherPoliciesOnly()
    {
        const QTemporaryDir folder;
        const ExportHistory history(folder.filePath("state").toStdString());
        const std::string one(64, 'a');
        const std::string other(64, 'b');
        QCOMPARE(*history.note(one, "redact"), 0U);
        QCOMPARE(*history.note(one, "redact"), 0U);
        QCOMPARE(*history.note(other, "minimise"), 0U);
        QCOMPARE(*history.note(one, "minimise"), 1U);
        QCOMPARE(*history.note(one, "custom"), 2U);
        QCOMPARE(*history.note(one, "redact"), 2U);
    }

    void keepsNothingThatCanBeReadAndForItsOwnerAlone()
    {
        const QTemporaryDir folder;
        const std::string digest(64, 'c');
        QCOMPARE(*ExportHistory(folder.path().toStdString()).note(digest, "redact x 1 1"), 0U);
        QFile file(folder.filePath("exports"));
        QVERIFY(file.open(QFile::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY(!content.contains("redact x") && !content.contains("cccc"));
        const std::string hashed = "input " + digest;
        QVERIFY(!content.contains(QByteArray::fromStdString(sha256(asBytes(hashed)))));
        QCOMPARE(
            QFile::permissions(file.fileName())
                & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
            QFile::Permissions());
        // Another owner's file has another key: equal inputs do not show.
        const QTemporaryDir elsewhere;
        QCOMPARE(*ExportHistory(elsewhere.path().toStdString()).note(digest, "redact x 1 1"), 0U);
        QFile second(elsewhere.filePath("exports"));
        QVERIFY(second.open(QFile::ReadOnly));
        QVERIFY(second.readAll().split('\n').value(1) != content.split('\n').value(1));
    }

    void makesItsFolderForItsOwnerAlone()
    {
        const QTemporaryDir folder;
        const QString inner = folder.filePath("a/b");
        QVERIFY(ExportHistory(inner.toStdString()).note("d", "p").ok());
        QCOMPARE(QFile::permissions(inner) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    void startsAnewWhereTheFileIsSomethingElse()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("exports"));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("something else");
        file.close();
        const ExportHistory history(folder.path().toStdString());
        QCOMPARE(*history.note("d", "p"), 0U);
        QCOMPARE(*history.note("d", "q"), 1U);
    }

    void followsNoLink()
    {
        const QTemporaryDir folder;
        const QString target = folder.filePath("other");
        QVERIFY(QFile(target).open(QFile::WriteOnly));
        QVERIFY(QFile::link(target, folder.filePath("exports")));
        QVERIFY(!ExportHistory(folder.path().toStdString()).note("d", "p").ok());
        QCOMPARE(QFileInfo(target).size(), 0);
    }

    void forgetsTheOldest()
    {
        const QTemporaryDir folder;
        const ExportHistory history(folder.path().toStdString());
        QVERIFY(history.note("first", "p").ok());
        for (int i = 0; i < 1000; ++i)
            QVERIFY(history.note("more", std::to_string(i)).ok());
        QCOMPARE(*history.note("first", "q"), 0U);
        QVERIFY(QFileInfo(folder.filePath("exports")).size() < 200 * 1000);
    }

    void isInTheStateFolder()
    {
        qputenv("XDG_STATE_HOME", "/somewhere");
        QCOMPARE(ExportHistory::standardFolder(), std::string("/somewhere/coredact"));
        qunsetenv("XDG_STATE_HOME");
        qputenv("HOME", "/home/me");
        QCOMPARE(ExportHistory::standardFolder(), std::string("/home/me/.local/state/coredact"));
        qunsetenv("HOME");
        QCOMPARE(ExportHistory::standardFolder(), std::string());
    }
};

QTEST_APPLESS_MAIN(TestExportHistory)
#include "tst_exporthistory.moc"
