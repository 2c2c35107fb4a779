// SPDX-License-Identifier: GPL-3.0-or-later
// SARIF 2.1.0 (OASIS Standard, 27 March 2020). Facts only: no snippet, and fingerprints that are
// made from places and identities, never from a value. Some readers hold offsets in 32 bits, so
// `properties` repeat each 64-bit number as a decimal string.
#include "scanner/report/fingerprint.h"
#include "scanner/report/jsonparts.h"
#include "scanner/report/outcome.h"
#include "scanner/report/sarifparts.h"
#include "scanner/report/words.h"

namespace coredact::report {

namespace {

std::string messageText(const Finding& finding)
{
    std::string text = finding.title + " (" + std::string(coredact::toText(finding.confidence));
    if (!finding.proof.empty())
        text += ": " + finding.proof;
    text += ") at " + placeLine(finding.occurrences.front());
    if (finding.occurrences.size() > 1)
        text += " and in " + countText(finding.occurrences.size() - 1, "more place", "more places");
    if (finding.identity)
        text += "; " + finding.identity->kind + " " + finding.identity->value;
    return text + ".";
}

Json suppressionsJson(const Decision& decision)
{
    Json list = Json::array();
    if (decision.verdict == Verdict::Keep)
        list.push_back({{"kind", "external"},
                        {"status", "accepted"},
                        {"justification", verdictLine(decision)}});
    return list;
}

Json locationsJson(const Finding& finding, const Artifact& artifact)
{
    Json locations = Json::array();
    for (const Occurrence& occurrence : finding.occurrences) {
        for (std::size_t i = 0; i < occurrence.pieces.size(); ++i)
            locations.push_back(pieceLocation(artifact, occurrence, i));
    }
    return locations;
}

Json resultJson(const Report& report, const ScannedDump& dump, const Artifact& artifact,
                const Finding& finding, const RuleTable& rules)
{
    const Decision decision = dump.triage.decisionFor(finding.id);
    Json fingerprints {{"coredactPlaces/v1", placesFingerprint(finding)}};
    if (const std::string identity = identityFingerprint(finding); !identity.empty())
        fingerprints["coredactIdentity/v1"] = identity;
    Json json {{"ruleId", finding.rule},
               {"ruleIndex", rules.indexOf(finding.rule)},
               {"level", levelOf(finding.severity)},
               {"message", {{"text", messageText(finding)}}},
               {"locations", locationsJson(finding, artifact)},
               {"partialFingerprints", std::move(fingerprints)},
               {"suppressions", suppressionsJson(decision)}};
    if (report.compared)
        json["baselineState"] = dump.known.contains(finding.id) ? "unchanged" : "new";
    Json properties {{"id", finding.id},
                     {"severity", coredact::toText(finding.severity)},
                     {"confidence", coredact::toText(finding.confidence)},
                     {"verdict", coredact::toText(decision.verdict)}};
    if (!finding.proof.empty())
        properties["proof"] = finding.proof;
    if (finding.notSought != NotSought::No)
        properties[std::string(toText(finding.notSought))] = true;
    if (finding.identity)
        properties["identity"] = {{"kind", finding.identity->kind},
                                  {"value", finding.identity->value}};
    if (!finding.belongsTo.empty())
        properties["belongsTo"] = finding.belongsTo;
    json["properties"] = std::move(properties);
    return json;
}

Json invocationJson(const Report& report)
{
    const Outcome outcome = outcomeOf(report);
    Json notifications = Json::array();
    for (std::size_t i = 0; i < report.dumps.size(); ++i)
        addCoverage(notifications, report.dumps[i], Artifact {report.dumps[i].path, i});
    for (const SkippedFile& file : report.skipped) {
        notifications.push_back(
            {{"level", file.failed ? "error" : "note"},
             {"descriptor", {{"id", "skipped"}}},
             {"message", {{"text", "not scanned: " + escaped(file.reason)}}},
             {"locations",
              {{{"physicalLocation", {{"artifactLocation", {{"uri", uriOf(file.path)}}}}}}}}});
    }
    return {{"executionSuccessful", outcome == Outcome::Clean || outcome == Outcome::Findings},
            {"exitCode", static_cast<int>(outcome)},
            {"exitCodeDescription", toText(outcome)},
            {"toolExecutionNotifications", std::move(notifications)}};
}

} // namespace

std::string toSarif(const Report& report)
{
    const RuleTable rules(report);
    Json artifacts = Json::array();
    Json results = Json::array();
    for (std::size_t i = 0; i < report.dumps.size(); ++i) {
        const ScannedDump& dump = report.dumps[i];
        const Artifact artifact {dump.path, i};
        artifacts.push_back(artifactJson(dump));
        for (const Finding& finding : dump.findings) {
            if (!finding.occurrences.empty())
                results.push_back(resultJson(report, dump, artifact, finding, rules));
        }
    }
    Json driver {{"name", "Coredact"},
                 {"version", COREDACT_VERSION},
                 {"semanticVersion", COREDACT_VERSION},
                 {"rules", rules.json()},
                 {"notifications", notificationKinds()},
                 {"properties", {{"ruleset", report.rulesDigest}}}};
    Json run {{"tool", {{"driver", std::move(driver)}}},
              {"invocations", Json::array({invocationJson(report)})},
              {"artifacts", std::move(artifacts)},
              {"results", std::move(results)}};
    return written({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({std::move(run)})}});
}

} // namespace coredact::report
