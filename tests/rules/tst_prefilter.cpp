// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/regex/probe.h"
#include "scanner/rules/rulefile.h"
#include "scanner/rules/textscanner.h"
#include "tests/rules/textscan.h"

#include <QtTest>

#include <random>

using namespace coredact;
using namespace coredact::test;
using namespace std::string_view_literals;

namespace {

std::vector<TextRule> rulesOf(std::span<const RuleFile> files)
{
    std::vector<TextRule> rules;
    for (const RuleFile& file : files)
        for (TextRule& rule : parseRules(file).rules)
            rules.push_back(std::move(rule));
    return rules;
}

enum class Way {
    Probes, ///< as a scan looks
    WholeExpressions, ///< each expression as it is, over every byte
};

std::unique_ptr<TextScanner> scannerOf(const std::vector<TextRule>& rules, Way way)
{
    auto text = std::make_shared<TextRules>();
    std::vector<PrefilterPattern> patterns;
    for (const TextRule& rule : rules) {
        auto compiled = compileRule(rule);
        if (!compiled)
            qFatal("%s does not compile", rule.info.id.c_str());
        const Pattern& pattern = (*compiled)->pattern;
        if (way == Way::Probes)
            patterns.push_back({pattern.probe, pattern.width,
                                ClassRun::of(rule.run.empty() ? rule.regex : rule.run)});
        else
            patterns.push_back(
                {{AutomatonProbe::Where::Everywhere, pattern.text}, pattern.width, {}});
        text->rules.push_back(std::move(*compiled));
    }
    std::vector<AutomatonRefusal> refused;
    auto prefilter = Prefilter::make(std::move(patterns), refused, AutomatonCache(-1));
    if (!prefilter || !refused.empty())
        qFatal("the prefilter does not compile");
    text->prefilter = std::move(*prefilter);
    return makeTextScanner(text);
}

std::vector<Found> foundBy(TextScanner& scanner, std::string_view text)
{
    FoundSink sink;
    forEachWindow(text, {}, [&](const Window& window) {
        sink.look(window);
        scanner.scan(window, sink);
    });
    std::sort(sink.found.begin(), sink.found.end());
    return sink.found;
}

std::string randomBytes(std::mt19937& dice, std::size_t size)
{
    std::string bytes(size, '\0');
    for (char& byte : bytes)
        byte = static_cast<char>(dice());
    return bytes;
}

/// What a rule may find something in.
std::vector<std::string> textsOf(const TextRule& rule)
{
    std::vector<std::string> texts = rule.examples;
    texts.insert(texts.end(), rule.counterExamples.begin(), rule.counterExamples.end());
    return texts;
}

/// As other people write rules: dots, classes of everything but, edges inside, no letters at all.
const RuleFile foreign {
    "foreign.toml",
    "[[rules]]"
    "\n"
    "id = \"dots\""
    "\n"
    "regex = '''key.{0,20}([0-9a-f]{16})'''"
    "\n"
    "examples = [\"key: 0123456789abcdef\", \"key\\u0001\\u0002\\u00030123456789abcdef\"]"
    "\n"
    "[[rules]]"
    "\n"
    "id = \"all-but\""
    "\n"
    "regex = '''\"pin\"[^0-9]{1,30}([0-9]{4})[^0-9]'''"
    "\n"
    "examples = ['\"pin\" is 1234;']"
    "\n"
    "[[rules]]"
    "\n"
    "id = \"binary\""
    "\n"
    "regex = '''\\x02\\x00(abcd[\\x00-\\x1f]{3})'''"
    "\n"
    "examples = [\"\\u0002\\u0000abcd\\u0001\\u0002\\u0003\"]"
    "\n"
    "[[rules]]"
    "\n"
    "id = \"all-but-quotes\""
    "\n"
    "regex = '''(?i)password=([^\"]{6,12})\"'''"
    "\n"
    "examples = ['PASSWORD=abcdefgh\"', \"password=ab\\u0001\\u0002ef\\\"\"]"
    "\n"
    "[[rules]]"
    "\n"
    "id = \"no-letters\""
    "\n"
    "regex = '''\\b([0-9]{6}-[0-9a-f]{24})\\b'''"
    "\n"
    "examples = [\"123456-0123456789abcdef01234567\"]"
    "\n"
    "[[rules]]"
    "\n"
    "id = \"choices\""
    "\n"
    "regex = '''(?:(?i:tok)_|~)([a-f]{3}(?:[0-9]{8}|[g-z]{9,}))$'''"
    "\n"
    "examples = [\"TOK_abc12345678\", \"~abcghijklmnopq\"]"
    "\n"
    "[[rules]]"
    "\n"
    "id = \"short\""
    "\n"
    "regex = '''pw:\\s*(\\S{3})'''"
    "\n"
    "examples = [\"pw: abc\", \"pw:\\u000cabc\"]"
    "\n"};

} // namespace

