// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/words.h"

#include <initializer_list>

namespace coredact::report {

namespace {

/// A spreadsheet takes a cell that begins so for a formula, and a formula can run programs.
bool looksLikeFormula(std::string_view text)
{
    for (const std::string_view begin : {"=", "+", "-", "@", "＝", "＋", "－", "＠"}) {
        if (text.starts_with(begin))
            return true;
    }
    return false;
}

/// One field as RFC 4180 has it. Text that looks like a formula, also after blanks, is led in by
/// an apostrophe, which spreadsheets take for "this is text".
std::string field(std::string_view text)
{
    const std::string safe = escaped(text);
    const std::size_t begin = std::min(safe.find_first_not_of(' '), safe.size());
    const std::string cell
        = (looksLikeFormula(std::string_view(safe).substr(begin)) ? "'" : "") + safe;
    if (cell.find_first_of(",\"\r\n") == std::string::npos && begin == 0)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string line(std::initializer_list<std::string_view> fields)
{
    std::string text;
    for (const std::string_view each : fields)
        text += (text.empty() ? "" : ",") + field(each);
    return text + "\r\n";
}

std::string findingLines(const ScannedDump& dump, const Finding& finding)
{
    const Decision decision = dump.triage.decisionFor(finding.id);
    const Identity identity = finding.identity.value_or(Identity {});
    std::string lines;
    for (std::size_t i = 0; i < finding.occurrences.size(); ++i) {
        const Occurrence& occurrence = finding.occurrences[i];
        for (std::size_t k = 0; k < occurrence.pieces.size(); ++k) {
            const Piece& piece = occurrence.pieces[k];
            lines += line({dump.path, finding.id, finding.rule, finding.title,
                           coredact::toText(finding.severity),
                           coredact::toText(finding.confidence), identity.kind, identity.value,
                           finding.proof, coredact::toText(decision.verdict),
                           coredact::toText(decision.reason),
                           dump.known.contains(finding.id) ? "yes" : "no", std::to_string(i + 1),
                           std::to_string(k + 1), occurrence.encoding, occurrence.region,
                           std::to_string(piece.file.first()), std::to_string(piece.file.size()),
                           piece.address ? hexAddress(*piece.address) : ""});
        }
    }
    return lines;
}

} // namespace

std::string toCsv(const Report& report)
{
    std::string text = line({"path", "id", "rule", "title", "severity", "confidence",
                             "identity_kind", "identity_value", "proof", "verdict", "reason",
                             "known", "occurrence", "piece", "encoding", "region", "offset",
                             "length", "address"});
    for (const ScannedDump& dump : report.dumps) {
        for (const Finding& finding : dump.findings)
            text += findingLines(dump, finding);
    }
    return text;
}

} // namespace coredact::report
