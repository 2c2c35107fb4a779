// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/dumpscan.h"

namespace coredact::cli {

/// Exit code of a command that a signal ended, as shells have it for SIGINT.
inline constexpr int interrupted = 130;

/// A line on standard error: "coredact-cli: TEXT". Text of dumps and names is escaped.
void warn(Surroundings& around, const std::string& text);
/// The same, but only the first time that the text comes.
void warnOnce(Surroundings& around, const std::string& text);

/// "message (at offset 64)".
std::string errorText(const Error& error);

/// Tells why a command could not be done; its exit code.
int failed(Surroundings& around, const Error& error);

/// Problems of rule files, one line each.
void warnOfRules(Surroundings& around, const std::vector<RuleProblem>& problems);

} // namespace coredact::cli
