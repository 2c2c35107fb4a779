// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulecheck.h"
#include "tests/rules/textscan.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

RuleSetOptions noDefaults()
{
    RuleSetOptions options;
    options.defaults = false;
    return options;
}

Result<RuleSet> load(const std::string& text)
{
    const RuleFile file {"mine.toml", text};
    return RuleSet::load(std::span(&file, 1), noDefaults());
}

/// A file of one rule with these further lines.
std::string rule(const std::string& lines) { return "[[rules]]\nid = \"mine\"\n" + lines + "\n"; }

bool tells(const std::vector<RuleProblem>& problems, std::string_view part, bool fatal)
{
    return std::any_of(problems.begin(), problems.end(), [&](const RuleProblem& problem) {
        return problem.message.find(part) != std::string::npos && problem.fatal == fatal
            && problem.file == "mine.toml";
    });
}

const std::string good = "regex = '''key_([a-f0-9]{8})'''";

} // namespace

class TestRuleLoader : public QObject {
    Q_OBJECT

private slots:
    void toldProblems_data();
    void toldProblems();
    void refusesFilesWithoutAnyRule();
    void keepsGoodRulesBesideBadOnes();
    void refusesAnIdThatIsTaken();
    void endsTokensAtBinaryBytesInForeignRules();
    void takesBinaryBytesForTheEndsOfAText();
    void worksOutFreeSpacing();
    void takesTheFirstGroupThatTookPart();
    void asksEntropyKeywordsAndAllowlists();
    void givesFileAllowlistsToTheirRules();
    void leavesDisabledRulesOut();
    void tellsOfWhatThereIsNotToLeaveOut();
    void digestsWhatDecides();
    void checksExamples();
    void validatorsMayMissTheirGroups();
    void staysLinearOnHostileText_data();
    void staysLinearOnHostileText();
};

void TestRuleLoader::toldProblems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<bool>("fatal");
    const auto add = [](const char* name, const std::string& text, const char* part, bool fatal) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(part) << fatal;
    };
    add("no TOML", "[[rules]\nid = ", "line 1", true);
    add("no id", "[[rules]]\n" + good, "has no id", true);
    add("no regex", rule(""), "has no regex", true);
    add("bad regex", rule("regex = '''a(b'''"), "refuses the expression", true);
    add("backreference", rule(R"(regex = '''(a)\1''')"), "refuses the expression", true);
    add("empty match", rule("regex = '''a*'''"), "matches the empty text", true);
    add("free spacing inside", rule("regex = '''a(?x: b )'''"), "free spacing", true);
    add("group that is not there", rule(good + "\nsecretGroup = 2"), "fewer groups", true);
    add("wrong left edge", rule(good + "\nleftEdge = 'z-a'"), "refuses the expression", true);
    add("wrong right edge", rule(good + "\nrightEdge = 'a](b'"), "refuses the expression", true);
    add("too wide", rule("regex = '''a{1000}(?:b{1000}){1}'''\nmaximumSize = 40000"),
        "must be a number", true);
    add("wrong type", rule(good + "\nkeywords = \"word\""), "a list of texts", true);
    add("wrong severity", rule(good + "\nseverity = \"awful\""), "no severity", true);
    add("wrong run", rule(good + "\nrun = \"abc\""), "must be like", true);
    add("path only", rule("path = '''x'''"), "file names only", true);
    add("path", rule(good + "\npath = '''x'''"), "used everywhere", false);
    add("unknown field", rule(good + "\ncolour = 1"), "\"colour\" is not known", false);
    add("unknown validator", rule(good + "\nvalidator = \"magic\""), "no validator", false);
    add("filter", rule(good + "\nfilter = \"x\""), "more may be found", false);
    add("required", rule(good + "\n[[rules.required]]\nid = \"other\""), "companions", false);
    add("extend", "[extend]\nuseDefault = true\n" + rule(good), "\"extend\"", false);
    add("commits", rule(good + "\n[rules.allowlist]\ncommits = [\"x\"]"), "commits", false);
    add("allowlist regex", rule(good + "\n[rules.allowlist]\nregexes = ['''(''']"),
        "an allowlist cannot be used", true);
}

