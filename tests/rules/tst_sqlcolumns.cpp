// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector sqlcolumnsDetector;
}

namespace {

const QByteArray token = QByteArray("4fefc7b9d729bfc5") + "22b5a33a66e4016e";
const QByteArray password = QByteArray("Paper") + "dragon1234!";

/// The values that are told of a statement in which "#" stands for the token and "@" for the
/// password.
QList<QByteArray> toldIn(QByteArray statement)
{
    statement.replace('#', token).replace('@', password);
    const auto bytes
        = buried(std::vector<std::uint8_t>(statement.begin(), statement.end()), 700, 700);
    QList<QByteArray> told;
    for (const Match& match : matchesIn(sqlcolumnsDetector, bytes, 4096)) {
        const SecretBytes value = spanned(bytes, match);
        told += QByteArray(reinterpret_cast<const char*>(value.data()),
                           static_cast<qsizetype>(value.size()));
    }
    return told;
}

} // namespace

/// Secrets in rows that statements of SQL insert.
class SqlColumnsTest : public QObject {
    Q_OBJECT

private slots:
    void findsValuesByTheirColumns_data();
    void findsValuesByTheirColumns();
    void leavesOtherValues_data();
    void leavesOtherValues();
    void tellsWhereThereAreMoreRowsThanItReads();
};

void SqlColumnsTest::findsValuesByTheirColumns_data()
{
    QTest::addColumn<QByteArray>("statement");
    QTest::addColumn<QList<QByteArray>>("values");
    const auto row = [](const char* what, const char* statement, const QList<QByteArray>& values) {
        QTest::newRow(what) << QByteArray(statement) << values;
    };
    row("one", "INSERT INTO a (name, api_token) VALUES ('jane', '#');", {token});
    row("small letters", "insert into a(api_token,name)values('#','jane')", {token});
    row("two columns", "INSERT INTO a (id, password, x, api_token) VALUES (7, '@', NULL, '#')",
        {password, token});
    row("quoted names", "INSERT INTO \"a\" (\"id\", \"api_token\") VALUES (7, '#')", {token});
    row("MySQL's quotes", "INSERT INTO `a` (`id`, `api_token`) VALUES (7,'#')", {token});
    row("SQL Server's", "INSERT INTO [a] ([id], [api_token])\r\nVALUES (7, N'#')", {token});
    row("rows", "INSERT INTO a (password, id) VALUES ('secret', 1), ('@', 2),\n ('x', 3)",
        {password});
    row("quotes inside", "INSERT INTO a (name, api_token) VALUES ('O''Neil, \\'J\\' (2)', '#')",
        {token});
}

void SqlColumnsTest::findsValuesByTheirColumns()
{
    QFETCH(const QByteArray, statement);
    QFETCH(const QList<QByteArray>, values);
    QCOMPARE(toldIn(statement), values);
}

void SqlColumnsTest::leavesOtherValues_data()
{
    QTest::addColumn<QByteArray>("statement");
    QTest::newRow("another column")
        << QByteArray("INSERT INTO a (api_token, hash) VALUES ($1, '#')");
    QTest::newRow("no columns") << QByteArray("INSERT INTO a VALUES ('jane', '#')");
    QTest::newRow("a placeholder")
        << QByteArray("INSERT INTO a (name, api_token) VALUES ('jane', '${token}')");
    QTest::newRow("no end") << QByteArray(
        "INSERT INTO a (name, api_token) VALUES ('jane', '4fefc7b9");
    QTest::newRow("a call") << QByteArray("f(name, api_token) values of the table");
}

void SqlColumnsTest::leavesOtherValues()
{
    QFETCH(const QByteArray, statement);
    QVERIFY(toldIn(statement).isEmpty());
}

void SqlColumnsTest::tellsWhereThereAreMoreRowsThanItReads()
{
    for (const bool isLong : {false, true}) {
        QByteArray statement = "INSERT INTO a (id, api_token) VALUES (0, '')";
        const auto keyword = static_cast<std::size_t>(statement.indexOf("VALUES"));
        for (int row = 0; row < (isLong ? 200 : 100); ++row)
            statement += ",(" + QByteArray::number(row) + ", '" + token + "')";
        const auto bytes
            = buried(std::vector<std::uint8_t>(statement.begin(), statement.end()), 700, 20000);
        for (const std::size_t fresh : {std::size_t {4096}, std::size_t {1} << 20})
            QCOMPARE(leftOutIn(sqlcolumnsDetector, bytes, fresh),
                     isLong ? std::vector {700 + keyword} : std::vector<std::size_t>());
    }
}

QTEST_APPLESS_MAIN(SqlColumnsTest)
#include "tst_sqlcolumns.moc"
