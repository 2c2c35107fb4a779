// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/jsonparts.h"
#include "scanner/report/words.h"

namespace coredact::report {

namespace {

Json occurrenceJson(const Occurrence& occurrence)
{
    Json pieces = Json::array();
    for (const Piece& piece : occurrence.pieces) {
        Json item {{"offset", piece.file.first()}, {"length", piece.file.size()}};
        if (piece.address)
            item["address"] = hexAddress(*piece.address);
        pieces.push_back(std::move(item));
    }
    return {{"encoding", occurrence.encoding},
            {"region", occurrence.region},
            {"pieces", std::move(pieces)}};
}

void addDecision(Json& json, const Decision& decision)
{
    if (decision == Decision {})
        return;
    json["verdict"] = coredact::toText(decision.verdict);
    if (decision.reason != Reason::None)
        json["reason"] = coredact::toText(decision.reason);
    if (!decision.note.empty())
        json["note"] = decision.note;
}

Json findingJson(const ScannedDump& dump, const Finding& finding)
{
    Json json {{"id", finding.id},
               {"rule", finding.rule},
               {"title", finding.title},
               {"severity", coredact::toText(finding.severity)},
               {"confidence", coredact::toText(finding.confidence)}};
    if (finding.identity)
        json["identity"] = {{"kind", finding.identity->kind}, {"value", finding.identity->value}};
    if (!finding.proof.empty())
        json["proof"] = finding.proof;
    if (!finding.belongsTo.empty())
        json["belongsTo"] = finding.belongsTo;
    if (finding.notSought != NotSought::No)
        json[std::string(toText(finding.notSought))] = true;
    json["remediation"] = finding.remediation;
    addDecision(json, dump.triage.decisionFor(finding.id));
    if (dump.known.contains(finding.id))
        json["known"] = true;
    json["occurrences"] = Json::array();
    for (const Occurrence& occurrence : finding.occurrences)
        json["occurrences"].push_back(occurrenceJson(occurrence));
    return json;
}

Json dumpJson(const ScannedDump& scanned)
{
    Json json {{"path", scanned.path},
               {"size", scanned.dump.size},
               {"format", scanned.dump.format},
               {"container", scanned.containers},
               {"process", processJson(scanned.dump.process)},
               {"coverage",
                {{"fileBytes", scanned.dump.size},
                 {"scannedBytes", scanned.scannedBytes},
                 {"incomplete", incompleteJson(scanned.incomplete)}}},
               {"diagnostics", diagnosticsJson(scanned.dump)}};
    if (scanned.belowThreshold > 0)
        json["belowThreshold"] = scanned.belowThreshold;
    json["findings"] = Json::array();
    for (const Finding& finding : scanned.findings)
        json["findings"].push_back(findingJson(scanned, finding));
    return json;
}

} // namespace

std::string toJson(const Report& report)
{
    Json document {{"schema", "coredact-scan/1"}, {"tool", toolJson(report.rulesDigest)}};
    document["dumps"] = Json::array();
    for (const ScannedDump& scanned : report.dumps)
        document["dumps"].push_back(dumpJson(scanned));
    if (!report.skipped.empty()) {
        document["skipped"] = Json::array();
        for (const SkippedFile& file : report.skipped)
            document["skipped"].push_back(
                {{"path", file.path}, {"reason", file.reason}, {"failed", file.failed}});
    }
    return written(document);
}

} // namespace coredact::report
