// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/plan.h"

#include "scanner/io/digest.h"
#include "scanner/redact/gaps.h"
#include "scanner/redact/roundup.h"
#include "scanner/redact/token.h"

#include <algorithm>
#include <array>
#include <set>

namespace coredact {

namespace {

constexpr std::array fills {
    std::pair(Fill::Zero, std::string_view("zero")), std::pair(Fill::A5, std::string_view("a5")),
    std::pair(Fill::X, std::string_view("x")), std::pair(Fill::Token, std::string_view("token"))};

constexpr std::uint64_t shortestToken = 8; ///< bytes; shorter places get a plain fill

/// Bytes that somebody wants to change, before they are merged and clipped.
struct Wish {
    FileRange range;
    Fill fill;
    std::string reason;
    std::string finding;
    std::string token;
};

std::string tokenFor(const TokenMaker& tokens, const Finding& finding, const Occurrence& occurrence,
                     const FileRange& range)
{
    std::string text = tokens.token(finding.rule + '\0' + finding.id, range.size());
    if (occurrence.encoding.starts_with("utf-16le"))
        return inUtf16(text, ByteOrder::Little);
    if (occurrence.encoding.starts_with("utf-16be"))
        return inUtf16(text, ByteOrder::Big);
    return text;
}

/// A run of bytes of a secret.
struct Place {
    const Finding* finding;
    const Occurrence* occurrence;
    FileRange range;
    bool isEnd; ///< of the occurrence
};

std::vector<Place> placesOf(const std::vector<const Finding*>& findings)
{
    std::vector<Place> places;
    for (const Finding* finding : findings)
        for (const Occurrence& occurrence : finding->occurrences)
            for (std::size_t i = 0; i < occurrence.pieces.size(); ++i)
                places.push_back({finding, &occurrence, occurrence.pieces[i].file,
                                  i + 1 == occurrence.pieces.size()});
    return places;
}

unsigned unitOf(std::string_view encoding)
{
    return encoding.starts_with("utf-16") ? 2 : encoding.starts_with("utf-32") ? 4 : 1;
}

/// Where nothing may be filled to hide a length: structure, and what is kept.
std::vector<FileRange> closedFor(const Dump& dump, const std::vector<const Finding*>& kept,
                                 const std::vector<ClassRange>& left)
{
    std::vector<FileRange> closed = dump.structure;
    for (const Finding* finding : kept)
        for (const Occurrence& occurrence : finding->occurrences)
            for (const Piece& piece : occurrence.pieces)
                closed.push_back(piece.file);
    for (const ClassRange& part : left)
        closed.push_back(part.range);
    return normalised(std::move(closed));
}

/// Lets the places reach to the end of what holds the secret.
void roundUp(std::vector<Place>& places, const Source& source, const Dump& dump,
             const std::vector<FileRange>& closed, PlanFigures& figures)
{
    std::vector<SecretEnd> ends;
    for (const Place& place : places)
        if (place.isEnd)
            ends.push_back({place.range, unitOf(place.occurrence->encoding)});
    const std::vector<RoundedEnd> rounded = roundedUp(source, dump, ends, closed);
    std::size_t next = 0;
    for (Place& place : places) {
        if (!place.isEnd)
            continue;
        const RoundedEnd& end = rounded[next++];
        place.range = *FileRange::between(place.range.first(), end.last);
        ++(end.hidden ? figures.lengthsHidden : figures.lengthsShown);
    }
}

/// Secrets that shall have no pseudonym although that is the fill: who sees which ones are equal,
/// or how often one occurs, could tell the value.
std::set<std::string_view> guessableOnes(std::span<const Finding> findings,
                                         std::span<const SecretValue> values)
{
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < std::min(findings.size(), values.size()); ++i)
        if (findings[i].notSought != NotSought::No || isGuessable(values[i]))
            ids.insert(findings[i].id);
    return ids;
}

void addPlaces(std::vector<Wish>& wishes, const std::vector<Place>& places,
               const PlanPolicy& policy, const std::set<std::string_view>& guessable)
{
    const TokenMaker tokens;
    for (const Place& place : places) {
        Wish wish {place.range, policy.fill, place.finding->rule, place.finding->id, {}};
        const bool plain
            = place.range.size() < shortestToken || guessable.contains(place.finding->id);
        if (policy.fill == Fill::Token && plain)
            wish.fill = Fill::X;
        else if (policy.fill == Fill::Token)
            wish.token = tokenFor(tokens, *place.finding, *place.occurrence, place.range);
        wishes.push_back(std::move(wish));
    }
}

/// Bytes in no segment, field or structure. None in a dump without any: raw bytes are all that
/// such a file has.
std::vector<FileRange> unclaimed(const Dump& dump)
{
    std::vector<FileRange> claimed = dump.structure;
    for (const Segment& segment : dump.segments)
        claimed.push_back(segment.file);
    for (const Field& field : dump.fields)
        claimed.push_back(field.file);
    if (claimed.empty())
        return {};
    return gapsBetween(normalised(std::move(claimed)), dump.size);
}

void addPolicy(std::vector<Wish>& wishes, const Dump& dump, const PlanPolicy& policy)
{
    const Fill fill = policy.fill == Fill::Token ? Fill::A5 : policy.fill;
    for (const Field& field : dump.fields) {
        if (policy.vectorRegisters && field.kind == FieldKind::VectorRegisters)
            wishes.push_back({field.file, fill, "policy:vector-registers", {}, {}});
        if (policy.randomSeed && field.kind == FieldKind::Random)
            wishes.push_back({field.file, fill, "policy:random-seed", {}, {}});
        if (policy.unknown && field.kind == FieldKind::Opaque)
            wishes.push_back({field.file, fill, "policy:unknown", {}, {}});
    }
    if (policy.values)
        for (const FileRange& value : dump.values)
            wishes.push_back({value, fill, "policy:arguments-and-environment", {}, {}});
    // Zeros keep the holes of a sparse file.
    if (policy.unknown)
        for (const FileRange& range : unclaimed(dump))
            wishes.push_back({range, Fill::Zero, "policy:unclaimed", {}, {}});
}

/// The classes that are filled whole, and the bytes of those that are kept.
void addClasses(std::vector<Wish>& wishes, std::vector<ClassRange>& left,
                std::span<const ClassRange> classes, const PlanPolicy& policy)
{
    const Fill fill = policy.fill == Fill::Token ? Fill::A5 : policy.fill;
    for (const ClassRange& part : classes) {
        const ClassUse use = useOf(*policy.classes, part.kind);
        if (use == ClassUse::Fill)
            wishes.push_back({part.range, fill, "class:" + std::string(toText(part.kind)), {}, {}});
        if (use == ClassUse::Keep)
            left.push_back(part);
    }
}

/// Sorted and disjoint: where wishes overlap, the one that begins first has the bytes.
std::vector<Edit> merged(std::vector<Wish> wishes)
{
    std::stable_sort(wishes.begin(), wishes.end(), [](const Wish& first, const Wish& second) {
        return first.range.first() != second.range.first()
            ? first.range.first() < second.range.first()
            : first.range.last() > second.range.last();
    });
    std::vector<Edit> edits;
    for (Wish& wish : wishes) {
        FileRange range = wish.range;
        if (!edits.empty() && range.first() <= edits.back().range.last()) {
            const auto rest = edits.back().range.last() < range.last()
                ? FileRange::between(edits.back().range.last() + 1, range.last())
                : std::nullopt;
            if (!rest)
                continue;
            range = *rest;
        }
        edits.push_back({range, wish.fill, std::move(wish.reason), std::move(wish.finding),
                         std::move(wish.token)});
    }
    return edits;
}

const FileRange& rangeOf(const FileRange& range) { return range; }

const FileRange& rangeOf(const Edit& edit) { return edit.range; }

const FileRange& rangeOf(const ClassRange& part) { return part.range; }

/// The first of sorted, disjoint ranges that does not end before `offset`.
template <typename Ranges> auto firstReaching(const Ranges& ranges, std::uint64_t offset)
{
    return std::lower_bound(
        ranges.begin(), ranges.end(), offset,
        [](const auto& one, std::uint64_t wanted) { return rangeOf(one).last() < wanted; });
}

/// Cuts what is closed out of the edits; it is sorted and disjoint. `lost` is told of each part
/// that an edit loses.
template <typename Closed, typename Lost>
std::vector<Edit> clipped(const std::vector<Edit>& edits, const std::vector<Closed>& closed,
                          Lost lost)
{
    std::vector<Edit> kept;
    for (const Edit& edit : edits) {
        std::uint64_t next = edit.range.first();
        const std::uint64_t last = edit.range.last();
        bool more = true;
        const auto keep = [&](std::uint64_t upTo) {
            Edit part = edit;
            part.range = *FileRange::between(next, upTo);
            kept.push_back(std::move(part));
        };
        for (auto it = firstReaching(closed, next);
             more && it != closed.end() && rangeOf(*it).first() <= last; ++it) {
            const FileRange shared = *rangeOf(*it).intersection(edit.range);
            lost(edit, shared);
            if (next < shared.first())
                keep(shared.first() - 1);
            more = shared.last() < last;
            next = shared.last() + 1;
        }
        if (more)
            keep(last);
    }
    return kept;
}

/// Where a kept finding loses bytes all the same.
void tellOfKept(const Finding& finding, const std::vector<Edit>& edits,
                std::vector<Conflict>& conflicts)
{
    for (const Occurrence& occurrence : finding.occurrences)
        for (const Piece& piece : occurrence.pieces)
            for (auto it = firstReaching(edits, piece.file.first());
                 it != edits.end() && it->range.first() <= piece.file.last(); ++it)
                conflicts.push_back({*it->range.intersection(piece.file), finding.id,
                                     it->finding.empty()
                                         ? "wiped by " + it->reason
                                         : "shared with " + it->finding + ", which is redacted"});
}

/// Where a finding that is to go stays, since its class is kept.
void tellOfLeft(const Finding& finding, const std::vector<ClassRange>& left,
                std::vector<Conflict>& conflicts)
{
    for (const Occurrence& occurrence : finding.occurrences)
        for (const Piece& piece : occurrence.pieces)
            for (auto it = firstReaching(left, piece.file.first());
                 it != left.end() && it->range.first() <= piece.file.last(); ++it)
                conflicts.push_back({*it->range.intersection(piece.file), finding.id,
                                     std::string(keptWithClass) + std::string(toText(it->kind))});
}

/// What minimising dropped: it is zeros, and a fill there would be a byte that was to go.
std::vector<FileRange> droppedOf(const Dump& dump, std::span<const KeptRange> kept)
{
    std::vector<FileRange> ranges;
    for (const KeptRange& each : kept)
        ranges.push_back(each.range);
    return gapsBetween(normalised(std::move(ranges)), dump.size);
}

/// What lies past the end of the file cannot be changed.
void cutAtEnd(std::vector<Wish>& wishes, std::uint64_t size, std::vector<Conflict>& conflicts)
{
    std::vector<Wish> inside;
    for (Wish& wish : wishes) {
        if (wish.range.last() >= size) {
            const std::uint64_t first = std::max(wish.range.first(), size);
            conflicts.push_back({*FileRange::between(first, wish.range.last()), wish.finding,
                                 "past the end of the file"});
            if (wish.range.first() >= size)
                continue;
            wish.range = *FileRange::between(wish.range.first(), size - 1);
        }
        inside.push_back(std::move(wish));
    }
    wishes = std::move(inside);
}

std::vector<ClassShare> sharesOf(std::span<const ClassRange> classes, const PlanPolicy& policy,
                                 std::span<const Conflict> conflicts)
{
    std::vector<ClassShare> shares;
    for (const DumpClass kind : dumpClasses())
        shares.push_back({kind, useOf(*policy.classes, kind), 0, 0});
    for (const ClassRange& part : classes)
        shares[static_cast<std::size_t>(part.kind)].bytes += part.range.size();
    for (const Conflict& conflict : conflicts)
        if (conflict.why.starts_with(keptWithClass))
            if (const auto kind = dumpClassFrom(conflict.why.substr(keptWithClass.size())))
                ++shares[static_cast<std::size_t>(*kind)].places;
    std::erase_if(shares, [](const ClassShare& share) { return share.bytes == 0; });
    return shares;
}

Error refused(std::string why, std::uint64_t offset)
{
    return {ErrorCode::Refused, "the plan " + std::move(why), offset};
}

} // namespace

