// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/protocol.h"
#include "scanner/client/client.h"

#include <set>
#include <string>
#include <vector>

namespace coredact::report {

/// What was found in one file.
struct ScannedDump {
    std::string path;
    Dump dump;
    std::vector<std::string> containers;
    std::vector<Finding> findings;
    std::uint64_t scannedBytes = 0;
    std::vector<IncompleteRange> incomplete;
    Triage triage; ///< for suppressions; empty where nobody decided
    std::set<std::string, std::less<>> known; ///< ids of findings that the baseline has too
    std::uint64_t belowThreshold = 0; ///< findings left out because of the thresholds
};

/// A file that was given or found and not scanned.
struct SkippedFile {
    std::string path;
    std::string reason;
    bool failed = false; ///< it should have been scanned: an error, not a socket or the like
};

struct Report {
    std::string rulesDigest;
    std::vector<RuleInfo> rules;
    std::vector<ScannedDump> dumps;
    std::vector<SkippedFile> skipped;
    bool compared = false; ///< to a baseline: findings are known or new
};

/// The formats of the command line; each is deterministic for the same input, ends with a line
/// end, and holds no byte of memory: the types above hold none. JSON and SARIF are ASCII.
std::string toJson(const Report& report); ///< coredact-scan/1
std::string toSarif(const Report& report); ///< SARIF 2.1.0
std::string toCsv(const Report& report);
std::string toText(const Report& report); ///< for people
std::string toHtml(const Report& report); ///< one file, no script, no outside references

std::string mapToJson(const ScannedDump& dump); ///< coredact-map/1
std::string mapToText(const ScannedDump& dump);

/// What a redaction did; the report holds the one dump that was redacted, with its triage.
std::string handOverToJson(const HandedOver& result, const Report& report);
std::string handOverToText(const HandedOver& result, const Report& report);
/// `promised`: what the certificate promises, shown only where every check passed.
std::string verificationToJson(const VerificationReport& report, const std::string& promised = {});
std::string verificationToText(const VerificationReport& report, const std::string& promised = {});

/// Text of a dump made safe for a terminal, a label or a report: control, bidirectional and
/// invalid characters escaped.
std::string escaped(std::string_view text);

} // namespace coredact::report