void TestRuleLoader::toldProblems()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, part);
    QFETCH(bool, fatal);
    const RuleFile files[] {{"mine.toml", text.toStdString()},
                            {"other.toml", "[[rules]]\nid = \"other\"\n" + good}};
    const auto rules = RuleSet::load(files, noDefaults());
    QVERIFY(rules.ok());
    QVERIFY(tells(rules->problems(), part.toStdString(), fatal));
    QCOMPARE(rules->find("mine") == nullptr, fatal);
    QVERIFY(rules->find("other"));
}

void TestRuleLoader::refusesFilesWithoutAnyRule()
{
    QVERIFY(!load("").ok());
    QVERIFY(!load(rule("regex = '''a(b'''")).ok());
    QVERIFY(!load(std::string(5U << 20, '#')).ok());
}

void TestRuleLoader::keepsGoodRulesBesideBadOnes()
{
    const auto rules = load(rule("regex = '''a(b'''") + "[[rules]]\nid = \"second\"\n" + good);
    QVERIFY(rules.ok());
    QVERIFY(!rules->find("mine"));
    QCOMPARE(scanText(*rules, "key_0123abcd").size(), 1);
}

void TestRuleLoader::refusesAnIdThatIsTaken()
{
    const auto rules = load(rule(good) + rule("regex = '''other'''"));
    QVERIFY(tells(rules->problems(), "another rule has this id", true));
    QVERIFY(scanText(*rules, "other").empty());
}

