// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/choices.h"

#include <array>

namespace coredact::cli {

namespace {

struct Format {
    std::string_view name;
    std::string (*write)(const report::Report&);
};

constexpr std::array formats {
    Format {"text", report::toText},   Format {"json", report::toJson},
    Format {"sarif", report::toSarif}, Format {"csv", report::toCsv},
    Format {"html", report::toHtml},
};

} // namespace

void addThresholds(CLI::App& command, std::string& severity, std::string& confidence)
{
    command
        .add_option("--min-severity", severity,
                    "Leave out what is less grave: critical, high, medium, low, info")
        ->check(
            CLI::IsMember(std::vector<std::string> {"critical", "high", "medium", "low", "info"}));
    command
        .add_option("--min-confidence", confidence,
                    "Leave out what is less sure: verified, likely, possible")
        ->check(CLI::IsMember(std::vector<std::string> {"verified", "likely", "possible"}));
}

void addReportOptions(CLI::App& command, std::string& format, std::string& output)
{
    std::vector<std::string> names;
    for (const Format& each : formats)
        names.emplace_back(each.name);
    command.add_option("--format,-f", format, "text, json, sarif, csv or html")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    command.add_option("--output,-o", output, "Write to this file, whole or not at all, mode 0600")
        ->type_name("FILE");
}

void addTextOrJson(CLI::App& command, std::string& format)
{
    command.add_option("--format,-f", format, "text or json")
        ->check(CLI::IsMember(std::vector<std::string> {"text", "json"}))
        ->capture_default_str();
}

void addScanOptions(CLI::App& command, RuleChoice& rules, std::string& secretsFrom, unsigned& jobs,
                    bool& progress)
{
    addRuleOptions(command, rules);
    command
        .add_option("--secrets-from", secretsFrom, "Exact values to look for as well, one a line")
        ->type_name("FILE");
    command.add_option("--jobs,-j", jobs, "Threads; 0 is one for each processor")
        ->check(CLI::Range(0U, 1024U))
        ->type_name("N");
    command.add_flag("--progress", progress,
                     "Show progress also where standard error is no terminal");
}

PlanPolicy PolicyChoice::policy() const
{
    PlanPolicy policy;
    policy.fill = *fillFrom(fill);
    policy.values = !keepValues;
    policy.unknown = strict;
    policy.roundUp = roundUp;
    return policy;
}

std::string PolicyChoice::words() const
{
    return (fill == "x" ? "" : " fill=" + fill) + (keepValues ? " keep-arguments" : "")
        + (strict ? " strict" : "") + (roundUp ? " round-up" : "");
}

std::string classNames()
{
    std::string names;
    for (const DumpClass kind : dumpClasses())
        names += (names.empty() ? "" : ", ") + std::string(toText(kind));
    return names;
}

Result<std::vector<ClassChoice>> classChoicesFrom(const std::vector<std::string>& texts)
{
    const auto refused = [](std::string message) {
        return Error {ErrorCode::Usage, std::move(message), std::nullopt};
    };
    std::vector<ClassChoice> choices;
    for (const std::string& text : texts) {
        const std::size_t sign = std::min(text.find('='), text.size());
        const std::string name = text.substr(0, sign);
        const auto kind = dumpClassFrom(name);
        if (!kind)
            return refused("--class " + text + ": there is no class \"" + name + "\"; classes are "
                           + classNames());
        const auto use
            = classUseFrom(std::string_view(text).substr(std::min(sign + 1, text.size())));
        if (!use)
            return refused("--class " + text + ": say " + name + "=scan, " + name + "=keep or "
                           + name + "=fill");
        for (const ClassChoice& earlier : choices)
            if (earlier.kind == *kind && earlier.use != *use)
                return refused("--class " + text + ": " + name + " was already to be "
                               + std::string(toText(earlier.use)));
        choices.push_back({*kind, *use});
    }
    return choices;
}

void addPolicyOptions(CLI::App& command, PolicyChoice& choice)
{
    command
        .add_option("--fill", choice.fill,
                    "zero, a5, x or token (a word for each secret; none where it could be guessed)")
        ->check(CLI::IsMember(std::vector<std::string> {"zero", "a5", "x", "token"}))
        ->capture_default_str();
    command.add_flag("--keep-arguments", choice.keepValues,
                     "Leave the values of arguments and environment variables in place, too");
    command.add_flag("--strict", choice.strict,
                     "Also fill notes and streams of unknown kinds and what no part claims");
    command.add_flag("--round-up", choice.roundUp,
                     "Fill up to the end of the allocation or text that holds a secret, so that "
                     "its length does not show");
}

Result<ScanSettings> settingsFrom(const RuleChoice& choice, const std::string& secretsFrom,
                                  unsigned jobs)
{
    ScanSettings settings;
    auto rules = readRules(choice);
    if (!rules)
        return rules.error();
    settings.rules = std::move(*rules);
    if (!secretsFrom.empty()) {
        auto given = GivenValues::fromFile(secretsFrom);
        if (!given)
            return given.error();
        settings.given = std::move(*given);
    }
    settings.threads = jobs;
    return settings;
}

std::string reportAs(const std::string& name, const report::Report& report)
{
    for (const Format& each : formats) {
        if (each.name == name)
            return each.write(report);
    }
    return {};
}

} // namespace coredact::cli
