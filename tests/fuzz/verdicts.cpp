// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/verdictfile.h"
#include "tests/fuzz/targets.h"

namespace coredact::test {

namespace {

constexpr std::size_t longestNote = 4096; ///< as verdictfile.h promises

void fuzz(ByteView input)
{
    const auto sheets = parseVerdicts(asText(input));
    if (!sheets)
        return require(!sheets.error().message.empty(), "an error says something");
    for (const VerdictSheet& sheet : *sheets)
        for (const StoredVerdict& verdict : sheet.verdicts)
            require(verdict.decision.note.size() <= longestNote, "a note keeps its limit");
}

std::vector<std::vector<std::uint8_t>> seeds()
{
    constexpr std::string_view Report = R"({"schema": "coredact-scan/1", "dumps": [{
        "path": "core", "size": 4096, "findings": [
            {"id": "f1", "rule": "some-rule", "verdict": "keep", "reason": "test data",
             "note": "a fixture", "occurrences": [{"encoding": "raw",
                "pieces": [{"offset": 16, "length": 20, "address": "0x1000"}]}]},
            {"id": "f2", "verdict": "redact"}]}]})";
    const ByteView bytes = asBytes(Report);
    return {{bytes.begin(), bytes.end()}};
}

} // namespace

extern const FuzzTarget verdictsTarget;
const FuzzTarget verdictsTarget {"verdicts", fuzz, seeds};

} // namespace coredact::test
