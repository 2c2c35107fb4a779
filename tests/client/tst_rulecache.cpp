// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/engineprocess.h"

#include <memory>

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace coredact;

class TestRuleCache : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CACHE_HOME", m_folder->path().toLocal8Bit());
        write(shipped(), "compiled by the build", 1000);
    }

    void beginsWithTheRulesThatTheProgramCameWith()
    {
        QVERIFY(openRuleCache(shipped().toStdString()));
        QCOMPARE(read(own()), QByteArray("compiled by the build"));
        QCOMPARE(QFile::permissions(own()) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    void keepsWhatIsNewerThanTheProgram()
    {
        QVERIFY(openRuleCache(shipped().toStdString()));
        write(own(), "compiled here", 2000);
        QVERIFY(openRuleCache(shipped().toStdString()));
        QCOMPARE(read(own()), QByteArray("compiled here"));
        write(own(), "compiled by an older version, and longer", 500);
        QVERIFY(openRuleCache(shipped().toStdString()));
        QCOMPARE(read(own()), QByteArray("compiled by the build"));
    }

    void worksWithoutOrWithItselfAsTheProgramsFile()
    {
        QVERIFY(openRuleCache({}));
        QCOMPARE(read(own()), QByteArray());
        write(own(), "compiled here", 2000);
        QVERIFY(openRuleCache(own().toStdString()));
        QCOMPARE(read(own()), QByteArray("compiled here"));
    }

private:
    QString shipped() const { return m_folder->filePath(QStringLiteral("shipped")); }
    QString own() const { return m_folder->filePath(QStringLiteral("coredact/rules.cache")); }
    static void write(const QString& path, const QByteArray& bytes, qint64 seconds)
    {
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        QCOMPARE(file.write(bytes), bytes.size());
        QVERIFY(file.flush());
        QVERIFY(file.setFileTime(QDateTime::fromSecsSinceEpoch(seconds),
                                 QFileDevice::FileModificationTime));
    }
    static QByteArray read(const QString& path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("not there");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestRuleCache)
#include "tst_rulecache.moc"
