// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/jsonparts.h"
#include "scanner/report/words.h"

#include <map>

namespace coredact::report {

namespace {

struct Tally {
    std::uint64_t redacted = 0;
    std::uint64_t kept = 0;
    std::map<std::string, std::uint64_t> copies; ///< of redacted findings, by encoding
};

Tally tallyOf(const Report& report)
{
    Tally tally;
    for (const ScannedDump& dump : report.dumps) {
        for (const Finding& finding : dump.findings) {
            if (dump.triage.decisionFor(finding.id).verdict == Verdict::Keep) {
                ++tally.kept;
                continue;
            }
            ++tally.redacted;
            for (const Occurrence& occurrence : finding.occurrences)
                ++tally.copies[occurrence.encoding];
        }
    }
    return tally;
}

Json conflictsJson(const HandedOver& result)
{
    Json list = Json::array();
    for (const Conflict& conflict : result.exported.conflicts)
        list.push_back({{"offset", conflict.range.first()},
                        {"length", conflict.range.size()},
                        {"finding", conflict.finding},
                        {"why", conflict.why}});
    return list;
}

std::string promiseOf(const HandedOver& result, const Report& report)
{
    std::uint64_t secrets = 0;
    for (const ScannedDump& dump : report.dumps)
        secrets += secretsToGo(dump.findings, dump.triage, result.exported.conflicts);
    return promise(result.mode, secrets, result.exported.shares);
}

Json classesJson(const HandedOver& result)
{
    Json list = Json::array();
    for (const ClassShare& share : result.exported.shares)
        list.push_back({{"class", toText(share.kind)},
                        {"choice", toText(share.use)},
                        {"bytes", share.bytes},
                        {"secretPlacesLeft", share.places}});
    return list;
}

/// Of a custom copy, a line for each choice.
std::string classLines(const HandedOver& result)
{
    const auto named = [&](ClassUse use) {
        std::string names;
        for (const ClassShare& share : result.exported.shares)
            if (share.use == use)
                names += (names.empty() ? "" : ", ") + std::string(toText(share.kind)) + " "
                    + sizeText(share.bytes)
                    + (share.places == 0 ? ""
                                         : " with " + countText(share.places, "place", "places")
                               + " of known secrets");
        return names;
    };
    std::string text;
    for (const auto& [head, use] :
         {std::pair("Filled whole: ", ClassUse::Fill),
          std::pair("Kept as they were: ", ClassUse::Keep), std::pair("Scanned: ", ClassUse::Scan)})
        if (const std::string names = named(use); !names.empty())
            text += head + wrapped(names, 6) + "\n";
    return text;
}

/// Bytes of a minimised copy, by what they are.
std::map<std::string, std::uint64_t> keptBytes(const HandedOver& result)
{
    std::map<std::string, std::uint64_t> bytes;
    for (const KeptRange& kept : result.kept)
        bytes[kept.what] += kept.range.size();
    return bytes;
}

std::string keptLines(const HandedOver& result)
{
    std::string text;
    for (const auto& [what, bytes] : keptBytes(result))
        text += (text.empty() ? "" : ", ") + what + " " + sizeText(bytes);
    return text.empty() ? text : "Kept: " + wrapped(escaped(text), 6) + "; all else was dropped\n";
}

/// Bytes that only the check of an earlier copy asked for.
std::uint64_t bytesFoundInCopy(const HandedOver& result)
{
    std::uint64_t bytes = 0;
    for (const Edit& edit : result.exported.edits)
        bytes += edit.reason == foundInCopy ? edit.range.size() : 0;
    return bytes;
}

std::string conflictLines(const HandedOver& result)
{
    std::string text;
    for (const Conflict& conflict : result.exported.conflicts)
        text += "  offset " + std::to_string(conflict.range.first()) + ", "
            + countText(conflict.range.size(), "byte", "bytes") + ", finding "
            + escaped(conflict.finding) + ": " + escaped(conflict.why) + "\n";
    return text.empty() ? text : "Left as they were, or redacted against a verdict:\n" + text;
}

} // namespace

std::string handOverToJson(const HandedOver& result, const Report& report)
{
    const Tally tally = tallyOf(report);
    Json copies = Json::object();
    for (const auto& [encoding, count] : tally.copies)
        copies[encoding] = count;
    Json json {{"schema", "coredact-redact/1"},
               {"tool", toolJson(report.rulesDigest)},
               {"mode", result.mode},
               {"published", result.published}};
    if (result.published) {
        json["target"] = result.target;
        json["certificate"] = result.certificate;
        if (!result.signer.empty())
            json["signature"] = {{"key", result.signer}, {"file", result.signature}};
    }
    json["findings"] = {{"redacted", tally.redacted}, {"kept", tally.kept}};
    json["copies"] = std::move(copies);
    if (result.form == Form::Minimised)
        json["keptBytes"] = keptBytes(result);
    if (result.mode == "custom")
        json["classes"] = classesJson(result);
    json["bytesWritten"] = result.exported.report.bytesWritten;
    json["bytesChanged"] = result.exported.report.bytesChanged;
    json["lengths"] = {{"hidden", result.exported.figures.lengthsHidden},
                       {"shown", result.exported.figures.lengthsShown}};
    json["earlierPolicies"] = result.earlierPolicies;
    json["withoutToken"] = result.exported.figures.withoutToken;
    json["plan"] = {{"digest", result.exported.planDigest},
                    {"edits", result.exported.edits.size()},
                    {"bytesFoundInCopy", bytesFoundInCopy(result)},
                    {"conflicts", conflictsJson(result)}};
    if (!report.dumps.empty()) {
        const ScannedDump& dump = report.dumps.front();
        json["coverage"] = {{"fileBytes", dump.dump.size},
                            {"scannedBytes", dump.scannedBytes},
                            {"incomplete", incompleteJson(dump.incomplete)}};
    }
    json["verification"] = verificationJson(result.verification);
    if (result.published)
        json["promise"] = promiseOf(result, report);
    return written(json);
}

std::string handOverToText(const HandedOver& result, const Report& report)
{
    const Tally tally = tallyOf(report);
    std::string text;
    if (result.published)
        text = "Written: " + escaped(result.target)
            + "\nCertificate: " + escaped(result.certificate) + "\n"
            + (result.signer.empty() ? ""
                                     : "Signed: by " + result.signer
                       + ", for ssh-keygen too: " + escaped(result.signature) + "\n");
    else
        text = "NOT WRITTEN: the copy did not pass its verification.\n";
    text += countText(tally.redacted, "secret", "secrets") + " redacted, "
        + std::to_string(tally.kept) + " kept; "
        + countText(result.exported.report.bytesChanged, "byte", "bytes") + " of "
        + sizeText(result.exported.report.bytesWritten) + " overwritten\n";
    std::string copies;
    for (const auto& [encoding, count] : tally.copies)
        copies += (copies.empty() ? "" : ", ") + std::to_string(count) + " " + escaped(encoding);
    if (!copies.empty())
        text += "Places: " + wrapped(copies, 8) + "\n";
    if (const std::uint64_t bytes = bytesFoundInCopy(result); bytes != 0)
        text += wrapped(countText(bytes, "byte was", "bytes were")
                            + " filled since the check of an earlier copy found secrets there.",
                        2)
            + "\n";
    text += keptLines(result);
    text += classLines(result);
    text += wrapped(lengthStatement(result.roundUp, result.exported.figures), 2) + "\n";
    if (result.exported.figures.withoutToken != 0)
        text += wrapped(tokenStatement(result.exported.figures), 2) + "\n";
    text += conflictLines(result);
    text += "\n" + verificationToText(result.verification);
    for (const ScannedDump& dump : report.dumps) {
        for (const IncompleteRange& range : dump.incomplete)
            text += "Not scanned: offset " + std::to_string(range.offset) + ", "
                + countText(range.length, "byte", "bytes") + ": " + escaped(range.reason) + "\n";
    }
    if (result.published)
        text += "\nPromise: " + wrapped(promiseOf(result, report), 2) + "\n";
    return text;
}

std::string verificationToJson(const VerificationReport& report, const std::string& promised)
{
    Json json {{"schema", "coredact-verify/1"}, {"tool", toolJson({})}};
    json.update(verificationJson(report));
    if (report.passed() && !promised.empty())
        json["promise"] = promised;
    return written(json);
}

std::string verificationToText(const VerificationReport& report, const std::string& promised)
{
    std::string text
        = report.passed() ? "Verification: every check passed\n" : "VERIFICATION FAILED\n";
    for (const Check& check : report.checks)
        text += std::string(check.passed ? "  passed  " : "  FAILED  ")
            + wrapped(escaped(check.name)
                          + (check.detail.empty() ? "" : ": " + escaped(check.detail)),
                      10)
            + "\n";
    for (const Violation& violation : report.violations)
        text += "  " + escaped(violation.check)
            + (violation.offset ? ", offset " + std::to_string(*violation.offset) : "") + ": "
            + escaped(violation.message) + "\n";
    if (report.passed() && !promised.empty())
        text += "Promise: " + wrapped(escaped(promised), 2) + "\n";
    return text;
}

} // namespace coredact::report
