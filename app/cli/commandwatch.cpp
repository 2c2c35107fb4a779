// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/choices.h"
#include "app/cli/keyfile.h"
#include "app/cli/messages.h"
#include "app/cli/watch.h"

#include <filesystem>

namespace coredact::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> folders;
    std::string redactTo;
    std::string reportTo;
    std::string state;
    bool once = false;
    bool all = false;
    double settle = 2;
    double poll = 30;
    std::string severity = "info";
    std::string confidence = "possible";
    PolicyChoice policy;
    std::string signKey;
    RuleChoice rules;
    std::string secretsFrom;
    unsigned jobs = 0;
    bool progress = false;
};

std::string canonical(const std::string& path)
{
    std::error_code error;
    const fs::path whole = fs::canonical(path, error);
    return error ? path : whole.string();
}

bool isInside(const std::string& path, const std::string& folder)
{
    return folder == "/" || path == folder || path.starts_with(folder + "/");
}

/// Makes all folders whole paths. The copies must not be found by the watch that made them.
Status settleFolders(Options& options)
{
    std::vector<std::string*> all {&options.redactTo, &options.reportTo};
    for (std::string& folder : options.folders)
        all.push_back(&folder);
    for (std::string* folder : all) {
        std::error_code error;
        if (folder->empty())
            continue;
        if (!fs::is_directory(*folder, error))
            return Error {ErrorCode::Usage, *folder + " is no folder", std::nullopt};
        *folder = canonical(*folder);
    }
    for (const std::string& folder : options.folders) {
        if (!options.redactTo.empty() && isInside(folder, options.redactTo))
            return Error {ErrorCode::Usage,
                          "--redact-to must not be the watched folder " + folder
                              + " nor hold it; a folder inside it will do",
                          std::nullopt};
    }
    return {};
}

Result<WatchedWork> workFrom(const Options& options)
{
    WatchedWork work;
    auto settings = settingsFrom(options.rules, options.secretsFrom, options.jobs);
    if (!settings)
        return settings.error();
    work.settings = std::move(*settings);
    work.settings.minimumSeverity = *severityFrom(options.severity);
    work.settings.minimumConfidence = *confidenceFrom(options.confidence);
    work.settings.reportOnly = options.redactTo.empty();
    work.redactTo = options.redactTo;
    work.reportTo = options.reportTo;
    work.policy = options.policy.policy();
    if (!options.signKey.empty() && options.redactTo.empty())
        return Error {ErrorCode::Usage, "--sign is for copies: give --redact-to", std::nullopt};
    auto signer = signerFrom(options.signKey);
    if (!signer)
        return signer.error();
    work.signer = std::move(*signer);
    work.all = options.all;
    return work;
}

/// How many values are looked for, and of which file; not the values, since the state is kept.
std::string givenPurpose(std::size_t count, const std::string& file)
{
    std::string purpose = std::to_string(count);
    if (const auto identity = file.empty() ? std::nullopt : identityOf(canonical(file)))
        for (const auto part : {static_cast<std::int64_t>(identity->size),
                                identity->modifiedSeconds, identity->modifiedNanoseconds})
            purpose += " " + std::to_string(part);
    return purpose;
}

/// What the work depends on: a change makes every file new.
Result<std::string> purposeOf(const WatchedWork& work, const Options& options, Surroundings& around)
{
    const auto client = Client::start();
    if (!client)
        return client.error();
    const auto rules = loadRules(**client, work.settings.rules, around);
    if (!rules)
        return rules.error();
    warnOfRules(around, rules->problems);
    return rules->digest + (work.redactTo.empty() ? " scan" : " redact" + options.policy.words())
        + (work.signer ? " signed by " + work.signer->publicKey().fingerprint() : "")
        + (work.all ? " all" : "") + " " + work.settings.rules.packs.text() + " "
        + givenPurpose(work.settings.given.texts().size(), options.secretsFrom);
}

Result<std::shared_ptr<WatchState>> stateFor(const Options& options, const std::string& purpose)
{
    const std::string path
        = options.state.empty() ? defaultStatePath(options.folders) : options.state;
    if (path.empty())
        return Error {ErrorCode::Usage, "no place for the state: give --state FILE", std::nullopt};
    auto state = WatchState::open(path, purpose);
    if (!state)
        return state.error();
    return std::make_shared<WatchState>(std::move(*state));
}

