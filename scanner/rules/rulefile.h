// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"
#include "scanner/rules/textrule.h"

#include <vector>

namespace coredact {

/// What a rule file says, with its own allowlists already given to the rules they are for.
struct ParsedRules {
    std::vector<TextRule> rules; ///< those without fatal problems, in the file's order
    std::vector<RuleProblem> problems;
};

/// Reads a rule file: gitleaks' TOML schema and Coredact's own fields. What it asks for and
/// Coredact cannot do becomes a problem. Regular expressions are not compiled here.
ParsedRules parseRules(const RuleFile& file);

/// The largest rule file in bytes, and the most rules in one.
inline constexpr std::size_t largestRuleFile = 4U << 20;
inline constexpr std::size_t mostRules = 5000;

} // namespace coredact
