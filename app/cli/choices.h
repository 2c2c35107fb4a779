// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/dumpscan.h"

#include <CLI/CLI.hpp>

/// Options that several commands have, and the words that they take.
namespace coredact::cli {

/// --min-severity and --min-confidence; the values are words that `severityFrom` and
/// `confidenceFrom` know.
void addThresholds(CLI::App& command, std::string& severity, std::string& confidence);

/// --format text|json|sarif|csv|html and -o FILE.
void addReportOptions(CLI::App& command, std::string& format, std::string& output);
/// --format text|json.
void addTextOrJson(CLI::App& command, std::string& format);

/// --rules and the like, --secrets-from, --jobs, --progress.
void addScanOptions(CLI::App& command, RuleChoice& rules, std::string& secretsFrom, unsigned& jobs,
                    bool& progress);

/// What a copy leaves in place and what it puts over the rest.
struct PolicyChoice {
    std::string fill = "x";
    bool keepValues = false;
    bool strict = false;
    bool roundUp = false;

    PlanPolicy policy() const;
    /// Tells choices apart; "" for the usual one.
    std::string words() const;
};

/// "stack, heap, ...".
std::string classNames();
/// From texts such as "heap=fill"; what is wrong is told with the words that exist.
Result<std::vector<ClassChoice>> classChoicesFrom(const std::vector<std::string>& texts);

/// --fill, --keep-arguments, --strict, --round-up.
void addPolicyOptions(CLI::App& command, PolicyChoice& choice);

/// What those options ask for, files read; without thresholds.
Result<ScanSettings> settingsFrom(const RuleChoice& rules, const std::string& secretsFrom,
                                  unsigned jobs);

/// The report in the format of that name.
std::string reportAs(const std::string& format, const report::Report& report);

} // namespace coredact::cli
