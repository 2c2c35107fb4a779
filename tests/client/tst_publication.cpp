// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/client/workplace.h"

#include "scanner/client/publication.h"

#include <cstring>

#include <QtTest>

#include <sys/stat.h>

using namespace coredact;
using namespace coredact::test;

namespace {

const PublicationTexts papers = {"the statement", "the signature", "the private record"};

void put(const Publication& publication, const char* text)
{
    const auto size = static_cast<ssize_t>(std::strlen(text));
    if (write(publication.copy(), text, static_cast<std::size_t>(size)) != size)
        qFatal("the copy cannot be written");
}

} // namespace

class TestPublication : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_place = std::make_unique<Workplace>();
        m_place->write("original", "secret");
        m_original = Descriptor(openDump(m_place->path("original"))->descriptor.release());
        m_names = {m_place->path("copy"), m_place->path("certificate"),
                   m_place->path("signature"), m_place->path("record")};
    }

    void givesAllNames()
    {
        auto publication = Publication::make(m_names, m_original.number());
        QVERIFY2(publication.ok(), why(publication));
        put(*publication, "copied");
        QCOMPARE(m_place->names(), QStringList {QStringLiteral("original")});
        QVERIFY(publication->copyIsWritten().ok());
        QVERIFY(publication->publish(papers).ok());
        QCOMPARE(m_place->read("copy"), QByteArray("copied"));
        QCOMPARE(m_place->read("certificate"), QByteArray("the statement"));
        QCOMPARE(m_place->read("signature"), QByteArray("the signature"));
        QCOMPARE(m_place->read("record"), QByteArray("the private record"));
        for (const char* name : {"copy", "certificate", "signature", "record"}) {
            struct stat status = {};
            QCOMPARE(stat(m_place->path(name).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777U, 0600U);
        }
    }

    void writesNoTextThatNobodyAskedFor()
    {
        m_names.signature.clear();
        m_names.privateRecord.clear();
        auto publication = Publication::make(m_names, m_original.number());
        QVERIFY2(publication.ok(), why(publication));
        QVERIFY(publication->copyIsWritten().ok());
        QVERIFY(publication->publish(papers).ok());
        QCOMPARE(m_place->names(),
                 QStringList({QStringLiteral("certificate"), QStringLiteral("copy"),
                              QStringLiteral("original")}));
    }

    void refusesACopyThatWasWrittenToAfterItWasFinished()
    {
        auto publication = Publication::make(m_names, m_original.number());
        QVERIFY2(publication.ok(), why(publication));
        put(*publication, "copied");
        QVERIFY(publication->copyIsWritten().ok());
        QTest::qSleep(50); // a file's time of change moves in steps of the system's clock
        QCOMPARE(pwrite(publication->copy(), "S", 1, 0), ssize_t {1});
        const Status published = publication->publish(papers);
        QVERIFY(!published);
        QCOMPARE(published.error().code, ErrorCode::Changed);
        QCOMPARE(m_place->names(), QStringList {QStringLiteral("original")});
    }

    void takesEveryNameBackWhenOneCannotBeGiven_data()
    {
        QTest::addColumn<QString>("taken");
        for (const char* name : {"copy", "record", "signature", "certificate"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void takesEveryNameBackWhenOneCannotBeGiven()
    {
        QFETCH(QString, taken);
        auto publication = Publication::make(m_names, m_original.number());
        QVERIFY2(publication.ok(), why(publication));
        QVERIFY(publication->copyIsWritten().ok());
        m_place->write(taken.toLatin1().constData(), "somebody else's");
        const Status published = publication->publish(papers);
        QVERIFY(!published);
        QCOMPARE(published.error().code, ErrorCode::Refused);
        QStringList expected = {taken, QStringLiteral("original")};
        expected.sort();
        QCOMPARE(m_place->names(), expected);
        QCOMPARE(m_place->read(taken.toLatin1().constData()), QByteArray("somebody else's"));
    }

    void refusesTheSameNameTwice()
    {
        for (std::string PublicationNames::*one :
             {&PublicationNames::certificate, &PublicationNames::signature,
              &PublicationNames::privateRecord}) {
            PublicationNames names = m_names;
            names.*one = names.copy;
            const auto publication = Publication::make(names, m_original.number());
            QVERIFY(!publication);
            QCOMPARE(publication.error().code, ErrorCode::Usage);
        }
    }

    void saysWhichFolderIsMissing()
    {
        m_names.copy = m_place->path("nowhere/copy");
        QVERIFY(!Publication::make(m_names, m_original.number()));
    }

private:
    std::unique_ptr<Workplace> m_place;
    Descriptor m_original;
    PublicationNames m_names;
};

QTEST_APPLESS_MAIN(TestPublication)
#include "tst_publication.moc"
