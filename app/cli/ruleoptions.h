// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/packs.h"
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
    std::vector<std::string> packs; ///< --pack: NAME=redact, NAME=show or NAME=off
};

void addRuleOptions(CLI::App& command, RuleChoice& choice);

/// The files as text, and how to load them.
struct ChosenRules {
    std::vector<RuleFile> files;
    RuleSetOptions options;
    PackPolicy packs;
    std::vector<std::string> packsUsed; ///< that were given another use than off
};
Result<ChosenRules> readRules(const RuleChoice& choice);

} // namespace coredact::cli
