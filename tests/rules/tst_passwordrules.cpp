// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/rules/textscan.h"

#include <QtTest>

#include <optional>

using namespace coredact;
using namespace coredact::test;

namespace {

const std::string name = std::string("pass") + "word";

/// The surest finding that covers the value, by any rule.
std::optional<Confidence> sureness(const RuleSet& rules, const std::string& text,
                                   const std::string& value)
{
    const std::size_t begin = text.rfind(value);
    std::optional<Confidence> surest;
    for (const Found& found : scanText(rules, text))
        if (found.begin <= begin && found.end >= begin + value.size()
            && (!surest || found.confidence < *surest))
            surest = found.confidence;
    return surest;
}

/// A writing with ~n for the name, ~u for it in capitals, ~v for the value and ~0 for a NUL.
std::string filled(const QByteArray& writing, const std::string& value)
{
    std::string text;
    bool mark = false;
    for (const char c : writing) {
        if (!mark)
            text += c == '~' ? std::string() : std::string(1, c);
        else
            text += c == 'n' ? name
                : c == 'u'   ? "DB_PASSW" + std::string("ORD")
                : c == 'v'   ? value
                             : std::string(1, '\0');
        mark = !mark && c == '~';
    }
    return text;
}

} // namespace

/// The principle of resources/rules/README.md: a name, a writing and a value.
class TestPasswordRules : public QObject {
    Q_OBJECT

private slots:
    void eachWritingIsAsSureAsItSays_data();
    void eachWritingIsAsSureAsItSays();
    void lastWordOfANameCounts_data();
    void lastWordOfANameCounts();
    void programsAndMessagesAreNoPasswords_data();
    void programsAndMessagesAreNoPasswords();
    void lettersThatNoWordHasAreNoWord();
    void wordsMayBeAPassphrase();
    void nothingOfAQuotedValueIsLeft();
    void examplesOfDocumentationArePossible();

private:
    const RuleSet m_rules = *RuleSet::load({}, {});
};

void TestPasswordRules::eachWritingIsAsSureAsItSays_data()
{
    QTest::addColumn<QByteArray>("writing");
    QTest::addColumn<bool>("word"); // whether a word is told as well, as possible
    QTest::addColumn<bool>("likely"); // what is no word
    const auto row = [](const char* what, const char* writing, bool word, bool likely) {
        QTest::newRow(what) << QByteArray(writing) << word << likely;
    };
    row("INI", "[db]\nuser=jane\n~n=~v\nport=54\n", true, true);
    row("INI with blanks", "the text\n[db]\nuser = jane\n~n = ~v\nport = 54\n", true, true);
    row("INI in quotes", "[db]\nuser=jane\n~n=\"~v\"\nport=54\n", true, true);
    row("first line of a text", "~n = ~v\nuser = jane\n", true, true);
    row("last line of a text", "user = jane\n~n = ~v", true, true);
    row("one line alone", "\n~n=~v\n", true, false);
    row("one line alone, with blanks", "\n~n = ~v\n", false, false);
    row("YAML", "db:\n  user: jane\n  ~n: ~v\n  port: 54\n", true, true);
    row("YAML with a comment", "db:\n  ~n: ~v  # the one\n  port: 5\n", true, true);
    row("properties", "db.user=jane\ndb.~n=~v\ndb.port=1\n", true, true);
    row("TOML", "[db]\nuser = \"jane\"\n~n = \"~v\"\n", true, true);
    row("JSON", "{\"user\": \"jane\", \"~n\": \"~v\"}", true, true);
    row("JSON in JSON", "{\\\"~n\\\":\\\"~v\\\"}", true, true);
    row("table of PHP", "array('user' => 'jane', '~n' => '~v');", true, true);
    row("table of Ruby", "{ :~n => '~v' }", true, false);
    row("XML element", "<db><user>jane</user><~n>~v</~n></db>", true, true);
    row("XML attribute", "<db user=\"jane\" db_~n=\"~v\"/>", true, false);
    row("XML name and value", "<add key=\"~n\" value=\"~v\"/>", true, true);
    row("XML entry", "<entry key=\"db.~n\">~v</entry>", true, true);
    row("in the midst of a text", "some words db_~n = \"~v\" and more", true, false);
    row("in the midst, no quotes", "some words db_~n=~v and more", false, false);
    row("among fields", "login db_~n=~v from=10\n", true, false);
    row("program", "const char *~n = \"~v\";", true, false);
    row("Go", "~n := \"~v\"\n", true, false);
    row("JavaScript", "{ user: 'jane', ~n: '~v' }", true, false);
    row("shell", "#!/bin/sh\nexport ~u=~v\necho\n", true, false);
    row("Dockerfile", "FROM x\nENV ~u=~v\nRUN y\n", true, false);
    row("option", "tool --~n=~v --port 1\n", true, false);
    row("option, apart", "tool --~n ~v --port 1\n", false, false);
    row("argument", "tool~0--~n=~v~0--port~0", true, true);
    row("argument, apart", "tool~0--~n~0~v~0--port~0", true, true);
    row("mysql", "mysqldump -u jane -p~v app\n", false, false);
    row("MySQL", "CREATE USER 'jane'@'%' IDENTIFIED BY '~v';", true, true);
    row("PostgreSQL", "ALTER ROLE jane WITH LOGIN PASSWORD '~v';", true, true);
    row("Oracle", "ALTER USER jane IDENTIFIED BY \"~v\";", true, true);
    row("SQL Server", "CREATE LOGIN jane WITH PASSWORD = '~v';", true, true);
    row("form", "user=jane&db_~n=~v&submit=1", true, true);
    row("Redis", "bind all\nrequirepass ~v\nsave \"\"\n", true, true);
}

