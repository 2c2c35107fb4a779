// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/session.h"

#include "tests/redact/findings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <sqlite3.h>

#include <sys/stat.h>
#include <unistd.h>

using namespace coredact;
using namespace coredact::test;

namespace {

const DumpKey dump {std::string(64, 'a'), 123456};

FileRange range(std::uint64_t first, std::uint64_t size) { return *FileRange::make(first, size); }

Finding findingAt(std::uint64_t offset) { return finding("f1", {occurrence({range(offset, 20)})}); }

bool runSql(const std::string& path, const char* sql)
{
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    const bool done = sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(database);
    return done;
}

} // namespace

class TestSession : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_path;

private slots:
    void init()
    {
        static int number = 0;
        m_path = m_folder.filePath(QString::number(number++)).toStdString();
    }

    void keepsEverythingOverTheEndOfTheProgram()
    {
        {
            auto session = Session::open(m_path, dump);
            QVERIFY(session);
            QVERIFY(session->record(findingAt(10), {Verdict::Redact, Reason::None, ""}));
            QVERIFY(session->record(findingAt(50), {Verdict::Keep, Reason::TestData, "fixture"}));
            QVERIFY(session->record(findingAt(10), {Verdict::Keep, Reason::Revoked, "old"}));
            QVERIFY(session->addBookmark({range(70, 5), "look here"}));
            QVERIFY(session->addBookmark({range(60, 5), "and here"}));
            QVERIFY(session->removeBookmark(range(60, 5)));
            QVERIFY(session->setLastPosition(4096));
        }
        const auto session = Session::openExisting(m_path);
        QVERIFY(session);
        QVERIFY(session->dump() == dump);
        const auto verdicts = session->verdicts();
        QCOMPARE(verdicts->size(), std::size_t(2));
        QVERIFY((*verdicts)[0].decision == (Decision {Verdict::Keep, Reason::TestData, "fixture"}));
        QVERIFY((*verdicts)[1].decision == (Decision {Verdict::Keep, Reason::Revoked, "old"}));
        QVERIFY((*verdicts)[1].place == range(10, 20));
        QVERIFY(*session->bookmarks() == std::vector {(Bookmark {range(70, 5), "look here"})});
        QCOMPARE(**session->lastPosition(), std::uint64_t(4096));
    }

    void isForItsOwnerOnlyAndForOneDump()
    {
        QVERIFY(Session::open(m_path, dump));
        struct stat status = {};
        QCOMPARE(stat(m_path.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, 0600U);
        const auto other = Session::open(m_path, {std::string(64, 'b'), 123456});
        QVERIFY(!other);
        QCOMPARE(other.error().code, ErrorCode::Refused);
    }

    void recordsAllOfABatchOrNothing()
    {
        auto session = Session::open(m_path, dump);
        const Finding good = findingAt(10);
        const Finding placeless = finding("f2", {});
        const Decision keep {Verdict::Keep, Reason::None, ""};
        const std::pair<const Finding*, Decision> batch[] {{&good, keep}, {&placeless, keep}};
        QVERIFY(!session->record(batch));
        QVERIFY(session->verdicts()->empty());
        QVERIFY(session->record({batch, 1}));
        QCOMPARE(session->verdicts()->size(), std::size_t(1));
    }

    void refusesWhatIsNoSession()
    {
        QVERIFY(!Session::openExisting(m_path)); // no file
        QFile file(QString::fromStdString(m_path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is not a database, and it is long enough to be looked at as one");
        file.close();
        QVERIFY(!Session::openExisting(m_path));
        QVERIFY(!Session::open(m_path, dump));
        QVERIFY(file.exists()); // and is not replaced
    }

    void refusesForeignTablesTriggersViewsAndVersions()
    {
        for (const char* sql :
             {"CREATE TABLE more (x)",
              "CREATE TRIGGER t AFTER INSERT ON verdict BEGIN DELETE FROM verdict; END",
              "CREATE VIEW v AS SELECT 1", "DROP TABLE bookmark", "PRAGMA user_version = 2",
              "PRAGMA application_id = 7", "DELETE FROM dump",
              "INSERT INTO dump VALUES ('short', 1)", "UPDATE dump SET size = -1",
              "UPDATE dump SET sha256 = x'00'"}) {
            init();
            QVERIFY(Session::open(m_path, dump));
            QVERIFY2(runSql(m_path, sql), sql);
            QVERIFY2(!Session::openExisting(m_path), sql);
        }
    }

    void refusesRowsOfTheWrongKind()
    {
        for (const char* sql : {"INSERT INTO verdict VALUES ('r', -5, 1, 'f1', 'keep', '', '')",
                                "INSERT INTO verdict VALUES ('r', 5, 0, 'f1', 'keep', '', '')",
                                "INSERT INTO verdict VALUES ('r', 'x', 1, 'f1', 'keep', '', '')",
                                "INSERT INTO verdict VALUES ('r', 5, 1, 'f1', 'perhaps', '', '')",
                                "INSERT INTO verdict VALUES ('r', 5, 1, x'00', 'keep', '', '')"}) {
            init();
            QVERIFY(Session::open(m_path, dump));
            QVERIFY2(runSql(m_path, sql), sql);
            const auto session = Session::openExisting(m_path);
            QVERIFY2(session && !session->verdicts(), sql);
        }
    }

    /// Every byte of a session's first pages set to 0, 0x7f and 0xff.
    void survivesDamage()
    {
        {
            auto session = Session::open(m_path, dump);
            QVERIFY(session->record(findingAt(10), {Verdict::Keep, Reason::None, ""}));
        }
        QFile file(QString::fromStdString(m_path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray good = file.readAll();
        file.close();
        for (qsizetype at = 0; at < good.size(); at += at < 200 ? 1 : 97) {
            for (const char value : {'\0', '\x7f', '\xff'}) {
                QByteArray damaged = good;
                damaged[at] = value;
                QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
                file.write(damaged);
                file.close();
                if (const auto session = Session::openExisting(m_path))
                    (void)session->verdicts();
            }
        }
    }

    void handsACopyToAColleague()
    {
        auto session = Session::open(m_path, dump);
        QVERIFY(session->record(findingAt(10), {Verdict::Keep, Reason::None, "mine"}));
        const std::string copy = m_path + ".copy";
        QVERIFY(session->saveAs(copy));
        QVERIFY(!session->saveAs(copy)); // never over a file
        const auto theirs = Session::openExisting(copy);
        QVERIFY(theirs);
        QVERIFY(*theirs->verdicts() == *session->verdicts());
    }

    void hasAPlaceOfItsOwn()
    {
        qputenv("XDG_DATA_HOME", "/somewhere");
        QCOMPARE(defaultSessionFolder(), std::string("/somewhere/coredact/sessions"));
        qunsetenv("XDG_DATA_HOME");
        qputenv("HOME", "/home/me");
        QCOMPARE(defaultSessionFolder(), std::string("/home/me/.local/share/coredact/sessions"));
        QCOMPARE(sessionFileName(dump), std::string(64, 'a') + ".coredact-session");
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
