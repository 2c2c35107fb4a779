// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/messages.h"

#include "scanner/report/outcome.h"

#include <cstdio>

namespace coredact::cli {

void warn(Surroundings& around, const std::string& text)
{
    around.progress.clear();
    std::fprintf(stderr, "coredact-cli: %s\n", report::escaped(text).c_str());
}

void warnOnce(Surroundings& around, const std::string& text)
{
    if (around.told.insert(text).second)
        warn(around, text);
}

std::string errorText(const Error& error)
{
    return error.message
        + (error.offset ? " (at offset " + std::to_string(*error.offset) + ")" : "");
}

int failed(Surroundings& around, const Error& error)
{
    if (error.code == ErrorCode::Cancelled && around.stop.requested()) {
        warn(around, "interrupted; nothing was written");
        return interrupted;
    }
    warn(around, errorText(error));
    return static_cast<int>(report::Outcome::Failed);
}

void warnOfRules(Surroundings& around, const std::vector<RuleProblem>& problems)
{
    for (const RuleProblem& problem : problems)
        warnOnce(around,
                 problem.file + (problem.rule.empty() ? "" : ", rule " + problem.rule) + ": "
                     + problem.message + (problem.fatal ? " (not used)" : ""));
}

} // namespace coredact::cli
