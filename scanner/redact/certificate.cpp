// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificate.h"

#include "scanner/redact/commitment.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

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

Json classesOf(std::span<const ClassShare> shares)
{
    Json list = Json::array();
    for (const ClassShare& share : shares) {
        Json one {{"class", toText(share.kind)},
                  {"choice", toText(share.use)},
                  {"bytes", decimal(share.bytes)}};
        if (share.use == ClassUse::Keep)
            one["secretPlacesLeft"] = decimal(share.places);
        list.push_back(std::move(one));
    }
    return list;
}

Json leftRanges(std::span<const ClassRange> left)
{
    Json list = Json::array();
    for (const ClassRange& part : left)
        list.push_back({{"offset", decimal(part.range.first())},
                        {"length", decimal(part.range.size())},
                        {"class", toText(part.kind)}});
    return list;
}

Json totalsJson(const RedactionPlan& plan)
{
    Json list = Json::array();
    for (const auto& [reason, total] : totalsOf(plan))
        list.push_back({{"reason", reason},
                        {"ranges", decimal(total.ranges)},
                        {"bytes", decimal(total.bytes)}});
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

std::vector<std::string> limitsOf(const CertificateInput& input)
{
    std::vector<std::string> limits = limitsThatFollow(input);
    limits.insert(limits.end(), input.limits.begin(), input.limits.end());
    return limits;
}

} // namespace

std::map<std::string, ReasonTotal> totalsOf(const RedactionPlan& plan)
{
    std::map<std::string, ReasonTotal> totals;
    for (const Edit& edit : plan.edits()) {
        ++totals[edit.reason].ranges;
        totals[edit.reason].bytes += edit.range.size();
    }
    return totals;
}

std::vector<std::string> limitsThatFollow(const CertificateInput& input)
{
    std::vector<std::string> limits {
        "Secrets that no rule knows may remain.",
        "Copies that were encrypted in the process's memory, or compressed in a way that is not "
        "told "
        "by its first bytes, are not looked for.",
        "Fragments shorter than 8 bytes, and fragments that read like words, may remain.",
        lengthStatement(input.roundUp, input.figures),
    };
    if (input.figures.withoutToken != 0)
        limits.push_back(tokenStatement(input.figures));
    if (input.mode == "minimise") {
        limits.emplace_back("Where the end of a stack is not known, 64 KiB of it are kept.");
        if (std::any_of(input.ranges.begin(), input.ranges.end(),
                        [](const KeptRange& kept) { return kept.what == "loader data"; }))
            limits.emplace_back(
                "Loader data is the writable data of the dynamic linker and of libc, "
                "and the list of what is loaded.");
    }
    for (const ClassShare& share : input.shares) {
        if (share.use == ClassUse::Fill && !costOfFilling(share.kind).empty())
            limits.push_back("Cost of " + std::string(costOfFilling(share.kind)) + ".");
        if (share.use == ClassUse::Keep)
            limits.push_back("The class \"" + std::string(toText(share.kind))
                             + "\" was kept as it was, with "
                             + (share.places == 0 ? "no place of a known secret"
                                    : share.places == 1
                                    ? "1 place of a known secret"
                                    : std::to_string(share.places) + " places of known secrets")
                             + "; others may be there.");
    }
    return limits;
}

namespace {

/// What became of the classes, by choice; each class that the file has bytes of is named.
std::string customPromise(std::uint64_t secrets, std::span<const ClassShare> shares)
{
    std::string text;
    const auto say = [&](std::string_view how, ClassUse use) {
        std::string names;
        for (const ClassShare& share : shares)
            if (share.use == use)
                names += (names.empty() ? "" : ", ") + std::string(toText(share.kind));
        if (!names.empty())
            text += std::string(how) + ": " + names + "; ";
        return !names.empty();
    };
    say("filled whole", ClassUse::Fill);
    const bool kept = say("kept as they were, secrets included", ClassUse::Keep);
    const bool scanned = say("scanned", ClassUse::Scan);
    if (secrets != 0)
        text += "no copy of " + (secrets == 1 ? "1 secret" : std::to_string(secrets) + " secrets")
            + " remains";
    else
        text += "no secret was found that had to go and went whole";
    if (!scanned && !kept)
        return text;
    return text + "; unknown secrets may remain in what was "
        + (scanned && kept ? "scanned or kept"
               : scanned   ? "scanned"
                           : "kept");
}

} // namespace

std::string lengthStatement(bool roundUp, const PlanFigures& figures)
{
    if (!roundUp)
        return "The length of each redacted place is visible.";
    const std::string all = std::to_string(figures.lengthsHidden + figures.lengthsShown);
    return "Lengths are rounded up to the end of the allocation or text around a secret at "
        + std::to_string(figures.lengthsHidden) + " of " + all
        + " places; at the others they show, and a program may have noted them elsewhere.";
}

std::string tokenStatement(const PlanFigures& figures)
{
    return (figures.withoutToken == 1 ? "1 secret has"
                                      : std::to_string(figures.withoutToken) + " secrets have")
        + std::string(" no pseudonym: there are so few values of that kind that equal ones would "
                      "tell it.");
}

std::string modeOf(Form form, const PlanPolicy& policy)
{
    return form == Form::Minimised ? "minimise" : policy.classes ? "custom" : "redact";
}

std::uint64_t secretsToGo(std::span<const Finding> findings, const Triage& triage,
                          std::span<const Conflict> conflicts)
{
    std::set<std::string_view> staying;
    for (const Conflict& conflict : conflicts)
        if (conflict.why.starts_with(keptWithClass))
            staying.insert(conflict.finding);
    return static_cast<std::uint64_t>(
        std::count_if(findings.begin(), findings.end(), [&](const Finding& finding) {
            return finding.notSought == NotSought::No && !staying.contains(finding.id)
                && triage.decisionFor(finding.id).verdict != Verdict::Keep;
        }));
}

std::string promise(std::string_view mode, std::uint64_t secrets,
                    std::span<const ClassShare> shares)
{
    if (mode == "minimise")
        return "only stacks, selected registers, modules and loader data were kept";
    if (mode == "custom")
        return customPromise(secrets, shares);
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
        {"promise", promise(input.mode, input.secretsRedacted, input.shares)},
        {"inputCommitment", {{"algorithm", "HMAC-SHA256"}, {"value", bound}}},
        {"size", decimal(input.copySize)},
        {"uncompressedSize", decimal(input.plainSize)},
        {"secretsRedacted", decimal(input.secretsRedacted)},
        {"secretsKept", decimal(input.secretsKept)},
        {"secretsWithoutPseudonym", decimal(input.figures.withoutToken)},
        {"bytesFilled", decimal(input.plan->bytes())},
        {"planDigest", input.plan->digest()},
        {"lengths",
         {{"roundedUp", input.roundUp},
          {"hidden", decimal(input.figures.lengthsHidden)},
          {"shown", decimal(input.figures.lengthsShown)}}},
        {"totals", totalsJson(*input.plan)},
        {"ranges", rangesOf(*input.plan)},
        {"kept", keptPlaces(input.kept)},
        {"verification", verificationOf(*input.verification)},
        {"limits", limitsOf(input)},
    };
    if (input.mode == "minimise")
        predicate["keptRanges"] = keptMemory(input.ranges);
    if (input.mode == "custom") {
        predicate["classes"] = classesOf(input.shares);
        predicate["keptClassRanges"] = leftRanges(input.left);
    }
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
