// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/baseline.h"
#include "app/cli/choices.h"
#include "app/cli/filesunder.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "scanner/report/outcome.h"

#include <CLI/CLI.hpp>

namespace coredact::cli {

namespace {

struct Options {
    std::vector<std::string> paths;
    std::string format = "text";
    std::string output;
    std::string severity = "info";
    std::string confidence = "possible";
    RuleChoice rules;
    std::string baseline;
    std::string secretsFrom;
    unsigned jobs = 0;
    bool progress = false;
};

/// Scans one file into the report; a file that cannot be scanned is said and the others go on.
Status scanInto(report::Report& report, const std::string& path, const ScanSettings& settings,
                const std::optional<Baseline>& baseline, Surroundings& around)
{
    const auto notScanned = [&](const Error& error) -> Status {
        if (error.code == ErrorCode::Cancelled)
            return error;
        report.skipped.push_back({path, errorText(error), true});
        return {};
    };
    auto opened = openForWork(path, around);
    if (!opened)
        return notScanned(opened.error());
    auto scan = scanOpened(*opened, settings, around);
    if (!scan)
        return notScanned(scan.error());
    warnOfRules(around, scan->problems);
    if (baseline)
        baseline->mark(scan->dump);
    report.dumps.push_back(std::move(scan->dump));
    report.rules = std::move(scan->rules);
    report.rulesDigest = std::move(scan->rulesDigest);
    return {};
}

int run(const Options& options, StopSignal& stop)
{
    ProgressLine progress(options.progress ? ProgressMode::Always : ProgressMode::OnTerminal);
    Surroundings around {stop, progress};
    auto settings = settingsFrom(options.rules, options.secretsFrom, options.jobs);
    if (!settings)
        return failed(around, settings.error());
    settings->reportOnly = true;
    settings->minimumSeverity = *severityFrom(options.severity);
    settings->minimumConfidence = *confidenceFrom(options.confidence);
    std::optional<Baseline> baseline;
    if (!options.baseline.empty()) {
        auto read = Baseline::fromFile(options.baseline);
        if (!read)
            return failed(around, read.error());
        baseline = std::move(*read);
    }
    FoundFiles found = filesUnder(options.paths);
    report::Report report;
    report.skipped = std::move(found.skipped);
    report.compared = baseline.has_value();
    for (const std::string& path : found.files) {
        if (const Status scanned = scanInto(report, path, *settings, baseline, around); !scanned)
            return failed(around, scanned.error());
    }
    progress.clear();
    // The text for people says it by itself.
    const bool shown = options.format == "text" && options.output.empty();
    for (const report::SkippedFile& file : report.skipped) {
        if (!shown)
            warn(around, file.path + ": " + file.reason);
    }
    const Status given = giveReport(options.output, reportAs(options.format, report), found.files);
    if (!given)
        return failed(around, given.error());
    return static_cast<int>(report::outcomeOf(report));
}

void addOptions(CLI::App& command, Options& options)
{
    command.add_option("path", options.paths, "Dumps, and folders to look through")
        ->required()
        ->type_name("PATH");
    addReportOptions(command, options.format, options.output);
    addThresholds(command, options.severity, options.confidence);
    command.add_option("--baseline", options.baseline,
                       "Earlier JSON report: what it has is shown as known and not counted")
        ->type_name("FILE");
    addScanOptions(command, options.rules, options.secretsFrom, options.jobs, options.progress);
}

} // namespace

Run addScan(CLI::App& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("scan", "Find the secrets in dumps");
    addOptions(*command, *options);
    command->footer("Every byte of every file is looked at, also where a dump is damaged or unknown.\n"
                    "The report holds places and rules, never a secret.\n\n"
                    "Examples:\n"
                    "  coredact-cli scan core.1234\n"
                    "  coredact-cli scan --format sarif -o dumps.sarif /var/crash\n"
                    "  coredact-cli scan --min-severity high --baseline last.json core.zst\n\n"
                    + std::string(exitCodeHelp));
    return [options](StopSignal& stop) { return run(*options, stop); };
}

} // namespace coredact::cli