WatcherOptions watcherOptions(const Options& options)
{
    const auto milliseconds = [](double seconds) {
        return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    };
    WatcherOptions watching;
    watching.folders = options.folders;
    for (const std::string& folder : {options.redactTo, options.reportTo}) {
        // Reports in a watched folder are known by their names.
        if (!folder.empty()
            && std::find(options.folders.begin(), options.folders.end(), folder)
                == options.folders.end())
            watching.excluded.push_back(folder);
    }
    watching.quiet = milliseconds(options.settle);
    watching.poll = milliseconds(options.poll);
    return watching;
}

int run(Options options, StopSignal& stop)
{
    ProgressLine progress(options.progress ? ProgressMode::Always : ProgressMode::Never);
    Surroundings around {stop, progress};
    if (const Status folders = settleFolders(options); !folders)
        return failed(around, folders.error());
    const auto work = workFrom(options);
    if (!work)
        return failed(around, work.error());
    const auto purpose = purposeOf(*work, options, around);
    if (!purpose)
        return failed(around, purpose.error());
    const auto state = stateFor(options, *purpose);
    if (!state)
        return failed(around, state.error());
    const WatcherOptions watching = watcherOptions(options);
    auto watcher = Watcher::start(
        watching, [state = *state](const FileIdentity& file) { return state->done(file); });
    if (!watcher)
        return failed(around, watcher.error());
    Watch watch(std::move(*watcher), *state, *work, around);
    return options.once ? watch.once(3 * watching.quiet) : watch.forever();
}

void addOptions(CLI::App& command, Options& options)
{
    command.add_option("folder", options.folders, "Folders, with all folders in them")
        ->required()
        ->type_name("DIR");
    command.add_flag("--once", options.once,
                     "Work on what is there and end with the worst exit code; for timers");
    command
        .add_option("--redact-to", options.redactTo,
                    "Write a verified redacted copy of each dump into this folder")
        ->type_name("DIR");
    command
        .add_option("--sign", options.signKey,
                    "Sign the copies' certificates with this key of coredact-cli keygen")
        ->type_name("KEY");
    command
        .add_option("--report-to", options.reportTo,
                    "Write reports into this folder; else beside each dump")
        ->type_name("DIR");
    command
        .add_option("--state", options.state,
                    "Where is kept what was done; else in the user's state folder")
        ->type_name("FILE");
    command.add_flag("--all", options.all, "Also files that do not look like dumps");
    command.add_option("--settle", options.settle, "How long a file must stay as it is")
        ->check(CLI::Range(0.05, 3600.0))
        ->type_name("SECONDS")
        ->capture_default_str();
    command
        .add_option("--poll", options.poll,
                    "How often folders are looked through for what no event told")
        ->check(CLI::Range(0.1, 86400.0))
        ->type_name("SECONDS")
        ->capture_default_str();
    addPolicyOptions(command, options.policy);
    addThresholds(command, options.severity, options.confidence);
    addScanOptions(command, options.rules, options.secretsFrom, options.jobs, options.progress);
}

} // namespace

Run addWatch(CLI::App& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("watch", "Scan or redact each new dump in folders");
    addOptions(*command, *options);
    command->footer(
        "A dump is worked on once, when its writer has closed it or it was renamed into place;\n"
        "its report is DUMP.coredact.json. A restart does nothing twice. What cannot be\n"
        "scanned is tried three times. SIGTERM ends the watch with exit code 0. With --once, a\n"
        "dump that is still being written is left for the next time, and the exit code is 3.\n\n"
        "Examples:\n"
        "  coredact-cli watch /var/lib/systemd/coredump --report-to /srv/reports\n"
        "  coredact-cli watch inbox --redact-to outbox --sign team.key\n"
        "  coredact-cli watch --once inbox        (from a timer)\n\n"
        + std::string(exitCodeHelp));
    return [options](StopSignal& stop) { return run(*options, stop); };
}

} // namespace coredact::cli
