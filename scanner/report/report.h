// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/protocol.h"
#include "scanner/client/client.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>

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
};

struct Report {
    std::string rulesDigest;
    std::vector<RuleInfo> rules;
    std::vector<ScannedDump> dumps;
};

/// The formats of the command line; each is deterministic for the same input.
std::string toJson(const Report& report); ///< coredact-scan/1
std::string toSarif(const Report& report); ///< SARIF 2.1.0
std::string toCsv(const Report& report);
std::string toText(const Report& report); ///< for people
std::string toHtml(const Report& report); ///< one file, no script, no outside references

std::string mapToJson(const ScannedDump& dump); ///< coredact-map/1
std::string mapToText(const ScannedDump& dump);

std::string handOverToJson(const HandedOver& result, const Report& report);
std::string handOverToText(const HandedOver& result, const Report& report);
std::string verificationToJson(const VerificationReport& report);
std::string verificationToText(const VerificationReport& report);

/// Text of a dump made safe for a terminal, a label or a report: control, bidirectional and
/// invalid characters escaped.
std::string escaped(std::string_view text);

} // namespace coredact::report