class TestPrefilter : public QObject {
    Q_OBJECT

private slots:
    void takesApartOnlyWhatTheMatchingEngineTakes_data();
    void takesApartOnlyWhatTheMatchingEngineTakes();
    void writesExpressionsThatFindTheSame();
    void measuresAsTheEngineDoes();
    void findsEveryLongRun();
    void allKernelsTellAClassAlike();
    void findsEveryRunOfAClass_data();
    void findsEveryRunOfAClass();
    void knowsWhatStandsAroundASign();
    void findsEverySignBesideTokens();
    void defaultRulesNeedNoLookAtEveryByte();
    void probesFindWhatWholeExpressionsFind_data();
    void probesFindWhatWholeExpressionsFind();
    void probesFindNothingElseInRandomBytes();
};

void TestPrefilter::takesApartOnlyWhatTheMatchingEngineTakes_data()
{
    QTest::addColumn<QByteArray>("regex");
    QTest::addColumn<bool>("read");
    const std::vector<std::pair<const char*, bool>> all {{"abc", true},
                                                         {"a|b|", true},
                                                         {"(a)(?:b)(?i:c)", true},
                                                         {"(?i)a(?-i)b", true},
                                                         {"[a-z0-9_-]{3,}", true},
                                                         {"[]a]", true},
                                                         {"[^]a]", true},
                                                         {"[[:alpha:]_]", true},
                                                         {"\\x41\\x{42}\\n\\.", true},
                                                         {"a{1000}", true},
                                                         {"a??b*?c+?", true},
                                                         {"^a\\b$", true},
                                                         {"(?s).", true},
                                                         {"[\\d\\s-]", true},
                                                         {"a(b", false},
                                                         {"a)b", false},
                                                         {"[a", false},
                                                         {"[b-a]", false},
                                                         {"a{1001}", false},
                                                         {"(?:a{500}){3}", false},
                                                         {"a**", false},
                                                         {"a{2}{3}", false},
                                                         {"*a", false},
                                                         {"(?i)*", false},
                                                         {"\\1", false},
                                                         {"\\pN", false},
                                                         {"(?P<n>a)", false},
                                                         {"(?=a)", false},
                                                         {"(?U)a+", false},
                                                         {"\\Qa.b\\E", false},
                                                         {"a{,3}", false},
                                                         {"x\\", false},
                                                         {"[[:nothing:]]", false},
                                                         {"\\x4", false},
                                                         {"[\\x00-\\xff]", true},
                                                         {"[^\\x00-\\xff]", false},
                                                         {"[a-\\d]", false},
                                                         {"|", true}};
    for (const auto& [regex, read] : all)
        QTest::newRow(regex) << QByteArray(regex) << read;
}

void TestPrefilter::takesApartOnlyWhatTheMatchingEngineTakes()
{
    QFETCH(QByteArray, regex);
    QFETCH(bool, read);
    const auto tree = parseRegex(regex.toStdString());
    QCOMPARE(tree.has_value(), read);
    const re2::RE2 engine(regex.toStdString(), LazyRegex::options());
    QVERIFY(!tree || engine.ok());
    QVERIFY(!tree || tree->groups == engine.NumberOfCapturingGroups());
}