std::string_view toText(Fill fill)
{
    for (const auto& [value, text] : fills)
        if (value == fill)
            return text;
    return {};
}

std::optional<Fill> fillFrom(std::string_view text)
{
    for (const auto& [value, known] : fills)
        if (known == text)
            return value;
    return std::nullopt;
}

RedactionPlan RedactionPlan::make(const Dump& dump, std::span<const Finding> findings,
                                  const Triage& triage, const PlanPolicy& policy,
                                  const PlanGround& ground)
{
    RedactionPlan plan;
    std::vector<Wish> wishes;
    std::vector<const Finding*> kept;
    std::vector<const Finding*> going;
    for (const Finding& finding : findings)
        (triage.decisionFor(finding.id).verdict == Verdict::Keep ? kept : going)
            .push_back(&finding);
    if (policy.classes)
        addClasses(wishes, plan.m_left, ground.classes, policy);
    std::vector<Place> places = placesOf(going);
    if (policy.roundUp && ground.source)
        roundUp(places, *ground.source, dump, closedFor(dump, kept, plan.m_left), plan.m_figures);
    else
        plan.m_figures.lengthsShown = static_cast<std::uint64_t>(std::count_if(
            places.begin(), places.end(), [](const Place& one) { return one.isEnd; }));
    std::set<std::string_view> guessable;
    if (policy.fill == Fill::Token)
        guessable = guessableOnes(findings, ground.values);
    plan.m_figures.withoutToken = static_cast<std::uint64_t>(
        std::count_if(going.begin(), going.end(),
                      [&](const Finding* one) { return guessable.contains(one->id); }));
    addPlaces(wishes, places, policy, guessable);
    addPolicy(wishes, dump, policy);
    for (const FileRange& range : ground.foundAgain)
        wishes.push_back({range,
                          policy.fill == Fill::Token ? Fill::X : policy.fill,
                          std::string(foundInCopy),
                          {},
                          {}});
    cutAtEnd(wishes, dump.size, plan.m_conflicts);
    const std::vector<FileRange> structure = normalised(dump.structure);
    const auto untold = [](const Edit&, const FileRange&) {};
    plan.m_edits = clipped(merged(std::move(wishes)), plan.m_left, untold);
    if (!ground.kept.empty())
        plan.m_edits = clipped(plan.m_edits, droppedOf(dump, ground.kept), untold);
    // Only what a finding loses is a conflict: what the policy wipes leaves the heads inside it
    // alone on purpose.
    plan.m_edits = clipped(plan.m_edits, structure, [&](const Edit& edit, const FileRange& shared) {
        if (!edit.finding.empty())
            plan.m_conflicts.push_back({shared, edit.finding, "structural bytes"});
    });
    for (const Finding& finding : findings)
        if (triage.decisionFor(finding.id).verdict != Verdict::Keep)
            tellOfLeft(finding, plan.m_left, plan.m_conflicts);
    for (const Finding* finding : kept)
        tellOfKept(*finding, plan.m_edits, plan.m_conflicts);
    if (policy.classes)
        plan.m_shares = sharesOf(ground.classes, policy, plan.m_conflicts);
    std::stable_sort(
        plan.m_conflicts.begin(), plan.m_conflicts.end(),
        [](const Conflict& first, const Conflict& second) { return first.range < second.range; });
    return plan;
}

