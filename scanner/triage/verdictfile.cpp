// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/verdictfile.h"

#include "scanner/triage/session.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace coredact {

namespace {

using Json = nlohmann::json;

constexpr std::size_t largestReport = 64U << 20;
constexpr std::size_t mostFindings = 1000000;
constexpr std::size_t longestNote = 4096;

Error malformed(std::string what)
{
    return {ErrorCode::Malformed, "the verdicts: " + std::move(what), std::nullopt};
}

const Json* member(const Json& object, const char* name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found != object.end() ? &*found : nullptr;
}

/// The member's text, or "" where there is none.
std::string text(const Json& object, const char* name)
{
    const Json* found = member(object, name);
    return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<FileRange> firstPlace(const Json& finding)
{
    const Json* occurrences = member(finding, "occurrences");
    if (!occurrences || !occurrences->is_array() || occurrences->empty())
        return std::nullopt;
    const Json* pieces = member(occurrences->front(), "pieces");
    if (!pieces || !pieces->is_array() || pieces->empty())
        return std::nullopt;
    const Json* offset = member(pieces->front(), "offset");
    const Json* length = member(pieces->front(), "length");
    if (!offset || !length || !offset->is_number_unsigned() || !length->is_number_unsigned())
        return std::nullopt;
    return FileRange::make(offset->get<std::uint64_t>(), length->get<std::uint64_t>());
}

Result<StoredVerdict> verdictOf(const Json& finding, const std::string& where)
{
    StoredVerdict stored;
    stored.finding = text(finding, "id");
    if (stored.finding.empty())
        return malformed(where + " has a verdict and no id");
    stored.rule = text(finding, "rule");
    stored.place = firstPlace(finding);
    const auto verdict = verdictFrom(text(finding, "verdict"));
    if (!verdict)
        return malformed(where + ": the verdict must be pending, redact or keep");
    const auto reason = reasonFrom(text(finding, "reason"));
    if (!reason)
        return malformed(where
                         + ": the reason must be false positive, test data, accepted risk "
                           "or revoked");
    stored.decision = {*verdict, *reason, text(finding, "note")};
    if (stored.decision.note.size() > longestNote)
        return malformed(where + ": the note is longer than 4096 bytes");
    return stored;
}

Result<VerdictSheet> sheetOf(const Json& dump, std::size_t number)
{
    VerdictSheet sheet;
    sheet.path = text(dump, "path");
    if (const Json* size = member(dump, "size"); size && size->is_number_unsigned())
        sheet.size = size->get<std::uint64_t>();
    const Json* findings = member(dump, "findings");
    if (!findings || !findings->is_array())
        return malformed("dump " + std::to_string(number + 1) + " has no list of findings");
    if (findings->size() > mostFindings)
        return malformed("more than a million findings");
    for (std::size_t i = 0; i < findings->size(); ++i) {
        if (!member((*findings)[i], "verdict"))
            continue;
        auto verdict = verdictOf((*findings)[i], "finding " + std::to_string(i + 1));
        if (!verdict)
            return verdict.error();
        sheet.verdicts.push_back(std::move(*verdict));
    }
    return sheet;
}

} // namespace

Result<std::vector<VerdictSheet>> parseVerdicts(std::string_view report)
{
    if (report.size() > largestReport)
        return Error {ErrorCode::TooLarge, "the verdicts: more than 64 MiB", std::nullopt};
    const Json document = Json::parse(report.begin(), report.end(), nullptr, false);
    if (document.is_discarded())
        return malformed("not JSON");
    if (text(document, "schema") != "coredact-scan/1")
        return malformed("not a report of the schema coredact-scan/1");
    const Json* dumps = member(document, "dumps");
    if (!dumps || !dumps->is_array())
        return malformed("the report has no list of dumps");
    std::vector<VerdictSheet> sheets;
    for (std::size_t i = 0; i < dumps->size(); ++i) {
        auto sheet = sheetOf((*dumps)[i], i);
        if (!sheet)
            return sheet.error();
        sheets.push_back(std::move(*sheet));
    }
    return sheets;
}

namespace {

Result<std::string> readText(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error {ErrorCode::System, "cannot open the file of verdicts " + path, std::nullopt};
    std::string bytes(largestReport + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file.bad())
        return Error {ErrorCode::System, "cannot read the file of verdicts " + path, std::nullopt};
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

} // namespace

Result<std::vector<StoredVerdict>> readVerdicts(const std::string& path, std::uint64_t dumpSize)
{
    const auto bytes = readText(path);
    if (!bytes)
        return bytes.error();
    if (bytes->starts_with(Session::signature)) {
        auto session = Session::openExisting(path);
        if (!session)
            return session.error();
        if (session->dump().size != dumpSize)
            return Error {ErrorCode::Refused, "the session belongs to a dump of another size",
                          std::nullopt};
        return session->verdicts();
    }
    auto sheets = parseVerdicts(*bytes);
    if (!sheets)
        return sheets.error();
    VerdictSheet* chosen = nullptr;
    for (VerdictSheet& sheet : *sheets) {
        if (sheets->size() != 1 && sheet.size != dumpSize)
            continue;
        if (chosen)
            return malformed("several dumps of the report have the size of this one");
        chosen = &sheet;
    }
    if (!chosen || (chosen->size && *chosen->size != dumpSize))
        return malformed("no dump of the report has the size of this one");
    return std::move(chosen->verdicts);
}

} // namespace coredact
