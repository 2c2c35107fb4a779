// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/report.h"

namespace coredact::report {

/// What a run says to the program that started it; the numbers are the exit codes.
/// The higher one wins where several are true: an incomplete scan says so even if it found
/// something, since its list of findings is not to be relied on.
enum class Outcome {
    Clean = 0, ///< nothing found, or done and verified
    Findings = 1,
    Failed = 2, ///< usage or I/O
    Incomplete = 3, ///< something could not be read or decoded
    Unverified = 4, ///< verification failed, no copy was written
};

Outcome worst(Outcome one, Outcome other);

/// Findings that are not kept on purpose and not in the baseline.
bool counts(const ScannedDump& dump, const Finding& finding);
std::uint64_t countedFindings(const ScannedDump& dump);

Outcome outcomeOf(const ScannedDump& dump);
Outcome outcomeOf(const Report& report);

/// "findings at or above the threshold", for SARIF and for logs.
std::string_view toText(Outcome outcome);

} // namespace coredact::report
