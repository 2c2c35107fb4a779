// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/outcome.h"

#include <algorithm>

namespace coredact::report {

Outcome worst(Outcome one, Outcome other)
{
    return std::max(one, other);
}

bool counts(const ScannedDump& dump, const Finding& finding)
{
    return !dump.known.contains(finding.id)
        && dump.triage.decisionFor(finding.id).verdict != Verdict::Keep;
}

std::uint64_t countedFindings(const ScannedDump& dump)
{
    return static_cast<std::uint64_t>(
        std::count_if(dump.findings.begin(), dump.findings.end(),
                      [&](const Finding& finding) { return counts(dump, finding); }));
}

Outcome outcomeOf(const ScannedDump& dump)
{
    if (!dump.incomplete.empty() || dump.scannedBytes < dump.dump.size)
        return Outcome::Incomplete;
    return countedFindings(dump) > 0 ? Outcome::Findings : Outcome::Clean;
}

Outcome outcomeOf(const Report& report)
{
    Outcome outcome = Outcome::Clean;
    for (const ScannedDump& dump : report.dumps)
        outcome = worst(outcome, outcomeOf(dump));
    for (const SkippedFile& file : report.skipped) {
        if (file.failed)
            outcome = worst(outcome, Outcome::Failed);
    }
    return outcome;
}

std::string_view toText(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Clean:
        return "no findings at or above the threshold";
    case Outcome::Findings:
        return "findings at or above the threshold";
    case Outcome::Failed:
        return "a file could not be scanned";
    case Outcome::Incomplete:
        return "the scan is incomplete";
    case Outcome::Unverified:
        return "verification failed, no copy was written";
    }
    return "";
}

} // namespace coredact::report
