// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/rules/textscan.h"

#include <QtTest>

#include <random>

using namespace coredact;
using namespace coredact::test;

namespace {

const std::string name = std::string("pass") + "word";

std::string randomText(std::mt19937& dice, std::string_view letters, std::size_t size)
{
    std::uniform_int_distribution<std::size_t> one(0, letters.size() - 1);
    std::string text;
    while (text.size() < size)
        text += letters[one(dice)];
    return text;
}

std::string generated(std::mt19937& dice, std::size_t size)
{
    return randomText(dice, "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", size);
}

/// A writing with ~n for the name, ~v for the value and ~0 for a NUL.
std::string filled(const QByteArray& writing, const std::string& value)
{
    std::string text;
    bool mark = false;
    for (const char c : writing) {
        if (mark)
            text += c == 'n' ? name : c == 'v' ? value : std::string(1, '\0');
        else if (c != '~')
            text += c;
        mark = !mark && c == '~';
    }
    return text;
}

} // namespace

/// Values near the name of a password or near a login, in writings that no rule knows by itself.
class TestNearValues : public QObject {
    Q_OBJECT

private slots:
    void findsValuesInWritings_data();
    void findsValuesInWritings();
    void leavesOtherTextsAlone_data();
    void leavesOtherTextsAlone();
    void takesTheWholeValue();
    void takesLettersThatNoWordHas();
    void takesEachValueBehindAName();
    void knowsTheBytesThatEachValueWrites();

private:
    /// Whether any rule's finding covers the value.
    bool isFound(const std::string& text, const std::string& value) const
    {
        const std::size_t begin = text.rfind(value);
        for (const Found& found : scanText(m_rules, text))
            if (found.begin <= begin && found.end >= begin + value.size())
                return true;
        return false;
    }

    const RuleSet m_rules = *RuleSet::load({}, {});
};

void TestNearValues::findsValuesInWritings_data()
{
    QTest::addColumn<QByteArray>("writing");
    QTest::addColumn<bool>("thoughtOf"); // what people think of as well
    const auto row = [](const char* what, const char* writing, bool thoughtOf) {
        QTest::newRow(what) << QByteArray(writing) << thoughtOf;
    };
    row("a sentence", "The ~n of the new account is '~v', as always.", true);
    row("a message", "~0Your new ~n is: ~v\n", true);
    row("end of a sentence", "The ~n has been reset to ~v.\n", true);
    row("Erlang's term", "[{~n,\"~v\"},{host,\"db\"}]", true);
    row("Erlang's map", "#{~n => <<\"~v\">>, user => <<\"a\">>}", true);
    row("an option of Rust", "Config { user: Some(\"b\"), ~n: Some(\"~v\") }", true);
    row("bytes of Python", "{'user': 'b', '~n': b'~v'}", true);
    row("a property list", "<key>~n</key>\n\t<string>~v</string>\n", true);
    row("an XML-RPC member", "<name>~n</name><value><string>~v</string></value>", true);
    row("a CDATA section", "<~n><![CDATA[~v]]></~n>", true);
    row("JSON of a template", "{\"admin~n\":{\"value\":\"~v\"}}", true);
    row("a block of YAML", "~n: >-\n  ~v\n", true);
    row("a variable of Terraform", "variable \"db_~n\" { default = \"~v\" }", true);
    row("a constant of C", "static const char ~n[] = \"~v\";", true);
    row("a definition of C", "#define ~n \"~v\"", true);
    row("Lisp", "(~n . \"~v\")", true);
    row("a comparison of RADIUS", "bob\tAuth-Type := Local, User-~n == \"~v\"\n", true);
    row("SQL Server", "CREATE LOGIN app WITH ~n = N'~v';", true);
    row("PowerShell", "New-LocalUser -Name x -~n (ConvertTo-SecureString '~v' -AsPlainText)", true);
    row("a router", "neighbor 10.1.1.1 ~n ~v\n", true);
    row("a file of KeePass", "<Key>~n</Key><Value ProtectInMemory=\"True\">~v</Value>", false);
    row("a column", "~n                ~v\n", true);
    row("a row of dots", "Your ~n ................. : ~v\n", true);
    row("a short name", "~0pass = ~v~0", true);
    row("a short element", "<Pass>~v</Pass>", false);
    row("IRC", "PRIVMSG NickServ :IDENTIFY ~v\r\n", false);
    row("arguments of a call", "HTTPBasicAuth('bob', '~v')", false);
    row("a command", "sqlcmd -S db -U sa -P ~v -Q x\n", false);
}

void TestNearValues::findsValuesInWritings()
{
    QFETCH(QByteArray, writing);
    QFETCH(bool, thoughtOf);
    std::mt19937 dice(7);
    constexpr int times = 40;
    int found = 0;
    for (int i = 0; i < times; ++i) {
        const std::string value = generated(dice, 22);
        found += isFound(filled(writing, value), value) ? 1 : 0;
    }
    // Some few of all random texts look like a name.
    QVERIFY2(found >= times - 4, qPrintable(QString::number(found)));
    // Several words only where a sign in the same line says that they are the value.
    const bool isOneLine = !writing.contains("\n\t") && !writing.contains("\n  ");
    const bool hasSign = !writing.contains("neighbor") && !writing.startsWith("~n   ");
    if (thoughtOf && isOneLine && hasSign && !writing.contains("pass = ")) {
        const std::string words = "walrus-ribbon-" + randomText(dice, "aeiou", 5);
        QVERIFY(isFound(filled(writing, words), words));
    }
    if (thoughtOf) {
        const std::string value = "Walrus" + randomText(dice, "abcdefgh", 4) + "17!";
        QVERIFY(isFound(filled(writing, value), value));
    }
}

