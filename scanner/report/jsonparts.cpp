// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/jsonparts.h"

namespace coredact::report {

Json toolJson(const std::string& rulesDigest)
{
    Json tool {{"name", "coredact"}, {"version", COREDACT_VERSION}};
    if (!rulesDigest.empty())
        tool["ruleset"] = rulesDigest;
    return tool;
}

Json processJson(const Process& process)
{
    // The arguments stay out: they may hold secrets.
    Json json = Json::object();
    if (!process.name.empty())
        json["name"] = process.name;
    if (process.id != 0)
        json["pid"] = process.id;
    if (!process.architecture.empty())
        json["architecture"] = process.architecture;
    if (process.signal)
        json["signal"] = *process.signal;
    return json;
}

Json incompleteJson(const std::vector<IncompleteRange>& incomplete)
{
    Json list = Json::array();
    for (const IncompleteRange& range : incomplete)
        list.push_back(
            {{"offset", range.offset}, {"length", range.length}, {"reason", range.reason}});
    return list;
}

Json diagnosticsJson(const Dump& dump)
{
    Json list = Json::array();
    for (const Diagnostic& diagnostic : dump.diagnostics)
        list.push_back({{"offset", diagnostic.offset}, {"message", diagnostic.message}});
    return list;
}

Json verificationJson(const VerificationReport& report)
{
    Json checks = Json::array();
    for (const Check& check : report.checks)
        checks.push_back(
            {{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
    Json violations = Json::array();
    for (const Violation& violation : report.violations) {
        Json item {{"check", violation.check}};
        if (violation.offset)
            item["offset"] = *violation.offset;
        item["message"] = violation.message;
        violations.push_back(std::move(item));
    }
    Json json {{"passed", report.passed()}};
    if (!report.sha256.empty())
        json["sha256"] = report.sha256;
    json["checks"] = std::move(checks);
    json["violations"] = std::move(violations);
    return json;
}

std::string written(const Json& document)
{
    return document.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

} // namespace coredact::report
