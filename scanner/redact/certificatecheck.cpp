// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/certificatecheck.h"

#include "scanner/redact/certificate.h"
#include "scanner/redact/commitment.h"
#include "scanner/redact/verifybytes.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace coredact {

namespace {

using Json = nlohmann::json;

constexpr std::size_t largestStatement = 256U << 20;
constexpr std::size_t longestToken = 64;

Error malformed(std::string what)
{
    return {ErrorCode::Malformed, "the certificate " + std::move(what), std::nullopt};
}

/// Follows names and indices into the document; null where there is nothing.
const Json* find(const Json& json, const std::string& pointer)
{
    const Json::json_pointer path(pointer);
    return json.contains(path) ? &json.at(path) : nullptr;
}

std::string text(const Json& json, const std::string& pointer)
{
    const Json* found = find(json, pointer);
    return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> number(const Json& json, const std::string& pointer)
{
    const std::string digits = text(json, pointer);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    return whole && !digits.empty() ? std::optional(value) : std::nullopt;
}

std::optional<Edit> editFrom(const Json& json)
{
    const auto offset = number(json, "/offset");
    const auto length = number(json, "/length");
    const auto fill = fillFrom(text(json, "/fill"));
    if (!offset || !length || !fill)
        return std::nullopt;
    const auto range = FileRange::make(*offset, *length);
    const std::string token = text(json, "/token");
    if (!range || token.size() > longestToken || (*fill == Fill::Token) == token.empty())
        return std::nullopt;
    return Edit {*range, *fill, text(json, "/reason"), {}, token};
}

Result<std::vector<Edit>> editsFrom(const Json& statement)
{
    const Json* ranges = find(statement, "/predicate/ranges");
    if (!ranges || !ranges->is_array())
        return malformed("has no list of ranges");
    std::vector<Edit> edits;
    for (const Json& range : *ranges) {
        auto edit = editFrom(range);
        if (!edit)
            return malformed("has a range that is none, number "
                             + std::to_string(edits.size() + 1));
        edits.push_back(std::move(*edit));
    }
    return edits;
}

/// One finding for each place; the rule's name and the place are all that is known.
Result<std::vector<Finding>> keptFrom(const Json& statement)
{
    const Json* places = find(statement, "/predicate/kept");
    if (!places || !places->is_array())
        return malformed("has no list of what was kept");
    std::vector<Finding> kept;
    for (const Json& place : *places) {
        const auto offset = number(place, "/offset");
        const auto length = number(place, "/length");
        const auto range = offset && length ? FileRange::make(*offset, *length) : std::nullopt;
        if (!range)
            return malformed("has a kept place that is none, number "
                             + std::to_string(kept.size() + 1));
        Finding finding;
        finding.id = "f" + std::to_string(kept.size() + 1);
        finding.rule = text(place, "/rule");
        finding.occurrences = {{"raw", "", {{*range, std::nullopt}}}};
        kept.push_back(std::move(finding));
    }
    return kept;
}

/// What a minimised copy may hold.
Result<std::vector<KeptRange>> rangesFrom(const Json& statement)
{
    const Json* places = find(statement, "/predicate/keptRanges");
    if (!places || !places->is_array() || places->empty())
        return malformed("does not list what was kept of the memory");
    std::vector<KeptRange> ranges;
    for (const Json& place : *places) {
        const auto offset = number(place, "/offset");
        const auto length = number(place, "/length");
        const auto range = offset && length ? FileRange::make(*offset, *length) : std::nullopt;
        if (!range || (!ranges.empty() && range->first() <= ranges.back().range.last()))
            return malformed("has a kept range that is none, number "
                             + std::to_string(ranges.size() + 1));
        ranges.push_back({*range, text(place, "/what")});
    }
    return ranges;
}

Result<std::vector<ClassShare>> sharesFrom(const Json& statement)
{
    const Json* classes = find(statement, "/predicate/classes");
    if (!classes || !classes->is_array())
        return malformed("does not say what became of the classes");
    std::vector<ClassShare> shares;
    for (const Json& each : *classes) {
        const auto kind = dumpClassFrom(text(each, "/class"));
        const auto use = classUseFrom(text(each, "/choice"));
        const auto bytes = number(each, "/bytes");
        const bool again = kind && std::any_of(shares.begin(), shares.end(), [&](const auto& one) {
                               return one.kind == *kind;
                           });
        if (!kind || !use || !bytes || again)
            return malformed("has a class that is none, number "
                             + std::to_string(shares.size() + 1));
        shares.push_back({*kind, *use, *bytes, number(each, "/secretPlacesLeft").value_or(0)});
    }
    return shares;
}

/// The bytes of kept classes, as many as the figures say.
Result<std::vector<ClassRange>> leftFrom(const Json& statement,
                                         const std::vector<ClassShare>& shares)
{
    const Json* places = find(statement, "/predicate/keptClassRanges");
    if (!places || !places->is_array())
        return malformed("does not list what was kept of the classes");
    std::vector<ClassRange> left;
    std::map<DumpClass, std::uint64_t> bytes;
    for (const Json& place : *places) {
        const auto offset = number(place, "/offset");
        const auto length = number(place, "/length");
        const auto range = offset && length ? FileRange::make(*offset, *length) : std::nullopt;
        const auto kind = dumpClassFrom(text(place, "/class"));
        if (!range || !kind || (!left.empty() && range->first() <= left.back().range.last()))
            return malformed("has a kept range that is none, number "
                             + std::to_string(left.size() + 1));
        left.push_back({*range, *kind});
        bytes[*kind] += range->size();
    }
    for (const ClassShare& share : shares)
        if (bytes[share.kind] != (share.use == ClassUse::Keep ? share.bytes : 0))
            return malformed("lists other bytes as kept than its figures say");
    return left;
}

Result<Json> statementFrom(std::string_view bytes)
{
    if (bytes.size() > largestStatement)
        return Error {ErrorCode::TooLarge, "the certificate is larger than 256 MiB", std::nullopt};
    Json statement = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (statement.is_discarded())
        return malformed("is not JSON");
    if (text(statement, "/_type") != "https://in-toto.io/Statement/v1"
        || text(statement, "/predicateType") != "https://coredact.example/redaction/v1")
        return malformed("is no statement about a redaction");
    return statement;
}

/// The promise and the sums that people read are those of the plan and the figures beside them.
Status checkFigures(const Json& statement, const CertificateClaim& claim, const RedactionPlan& plan)
{
    const auto redacted = number(statement, "/predicate/secretsRedacted");
    if (!redacted || claim.promise != promise(claim.mode, *redacted, claim.shares))
        return malformed("does not promise what its figures say");
    if (number(statement, "/predicate/bytesFilled") != plan.bytes())
        return malformed("tells another number of filled bytes than its ranges");
    return {};
}

bool totalsHold(const Json& statement, const RedactionPlan& plan)
{
    const Json* list = find(statement, "/predicate/totals");
    const auto totals = totalsOf(plan);
    return list && list->is_array()
        && std::equal(list->begin(), list->end(), totals.begin(), totals.end(),
                      [](const Json& said, const auto& total) {
                          return text(said, "/reason") == total.first
                              && number(said, "/ranges") == total.second.ranges
                              && number(said, "/bytes") == total.second.bytes;
                      });
}

/// Behind the sentences that follow from the figures may come others.
bool limitsHold(const Json& statement, const CertificateClaim& claim)
{
    const Json* rounded = find(statement, "/predicate/lengths/roundedUp");
    const auto hidden = number(statement, "/predicate/lengths/hidden");
    const auto shown = number(statement, "/predicate/lengths/shown");
    const auto withoutToken = number(statement, "/predicate/secretsWithoutPseudonym");
    const Json* limits = find(statement, "/predicate/limits");
    if (!rounded || !rounded->is_boolean() || !hidden || !shown || !withoutToken || !limits
        || !limits->is_array() || (!rounded->get<bool>() && *hidden != 0))
        return false;
    CertificateInput input;
    input.mode = claim.mode;
    input.ranges = claim.ranges;
    input.shares = claim.shares;
    input.figures = {*hidden, *shown, *withoutToken};
    input.roundUp = rounded->get<bool>();
    const std::vector<std::string> known = limitsThatFollow(input);
    return limits->size() >= known.size()
        && std::equal(known.begin(), known.end(), limits->begin());
}

/// The sender's own verification: each check that it names passed.
bool checksPassed(const Json& statement)
{
    const Json* passed = find(statement, "/predicate/verification/passed");
    const Json* checks = find(statement, "/predicate/verification/checks");
    return passed && *passed == true && checks && checks->is_array() && !checks->empty()
        && std::all_of(checks->begin(), checks->end(), [](const Json& check) {
               const Json* held = find(check, "/passed");
               return held && *held == true && !text(check, "/name").empty();
           });
}

/// A kept secret has a rule and at least one place: there are no more than places, and no fewer
/// than rules.
bool keptHolds(const Json& statement, const std::vector<Finding>& kept)
{
    std::set<std::string_view> rules;
    for (const Finding& place : kept)
        rules.insert(place.rule);
    const auto secrets = number(statement, "/predicate/secretsKept");
    return secrets && *secrets <= kept.size() && *secrets >= rules.size();
}

/// What people read below the promise says what follows from the rest.
Status checkWords(const Json& statement, const CertificateClaim& claim, const RedactionPlan& plan)
{
    if (!totalsHold(statement, plan))
        return malformed("tells other totals than its ranges have");
    if (!limitsHold(statement, claim))
        return malformed("tells other limits than follow from its figures");
    if (!keptHolds(statement, claim.kept))
        return malformed("tells another number of kept secrets than its places allow");
    if (!checksPassed(statement))
        return malformed("tells of no verification that passed");
    return {};
}

bool isDigest(std::string_view text)
{
    return text.size() == 64
        && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

Result<CertificateClaim> parseCertificate(std::string_view bytes)
{
    const auto statement = statementFrom(bytes);
    if (!statement)
        return statement.error();
    const Json* subjects = find(*statement, "/subject");
    if (!subjects || !subjects->is_array() || subjects->size() != 1)
        return malformed("does not name one copy");
    CertificateClaim claim;
    claim.copyName = text(*statement, "/subject/0/name");
    claim.copySha256 = text(*statement, "/subject/0/digest/sha256");
    claim.rulesDigest = text(*statement, "/predicate/rules");
    claim.mode = text(*statement, "/predicate/mode");
    claim.promise = text(*statement, "/predicate/promise");
    if (claim.mode != "redact" && claim.mode != "minimise" && claim.mode != "custom")
        return malformed("has a mode that is none");
    if (claim.mode == "custom") {
        auto shares = sharesFrom(*statement);
        if (!shares)
            return shares.error();
        claim.shares = std::move(*shares);
        auto left = leftFrom(*statement, claim.shares);
        if (!left)
            return left.error();
        claim.left = std::move(*left);
    }
    const auto size = number(*statement, "/predicate/size");
    const auto plainSize = number(*statement, "/predicate/uncompressedSize");
    if (!isDigest(claim.copySha256) || !size || !plainSize)
        return malformed("has no digest or size of the copy");
    claim.copySize = *size;
    claim.plainSize = *plainSize;
    auto edits = editsFrom(*statement);
    if (!edits)
        return edits.error();
    const auto plan = RedactionPlan::fromEdits(*edits, claim.plainSize, {});
    if (!plan)
        return malformed("lists ranges that no plan has: " + plan.error().message);
    if (plan->digest() != text(*statement, "/predicate/planDigest"))
        return malformed("lists other ranges than those of its plan");
    if (const Status figures = checkFigures(*statement, claim, *plan); !figures)
        return figures.error();
    claim.edits = std::move(*edits);
    auto kept = keptFrom(*statement);
    if (!kept)
        return kept.error();
    claim.kept = std::move(*kept);
    if (claim.mode == "minimise") {
        auto ranges = rangesFrom(*statement);
        if (!ranges)
            return ranges.error();
        claim.ranges = std::move(*ranges);
    }
    if (const Status words = checkWords(*statement, claim, *plan); !words)
        return words.error();
    return claim;
}

std::optional<std::vector<ClassChoice>> CertificateClaim::choices() const
{
    if (mode != "custom")
        return std::nullopt;
    std::vector<ClassChoice> choices;
    for (const ClassShare& share : shares)
        choices.push_back({share.kind, share.use});
    return choices;
}

Result<VerificationReport> checkCertificate(const CertificateClaim& claim, const Source& copy,
                                            const JobControl& control)
{
    VerificationNotes notes;
    if (copy.size() != claim.copySize)
        notes.violate("size", std::nullopt, "the copy has not the size that the certificate names");
    notes.conclude("size", "the size is the certificate's", std::to_string(copy.size()) + " bytes");
    const auto plan = RedactionPlan::fromEdits(claim.edits, claim.plainSize, {});
    if (!plan)
        return plan.error();
    const auto sha256 = verifyBytes(copy, nullptr, *plan, notes, control);
    if (!sha256)
        return sha256.error();
    if (*sha256 != claim.copySha256)
        notes.violate("digest", std::nullopt, "the copy is not the file of the certificate");
    notes.conclude("digest", "the SHA-256 is the certificate's", *sha256);
    return std::move(notes).finish(*sha256);
}

Result<bool> opensCommitment(std::string_view bytes, std::string_view privateRecord,
                             std::string_view originalSha256)
{
    const auto statement = statementFrom(bytes);
    if (!statement)
        return statement.error();
    const Json record = Json::parse(privateRecord.begin(), privateRecord.end(), nullptr, false);
    const auto salt = record.is_discarded() ? std::nullopt : bytesFromHex(text(record, "/salt"));
    if (!salt)
        return Error {ErrorCode::Malformed, "the private record has no salt", std::nullopt};
    return commitment(*salt, originalSha256)
        == text(*statement, "/predicate/inputCommitment/value");
}

} // namespace coredact
