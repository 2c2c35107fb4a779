// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"

#include <string>
#include <vector>

namespace coredact::report {

/// The rules in use; JSON is coredact-rules/1.
std::string rulesToJson(const std::vector<RuleInfo>& rules, const std::string& digest);
std::string rulesToText(const std::vector<RuleInfo>& rules, const std::string& digest);

/// One rule with its explanation and what to do.
std::string ruleToJson(const RuleInfo& rule);
std::string ruleToText(const RuleInfo& rule);

/// What is wrong with the rule files that `rules` were loaded from.
std::string ruleProblemsToJson(const std::vector<RuleInfo>& rules,
                               const std::vector<RuleProblem>& problems);
std::string ruleProblemsToText(const std::vector<RuleInfo>& rules,
                               const std::vector<RuleProblem>& problems);

} // namespace coredact::report
