// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulecheck.h"
#include "scanner/rules/rulefile.h"
#include "tests/rules/textscan.h"

#include <QtTest>

#include <set>

using namespace coredact;
using namespace coredact::test;

namespace {

/// All default text rules with their examples.
std::vector<TextRule> defaultTextRules()
{
    std::vector<TextRule> rules;
    for (const RuleFile& file : RuleSet::defaultFiles())
        for (TextRule& rule : parseRules(file).rules)
            rules.push_back(std::move(rule));
    return rules;
}

RuleSet defaultRules() { return *RuleSet::load({}, {}); }

/// Only the places of one rule.
std::vector<Found> of(const std::vector<Found>& found, const std::string& rule)
{
    std::vector<Found> some;
    for (const Found& one : found)
        if (one.rule == rule)
            some.push_back(one);
    return some;
}

QByteArray name(const TextRule& rule, std::size_t example)
{
    return QByteArray::fromStdString(rule.info.id) + " example " + QByteArray::number(example + 1);
}

/// Bytes from one cut to the next: all of them, or some where a sanitizer makes each take long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t betweenCuts = 7;
#else
constexpr std::size_t betweenCuts = 1;
#endif

/// Whether an example is found alike wherever windows are cut.
bool foundAtEveryPlace(const RuleSet& rules, const TextRule& rule, const std::string& example)
{
    const std::string text = std::string(40, '\n') + example + std::string(40, '\n');
    const auto whole = of(scanText(rules, text), rule.info.id);
    if (whole.empty())
        return false;
    for (std::size_t first = 1; first < text.size(); first += betweenCuts)
        if (of(scanText(rules, text, {1U << 20, 512, 1U << 16, first}), rule.info.id) != whole)
            return false;
    for (const std::size_t fresh : {7U, 16U, 61U})
        if (of(scanText(rules, text, {fresh, 512, 1U << 16, 0}), rule.info.id) != whole)
            return false;
    return true;
}

} // namespace

/// The family test of the text rules: each default rule and each of its examples.
class TestTextRules : public QObject {
    Q_OBJECT

private slots:
    void defaultFilesHaveNoProblems();
    void examplesAreFoundAtEveryPlaceOfAWindowEdge();
    void examplesAreFoundBetweenBinaryBytes();
    void counterExamplesAreNotFoundBetweenBinaryBytes();
    void checksumsProveAndOneWrongLetterDoesNot();

private:
    const RuleSet m_rules = defaultRules();
    const std::vector<TextRule> m_textRules = defaultTextRules();
};

void TestTextRules::defaultFilesHaveNoProblems()
{
    QStringList problems;
    for (const RuleFile& file : RuleSet::defaultFiles())
        for (const RuleProblem& problem : checkRules(file))
            problems += QString::fromStdString(problem.file + ": " + problem.rule + ": "
                                               + problem.message);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
    QVERIFY(m_rules.problems().empty());
    QVERIFY(m_textRules.size() >= 250);
}

/// Each file by itself: what other files' rules find does not matter here, and costs time.
void TestTextRules::examplesAreFoundAtEveryPlaceOfAWindowEdge()
{
    for (const RuleFile& file : RuleSet::defaultFiles()) {
        RuleSetOptions alone;
        alone.defaults = false;
        const RuleSet rules = *RuleSet::load(std::span(&file, 1), alone);
        for (const TextRule& rule : parseRules(file).rules)
            for (std::size_t i = 0; i < rule.examples.size(); ++i)
                QVERIFY2(foundAtEveryPlace(rules, rule, rule.examples[i]), name(rule, i));
    }
}

void TestTextRules::examplesAreFoundBetweenBinaryBytes()
{
    const std::string before("\x01\x02\x00", 3);
    for (const TextRule& rule : m_textRules) {
        for (std::size_t i = 0; i < rule.examples.size(); ++i) {
            const auto plain = of(scanText(m_rules, "\n" + rule.examples[i] + "\n"), rule.info.id);
            QVERIFY2(!plain.empty(), name(rule, i));
            for (const std::string& after :
                 {std::string(1, '\0'), std::string("\x80\xff"), std::string("\x01")}) {
                const auto found
                    = of(scanText(m_rules, before + rule.examples[i] + after), rule.info.id);
                QVERIFY2(found.size() == plain.size(), name(rule, i));
                for (std::size_t k = 0; k < found.size(); ++k) {
                    QCOMPARE(found[k].begin, plain[k].begin + before.size() - 1);
                    QCOMPARE(found[k].end, plain[k].end + before.size() - 1);
                }
            }
        }
    }
}

void TestTextRules::counterExamplesAreNotFoundBetweenBinaryBytes()
{
    for (const TextRule& rule : m_textRules)
        for (std::size_t i = 0; i < rule.counterExamples.size(); ++i)
            QVERIFY2(of(scanText(m_rules,
                                 std::string("\x01\x00", 2) + rule.counterExamples[i]
                                     + std::string("\x00\x02", 2)),
                        rule.info.id)
                         .empty(),
                     name(rule, i));
}

/// The examples' checksums were made by other code than the validators.
void TestTextRules::checksumsProveAndOneWrongLetterDoesNot()
{
    const std::set<std::string> proven {"github-token",
                                        "github-fine-grained-token",
                                        "npm-token",
                                        "gitlab-routable-token",
                                        "atlassian-token",
                                        "azure-devops-token",
                                        "grafana-service-account-token",
                                        "azure-key-64",
                                        "azure-key-32",
                                        "azure-key-39",
                                        "azure-function-key",
                                        "azure-common-annotated-key",
                                        "azure-client-secret"};
    std::size_t seen = 0;
    for (const TextRule& rule : m_textRules) {
        if (!proven.contains(rule.info.id))
            continue;
        ++seen;
        const std::string& text = rule.examples.front();
        const auto found = of(scanText(m_rules, text), rule.info.id);
        QCOMPARE(found.size(), 1);
        QVERIFY2(found[0].confidence == Confidence::Verified, name(rule, 0));
        // The first letter of the secret part is of its random bytes.
        std::string wrong = text;
        const std::size_t at = found[0].begin + 1;
        wrong[at] = wrong[at] == 'k' ? 'm' : 'k';
        const auto weak = of(scanText(m_rules, wrong), rule.info.id);
        if (rule.info.id == "azure-devops-token") {
            QVERIFY(weak.empty()); // without the checksum nothing speaks for it
            continue;
        }
        QCOMPARE(weak.size(), 1);
        QVERIFY2(weak[0].confidence != Confidence::Verified, name(rule, 0));
    }
    QCOMPARE(seen, proven.size());
}

QTEST_APPLESS_MAIN(TestTextRules)
#include "tst_textrules.moc"
