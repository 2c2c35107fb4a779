// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/report/words.h"

#include "scanner/report/outcome.h"

#include <algorithm>
#include <cstdio>

namespace coredact::report {

std::string_view proofName(const Finding& finding)
{
    return finding.confidence == Confidence::Verified ? "Proof" : "Evidence";
}

std::string_view noteOf(NotSought reason)
{
    switch (reason) {
    case NotSought::CommonWord:
        return "The dump is full of this word: only what stands beside such a name is redacted.";
    case NotSought::PublishedKey:
        return "Everybody has this key: it is redacted where it was recognised, and looked for "
               "nowhere else.";
    case NotSought::No:
        break;
    }
    return "";
}

std::string_view shapeOf(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return "◆";
    case Severity::High:
        return "▲";
    case Severity::Medium:
        return "●";
    case Severity::Low:
        return "■";
    case Severity::Info:
        return "○";
    }
    return "";
}

std::string hexAddress(std::uint64_t address)
{
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
    return text;
}

std::string sizeText(std::uint64_t bytes)
{
    if (bytes < 1024)
        return countText(bytes, "byte", "bytes");
    static constexpr std::array units {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double size = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (size >= 1023.95 && unit + 1 < units.size()) {
        size /= 1024;
        ++unit;
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %s", size, units[unit]);
    return text;
}

std::string countText(std::uint64_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width)
{
    const auto columns = [](std::string_view word) {
        return static_cast<std::size_t>(std::count_if(
            word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    };
    std::string lines;
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty())
            continue;
        if (column > indent && column + 1 + columns(word) > width) {
            lines += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            lines += ' ';
            ++column;
        }
        lines += word;
        column += columns(word);
    }
    return lines;
}

std::string severityCounts(const ScannedDump& dump)
{
    std::string line;
    for (const Severity severity : severities) {
        const auto count = std::count_if(
            dump.findings.begin(), dump.findings.end(), [&](const Finding& finding) {
                return finding.severity == severity && counts(dump, finding);
            });
        if (count > 0)
            line += (line.empty() ? "" : " · ") + std::to_string(count) + " "
                + std::string(coredact::toText(severity));
    }
    return line;
}

std::string signalText(std::uint32_t signal)
{
    // Signals are small; exception codes of Windows have their high bits set.
    return signal < 256 ? "signal " + std::to_string(signal) : "exception " + hexAddress(signal);
}

std::string dumpLine(const ScannedDump& scanned)
{
    std::string line = escaped(scanned.dump.format);
    for (const std::string& container : scanned.containers)
        line += " in " + escaped(container);
    line += ", " + sizeText(scanned.dump.size);
    const Process& process = scanned.dump.process;
    if (!process.name.empty())
        line += " · " + escaped(process.name);
    if (process.id != 0)
        line += " · pid " + std::to_string(process.id);
    if (!process.architecture.empty())
        line += " · " + escaped(process.architecture);
    if (process.signal)
        line += " · " + signalText(*process.signal);
    return line;
}

std::uint64_t lengthOf(const Occurrence& occurrence)
{
    std::uint64_t length = 0;
    for (const Piece& piece : occurrence.pieces)
        length += piece.file.size();
    return length;
}

std::string placeLine(const Occurrence& occurrence)
{
    if (occurrence.pieces.empty())
        return "nowhere";
    const Piece& first = occurrence.pieces.front();
    std::string line = "offset " + std::to_string(first.file.first()) + " · "
        + countText(lengthOf(occurrence), "byte", "bytes");
    if (occurrence.pieces.size() > 1)
        line += " in " + std::to_string(occurrence.pieces.size()) + " pieces";
    if (first.address)
        line += " · " + hexAddress(*first.address);
    if (!occurrence.region.empty())
        line += " · " + escaped(occurrence.region);
    if (occurrence.encoding != "raw")
        line += " · " + escaped(occurrence.encoding);
    return line;
}

std::string coverageLine(const ScannedDump& scanned)
{
    std::string line = sizeText(scanned.scannedBytes) + " of " + sizeText(scanned.dump.size)
        + " scanned";
    if (outcomeOf(scanned) != Outcome::Incomplete)
        return line + ", complete";
    line += ", INCOMPLETE";
    if (!scanned.incomplete.empty())
        line += " in " + countText(scanned.incomplete.size(), "place", "places");
    if (scanned.scannedBytes < scanned.dump.size)
        line += ": " + countText(scanned.dump.size - scanned.scannedBytes, "byte", "bytes")
            + " not scanned";
    return line;
}

std::string verdictLine(const Decision& decision)
{
    std::string line;
    if (decision.verdict == Verdict::Keep)
        line = "kept";
    else if (decision.verdict == Verdict::Redact)
        line = "to be redacted";
    else
        return line;
    if (decision.reason != Reason::None)
        line += ": " + std::string(coredact::toText(decision.reason));
    if (!decision.note.empty())
        line += " (" + escaped(decision.note) + ")";
    return line;
}

std::vector<const Finding*> worstFirst(const ScannedDump& dump)
{
    std::vector<const Finding*> order;
    order.reserve(dump.findings.size());
    for (const Finding& finding : dump.findings)
        order.push_back(&finding);
    std::stable_sort(order.begin(), order.end(), [](const Finding* one, const Finding* other) {
        return one->severity < other->severity
            || (one->severity == other->severity && one->confidence < other->confidence);
    });
    return order;
}

} // namespace coredact::report
