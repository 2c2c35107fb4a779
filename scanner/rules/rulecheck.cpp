// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/rulecheck.h"

#include "scanner/rules/rulefile.h"

#include <algorithm>
#include <set>

namespace coredact {

namespace {

/// A file of one place: every position is itself.
class PlainMap : public PositionMap {
public:
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override
    {
        return {*FileRange::make(begin, end - begin)};
    }
};

/// Notes which rules found something.
class RuleNames : public MatchSink {
public:
    void add(Match match) override { m_names.insert(match.rule->id); }
    bool contains(const std::string& rule) const { return m_names.contains(rule); }

private:
    std::set<std::string> m_names;
};

bool findsIn(TextScanner& scanner, const std::string& rule, const std::string& text)
{
    RuleNames names;
    const PlainMap map;
    scanner.scan({asBytes(text), 0, text.size(), &map, "raw"}, names);
    return names.contains(rule);
}

void checkTexts(const TextRule& rule, std::vector<RuleProblem>& problems)
{
    const auto complain = [&](std::string message) {
        problems.push_back({rule.file, rule.info.id, std::move(message), false});
    };
    if (rule.info.title.empty() || rule.info.title == rule.info.id)
        complain("the rule has no title");
    if (rule.info.explanation.empty())
        complain("the rule has no explanation");
    if (rule.examples.empty())
        complain("the rule has no examples");
    if (rule.counterExamples.empty())
        complain("the rule has no counterExamples");
}

void checkExamplesOf(const TextRule& rule, TextScanner& scanner, std::vector<RuleProblem>& problems)
{
    const auto complain = [&](std::string_view what, std::size_t index, std::string_view verdict) {
        problems.push_back(
            {rule.file, rule.info.id,
             std::string(what) + " " + std::to_string(index + 1) + " is " + std::string(verdict),
             false});
    };
    for (std::size_t i = 0; i < rule.examples.size(); ++i)
        if (!findsIn(scanner, rule.info.id, rule.examples[i]))
            complain("example", i, "not found");
    for (std::size_t i = 0; i < rule.counterExamples.size(); ++i)
        if (findsIn(scanner, rule.info.id, rule.counterExamples[i]))
            complain("counter-example", i, "found");
}

} // namespace

std::vector<RuleProblem> checkExamples(const RuleFile& file, const RuleSet& rules)
{
    std::vector<RuleProblem> problems;
    const auto scanner = rules.newTextScanner();
    for (const TextRule& rule : parseRules(file).rules)
        if (rules.find(rule.info.id))
            checkExamplesOf(rule, *scanner, problems);
    return problems;
}

std::vector<RuleProblem> checkRules(const RuleFile& file)
{
    RuleSetOptions options;
    options.defaults = false;
    const ParsedRules parsed = parseRules(file);
    const auto rules = RuleSet::load(std::span(&file, 1), options);
    if (!rules) {
        std::vector<RuleProblem> problems = parsed.problems;
        problems.push_back({file.name, "", rules.error().message, true});
        return problems;
    }
    std::vector<RuleProblem> problems = rules->problems();
    for (const TextRule& rule : parsed.rules)
        if (rules->find(rule.info.id))
            checkTexts(rule, problems);
    const std::vector<RuleProblem> examples = checkExamples(file, *rules);
    problems.insert(problems.end(), examples.begin(), examples.end());
    return problems;
}

} // namespace coredact
