// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/lazyregex.h"
#include "scanner/rules/pattern.h"
#include "scanner/rules/wordfinder.h"

#include <QtTest>

#include <random>

using namespace coredact;

namespace {

/// Expressions and what they match.
const std::vector<std::pair<std::string, std::vector<std::string>>> expressions {
    {"(?i:pesel)[ :=]{1,4}\\d{11}", {"PESEL: 86071261218", "pesel 96071651557"}},
    {"[3-6]\\d{3}(?: \\d{4}){3}|[3-6]\\d{15}", {"4556 7375 8689 9855", "5425233430109903"}},
    {"(?:AD|GB|NO)\\d{2}[0-9A-Z]{11,30}", {"NO9386011117947", "GB29NWBK60161331926819"}},
    {"key.{3,20}-(?:abcd|ab_d|xy)[0-9]{2,}", {"key---xyz-ab_d77", "keykeykey-xy123"}},
    {"a?b{2,3}(?:c|de)*f\\d", {"abbf1", "bbbcdecf9"}},
    {"[0-9]{2}:[0-5][0-9]", {"12:59", "00:00"}},
};

RegexNode treeOf(const std::string& expression) { return parseRegex(expression)->root; }

WordFinder finderOf(const std::vector<std::string>& wanted, HeadKernel kernel)
{
    WordFinder finder;
    for (const std::string& expression : wanted)
        if (const auto words = wordsOf(treeOf(expression)))
            finder.add(*words);
    finder.prepare();
    finder.useKernel(kernel);
    return finder;
}

std::vector<Zone> zonesOf(const WordFinder& finder, std::string_view text, const Zone& part)
{
    std::vector<Zone> zones;
    finder.find(asBytes(text), {part}, [&](const Zone& zone) { zones.push_back(zone); });
    return zones;
}

bool holds(const std::vector<Zone>& zones, std::size_t begin, std::size_t end)
{
    return std::any_of(zones.begin(), zones.end(),
                       [&](const Zone& zone) { return zone.begin <= begin && end <= zone.end; });
}

/// Every match of the expressions, one after the other and one in the other.
void checkMatches(const std::vector<Zone>& zones, const std::string& text, const Zone& part)
{
    for (const auto& [expression, matches] : expressions) {
        if (!wordsOf(treeOf(expression)))
            continue;
        const re2::RE2 engine(expression, LazyRegex::options());
        re2::StringPiece found;
        for (std::size_t at = part.begin;
             engine.Match(text, at, part.end, RE2::UNANCHORED, &found, 1);
             at = static_cast<std::size_t>(found.data() - text.data()) + 1) {
            const auto begin = static_cast<std::size_t>(found.data() - text.data());
            QVERIFY2(holds(zones, begin, begin + found.size()), expression.c_str());
        }
    }
}

} // namespace

class TestWords : public QObject {
    Q_OBJECT

private slots:
    void choosesWhatTellsMost();
    void isSilentWhereNothingTellsMuch_data();
    void isSilentWhereNothingTellsMuch();
    void everyMatchLiesInAZone();
    void longNumbersAreHeardOfAStretchAtATime();
    void everyKernelFindsEveryHead();
    void findsWordsAtEveryPlaceOfABlock();
    void whatIsCompiledLateCompiles_data();
    void whatIsCompiledLateCompiles();
};

void TestWords::choosesWhatTellsMost()
{
    const auto words = wordsOf(treeOf("[a-z ]{0,30}(?i:tax)[ -]?id: ?[0-9]{9}"));
    QVERIFY(words);
    QCOMPARE(words->before, std::size_t {30});
    QCOMPARE(words->after, std::size_t {3 + 1 + 2 + 1 + 1 + 9});
    QVERIFY(std::all_of(words->words.begin(), words->words.end(), [](const FoundWord& word) {
        return word.places.front() == (ByteSet().set('t') | ByteSet().set('T'));
    }));
}

void TestWords::isSilentWhereNothingTellsMuch_data()
{
    QTest::addColumn<QByteArray>("regex");
    for (const char* regex :
         {"[a-z]{8,}", "a[a-z]b[a-z]c[a-z]d", "ab", ".*abcd", "(?:key|[a-z]{4})x"})
        QTest::newRow(regex) << QByteArray(regex);
}

void TestWords::isSilentWhereNothingTellsMuch()
{
    QFETCH(QByteArray, regex);
    QVERIFY(!wordsOf(treeOf(regex.toStdString())));
}