void TestNearValues::leavesOtherTextsAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row
        = [](const char* what, const char* text) { QTest::newRow(what) << QByteArray(text); };
    row("prose", "The ~n of each account is stored by the server, which asks the directory.");
    row("an algorithm", "The ~n is derived with PBKDF2WithHmacSHA256 and stored.");
    row("a class", "~nEncoder encoder = new BCryptPasswordEncoder10();");
    row("what compilers make of names", "Item_func_~n 0000b0 t _ZN3LEX28sp_create_instrEP3THDP8");
    row("another field", "~nHash: Xk29fQ7wLpZ3vT9mRbQs");
    row("a public key", "~n AAAAC3NzaC1lZDI1NTE5AAAAIXk29fQ7wLpZ3vT9mRbQs5dKw8 bob");
    row("an end of a name", "~n: .Xk29fQ7wLpZ3vT9mRbQs");
    row("what a URL escapes", "~n: Xk29fQ7w%0ALpZ3vT9mRbQs");
    row("a file's name", "~n_file: /etc/Xk29fQ7wLpZ3vT9mRbQs.key");
    row("troff", ".IP \"~n\" \\s-1PBKDF2KEYDERIVATION\\s0");
    row("a type behind a login", "operator connect(const Vertex45& from, PolyLine45& to)");
    row("a sentence in Dutch", "msgid \"Changed\"\nmsgstr \"Het wachtwoord is gewijzigd.\"");
    row("a button in Dutch", "Wachtwoord wijzigen\n");
    row("a message in Welsh", "msgid \"~n reset\"\nmsgstr \"Cwblhawyd ailosod\"");
    row("a call", "(~n (vmware-compute-fully))");
    row("a name of a program", "moved into the ~ns (see `author-hide-elements')");
    row("a key of a program", "for your ~n when you invoke the <mail-fetch-menu> function");
    row("a scheme", "~n='a', protection=\"PBKDF2WithHMAC-SHA1AndAES128-CBC\")");
    row("a place of a page", "~n: see `RFC6749#Authorization`_");
    row("names with hyphens", "access-control-allow-user, `access-control-max-age`");
    row("a certificate's name", "Root Certification Authority - G2 EaWdpQ2VydCBHbG9iYWwgUm9vdA");
}

void TestNearValues::leavesOtherTextsAlone()
{
    QFETCH(QByteArray, text);
    for (const Found& found : scanText(m_rules, filled(text, {})))
        QVERIFY2(found.rule.rfind("near-", 0) != 0, qPrintable(QString::fromStdString(found.rule)));
}

/// Neither the quotes around it nor what stands behind it, and nothing of it is left.
void TestNearValues::takesTheWholeValue()
{
    std::mt19937 dice(11);
    const std::string value = generated(dice, 24);
    const std::string text = "the " + name + " of the account (\"" + value + "\") is new";
    bool isThere = false;
    for (const Found& found : scanText(m_rules, text))
        if (found.rule == "near-" + name) {
            QCOMPARE(found.begin, text.find(value));
            QCOMPARE(found.end, text.find(value) + value.size());
            isThere = true;
        }
    QVERIFY(isThere);
}

/// With nothing in the text that looks more like a value.
void TestNearValues::takesLettersThatNoWordHas()
{
    const std::string value = std::string("xkqjzv") + "bnmwq";
    QVERIFY(isFound("the " + name + " is " + value + ".", value));
    QVERIFY(isFound("{" + name + ",\"" + value + "\"}", value));
    QVERIFY(!isFound("the " + name + " is " + value + "\xc3\xa1lja", value)); // begin of a word
    QVERIFY(!isFound("the " + name + " is required.", "required"));
}

/// A redaction writes over one; the next must not be new to who looks at the copy.
void TestNearValues::takesEachValueBehindAName()
{
    std::mt19937 dice(13);
    const std::string first = generated(dice, 24);
    const std::string second = generated(dice, 24);
    const std::string text = "the " + name + " was '" + first + "' and is '" + second + "' now";
    QVERIFY(isFound(text, first));
    QVERIFY(isFound(text, second));
}

void TestNearValues::knowsTheBytesThatEachValueWrites()
{
    std::mt19937 dice(17);
    const auto key = [&](int size) {
        QByteArray bytes;
        while (bytes.size() < size)
            bytes += static_cast<char>(dice());
        return bytes.toBase64().toStdString();
    };
    const std::string text = "the " + name + " was '" + key(32) + "', now '" + key(20) + "'";
    FoundSink sink;
    forEachWindow(text, {}, [&](const Window& window) {
        sink.look(window);
        m_rules.newTextScanner()->scan(window, sink);
    });
    std::vector<std::size_t> sizes;
    for (const Match& match : sink.matches)
        if (match.rule->id == "near-" + name)
            for (const DerivedValue& derived : match.derived)
                sizes.push_back(derived.bytes.size());
    QCOMPARE(sizes, (std::vector<std::size_t> {32, 20}));
}

QTEST_APPLESS_MAIN(TestNearValues)
#include "tst_nearvalues.moc"
