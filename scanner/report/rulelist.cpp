// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/rulelist.h"

#include "scanner/report/jsonparts.h"
#include "scanner/report/words.h"

namespace coredact::report {

namespace {

Json ruleJson(const RuleInfo& rule)
{
    return {{"id", rule.id},
            {"title", rule.title},
            {"severity", coredact::toText(rule.severity)},
            {"tags", rule.tags},
            {"explanation", rule.explanation},
            {"remediation", rule.remediation}};
}

} // namespace

std::string rulesToJson(const std::vector<RuleInfo>& rules, const std::string& digest)
{
    Json document {{"schema", "coredact-rules/1"}, {"tool", toolJson(digest)}};
    document["rules"] = Json::array();
    for (const RuleInfo& rule : rules)
        document["rules"].push_back(ruleJson(rule));
    return written(document);
}

std::string rulesToText(const std::vector<RuleInfo>& rules, const std::string& digest)
{
    std::size_t width = 0;
    for (const RuleInfo& rule : rules)
        width = std::max(width, escaped(rule.id).size());
    std::string text;
    for (const RuleInfo& rule : rules) {
        std::string id = escaped(rule.id);
        id.resize(std::max(width, id.size()), ' ');
        std::string severity(coredact::toText(rule.severity));
        severity.resize(std::max<std::size_t>(8, severity.size()), ' ');
        text += std::string(shapeOf(rule.severity)) + " " + severity + "  " + id + "  "
            + escaped(rule.title) + "\n";
    }
    return text + countText(rules.size(), "rule", "rules") + ", " + escaped(digest) + "\n";
}

std::string ruleToJson(const RuleInfo& rule)
{
    return written(ruleJson(rule));
}

std::string ruleToText(const RuleInfo& rule)
{
    std::string text = escaped(rule.title) + "\n  " + escaped(rule.id) + ", "
        + std::string(coredact::toText(rule.severity));
    for (const std::string& tag : rule.tags)
        text += ", " + escaped(tag);
    text += "\n";
    if (!rule.explanation.empty())
        text += "\nWhy it matters\n  " + wrapped(escaped(rule.explanation), 2) + "\n";
    if (!rule.remediation.empty())
        text += "\nWhat to do\n  " + wrapped(escaped(rule.remediation), 2) + "\n";
    return text;
}

std::string ruleProblemsToJson(const std::vector<RuleInfo>& rules,
                               const std::vector<RuleProblem>& problems)
{
    Json document {{"schema", "coredact-rule-check/1"}, {"rules", rules.size()}};
    document["problems"] = Json::array();
    for (const RuleProblem& problem : problems)
        document["problems"].push_back({{"file", problem.file},
                                        {"rule", problem.rule},
                                        {"message", problem.message},
                                        {"fatal", problem.fatal}});
    return written(document);
}

std::string ruleProblemsToText(const std::vector<RuleInfo>& rules,
                               const std::vector<RuleProblem>& problems)
{
    std::string text;
    for (const RuleProblem& problem : problems) {
        text += escaped(problem.file);
        if (!problem.rule.empty())
            text += ", rule " + escaped(problem.rule);
        text += ": " + escaped(problem.message) + (problem.fatal ? " (not used)" : "")
            + "\n";
    }
    return text + countText(rules.size(), "rule", "rules") + " in use, "
        + countText(problems.size(), "problem", "problems") + "\n";
}

} // namespace coredact::report