void TestPasswordRules::eachWritingIsAsSureAsItSays()
{
    QFETCH(QByteArray, writing);
    QFETCH(bool, word);
    QFETCH(bool, likely);
    const std::string plain = std::string("wal") + "rus";
    const std::string mixed = std::string("hunt") + "er2";
    const auto ofWord = sureness(m_rules, filled(writing, plain), plain);
    QCOMPARE(ofWord.has_value(), word);
    QVERIFY(!word || *ofWord == Confidence::Possible);
    const auto ofMixed = sureness(m_rules, filled(writing, mixed), mixed);
    QVERIFY(ofMixed);
    QCOMPARE(*ofMixed == Confidence::Likely, likely);
}

void TestPasswordRules::lastWordOfANameCounts_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("counts");
    for (const char* key : {"~n", "db_~n", "db.~n", "db~n", "passwd", "PASSWD", "db_passphrase",
                            "pwd", "ldap-pwd", "ansible_become_pass", "smtp.pass"})
        QTest::newRow(key) << QByteArray(key) << true;
    for (const char* key : {"~nHash", "~n_file", "~n_reset_url", "~n-policy", "compass", "bypass",
                            "passenger", "pwdx"})
        QTest::newRow(key) << QByteArray(key) << false;
}

void TestPasswordRules::lastWordOfANameCounts()
{
    QFETCH(QByteArray, key);
    QFETCH(bool, counts);
    const std::string value = std::string("hunt") + "er2";
    QCOMPARE(sureness(m_rules, filled("user = jane\n" + key + " = ~v\n", value), value).has_value(),
             counts);
    QCOMPARE(sureness(m_rules, filled("{\"" + key + "\": \"~v\"}", value), value).has_value(),
             counts);
}

void TestPasswordRules::programsAndMessagesAreNoPasswords_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"\n~n = getpass()\n",
                             "\n~n = getpass.getpass()\n",
                             "\n~n = input(\"~n: \")\n",
                             "def f(user: str, ~n: str) -> None:\n",
                             "\n    ~n: Optional[str] = None\n",
                             "\n  ~n: string;\n",
                             "\n    ~n: String,\n",
                             "\n~n = None\n",
                             "\n~n=null\n",
                             "\nuser=a\n~n=%s\n",
                             "\nuser=a\n~n=${DB_PASS}\n",
                             "\nuser=a\n~n={{ vault }}\n",
                             "\nuser=a\n~n=<secret>\n",
                             "\nuser=a\n~n=your-~n\n",
                             "\nuser=a\n~n=changeme\n",
                             "\nuser=a\n~n=********\n",
                             "\nuser=a\n~n=$(cat /run/db)\n",
                             "\nuser=a\n~n=`cat file`\n",
                             "\nuser=a\n~n=/run/secrets/db\n",
                             "\ndef login(user):\n    ~n = walrus\n    go(~n)\n",
                             "\n    user = name\n    ~n = walrus\n    host = where\n",
                             "\nsocket.send(user)\n~n = walrus\nsocket.send(~n)\n",
                             "\n~n: walrus\nIt is kept safe.\n",
                             "connect(user=user, ~n=pwvalue, host=host)",
                             "connect(~n=self.pw1)",
                             "~n=config.pw1 host=x",
                             "\nlogin.~n=\\u30D1\\u30B9\\u30EF\\u30FC\\u30C9\n",
                             "{\"~n\": \"\\u5bc6\\u7801\"}",
                             "{\"login.~n\": \"Kennwort\"}",
                             "{\"forgot~n\": \"Vergeten\"}",
                             "{\"~n\": \"Mot de passe\"}",
                             "{\"~n\": \"Enter your ~n\"}",
                             "\nuser=a\nInvalid~n = Invalid~n\\: not known\n",
                             "\nd_gr~n='define'\nd_old~n='undef'\n",
                             "~n='~n'",
                             "<~n>string</~n>",
                             "<string name=\"~n\">Kennwort</string>",
                             "--~n=~n~0",
                             "--~n~0--user~0",
                             "  --~n ~n   the ~n\n",
                             "IDENTIFIED BY '%s'",
                             "?~n=%s&x=1",
                             "user=a&~n={0}&x=1"})
        QTest::newRow(text) << QByteArray(text);
}

