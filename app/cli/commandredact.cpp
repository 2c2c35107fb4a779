// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/keyfile.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"
#include "app/cli/verdictchoice.h"
#include "scanner/client/copyname.h"
#include "scanner/client/exporthistory.h"
#include "scanner/report/outcome.h"

#include <filesystem>

namespace coredact::cli {

namespace {

struct Options {
    std::string input;
    std::string output;
    std::string mode = "redact";
    std::vector<std::string> classes;
    VerdictChoice verdicts;
    PolicyChoice policy;
    std::string certificate;
    std::string privateRecord;
    std::string signKey;
    std::string format = "text";
    RuleChoice rules;
    std::string secretsFrom;
    unsigned jobs = 0;
    bool progress = false;
};

Result<std::optional<std::vector<ClassChoice>>> classesFrom(const Options& options)
{
    if (options.mode != "custom") {
        if (!options.classes.empty())
            return Error {ErrorCode::Usage, "--class needs --mode custom", std::nullopt};
        return std::optional<std::vector<ClassChoice>>();
    }
    auto choices = classChoicesFrom(options.classes);
    if (!choices)
        return choices.error();
    return std::optional(std::move(*choices));
}

/// What a debugger loses by the choices, before the work.
void warnOfClasses(const std::optional<std::vector<ClassChoice>>& classes, const Dump& dump,
                   Surroundings& around)
{
    for (const ClassChoice& choice : classes.value_or(std::vector<ClassChoice>()))
        if (const std::string_view cost = costOfFilling(choice.kind, dump);
            choice.use == ClassUse::Fill && !cost.empty())
            warnOnce(around, std::string(cost));
}

/// All of it but the decisions, which need a scan.
HandOver handOverFrom(const Options& options, const ScanSettings& settings)
{
    HandOver handOver;
    handOver.certificate = options.certificate;
    handOver.privateRecord = options.privateRecord;
    handOver.policy = options.policy.policy();
    handOver.form = options.mode == "minimise" ? Form::Minimised : Form::Whole;
    handOver.historyFolder = ExportHistory::standardFolder();
    handOver.threads = settings.threads;
    handOver.ruleFiles = settings.rules.files;
    handOver.ruleOptions = settings.rules.options;
    handOver.packs = settings.rules.packs;
    return handOver;
}

int outcome(const HandedOver& handed, const report::ScannedDump& dump)
{
    if (!handed.published)
        return static_cast<int>(report::Outcome::Unverified);
    const bool complete = dump.incomplete.empty() && dump.scannedBytes >= dump.dump.size;
    return static_cast<int>(complete ? report::Outcome::Clean : report::Outcome::Incomplete);
}

int tellHandedOver(const Options& options, const HandedOver& handed, Scan scan,
                   Surroundings& around)
{
    around.progress.clear();
    if (handed.earlierPolicies != 0)
        warn(around, earlierExportWarning(handed.earlierPolicies));
    report::Report report;
    report.rulesDigest = scan.rulesDigest;
    report.rules = std::move(scan.rules);
    report.dumps.push_back(std::move(scan.dump));
    const Status given
        = giveReport({},
                     options.format == "json" ? report::handOverToJson(handed, report)
                                              : report::handOverToText(handed, report),
                     {});
    if (!given)
        return failed(around, given.error());
    return outcome(handed, report.dumps.front());
}

int redactOpened(const Options& options, const ScanSettings& settings, OpenedDump& opened,
                 HandOver how, Surroundings& around)
{
    if (const Status possible = canHandOver(opened.file, how); !possible)
        return failed(around, possible.error());
    auto scan = scanOpened(opened, settings, around);
    if (!scan)
        return failed(around, scan.error());
    warnOfRules(around, scan->problems);
    auto triage = triageOf(options.verdicts, *scan, settings.rules.packs, around);
    if (!triage)
        return failed(around, triage.error());
    scan->dump.triage = *triage;
    how.triage = std::move(*triage);
    how.kept = std::move(opened.opened.kept);
    const auto handed = handOver(*opened.client, opened.file, scan->findings, how,
                                 around.progress.handler(), around.stopper());
    if (!handed)
        return failed(around, handed.error());
    return tellHandedOver(options, *handed, std::move(*scan), around);
}

int redact(const Options& options, const ScanSettings& settings, Surroundings& around)
{
    HandOver how = handOverFrom(options, settings);
    auto classes = classesFrom(options);
    if (!classes)
        return failed(around, classes.error());
    how.policy.classes = std::move(*classes);
    auto signer = signerFrom(options.signKey); // before the work: a wrong key is told at once
    if (!signer)
        return failed(around, signer.error());
    how.signer = std::move(*signer);
    auto opened = openForWork(options.input, around, how.form);
    if (!opened)
        return failed(around, opened.error());
    warnOfClasses(how.policy.classes, opened->opened.dump, around);
    how.target = options.output;
    if (std::error_code error; std::filesystem::is_directory(how.target, error))
        how.target += "/" + copyName(opened->opened.dump.format, opened->opened.containers);
    return redactOpened(options, settings, *opened, std::move(how), around);
}

int run(const Options& options, StopSignal& stop)
{
    ProgressLine progress(options.progress ? ProgressMode::Always : ProgressMode::OnTerminal);
    Surroundings around {stop, progress};
    auto settings = settingsFrom(options.rules, options.secretsFrom, options.jobs);
    if (!settings)
        return failed(around, settings.error());
    return redact(options, *settings, around);
}

void addOptions(CLI::App& command, Options& options)
{
    command.add_option("in", options.input, "The dump; it is opened read-only")
        ->required()
        ->type_name("IN");
    command
        .add_option("--output,-o", options.output,
                    "The copy; must not exist. In a folder it gets a name that tells nothing")
        ->required()
        ->type_name("OUT");
    command
        .add_option("--mode", options.mode,
                    "redact: all but the secrets stays; minimise: only what backtraces need stays; "
                    "custom: as --class says")
        ->check(CLI::IsMember(std::vector<std::string> {"redact", "minimise", "custom"}))
        ->capture_default_str();
    command
        .add_option("--class", options.classes,
                    "With --mode custom, what becomes of a class of bytes: scan (as redact does), "
                    "keep (secrets included) or fill (all of it); may be repeated. Classes: "
                        + classNames())
        ->type_name("CLASS=CHOICE")
        ->expected(1)
        ->take_all();
    command
        .add_option("--verdicts", options.verdicts.file,
                    "Session, or JSON report with \"verdict\" added to findings")
        ->type_name("FILE");
    auto* keep = command.add_option("--keep", options.verdicts.keep,
                                    "Leave this finding (f3) or rule in place; may be repeated");
    keep->type_name("ID")->expected(1)->take_all();
    addPolicyOptions(command, options.policy);
    command
        .add_option("--certificate", options.certificate,
                    "Where the certificate goes; else OUT.coredact.json")
        ->type_name("FILE");
    command
        .add_option("--private-record", options.privateRecord,
                    "Also write the record that stays with the owner")
        ->type_name("FILE");
    command
        .add_option("--sign", options.signKey,
                    "Sign the certificate with this key of coredact-cli keygen")
        ->type_name("KEY");
    addTextOrJson(command, options.format);
    addScanOptions(command, options.rules, options.secretsFrom, options.jobs, options.progress);
}

} // namespace

Run addRedact(CLI::App& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* command
        = program.add_subcommand("redact", "Write a verified copy without the secrets");
    addOptions(*command, *options);
    command->footer(
        "What nobody decided on is redacted: only --keep and the verdict \"keep\" leave a\n"
        "secret in place, and packs of rules that are shown what they find (personal-data,\n"
        "unless --pack says otherwise); the certificate tells of both. Filled as well are vector\n"
        "registers, the process's random seed and, unless --keep-arguments is given, the values\n"
        "of arguments and environment variables; none of these in classes that --class keeps.\n"
        "The copy gets its name after a second, independent engine has checked every byte of it;\n"
        "otherwise no file appears.\n\n"
        "Examples:\n"
        "  coredact-cli redact core.1234 -o for-vendor.core\n"
        "  coredact-cli redact core.zst -o outbox/ --keep f3 --private-record core.record\n"
        "  coredact-cli redact core --verdicts reviewed.json -o copy.core\n"
        "  coredact-cli redact core --sign team.key -o copy.core\n"
        "  coredact-cli redact core --mode minimise -o small.core\n"
        "  coredact-cli redact core --mode custom --class heap=fill --class code=keep -o c.core\n\n"
        + std::string(exitCodeHelp));
    return [options](StopSignal& stop) { return run(*options, stop); };
}

} // namespace coredact::cli