void TestRuleLoader::endsTokensAtBinaryBytesInForeignRules()
{
    const auto rules = load(rule(R"(regex = '''\b(key_[a-f0-9]{8})(?:[\x60'"\s;]|\\[nr]|$)''')"));
    for (const std::string& after : {std::string(1, '\0'), std::string("&"), std::string("\xff"),
                                     std::string("\""), std::string()}) {
        const auto found = scanText(*rules, "key_0123abcd" + after);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found[0].end, 12);
    }
    QVERIFY(scanText(*rules, "key_0123abcdX").empty());
}

void TestRuleLoader::takesBinaryBytesForTheEndsOfAText()
{
    const auto rules = load(rule("regex = '''(?:^|[^$\\^])(key_[a-f0-9]{8})$'''"));
    QVERIFY(rules.ok());
    QVERIFY(rules->problems().empty());
    QCOMPARE(scanText(*rules, "key_0123abcd").size(), 1);
    QCOMPARE(scanText(*rules, std::string("\x00key_0123abcd\x00", 14)).size(), 1);
    QVERIFY(scanText(*rules, "$key_0123abcd").empty());
    QVERIFY(scanText(*rules, "key_0123abcde").empty());
}

void TestRuleLoader::worksOutFreeSpacing()
{
    const auto rules = load(rule(R"(regex = '''(?xi) key_   # the mark
        ( [a-f\ ]{4} [#] )''')"));
    QVERIFY(rules.ok());
    QVERIFY(rules->problems().empty());
    const auto found = scanText(*rules, "KEY_ab f#");
    QCOMPARE(found.size(), 1);
    QCOMPARE(found[0].begin, 4);
}

void TestRuleLoader::takesTheFirstGroupThatTookPart()
{
    const auto rules = load(rule("regex = '''key=(?:'([a-z]+)'|([a-z]+))'''"));
    QCOMPARE(scanText(*rules, "key='abc'")[0].begin, 5);
    QCOMPARE(scanText(*rules, "key=abc")[0].begin, 4);
}

void TestRuleLoader::asksEntropyKeywordsAndAllowlists()
{
    const auto rules = load(rule(good + R"(
entropy = 2.5
keywords = ["Secret"]
[[rules.allowlists]]
regexes = ['''^0000''']
[[rules.allowlists]]
stopwords = ["DEAD"]
[[rules.allowlists]]
regexTarget = "line"
condition = "AND"
regexes = ['''# nothing''']
stopwords = ["f"]
)"));
    QVERIFY(rules->problems().empty());
    QCOMPARE(scanText(*rules, "SECRET key_0123abcd").size(), 1);
    QVERIFY(scanText(*rules, "key_0123abcd").empty());
    QVERIFY(scanText(*rules, "secret key_01010101").empty());
    QVERIFY(scanText(*rules, "secret key_00001234").empty());
    QVERIFY(scanText(*rules, "secret key_dead1234").empty());
    QVERIFY(scanText(*rules, "secret key_f1234567 # nothing").empty());
    QCOMPARE(scanText(*rules, "secret key_f1234567 \n# nothing").size(), 1);
    QCOMPARE(scanText(*rules, "secret key_01234567 # nothing").size(), 1);
}

void TestRuleLoader::givesFileAllowlistsToTheirRules()
{
    const auto rules = load(rule(good) + R"(
[[rules]]
id = "second"
regex = '''key_[a-f0-9]{8}'''
[[allowlists]]
targetRules = ["second"]
stopwords = ["abcd"]
)");
    const auto found = scanText(*rules, "key_0123abcd");
    QCOMPARE(found.size(), 1);
    QCOMPARE(found[0].rule, std::string("mine"));
}

void TestRuleLoader::leavesDisabledRulesOut()
{
    RuleSetOptions options;
    options.disabled = {"github-token"};
    const auto rules = RuleSet::load({}, options);
    QVERIFY(!rules->find("github-token"));
    QVERIFY(rules->find("npm-token"));
    QVERIFY(rules->enabled(*rules->find("npm-token")));
    RuleInfo disabled;
    disabled.id = "github-token";
    QVERIFY(!rules->enabled(disabled));
}

void TestRuleLoader::tellsOfWhatThereIsNotToLeaveOut()
{
    RuleSetOptions options;
    options.disabled = {"github-token", "pem-private-key", "github-tokens"};
    options.packsOff = {"wallets", "walets"};
    const auto rules = RuleSet::load({}, options);
    QCOMPARE(rules->problems().size(), std::size_t {2});
    QCOMPARE(rules->problems()[0].rule, std::string("github-tokens"));
    QCOMPARE(rules->problems()[0].message, std::string("there is no such rule"));
    QCOMPARE(rules->problems()[1].message, std::string("no rule is in the pack walets"));
}

void TestRuleLoader::digestsWhatDecides()
{
    const auto one = load(rule(good));
    QVERIFY(one->digest().starts_with("sha256:") && one->digest().size() == 7 + 64);
    QCOMPARE(load(rule(good))->digest(), one->digest());
    QVERIFY(load(rule(good + " "))->digest() != one->digest());
    const RuleFile file {"mine.toml", rule(good)};
    QVERIFY(RuleSet::load(std::span(&file, 1), {})->digest() != one->digest());
}

void TestRuleLoader::checksExamples()
{
    const auto problems = checkRules({"mine.toml", rule(good + R"(
examples = ["key_0123abcd", ["key_01", "xyz"]]
counterExamples = ["key_1", "a key_99999990"]
)")});
    QVERIFY(tells(problems, "example 2 is not found", false));
    QVERIFY(tells(problems, "counter-example 2 is found", false));
    QVERIFY(tells(problems, "has no explanation", false));
    QCOMPARE(problems.size(), 4); // and no title
}

/// No group, one that takes no part, one that is empty, and one with no name before it.
void TestRuleLoader::validatorsMayMissTheirGroups()
{
    const std::string value = std::string("Vq8Zp3Ld0") + "Rt6Xw2KpL9";
    const std::string other = std::string("Kd7Wn2Xs5") + "Jb4Hq9Tz6Mc3";
    const std::string regex = "Kd7[0-9A-Za-z]{18}";
    for (const std::string& one : {regex, regex + "(x)?", regex + "()", "(" + regex + ")"}) {
        const auto rules = load(rule("regex = '''" + one + "'''\nvalidator = \"nearvalue\""));
        QVERIFY(rules.ok());
        QVERIFY(scanText(*rules, value + " stands before the " + other + " here").empty());
    }
}

void TestRuleLoader::staysLinearOnHostileText_data()
{
    QTest::addColumn<QByteArray>("unit");
    for (const char* const unit : {"AKIA", "eyJ", "ghp_", "password=", "\"password\":\"", "://a:b",
                                   "Basic ", "a", "A", "-us1", ".atlasv1.", "$6$", "xoxb-1",
                                   "postgres://", "token: ", "?sv=", "eyJaaaaaaaaa.", "\nsecret="})
        QTest::newRow(unit) << QByteArray(unit);
}

void TestRuleLoader::staysLinearOnHostileText()
{
    QFETCH(QByteArray, unit);
    static const RuleSet rules = *RuleSet::load({}, {});
    std::string text;
    while (text.size() < (4U << 20))
        text += unit.toStdString();
    // A quadratic search would take hours, which the time limit of the whole test ends.
    scanText(rules, text);
}

QTEST_APPLESS_MAIN(TestRuleLoader)
#include "tst_ruleloader.moc"
