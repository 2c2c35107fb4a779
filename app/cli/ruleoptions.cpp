// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ruleoptions.h"

#include "app/cli/reportfile.h"

#include <CLI/CLI.hpp>

namespace coredact::cli {

void addRuleOptions(CLI::App& command, RuleChoice& choice)
{
    auto* more = command.add_option("--rules", choice.more,
                                    "Rule file (TOML, gitleaks' schema) beside the built-in rules; "
                                    "may be repeated");
    more->type_name("FILE")->expected(1)->take_all();
    auto* only = command.add_option("--only-rules", choice.only,
                                    "Rule file instead of the built-in rules and detectors");
    only->type_name("FILE")->expected(1)->take_all();
    auto* disabled = command.add_option("--disable", choice.disabled,
                                        "Leave out the rule of this id; may be repeated");
    disabled->type_name("ID")->expected(1)->take_all();
    auto* packs = command.add_option("--pack", choice.packs,
                                     "What becomes of a pack of rules: NAME=redact, NAME=show "
                                     "(reported, left in place) or NAME=off; may be repeated. "
                                     "Packs: secrets, wallets, personal-data (show, unless given)");
    packs->type_name("NAME=USE")->expected(1)->take_all();
}

Result<ChosenRules> readRules(const RuleChoice& choice)
{
    ChosenRules chosen;
    chosen.options.defaults = choice.only.empty();
    chosen.options.disabled = choice.disabled;
    for (const std::string& assignment : choice.packs) {
        if (const Status taken = chosen.packs.take(assignment); !taken)
            return taken.error();
        if (const std::string pack = assignment.substr(0, assignment.find('='));
            chosen.packs.useOf(pack) != PackUse::Off)
            chosen.packsUsed.push_back(pack);
    }
    chosen.options.packsOff = chosen.packs.packsWith(PackUse::Off);
    for (const auto* list : {&choice.only, &choice.more}) {
        for (const std::string& path : *list) {
            auto text = readText(path, "the rule file", 16U << 20);
            if (!text)
                return text.error();
            chosen.files.push_back({path, std::move(*text)});
        }
    }
    return chosen;
}

} // namespace coredact::cli
