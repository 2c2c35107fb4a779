// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/baseline.h"

#include "app/cli/reportfile.h"
#include "scanner/report/fingerprint.h"

#include <nlohmann/json.hpp>

namespace coredact::cli {

namespace {

using nlohmann::json;

/// Members of another type than expected, and missing ones, read as empty: they then match
/// nothing.
const json& member(const json& object, const char* name)
{
    static const json none;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : none;
}

std::string text(const json& object, const char* name)
{
    const json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::uint64_t number(const json& object, const char* name)
{
    const json& value = member(object, name);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

std::string dumpKey(std::uint64_t size, const std::string& format, std::uint64_t processId)
{
    return std::to_string(size) + "/" + format + "/" + std::to_string(processId);
}

/// The rule and the first place; later versions may know more copies of the same secret.
std::string placeKey(const std::string& dump, Finding finding)
{
    finding.occurrences.resize(std::min<std::size_t>(finding.occurrences.size(), 1));
    return finding.occurrences.empty() ? "" : dump + "/" + report::placesFingerprint(finding);
}

Finding findingFrom(const json& object)
{
    Finding finding;
    finding.rule = text(object, "rule");
    const json& identity = member(object, "identity");
    if (identity.is_object())
        finding.identity = Identity {text(identity, "kind"), text(identity, "value")};
    const json& occurrences = member(object, "occurrences");
    if (!occurrences.is_array() || occurrences.empty())
        return finding;
    Occurrence first;
    first.encoding = text(occurrences[0], "encoding");
    for (const json& piece : member(occurrences[0], "pieces")) {
        if (const auto range = FileRange::make(number(piece, "offset"), number(piece, "length")))
            first.pieces.push_back({*range, std::nullopt});
    }
    if (!first.pieces.empty())
        finding.occurrences.push_back(std::move(first));
    return finding;
}

} // namespace

Result<Baseline> Baseline::fromFile(const std::string& path)
{
    const auto text = readText(path, "the baseline", 256U << 20);
    if (!text)
        return text.error();
    auto baseline = fromText(*text);
    if (!baseline)
        return Error {baseline.error().code, path + ": " + baseline.error().message, std::nullopt};
    return baseline;
}

Result<Baseline> Baseline::fromText(std::string_view report)
{
    const json document = json::parse(report, nullptr, false);
    if (text(document, "schema") != "coredact-scan/1" || !member(document, "dumps").is_array())
        return Error {ErrorCode::Malformed, "no JSON report of coredact-cli scan", std::nullopt};
    Baseline baseline;
    for (const json& dump : member(document, "dumps")) {
        const std::string key = dumpKey(number(dump, "size"), text(dump, "format"),
                                        number(member(dump, "process"), "pid"));
        for (const json& object : member(dump, "findings")) {
            const Finding finding = findingFrom(object);
            baseline.m_identities.insert(report::identityFingerprint(finding));
            baseline.m_places.insert(placeKey(key, finding));
        }
    }
    baseline.m_identities.erase("");
    baseline.m_places.erase("");
    return baseline;
}

bool Baseline::knows(const report::ScannedDump& scanned, const Finding& finding) const
{
    if (m_identities.contains(report::identityFingerprint(finding)))
        return true;
    const Dump& dump = scanned.dump;
    return m_places.contains(placeKey(dumpKey(dump.size, dump.format, dump.process.id), finding));
}

void Baseline::mark(report::ScannedDump& dump) const
{
    for (const Finding& finding : dump.findings) {
        if (knows(dump, finding))
            dump.known.insert(finding.id);
    }
}

} // namespace coredact::cli
