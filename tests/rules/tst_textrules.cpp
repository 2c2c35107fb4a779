// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulecheck.h"
#include "scanner/rules/rulefile.h"
#include "tests/rules/textscan.h"

#include <QtTest>

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

} // namespace

/// The family test of the text rules: each default rule and each of its examples.
class TestTextRules : public QObject {
    Q_OBJECT

private slots:
    void defaultFilesHaveNoProblems();
    void examplesAreFoundAtEveryPlaceOfAWindowEdge();
    void examplesAreFoundBetweenBinaryBytes();

private:
    const RuleSet m_rules = defaultRules();
    const std::vector<TextRule> m_textRules = defaultTextRules();
};

void TestTextRules::defaultFilesHaveNoProblems()
{
    for (const RuleFile& file : RuleSet::defaultFiles())
        for (const RuleProblem& problem : checkRules(file))
            QFAIL(qPrintable(QString::fromStdString(problem.file + ": " + problem.rule + ": "
                                                    + problem.message)));
    QVERIFY(m_rules.problems().empty());
    QVERIFY(m_textRules.size() >= 2);
}

void TestTextRules::examplesAreFoundAtEveryPlaceOfAWindowEdge()
{
    for (const TextRule& rule : m_textRules) {
        for (std::size_t i = 0; i < rule.examples.size(); ++i) {
            const std::string text
                = std::string(40, '\n') + rule.examples[i] + std::string(40, '\n');
            const auto whole = of(scanText(m_rules, text), rule.info.id);
            QVERIFY2(!whole.empty(), name(rule, i));
            // The first window's end wanders over the text; all further windows are as wide.
            for (std::size_t fresh = 16; fresh < text.size(); ++fresh)
                QVERIFY2(of(scanText(m_rules, text, {fresh, 512, 1U << 16}), rule.info.id) == whole,
                         name(rule, i));
        }
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

QTEST_APPLESS_MAIN(TestTextRules)
#include "tst_textrules.moc"
