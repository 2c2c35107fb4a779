// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/report/outcome.h"
#include "scanner/report/rulelist.h"

namespace coredact::cli {

namespace {

struct Options {
    RuleChoice rules;
    std::string format = "text";
    std::string id;
    std::string file;
};

/// The rules as an engine loads them: what a scan would use.
Result<protocol::RulesLoaded> loadedRules(const RuleChoice& choice, Surroundings& around)
{
    const auto rules = readRules(choice);
    if (!rules)
        return rules.error();
    const auto client = Client::start();
    if (!client)
        return client.error();
    return loadRules(**client, *rules, around);
}

int answer(const std::string& text, int code, Surroundings& around)
{
    const Status given = giveReport({}, text, {});
    return given ? code : failed(around, given.error());
}

int list(const Options& options, Surroundings& around)
{
    const auto loaded = loadedRules(options.rules, around);
    if (!loaded)
        return failed(around, loaded.error());
    warnOfRules(around, loaded->problems);
    return answer(options.format == "json" ? report::rulesToJson(loaded->rules, loaded->digest)
                                           : report::rulesToText(loaded->rules, loaded->digest),
                  0, around);
}

int show(const Options& options, Surroundings& around)
{
    const auto loaded = loadedRules(options.rules, around);
    if (!loaded)
        return failed(around, loaded.error());
    for (const RuleInfo& rule : loaded->rules) {
        if (rule.id == options.id)
            return answer(options.format == "json" ? report::ruleToJson(rule)
                                                   : report::ruleToText(rule),
                          0, around);
    }
    return failed(around, {ErrorCode::Usage, "no rule has the id " + options.id, std::nullopt});
}

/// A file of which no rule can be used is refused as a whole, and that is a problem of the file.
bool isFilesFault(const Error& error)
{
    return error.code == ErrorCode::Malformed || error.code == ErrorCode::Unsupported
        || error.code == ErrorCode::TooLarge || error.code == ErrorCode::Usage;
}

/// Problems are findings here: exit code 1.
int check(const Options& options, Surroundings& around)
{
    RuleChoice choice;
    choice.only = {options.file};
    if (const auto readable = readRules(choice); !readable)
        return failed(around, readable.error());
    auto loaded = loadedRules(choice, around);
    if (!loaded && isFilesFault(loaded.error()))
        loaded
            = protocol::RulesLoaded {{}, {{options.file, "", errorText(loaded.error()), true}}, ""};
    if (!loaded)
        return failed(around, loaded.error());
    const auto outcome
        = loaded->problems.empty() ? report::Outcome::Clean : report::Outcome::Findings;
    return answer(options.format == "json"
                      ? report::ruleProblemsToJson(loaded->rules, loaded->problems)
                      : report::ruleProblemsToText(loaded->rules, loaded->problems),
                  static_cast<int>(outcome), around);
}

using Work = int (*)(const Options&, Surroundings&);

CLI::App* addPart(CLI::App& command, Options& options, std::shared_ptr<Work> chosen, Work work,
                  const std::string& name, const std::string& description,
                  const std::string& example)
{
    CLI::App* part = command.add_subcommand(name, description);
    part->footer("Example:\n  coredact-cli rules " + example + "\n\n" + std::string(exitCodeHelp));
    addTextOrJson(*part, options.format);
    part->callback([chosen = std::move(chosen), work] { *chosen = work; });
    return part;
}

} // namespace

Run addRules(CLI::App& program)
{
    auto options = std::make_shared<Options>();
    auto chosen = std::make_shared<Work>(nullptr);
    CLI::App* command = program.add_subcommand("rules", "The rules: list, show one, check a file");
    command->require_subcommand(1);

    addRuleOptions(*addPart(*command, *options, chosen, list, "list", "The rules in use",
                            "list --rules .gitleaks.toml"),
                   options->rules);
    CLI::App* showing
        = addPart(*command, *options, chosen, show, "show",
                  "What a rule finds, why it matters, what to do", "show pem-private-key");
    showing->add_option("id", options->id, "The rule's id")->required()->type_name("ID");
    addRuleOptions(*showing, options->rules);
    CLI::App* checking
        = addPart(*command, *options, chosen, check, "check",
                  "What is wrong with a rule file, or cannot be done", "check .gitleaks.toml");
    checking->add_option("file", options->file, "Rule file (TOML)")->required()->type_name("FILE");

    command->footer("Examples:\n"
                    "  coredact-cli rules list\n"
                    "  coredact-cli rules show pem-private-key\n"
                    "  coredact-cli rules check .gitleaks.toml\n\n"
                    "Exit code 1 of check: the file has problems.\n\n"
                    + std::string(exitCodeHelp));
    return [options, chosen](StopSignal& stop) {
        ProgressLine progress(ProgressMode::OnTerminal);
        Surroundings around {stop, progress};
        return (*chosen)(*options, around);
    };
}

} // namespace coredact::cli