/// In text that is full of beginnings.
void TestWords::everyMatchLiesInAZone()
{
    std::vector<std::string> all;
    for (const auto& [expression, matches] : expressions)
        all.push_back(expression);
    const std::string pieces = "keypesl0123456789:-_ ADGBNObcdf";
    std::mt19937 dice(3);
    for (const HeadKernelChoice& choice : headKernels()) {
        const WordFinder finder = finderOf(all, choice.kernel);
        for (int round = 0; round < 300; ++round) {
            std::string text;
            while (text.size() < 400) {
                for (auto i = dice() % 30; i > 0; --i)
                    text += pieces[dice() % pieces.size()];
                const auto& matches = expressions[dice() % expressions.size()].second;
                text += matches[dice() % matches.size()];
            }
            const Zone part {dice() % 40, text.size() - dice() % 40};
            const std::vector<Zone> zones = zonesOf(finder, text, part);
            checkMatches(zones, text, part);
        }
    }
}

void TestWords::longNumbersAreHeardOfAStretchAtATime()
{
    std::vector<std::string> all;
    for (const auto& [expression, matches] : expressions)
        all.push_back(expression);
    std::mt19937 dice(5);
    for (const HeadKernelChoice& choice : headKernels()) {
        const WordFinder finder = finderOf(all, choice.kernel);
        for (int round = 0; round < 40; ++round) {
            std::string text;
            while (text.size() < 2000) {
                for (auto i = 20 + dice() % 300; i > 0; --i)
                    text += static_cast<char>('0' + dice() % 10);
                text.append(dice() % 20, "x, :G"[dice() % 5]);
            }
            const Zone part {dice() % 40, text.size() - dice() % 40};
            const std::vector<Zone> zones = zonesOf(finder, text, part);
            checkMatches(zones, text, part);
            QVERIFY(!zones.empty() && zones.size() < text.size() / 4);
        }
    }
}

void TestWords::everyKernelFindsEveryHead()
{
    WordTables tables;
    std::vector<WordHead> heads;
    for (const auto& [expression, matches] : expressions)
        if (const auto words = wordsOf(treeOf(expression)))
            for (const FoundWord& word : words->words) {
                tables.add(headOf(word), heads.size() % wordSets);
                heads.push_back(headOf(word));
            }
    std::mt19937 dice(4);
    std::size_t standing = 0;
    for (int round = 0; round < 100; ++round) {
        std::vector<std::uint8_t> bytes(300);
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(round % 2 == 0 ? dice() % 0x80 : '0' + dice() % 12);
        const std::size_t count = dice() % (bytes.size() - wordHead);
        for (const HeadKernelChoice& choice : headKernels()) {
            std::vector<WordPlace> places;
            choice.kernel(tables, bytes.data(), count, places);
            std::vector<std::uint32_t> sets(count);
            for (const WordPlace& place : places)
                sets[place.place] = place.sets;
            for (std::size_t at = 0; at < count; ++at)
                for (std::size_t k = 0; k < heads.size(); ++k) {
                    bool stands = true;
                    for (std::size_t i = 0; i < wordHead; ++i)
                        stands = stands && heads[k][i][bytes[at + i]];
                    standing += stands ? 1 : 0;
                    QVERIFY(!stands || (sets[at] >> k % wordSets & 1) != 0);
                }
        }
    }
    QVERIFY(standing > 1000);
}

/// Also where the bytes end with the word.
void TestWords::findsWordsAtEveryPlaceOfABlock()
{
    const std::string& expression = expressions.front().first;
    const std::string& match = expressions.front().second.front();
    for (const HeadKernelChoice& choice : headKernels()) {
        const WordFinder finder = finderOf({expression}, choice.kernel);
        for (std::size_t at = 0; at < 140; ++at)
            for (const std::size_t behind : {0U, 1U, 5U, 70U}) {
                const std::string text = std::string(at, ' ') + match + std::string(behind, ' ');
                const std::vector<Zone> zones = zonesOf(finder, text, {0, text.size()});
                QVERIFY(holds(zones, at, at + match.size()));
            }
    }
}

void TestWords::whatIsCompiledLateCompiles_data()
{
    QTest::addColumn<QByteArray>("part");
    for (const char* part :
         {"a", "[acegikmo]", "\\b", "(^)", "()", "()?", "()*", "(a)", "((((((((a))))))))",
          "(?:a|())", "(|)", "(?i:k)", "[^x]*", "(?:a|bc)??"})
        QTest::newRow(part) << QByteArray(part);
}

/// As much of one part as surely compiles: of all of these a program has room for more.
void TestWords::whatIsCompiledLateCompiles()
{
    QFETCH(const QByteArray, part);
    std::string largest;
    for (int times = 1; times <= 200; ++times) {
        const std::string text = '(' + part.repeated(times).toStdString() + "x){1000}";
        const auto tree = parseRegex(text);
        QVERIFY(tree);
        if (tree->size <= surelySmall)
            largest = text;
    }
    QVERIFY(!largest.empty());
    const re2::RE2 engine(largest, LazyRegex::options());
    QVERIFY2(engine.ok(), engine.error().c_str());
    QVERIFY(engine.ProgramSize() < 90'000);
}

QTEST_APPLESS_MAIN(TestWords)
#include "tst_words.moc"
