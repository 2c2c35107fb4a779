// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/report/report.h"

#include <nlohmann/json.hpp>

/// Objects that several of the JSON documents share; members keep the order they are given in.
namespace coredact::report {

using Json = nlohmann::ordered_json;

Json toolJson(const std::string& rulesDigest); ///< without a ruleset where that is ""
Json processJson(const Process& process);
Json incompleteJson(const std::vector<IncompleteRange>& incomplete);
Json diagnosticsJson(const Dump& dump);
Json verificationJson(const VerificationReport& report);

/// Two spaces, ASCII, a line end; bytes that are no UTF-8 become U+FFFD.
std::string written(const Json& document);

} // namespace coredact::report