/// Every byte, alone and between others.
void TestPrefilter::writesExpressionsThatFindTheSame()
{
    for (const std::string regex :
         {"a", "[a-f]", "[^a-f]", ".", "(?s).", "\\d", "\\D", "\\w", "\\s", "\\S", "[[:space:]]",
          "[\\x80-\\xff]", "(?i)[^k]", "(?i)q", "x?[+-]", "(?:a|[b-d]{1,2}|)e", "\\t|\\v|\\f"}) {
        const auto tree = parseRegex(regex);
        QVERIFY2(tree, regex.c_str());
        const re2::RE2 before(regex, LazyRegex::options());
        const re2::RE2 after(toText(tree->root), LazyRegex::options());
        for (unsigned byte = 0; byte < 256; ++byte) {
            const std::string one(1, static_cast<char>(byte));
            for (const std::string& text : {one, "a" + one, one + "e", "c" + one + "e"})
                QVERIFY2(re2::RE2::FullMatch(text, before) == re2::RE2::FullMatch(text, after),
                         regex.c_str());
        }
    }
}

void TestPrefilter::measuresAsTheEngineDoes()
{
    const auto width = [](std::string_view regex) {
        const RegexWidth found = widthOf(parseRegex(regex)->root);
        return std::pair(found.least, found.most);
    };
    QCOMPARE(width("abc"), std::pair(std::size_t {3}, std::size_t {3}));
    QCOMPARE(width("a?(?:bc|d){2,3}"), std::pair(std::size_t {2}, std::size_t {7}));
    QCOMPARE(width("^a*$"), std::pair(std::size_t {0}, unbounded));
    QCOMPARE(width("(?:a+){2}b"), std::pair(std::size_t {3}, unbounded));
    QCOMPARE(width("(?:^|[^x])[0-9]{8}"), std::pair(std::size_t {8}, std::size_t {9}));
}

void TestPrefilter::allKernelsTellAClassAlike()
{
    std::mt19937 dice(7);
    for (int round = 0; round < 200; ++round) {
        ByteClass set;
        for (unsigned byte = 0; byte < 256; ++byte)
            if (dice() % 4 == 0)
                set.add(static_cast<std::uint8_t>(byte));
        const std::string text = randomBytes(dice, 1 + 64 * 5);
        const std::uint8_t* bytes = asBytes(text).data() + 1;
        for (const ClassMaskKernelChoice& choice : classMaskKernels()) {
            std::array<std::uint64_t, 5> masks {};
            choice.kernel(set, bytes, masks.data(), masks.size());
            for (std::size_t i = 0; i < 64 * masks.size(); ++i)
                QVERIFY2(((masks[i / 64] >> i % 64 & 1) != 0) == set.has(bytes[i]),
                         choice.name.data());
        }
    }
}

/// Against a plain search, for every kind of mask and for parts that begin anywhere.
void TestPrefilter::findsEveryLongRun()
{
    std::mt19937 dice(5);
    std::vector<RunKind> kinds = textRunKinds();
    for (const RunKind& kind : tokenRunKinds())
        kinds.push_back(kind);
    for (int round = 0; round < 400; ++round) {
        std::string text;
        const std::size_t size = round % 8 < 6 ? 700 : 9000;
        while (text.size() < size) {
            text
                += round % 4 == 0 ? randomBytes(dice, dice() % 40) : std::string(dice() % 70, '\0');
            text += std::string(dice()
                                    % (round % 2 == 0        ? 12
                                           : round % 16 == 7 ? 5000
                                                             : 150),
                                "a \x0b_"[dice() % 4]);
        }
        const Zone part {dice() % 130, text.size() - dice() % 130};
        for (const RunKind& kind : kinds) {
            std::vector<Zone> zones;
            kind.find(asBytes(text), part, zones);
            std::vector<Zone> plain;
            for (std::size_t at = part.begin; at < part.end; ++at) {
                const std::size_t begin = at;
                while (at < part.end && kind.has(static_cast<std::uint8_t>(text[at])))
                    ++at;
                if (at - begin < kind.least)
                    continue;
                if (!plain.empty() && begin - plain.back().end < nearRuns)
                    plain.back().end = at;
                else
                    plain.push_back({begin, at});
            }
            QCOMPARE(zones.size(), plain.size());
            for (std::size_t i = 0; i < zones.size(); ++i) {
                QCOMPARE(zones[i].begin, plain[i].begin);
                QCOMPARE(zones[i].end, plain[i].end);
            }
        }
    }
}