void TestPasswordRules::programsAndMessagesAreNoPasswords()
{
    QFETCH(QByteArray, text);
    for (const Found& found : scanText(m_rules, filled(text, {})))
        QFAIL(("told by " + found.rule).c_str());
}

/// Generators make passwords without digits, too.
void TestPasswordRules::lettersThatNoWordHasAreNoWord()
{
    for (const std::string& value :
         {std::string("RuZtCBBf") + "wilgUyaVjs", std::string("dQxKvbPz") + "WmtYhR",
          std::string("xkqjzv") + "bnmwq", std::string("Qhzrvw") + "btkdm",
          std::string("ftNzF") + "nZkDx", std::string("TMRe") + "DfPf"}) {
        const auto found = sureness(m_rules, filled("{\"~n\": \"~v\"}", value), value);
        QVERIFY(found);
        QCOMPARE(*found, Confidence::Likely);
    }
    for (const char* value :
         {"MeinGeheimesWort", "correctHorseBattery", "walrusWALRUS", "sonnenblume", "WALRUSRIBBON",
          "XMLHttpRequest", "getURLById", "iPadApp"})
        QCOMPARE(sureness(m_rules, filled("{\"~n\": \"~v\"}", value), value),
                 std::optional(Confidence::Possible));
}

/// The shortest way to the end of a line must not end before the line does.
void TestPasswordRules::wordsMayBeAPassphrase()
{
    const auto of = [&](const QByteArray& writing, const std::string& value) {
        return sureness(m_rules, filled(writing, value), value);
    };
    for (const char* writing : {"{\"~n\": \"~v\"}", "<property name=\"~n\">~v</property>"}) {
        QCOMPARE(of(writing, "walrus ribbon orchid"), Confidence::Possible);
        QVERIFY(!of(writing, "walrus for the orchid"));
    }
    QCOMPARE(of("~0~u=~v~0", "walrus ribbon orchid"), Confidence::Possible);
    QVERIFY(!of("~0~u=~v~0", "walrus for the orchid"));
}

void TestPasswordRules::nothingOfAQuotedValueIsLeft()
{
    for (const std::string& value :
         {std::string("ab;cd#12"), std::string("ab#cd;34"), std::string("p&q=56x"),
          std::string("back\\new78"), std::string("it=9=it")}) {
        for (const char* writing : {"\nuser=jane\n~n=\"~v\"\n", "\nuser=jane\ndb_~n = ~v\n"}) {
            const QByteArray form(writing);
            if (value.find('&') != std::string::npos && form.contains("= ~v"))
                continue; // reads as a form
            QVERIFY2(sureness(m_rules, filled(form, value), value),
                     (form + value.c_str()).constData());
        }
    }
}

void TestPasswordRules::examplesOfDocumentationArePossible()
{
    const auto of
        = [&](const std::string& user, const std::string& value, const std::string& host) {
              return sureness(
                  m_rules, "url = postg" + ("resql://" + user) + ":" + value + "@" + host, value);
          };
    QCOMPARE(of("scott", "tiger", "localhost/test"), Confidence::Possible);
    QCOMPARE(of("jane", "Xk29fQ7w", "example.org/test"), Confidence::Possible);
    QCOMPARE(of("scott", "Xk29fQ7w", "localhost/test"), Confidence::Likely);
    QCOMPARE(of("jane", "tiger", "localhost/test"), Confidence::Likely);
}

QTEST_APPLESS_MAIN(TestPasswordRules)
#include "tst_passwordrules.moc"
