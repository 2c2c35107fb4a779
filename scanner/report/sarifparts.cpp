// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/sarifparts.h"

#include "scanner/report/words.h"

#include <cstdio>
#include <limits>

namespace coredact::report {

namespace {

/// What GitHub's code scanning sorts by: a number like a CVSS score.
std::string_view securitySeverity(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return "9.5";
    case Severity::High:
        return "8.0";
    case Severity::Medium:
        return "5.5";
    case Severity::Low:
        return "3.0";
    case Severity::Info:
        return "0.0";
    }
    return "0.0";
}

/// Markdown in which no character of the text is mark-up.
std::string markdownText(std::string_view text)
{
    std::string safe;
    for (const char c : text) {
        if (std::string_view("\\`*_{}[]()#+-.!<>|~&").find(c) != std::string_view::npos)
            safe += '\\';
        safe += c;
    }
    return safe;
}

Json locationOf(const Artifact& artifact)
{
    return {{"artifactLocation", {{"uri", uriOf(artifact.path)}, {"index", artifact.index}}}};
}

Json notification(const Artifact& artifact, std::string_view level, std::string_view kind,
                  std::string text)
{
    return {{"level", level},
            {"descriptor", {{"id", kind}}},
            {"message", {{"text", std::move(text)}}},
            {"locations", Json::array({{{"physicalLocation", locationOf(artifact)}}})}};
}

void addPlace(Json& note, std::uint64_t offset, std::uint64_t length)
{
    note["locations"][0]["physicalLocation"]["region"]
        = {{"byteOffset", offset}, {"byteLength", length}};
    note["properties"] = {{"offset", std::to_string(offset)}, {"length", std::to_string(length)}};
}

} // namespace

std::string_view levelOf(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
    case Severity::High:
        return "error";
    case Severity::Medium:
        return "warning";
    case Severity::Low:
    case Severity::Info:
        return "note";
    }
    return "none";
}

std::string uriOf(const std::string& path)
{
    static constexpr std::string_view plain
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string uri = !path.empty() && path.front() == '/' ? "file://" : "";
    for (const char c : path) {
        if (plain.find(c) != std::string_view::npos) {
            uri += c;
            continue;
        }
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
        uri += code;
    }
    return uri;
}

Json artifactJson(const ScannedDump& scanned)
{
    Json properties {{"format", scanned.dump.format},
                     {"container", scanned.containers},
                     {"fileBytes", std::to_string(scanned.dump.size)},
                     {"scannedBytes", std::to_string(scanned.scannedBytes)},
                     {"process", processJson(scanned.dump.process)}};
    return {{"location", {{"uri", uriOf(scanned.path)}}},
            {"length", scanned.dump.size},
            {"roles", {"analysisTarget"}},
            {"properties", std::move(properties)}};
}

Json pieceLocation(const Artifact& artifact, const Occurrence& occurrence, std::size_t index)
{
    const Piece& piece = occurrence.pieces[index];
    Json physical = locationOf(artifact);
    physical["region"]
        = {{"byteOffset", piece.file.first()}, {"byteLength", piece.file.size()}};
    Json properties {{"offset", std::to_string(piece.file.first())},
                     {"length", std::to_string(piece.file.size())},
                     {"encoding", occurrence.encoding}};
    if (piece.address) {
        // Kernel addresses pass 2^63 - 1, and many readers hold integers in 64 bits with sign.
        if (*piece.address <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            physical["address"]
                = {{"absoluteAddress", *piece.address}, {"length", piece.file.size()}};
        properties["address"] = hexAddress(*piece.address);
    }
    if (occurrence.pieces.size() > 1)
        properties["piece"] = std::to_string(index + 1) + "/"
            + std::to_string(occurrence.pieces.size());
    Json location {{"physicalLocation", std::move(physical)}};
    if (!occurrence.region.empty())
        location["logicalLocations"] = Json::array(
            {{{"name", escaped(occurrence.region)}, {"kind", "memory region"}}});
    location["properties"] = std::move(properties);
    return location;
}

void addCoverage(Json& notifications, const ScannedDump& scanned, const Artifact& artifact)
{
    notifications.push_back(
        notification(artifact, "note", "coverage", coverageLine(scanned)));
    for (const IncompleteRange& range : scanned.incomplete) {
        notifications.push_back(notification(artifact, "warning", "incomplete",
                                             "not scanned or not decoded: " + escaped(range.reason)));
        addPlace(notifications.back(), range.offset, range.length);
    }
    for (const Diagnostic& diagnostic : scanned.dump.diagnostics) {
        notifications.push_back(
            notification(artifact, "note", "diagnostic", escaped(diagnostic.message)));
        addPlace(notifications.back(), diagnostic.offset, 0);
    }
}

Json notificationKinds()
{
    const auto kind = [](std::string_view id, std::string_view text) {
        return Json {{"id", id}, {"shortDescription", {{"text", text}}}};
    };
    return Json::array({kind("coverage", "How much of a dump was scanned."),
                        kind("incomplete", "Bytes that could not be read or decoded."),
                        kind("diagnostic", "Something odd about a dump."),
                        kind("skipped", "A file that was not scanned.")});
}

RuleTable::RuleTable(const Report& report)
{
    for (const RuleInfo& rule : report.rules)
        add(rule);
    for (const ScannedDump& dump : report.dumps) {
        for (const Finding& finding : dump.findings)
            add({finding.rule, finding.title, finding.severity, finding.explanation,
                 finding.remediation, {}, 0});
    }
}

void RuleTable::add(const RuleInfo& rule)
{
    if (!m_index.emplace(rule.id, m_rules.size()).second)
        return;
    Json tags = Json::array({"security", "secret"});
    for (const std::string& tag : rule.tags) {
        if (std::find(tags.begin(), tags.end(), tag) == tags.end())
            tags.push_back(tag);
    }
    Json json {{"id", rule.id}, {"shortDescription", {{"text", rule.title}}}};
    if (!rule.explanation.empty())
        json["fullDescription"] = {{"text", rule.explanation}};
    const std::string what = rule.explanation.empty() ? rule.title : rule.explanation;
    const std::string toDo = rule.remediation.empty() ? "Replace the secret." : rule.remediation;
    json["help"] = {{"text", what + "\n\nWhat to do: " + toDo},
                    {"markdown",
                     markdownText(what) + "\n\n**What to do:** " + markdownText(toDo)}};
    json["defaultConfiguration"] = {{"level", levelOf(rule.severity)}};
    json["properties"] = {{"tags", std::move(tags)},
                          {"severity", coredact::toText(rule.severity)},
                          {"security-severity", securitySeverity(rule.severity)}};
    m_rules.push_back(std::move(json));
}

std::size_t RuleTable::indexOf(const std::string& id) const
{
    return m_index.at(id);
}

} // namespace coredact::report
