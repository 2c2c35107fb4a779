// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/outcome.h"
#include "scanner/report/words.h"

namespace coredact::report {

namespace {

/// Places that a person reads; the machine formats have all of them.
constexpr std::size_t shownPlaces = 6;

/// "    Proof     p·q equals n", long text wrapped under itself.
std::string row(std::string_view label, std::string_view text)
{
    constexpr std::size_t column = 16;
    if (text.empty())
        return {};
    std::string line = "    " + std::string(label);
    line.append(column - std::min(column, 4 + label.size()), ' ');
    return line + wrapped(text, column) + "\n";
}

std::string placeRows(const Finding& finding)
{
    std::string rows;
    for (std::size_t i = 0; i < finding.occurrences.size() && i < shownPlaces; ++i)
        rows += row(i == 0 ? "Where" : "", placeLine(finding.occurrences[i]));
    if (finding.occurrences.size() > shownPlaces)
        rows += row("", "and " + countText(finding.occurrences.size() - shownPlaces,
                                           "more place", "more places"));
    return rows;
}

std::string findingText(const ScannedDump& dump, const Finding& finding)
{
    std::string text = "  " + std::string(shapeOf(finding.severity)) + " "
        + std::string(coredact::toText(finding.severity)) + "  " + escaped(finding.title) + "  ("
        + std::string(coredact::toText(finding.confidence)) + ")\n";
    text += row(proofName(finding), escaped(finding.proof));
    if (finding.identity)
        text += row("Identity",
                    escaped(finding.identity->kind) + " " + escaped(finding.identity->value));
    for (const std::string& owner : finding.belongsTo)
        text += row(&owner == &finding.belongsTo.front() ? "Belongs to" : "", escaped(owner));
    text += placeRows(finding);
    if (finding.notSought != NotSought::No)
        text += row("Elsewhere", noteOf(finding.notSought));
    text += row("Why", escaped(finding.explanation));
    text += row("What to do", escaped(finding.remediation));
    text += row("Verdict", verdictLine(dump.triage.decisionFor(finding.id)));
    text += row("Rule", escaped(finding.rule) + ", finding " + escaped(finding.id));
    return text + "\n";
}

enum class Length { Short, Full };

std::string summary(const ScannedDump& dump, Length length)
{
    const std::uint64_t counted = countedFindings(dump);
    std::string text;
    if (counted == 0 && length == Length::Short)
        text = "nothing found";
    else if (counted == 0)
        text = "no secret found by the rules in use; unknown secrets may remain";
    else
        text = countText(counted, "secret", "secrets") + ": " + severityCounts(dump);
    const auto add = [&](std::uint64_t count, std::string_view what) {
        if (count > 0)
            text += "; " + std::to_string(count) + " " + std::string(what);
    };
    std::uint64_t kept = 0;
    for (const Finding& finding : dump.findings)
        kept += dump.triage.decisionFor(finding.id).verdict == Verdict::Keep ? 1U : 0U;
    add(kept, "kept by a verdict");
    add(dump.known.size(), "known from the baseline");
    add(dump.belowThreshold, "below the threshold, not shown");
    return text;
}

std::string coverageText(const ScannedDump& dump)
{
    std::string text = "  Coverage: " + coverageLine(dump) + ".\n";
    for (const IncompleteRange& range : dump.incomplete)
        text += "    "
            + wrapped("at offset " + std::to_string(range.offset)
                          + (range.length > 0 ? ", " + countText(range.length, "byte", "bytes") : "")
                          + ": " + escaped(range.reason),
                      6)
            + "\n";
    for (const Diagnostic& diagnostic : dump.dump.diagnostics) {
        if (!diagnostic.incomplete)
            text += "    "
                + wrapped("note, offset " + std::to_string(diagnostic.offset) + ": "
                              + escaped(diagnostic.message),
                          6)
                + "\n";
    }
    return text;
}

/// Where nothing was found and nothing is missing, a line is enough among other files.
std::string dumpLineAlone(const ScannedDump& dump)
{
    return escaped(dump.path) + ": " + dumpLine(dump) + ": " + summary(dump, Length::Short) + "\n";
}

std::string dumpText(const ScannedDump& dump)
{
    std::string text = escaped(dump.path) + "\n  " + wrapped(dumpLine(dump), 2) + "\n  "
        + wrapped(summary(dump, Length::Full), 2) + "\n\n";
    for (const Finding* finding : worstFirst(dump)) {
        if (!dump.known.contains(finding->id))
            text += findingText(dump, *finding);
    }
    return text + coverageText(dump);
}

} // namespace

std::string toText(const Report& report)
{
    std::string text;
    bool lines = false; // the one before was a line alone
    for (const ScannedDump& dump : report.dumps) {
        const bool alone = report.dumps.size() > 1 && outcomeOf(dump) == Outcome::Clean;
        text += text.empty() || (alone && lines) ? "" : "\n";
        text += alone ? dumpLineAlone(dump) : dumpText(dump);
        lines = alone;
    }
    if (!report.skipped.empty()) {
        text += text.empty() ? "" : "\n";
        for (const SkippedFile& file : report.skipped)
            text += std::string(file.failed ? "NOT SCANNED: " : "Skipped: ") + escaped(file.path)
                + ": " + escaped(file.reason) + "\n";
    }
    if (report.dumps.size() > 1) {
        std::uint64_t findings = 0;
        for (const ScannedDump& dump : report.dumps)
            findings += countedFindings(dump);
        text += "\n" + countText(report.dumps.size(), "file", "files") + " scanned, "
            + countText(findings, "secret", "secrets")
            + " found by the rules in use; unknown secrets may remain.\n";
    }
    return text.empty() ? "Nothing was scanned.\n" : text;
}

} // namespace coredact::report
