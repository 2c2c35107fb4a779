// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ruleset.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace coredact::cli {

/// The rules that somebody asks for on the command line.
struct RuleChoice {
    std::vector<std::string> more; ///< --rules: files beside the built-in rules
    std::vector<std::string> only; ///< --only-rules: files instead of them
    std::vector<std::string> disabled; ///< --disable: ids
};

void addRuleOptions(CLI::App& command, RuleChoice& choice);

/// The files as text, and how to load them.
struct ChosenRules {
    std::vector<RuleFile> files;
    RuleSetOptions options;
};
Result<ChosenRules> readRules(const RuleChoice& choice);

} // namespace coredact::cli
