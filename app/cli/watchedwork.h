// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/dumpscan.h"
#include "app/cli/watcher.h"
#include "scanner/report/outcome.h"

namespace coredact::cli {

/// What is done with each new dump of a watch.
struct WatchedWork {
    ScanSettings settings;
    std::string redactTo; ///< folder for redacted copies; "" is scan only
    std::string reportTo; ///< folder for reports; "" is beside the dump
    PlanPolicy policy;
    std::shared_ptr<const SigningKey> signer; ///< of the copies' certificates; null signs none
    bool all = false; ///< also files of no known format and no known extension
};

struct WorkDone {
    report::Outcome outcome = report::Outcome::Clean;
    std::string line; ///< one line for the log; escaped
};

/// Scans a file, or redacts it, and writes its report. A file that is no dump is left alone and
/// said to be so. An error is worth another try.
Result<WorkDone> workOn(const WatchedFile& file, const WatchedWork& work, Surroundings& around);

/// Where the report of a dump goes: "<path>.coredact.json", or in `folder` under a name that is
/// made from the file's name and a digest of its whole path.
std::string reportPath(const std::string& path, const std::string& folder);

/// Dump-like: of a known format, or with a name that raw memory images have.
bool looksLikeDump(const std::string& path, const std::string& format);

} // namespace coredact::cli
