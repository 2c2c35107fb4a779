// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/givenvalues.h"
#include "app/cli/progressline.h"
#include "app/cli/ruleoptions.h"
#include "app/cli/stopsignal.h"
#include "scanner/report/report.h"

#include <set>

/// The steps that commands share, each a request to an engine. An engine works on one dump.
namespace coredact::cli {

/// What is around a command while it runs.
struct Surroundings {
    StopSignal& stop;
    ProgressLine& progress;
    std::set<std::string> told = {}; ///< warnings that are given once

    std::function<bool()> stopper() const
    {
        return [this] { return stop.requested(); };
    }
};

struct OpenedDump {
    std::string path; ///< as it was given
    std::unique_ptr<Client> client;
    OpenedFile file;
    protocol::Opened opened;
};

/// Starts an engine and lets it open the dump. Protections that the kernel does not give are told
/// on standard error, once for the program.
Result<OpenedDump> openForWork(const std::string& path, Surroundings& around,
                               Form form = Form::Whole);

/// What a map shows of an opened dump, and what a report begins with.
report::ScannedDump scannedDump(const OpenedDump& dump);

struct ScanSettings {
    ChosenRules rules;
    GivenValues given;
    unsigned threads = 0;
    bool reportOnly = false; ///< no export will follow
    Severity minimumSeverity = Severity::Info;
    Confidence minimumConfidence = Confidence::Possible;
};

struct Scan {
    report::ScannedDump dump;
    std::vector<RuleInfo> rules;
    std::vector<RuleProblem> problems;
    std::string rulesDigest;
    /// Everything that was found; the dump's list has what reaches the thresholds.
    std::vector<Finding> findings;
};

/// Loads the rules into the engine of an opened dump and scans it.
Result<Scan> scanOpened(OpenedDump& dump, const ScanSettings& settings, Surroundings& around);

/// Loads rules into an engine; problems in them are part of the answer.
Result<protocol::RulesLoaded> loadRules(Client& client, const ChosenRules& rules,
                                        Surroundings& around);

/// Leaves out findings below the thresholds and counts them.
void applyThresholds(report::ScannedDump& dump, Severity severity, Confidence confidence);

/// The engine's answer as the type that its request has; an answer of another type is a failure
/// of the engine.
template <typename T> Result<T> answerAs(Result<protocol::Event> answer)
{
    if (!answer)
        return answer.error();
    if (T* wanted = std::get_if<T>(&*answer))
        return std::move(*wanted);
    return Error {ErrorCode::Sandbox, "the engine gave an answer to another question",
                  std::nullopt};
}

} // namespace coredact::cli
