// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"

namespace coredact {

/// Everything that is wrong with a rule file: what its reader and compiler say, rules without
/// title, explanation, remediation or examples, examples that their rule does not find and
/// counter-examples that it does. Empty: the file is good.
std::vector<RuleProblem> checkRules(const RuleFile& file);

/// Examples of the file that their rule does not find, and counter-examples that it does; of the
/// rules that are in use. A file without examples has no such problem.
std::vector<RuleProblem> checkExamples(const RuleFile& file, const RuleSet& rules);

} // namespace coredact
