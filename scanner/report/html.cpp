// SPDX-License-Identifier: GPL-3.0-or-later
// One file that a browser shows and prints without anything from outside: no script, no link, no
// font, no picture. All text goes through `html()`.
#include "scanner/report/htmlstyle.h"
#include "scanner/report/outcome.h"
#include "scanner/report/words.h"

namespace coredact::report {

namespace {

constexpr std::size_t shownPlaces = 200;

std::string html(std::string_view text)
{
    std::string safe;
    for (const char c : escaped(text)) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

std::string element(std::string_view name, std::string_view attributes, std::string_view content)
{
    const std::string tag(name);
    return "<" + tag + (attributes.empty() ? "" : " ") + std::string(attributes) + ">"
        + std::string(content) + "</" + tag + ">";
}

std::string definition(std::string_view term, std::string_view text)
{
    if (text.empty())
        return {};
    return "<dt>" + html(term) + "</dt><dd>" + html(text) + "</dd>\n";
}

std::string placeTable(const Finding& finding)
{
    std::string rows = "<thead><tr><th>Encoding</th><th>Region</th><th>Offset</th><th>Bytes</th>"
                       "<th>Address</th></tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < finding.occurrences.size() && i < shownPlaces; ++i) {
        const Occurrence& occurrence = finding.occurrences[i];
        for (const Piece& piece : occurrence.pieces)
            rows += "<tr><td>" + html(occurrence.encoding) + "</td><td>" + html(occurrence.region)
                + "</td><td class=n>" + std::to_string(piece.file.first()) + "</td><td class=n>"
                + std::to_string(piece.file.size()) + "</td><td class=n>"
                + (piece.address ? hexAddress(*piece.address) : "") + "</td></tr>\n";
    }
    std::string table = "<table>\n" + rows + "</tbody></table>\n";
    if (finding.occurrences.size() > shownPlaces)
        table += "<p>And "
            + countText(finding.occurrences.size() - shownPlaces, "more place", "more places")
            + "; the JSON report has all.</p>\n";
    return table;
}

std::string findingCard(const ScannedDump& dump, const Finding& finding)
{
    const std::string severity(coredact::toText(finding.severity));
    std::string card = "<section class=\"finding " + severity + "\">\n<h3><span class=chip>"
        + std::string(shapeOf(finding.severity)) + " " + severity + "</span> "
        + html(finding.title) + " <small>"
        + std::string(coredact::toText(finding.confidence)) + "</small></h3>\n<dl>\n";
    card += definition(proofName(finding), finding.proof);
    if (finding.identity)
        card += definition("Identity", finding.identity->kind + " " + finding.identity->value);
    for (const std::string& owner : finding.belongsTo)
        card += definition("Belongs to", owner);
    if (finding.notSought != NotSought::No)
        card += definition("Elsewhere", std::string(noteOf(finding.notSought)));
    card += definition("Why it matters", finding.explanation);
    card += definition("What to do", finding.remediation);
    card += definition("Verdict", verdictLine(dump.triage.decisionFor(finding.id)));
    if (dump.known.contains(finding.id))
        card += definition("Baseline", "known from an earlier report");
    card += definition("Rule", finding.rule + ", finding " + finding.id);
    card += "</dl>\n<details" + std::string(finding.occurrences.size() <= 8 ? " open" : "")
        + "><summary>"
        + countText(finding.occurrences.size(), "place", "places") + "</summary>\n"
        + placeTable(finding) + "</details>\n</section>\n";
    return card;
}

std::string coverageList(const ScannedDump& dump)
{
    std::string list = element("p", outcomeOf(dump) == Outcome::Incomplete ? "class=warn" : "",
                               "Coverage: " + html(coverageLine(dump)) + ".");
    std::string items;
    for (const IncompleteRange& range : dump.incomplete)
        items += element("li", "",
                         "offset " + std::to_string(range.offset) + ", "
                             + countText(range.length, "byte", "bytes") + ": "
                             + html(range.reason));
    for (const Diagnostic& diagnostic : dump.dump.diagnostics)
        items += element("li", "",
                         "note, offset " + std::to_string(diagnostic.offset) + ": "
                             + html(diagnostic.message));
    return list + (items.empty() ? "" : "\n<ul>" + items + "</ul>") + "\n";
}

std::string dumpPart(const ScannedDump& dump)
{
    const std::string counted = severityCounts(dump);
    std::string part = "<article>\n<h2>" + html(dump.path) + "</h2>\n<p>" + html(dumpLine(dump))
        + "</p>\n<p class=sum>"
        + (counted.empty() ? "No secret found by the rules in use; unknown secrets may remain."
                           : counted)
        + "</p>\n";
    if (dump.belowThreshold > 0)
        part += "<p>" + countText(dump.belowThreshold, "finding", "findings")
            + " below the threshold not shown.</p>\n";
    part += coverageList(dump);
    for (const Finding* finding : worstFirst(dump))
        part += findingCard(dump, *finding);
    return part + "</article>\n";
}

} // namespace

std::string toHtml(const Report& report)
{
    std::string page = "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                       "<meta name=viewport content=\"width=device-width\">\n"
                       "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'\">\n<title>Coredact report</title>\n<style>\n"
        + std::string(htmlStyle) + "</style>\n</head>\n<body>\n<h1>Secrets in crash dumps</h1>\n";
    for (const ScannedDump& dump : report.dumps)
        page += dumpPart(dump);
    std::string skipped;
    for (const SkippedFile& file : report.skipped)
        skipped += element("li", file.failed ? "class=warn" : "",
                           html(file.path) + ": " + html(file.reason));
    if (!skipped.empty())
        page += "<h2>Not scanned</h2>\n<ul>" + skipped + "</ul>\n";
    return page + "<footer>coredact " COREDACT_VERSION ", rules " + html(report.rulesDigest)
        + "</footer>\n</body>\n</html>\n";
}

} // namespace coredact::report