/// Each length is looked for in another way.
void TestPrefilter::findsEveryRunOfAClass_data()
{
    QTest::addColumn<QByteArray>("length");
    for (const char* length : {"30", "44", "60"})
        QTest::newRow(length) << QByteArray(length);
}

/// Bytes of either half, in texts that fill more than one row of masks.
void TestPrefilter::findsEveryRunOfAClass()
{
    QFETCH(QByteArray, length);
    const auto run = ClassRun::of("[a-f0-9_\\x80-\\x9f\\xff]{" + length.toStdString() + "}");
    QVERIFY(run);
    std::mt19937 dice(6);
    for (int round = 0; round < 200; ++round) {
        std::string text;
        while (text.size() < 5000) {
            text += randomBytes(dice, dice() % 3);
            text += std::string(dice() % (round % 4 == 0 ? 4000 : 80),
                                "a9_\x80\xff\x7f"[dice() % 6]);
        }
        const Zone part {dice() % 130, text.size() - dice() % 130};
        std::vector<Zone> zones;
        run->find(asBytes(text), part, zones);
        std::vector<bool> inside(text.size());
        for (const Zone& zone : zones)
            std::fill(inside.begin() + static_cast<std::ptrdiff_t>(zone.begin),
                      inside.begin() + static_cast<std::ptrdiff_t>(zone.end), true);
        std::size_t runs = 0;
        for (std::size_t at = part.begin; at < part.end; ++at) {
            const std::size_t begin = at;
            while (at < part.end && run->bytes.has(static_cast<std::uint8_t>(text[at])))
                ++at;
            if (at - begin < run->length)
                continue;
            ++runs;
            QVERIFY(std::all_of(inside.begin() + static_cast<std::ptrdiff_t>(begin),
                                inside.begin() + static_cast<std::ptrdiff_t>(at),
                                [](bool is) { return is; }));
        }
        QVERIFY(zones.size() <= runs);
    }
}

void TestPrefilter::knowsWhatStandsAroundASign()
{
    ByteSet tokens;
    for (unsigned byte = 0; byte < 256; ++byte)
        tokens[byte] = isTokenByte(static_cast<std::uint8_t>(byte));
    const auto probe = [&](std::string_view regex) {
        return signProbeOf(parseRegex(regex)->root, tokens, leastTokenRun);
    };
    const auto found = probe("(?:x|ya?)b{1,2}:c?[def]{30}");
    QVERIFY(found);
    QCOMPARE(found->sign, std::uint8_t {':'});
    // "xb" is the shortest that may stand before it.
    QCOMPARE(found->before.size(), std::size_t {2});
    const auto setOf = [](std::string_view bytes) {
        ByteSet set;
        for (const char byte : bytes)
            set.set(static_cast<std::uint8_t>(byte));
        return set;
    };
    QVERIFY(found->before[0] == setOf("b"));
    QVERIFY(found->before[1] == setOf("abxy"));
    QCOMPARE(found->after.size(), std::size_t {24});
    QVERIFY(found->after[0] == setOf("cdef"));
    QVERIFY(found->after[1] == setOf("def"));
    QVERIFY(probe("[0-9a-f]{24}\\|"));
    QVERIFY(!probe("[0-9a-f]{23}\\|"));
    QVERIFY(!probe("[0-9a-f]{24}:?"));
    QVERIFY(!probe("[0-9a-f]{20}(?: |[a-f]{4}):"));
}

void TestPrefilter::findsEverySignBesideTokens()
{
    const std::array<std::string_view, 3> regexes {"[0-9]{2,4}:[0-9a-f]{26,30}",
                                                   "[a-z]{25}\\|[0-9]?", "-[0-9a-f.]{24}"};
    std::vector<TextRule> rules;
    for (const std::string_view regex : regexes) {
        TextRule& rule = rules.emplace_back();
        rule.info.id = regex;
        rule.regex = regex;
        const auto compiled = compileRule(rule);
        QVERIFY(compiled.ok());
        QVERIFY((*compiled)->pattern.probe.where == AutomatonProbe::Where::Sign);
    }
    const auto probing = scannerOf(rules, Way::Probes);
    const auto whole = scannerOf(rules, Way::WholeExpressions);
    std::mt19937 dice(7);
    std::string text = "12:0123456789abcdef0123456789";
    const auto add = [&](std::string_view letters, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            text += letters[dice() % letters.size()];
    };
    for (int i = 0; i < 6000; ++i) {
        add("0123456789", dice() % 4);
        add(":|-", dice() % 2);
        add(i % 2 == 0 ? "0123456789abcdef" : "abcdefghijklmnop", 20 + dice() % 14);
        add("|:- \0"sv, dice() % 3);
    }
    text += "-0123456789abcdef01234567";
    const auto expected = foundBy(*whole, text);
    QVERIFY2(expected.size() > 200, std::to_string(expected.size()).c_str());
    QVERIFY(foundBy(*probing, text) == expected);
}