Result<RedactionPlan> RedactionPlan::fromEdits(std::vector<Edit> edits, std::uint64_t fileSize,
                                               std::span<const FileRange> structure)
{
    const std::vector<FileRange> closed
        = normalised(std::vector<FileRange>(structure.begin(), structure.end()));
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const FileRange& range = edits[i].range;
        if (i > 0 && range.first() <= edits[i - 1].range.last())
            return refused("is not sorted or has overlapping edits", range.first());
        if (range.last() >= fileSize)
            return refused("edits past the end of the file", range.first());
        if (edits[i].fill == Fill::Token && edits[i].token.empty())
            return refused("has a token that is empty", range.first());
        const auto it = firstReaching(closed, range.first());
        if (it != closed.end() && it->overlaps(range))
            return refused("edits structural bytes", std::max(it->first(), range.first()));
    }
    RedactionPlan plan;
    plan.m_edits = std::move(edits);
    return plan;
}

std::uint64_t RedactionPlan::bytes() const
{
    std::uint64_t sum = 0;
    for (const Edit& edit : m_edits)
        sum += edit.range.size();
    return sum;
}

std::string RedactionPlan::digest() const
{
    Sha256 digest;
    const auto add = [&](std::string_view text) {
        const std::string counted = std::to_string(text.size()) + ":";
        digest.add(asBytes(counted));
        digest.add(asBytes(text));
    };
    for (const Edit& edit : m_edits) {
        add(std::to_string(edit.range.first()));
        add(std::to_string(edit.range.size()));
        add(toText(edit.fill));
        add(edit.token);
        add(edit.reason);
    }
    return "sha256:" + digest.hex();
}

} // namespace coredact
