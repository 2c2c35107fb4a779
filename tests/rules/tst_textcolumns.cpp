// SPDX-License-Identifier: GPL-3.0-or-later
#include "detectorrun.h"

#include "scanner/base/bytes.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector textcolumnsDetector;
}

namespace {

const QByteArray token = QByteArray("4fefc7b9d729bfc5") + "22b5a33a66e4016e";
const QByteArray password = QByteArray("Paper") + "dragon1234!";

/// The values that are told of a text in which "#" stands for the token and "@" for the password.
QList<QByteArray> toldIn(QByteArray text)
{
    text.replace('#', token).replace('@', password);
    text = '\0' + text + '\0';
    const auto bytes = buried(std::vector<std::uint8_t>(text.begin(), text.end()), 700, 700);
    QList<QByteArray> told;
    for (const Match& match : matchesIn(textcolumnsDetector, bytes, 4096)) {
        const SecretBytes value = spanned(bytes, match);
        told += QByteArray(reinterpret_cast<const char*>(value.data()),
                           static_cast<qsizetype>(value.size()));
    }
    return told;
}

} // namespace

/// Secrets in tables of text, under the names of their columns.
class TextColumnsTest : public QObject {
    Q_OBJECT

private slots:
    void findsValuesUnderTheirNames_data();
    void findsValuesUnderTheirNames();
    void leavesOtherTexts_data();
    void leavesOtherTexts();
    void tellsWhereThereAreMoreRowsThanItReads_data();
    void tellsWhereThereAreMoreRowsThanItReads();
};

void TextColumnsTest::findsValuesUnderTheirNames_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<QByteArray>>("values");
    const auto row = [](const char* what, const char* text, const QList<QByteArray>& values) {
        QTest::newRow(what) << QByteArray(text) << values;
    };
    row("commas", "name,api_token,city\njane,#,Rome\n", {token});
    row("the last column", "name,api_token\njane,#", {token});
    row("lines of Windows", "name,api_token\r\njane,#\r\n", {token});
    row("semicolons", "name;password;city\njane;@;Rome\n", {password});
    row("tabs", "name\tpassword\njane\t@\n", {password});
    row("quotes", "\"name\",\"api_token\"\n\"Jane, or \"\"J\"\"\",\"#\"\n", {token});
    row("rows", "password,id\nsecret,1\n@,2\n\n@,3\n", {password});
    row("two columns", "password,api_token\n@,#\n", {password, token});
    row("PostgreSQL", " id | api_token   | city\n----+-------------+------\n  1 | # | Rome\n",
        {token});
    row("MySQL", "| id | api_token |\n+----+-----------+\n|  1 | # |\n", {token});
}

void TextColumnsTest::findsValuesUnderTheirNames()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QList<QByteArray>, values);
    QCOMPARE(toldIn(text), values);
}

void TextColumnsTest::leavesOtherTexts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("another column") << QByteArray("name,api_token,hash\njane,,#\n");
    QTest::newRow("rows of other tables") << QByteArray("name,api_token\njane,x,#\n,#\n");
    QTest::newRow("no names") << QByteArray("f(name), api_token\njane,#\n");
    QTest::newRow("one column") << QByteArray("api_token\n#\n");
    QTest::newRow("a name twice") << QByteArray("api_token,api_token\njane,#\n");
    QTest::newRow("no next line") << QByteArray("name,api_token jane,#");
    QTest::newRow("a row for a head") << QByteArray("secret,jane,1\n#,x,2\n");
    QTest::newRow("names of programs")
        << QByteArray("user,password\nuser_name,password_of_user2\n");
}

void TextColumnsTest::leavesOtherTexts()
{
    QFETCH(const QByteArray, text);
    QVERIFY(toldIn(text).isEmpty());
}

void TextColumnsTest::tellsWhereThereAreMoreRowsThanItReads_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<bool>("isCut");
    QTest::newRow("some rows") << QByteArray("jane,#\n").repeated(150) << false;
    QTest::newRow("many rows") << QByteArray("jane,#\n").repeated(300) << true;
    QTest::newRow("a wide row") << "jane," + QByteArray(2000, 'x') + "\njane,#\n" << true;
    QTest::newRow("a wide line behind the rows") << "jane,#\n" + QByteArray(2000, 'x') << true;
    QTest::newRow("no row, but a wide line") << QByteArray(2000, 'x') << false;
    QTest::newRow("a wide line of another table")
        << QByteArray("a,b,c,d\n") + QByteArray("a,b,").repeated(500) << false;
}

void TextColumnsTest::tellsWhereThereAreMoreRowsThanItReads()
{
    QFETCH(QByteArray, rows);
    QFETCH(const bool, isCut);
    const QByteArray text = '\0' + QByteArray("name,api_token\n") + rows.replace('#', token) + '\0';
    const auto bytes = buried(std::vector<std::uint8_t>(text.begin(), text.end()), 700, 20000);
    for (const std::size_t fresh : {std::size_t {4096}, std::size_t {1} << 20})
        QCOMPARE(leftOutIn(textcolumnsDetector, bytes, fresh).size(), std::size_t {isCut});
    for (const Match& match : matchesIn(textcolumnsDetector, bytes))
        QVERIFY(spanned(bytes, match) == SecretBytes(token.begin(), token.end()));
}

QTEST_APPLESS_MAIN(TextColumnsTest)
#include "tst_textcolumns.moc"