void TestPrefilter::defaultRulesNeedNoLookAtEveryByte()
{
    for (const TextRule& rule : rulesOf(RuleSet::defaultFiles())) {
        const auto compiled = compileRule(rule);
        QVERIFY(compiled.ok());
        QVERIFY2((*compiled)->pattern.probe.where != AutomatonProbe::Where::Everywhere,
                 rule.info.id.c_str());
        const re2::RE2& confirm = **(*compiled)->pattern.confirm;
        QVERIFY2(confirm.ok(), rule.info.id.c_str());
        QCOMPARE((*compiled)->pattern.groups,
                 static_cast<std::size_t>(confirm.NumberOfCapturingGroups()));
    }
}

void TestPrefilter::probesFindWhatWholeExpressionsFind_data()
{
    QTest::addColumn<bool>("defaults");
    QTest::newRow("default rules") << true;
    QTest::newRow("foreign rules") << false;
}

/// Each text of each rule between bytes of every kind, at every alignment.
void TestPrefilter::probesFindWhatWholeExpressionsFind()
{
    QFETCH(bool, defaults);
    const auto rules = rulesOf(defaults ? RuleSet::defaultFiles() : std::span(&foreign, 1));
    const auto probing = scannerOf(rules, Way::Probes);
    const auto whole = scannerOf(rules, Way::WholeExpressions);
    std::size_t found = 0;
    for (const TextRule& rule : rules) {
        // Of its own, so that another rule shifts no bytes: a letter may happen to be an edge.
        std::seed_seq seed(rule.info.id.begin(), rule.info.id.end());
        std::mt19937 dice(seed);
        std::string text;
        for (std::size_t gap = 0; gap < 66; ++gap) {
            for (const std::string& one : textsOf(rule)) {
                const char around = "\0\xff \n"[(gap + text.size()) % 4];
                text += gap % 3 == 0 ? randomBytes(dice, gap) : std::string(gap, around);
                text += one;
                if (gap % 5 != 0)
                    text += gap % 2 == 0 ? '\0' : '\n';
            }
        }
        const auto expected = foundBy(*whole, text);
        QVERIFY2(foundBy(*probing, text) == expected, rule.info.id.c_str());
        QVERIFY2(!expected.empty(), rule.info.id.c_str());
        found += expected.size();
    }
    QVERIFY(found > rules.size() * 30);
}

void TestPrefilter::probesFindNothingElseInRandomBytes()
{
    std::mt19937 dice(11);
    auto rules = rulesOf(RuleSet::defaultFiles());
    for (TextRule& rule : rulesOf(std::span(&foreign, 1)))
        rules.push_back(std::move(rule));
    const auto probing = scannerOf(rules, Way::Probes);
    const auto whole = scannerOf(rules, Way::WholeExpressions);
    std::vector<std::string> words;
    for (const TextRule& rule : rules)
        for (const std::string& text : textsOf(rule))
            for (std::size_t at = 0; at < text.size(); at += 7)
                words.push_back(text.substr(at, 1 + dice() % 20));
    for (int round = 0; round < 40; ++round) {
        std::string text;
        while (text.size() < (1U << 16))
            text += dice() % 3 == 0 ? randomBytes(dice, dice() % 30) : words[dice() % words.size()];
        QVERIFY(foundBy(*probing, text) == foundBy(*whole, text));
    }
}

QTEST_APPLESS_MAIN(TestPrefilter)
#include "tst_prefilter.moc"
