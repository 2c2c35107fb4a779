// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificate.h"

#include "scanner/redact/commitment.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace coredact {

namespace {

using Json = nlohmann::ordered_json;

/// 64-bit numbers are text: many readers of JSON round them.
std::string decimal(std::uint64_t number) { return std::to_string(number); }

Json rangesOf(const RedactionPlan& plan)
{
    Json ranges = Json::array();
    for (const Edit& edit : plan.edits()) {
        Json range {{"offset", decimal(edit.range.first())},
                    {"length", decimal(edit.range.size())},
                    {"fill", toText(edit.fill)},
                    {"reason", edit.reason}};
        if (edit.fill == Fill::Token)
            range["token"] = edit.token;
        ranges.push_back(std::move(range));
    }
    return ranges;
}

Json keptPlaces(std::span<const Finding> findings)
{
    Json places = Json::array();
    for (const Finding& finding : findings)
        for (const Occurrence& occurrence : finding.occurrences)
            for (const Piece& piece : occurrence.pieces)
                places.push_back({{"rule", finding.rule},
                                  {"offset", decimal(piece.file.first())},
                                  {"length", decimal(piece.file.size())}});
    return places;
}

Json keptMemory(std::span<const KeptRange> ranges)
{
    Json list = Json::array();
    for (const KeptRange& kept : ranges)
        list.push_back({{"offset", decimal(kept.range.first())},
                        {"length", decimal(kept.range.size())},
                        {"what", kept.what}});
    return list;
}

Json totalsOf(const RedactionPlan& plan)
{
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> totals; // places, bytes
    for (const Edit& edit : plan.edits()) {
        ++totals[edit.reason].first;
        totals[edit.reason].second += edit.range.size();
    }
    Json list = Json::array();
    for (const auto& [reason, counts] : totals)
        list.push_back({{"reason", reason},
                        {"ranges", decimal(counts.first)},
                        {"bytes", decimal(counts.second)}});
    return list;
}

Json verificationOf(const VerificationReport& report)
{
    Json checks = Json::array();
    for (const Check& check : report.checks)
        checks.push_back(
            {{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
    return {{"passed", report.passed()}, {"checks", std::move(checks)}};
}

Json tool() { return {{"name", "coredact"}, {"version", COREDACT_VERSION}}; }

/// What is true of every copy, whatever was found.
std::vector<std::string> limitsOf(const CertificateInput& input)
{
    std::vector<std::string> limits {
        "Secrets that no rule knows may remain.",
        "Copies that were compressed or encrypted in the process's memory are not looked for.",
        "Fragments shorter than 8 bytes, and fragments that read like words, may remain.",
        "The length of each redacted place is visible.",
    };
    if (input.mode == "minimise") {
        limits.push_back("Where the end of a stack is not known, 64 KiB of it are kept.");
        if (std::any_of(input.ranges.begin(), input.ranges.end(),
                        [](const KeptRange& kept) { return kept.what == "loader data"; }))
            limits.push_back("Loader data is the writable data of the dynamic linker and of libc, "
                             "and the list of what is loaded.");
    }
    limits.insert(limits.end(), input.limits.begin(), input.limits.end());
    return limits;
}

} // namespace

std::string promise(std::string_view mode, std::uint64_t secrets)
{
    if (mode == "minimise")
        return "only stacks, selected registers, modules and loader data were kept";
    if (secrets == 0)
        return "no secret was found that had to go; unknown secrets may remain";
    const std::string named
        = secrets == 1 ? "this secret" : "these " + std::to_string(secrets) + " secrets";
    return "no copy of " + named + " remains; unknown secrets may remain";
}

Certificate makeCertificate(const CertificateInput& input)
{
    const std::vector<std::uint8_t> salt = freshSalt();
    const std::string bound = commitment(salt, input.originalSha256);
    Json predicate {
        {"tool", tool()},
        {"rules", input.rulesDigest},
        {"mode", input.mode},
        {"promise", promise(input.mode, input.secretsRedacted)},
        {"inputCommitment", {{"algorithm", "HMAC-SHA256"}, {"value", bound}}},
        {"size", decimal(input.copySize)},
        {"uncompressedSize", decimal(input.plainSize)},
        {"secretsRedacted", decimal(input.secretsRedacted)},
        {"secretsKept", decimal(input.secretsKept)},
        {"bytesFilled", decimal(input.plan->bytes())},
        {"planDigest", input.plan->digest()},
        {"totals", totalsOf(*input.plan)},
        {"ranges", rangesOf(*input.plan)},
        {"kept", keptPlaces(input.kept)},
        {"verification", verificationOf(*input.verification)},
        {"limits", limitsOf(input)},
    };
    if (input.mode == "minimise")
        predicate["keptRanges"] = keptMemory(input.ranges);
    const Json statement {
        {"_type", "https://in-toto.io/Statement/v1"},
        {"subject", {{{"name", input.copyName}, {"digest", {{"sha256", input.copySha256}}}}}},
        {"predicateType", "https://coredact.example/redaction/v1"},
        {"predicate", std::move(predicate)},
    };
    const Json record {
        {"schema", "coredact-private-record/1"},
        {"note", "Keep this with the original: it opens the certificate's commitment."},
        {"tool", tool()},
        {"copy", {{"name", input.copyName}, {"sha256", input.copySha256}}},
        {"originalSha256", input.originalSha256},
        {"salt", hexFromBytes(salt)},
        {"inputCommitment", bound},
    };
    const auto text = [](const Json& json) {
        return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    };
    return {text(statement), text(record)};
}

} // namespace coredact
