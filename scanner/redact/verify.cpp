// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verify.h"

#include "scanner/formats/format.h"
#include "scanner/redact/verifybytes.h"
#include "scanner/redact/verifyholes.h"
#include "scanner/redact/verifystructure.h"
#include "scanner/redact/verifyvalues.h"

#include <algorithm>
#include <future>
#include <map>

namespace coredact {

namespace {

void verifySize(const VerifyInput& input, VerificationNotes& notes)
{
    if (!input.original)
        return;
    if (input.copy.size() != input.original->size())
        notes.violate("size", std::min(input.copy.size(), input.original->size()),
                      "the copy has not the original's size");
    notes.conclude("size", "the copy has the original's size",
                   counted(input.copy.size(), "byte", "bytes"));
}

/// Reads the copy anew, as its recipient will.
Result<Dump> verifyStructure(const VerifyInput& input, VerificationNotes& notes,
                             const JobControl& control)
{
    auto copy = readDump(input.copy, control);
    if (!copy)
        return copy;
    if (const auto fit
        = RedactionPlan::fromEdits(input.plan.edits(), input.copy.size(), copy->structure);
        !fit)
        notes.violate("structure", fit.error().offset, fit.error().message);
    if (input.original) {
        const auto original = readDump(*input.original, control);
        if (!original)
            return original.error();
        compareDumps(*copy, *original, input.plan, notes);
    }
    notes.conclude("structure",
                   input.original ? "the structure reads the same"
                                  : "no structural byte was filled",
                   copy->format + ", " + counted(copy->segments.size(), "segment", "segments")
                       + ", " + counted(copy->threads.size(), "thread", "threads") + ", "
                       + counted(copy->modules.size(), "module", "modules"));
    return copy;
}

using KeptPlaces = std::map<std::string, std::vector<FileRange>, std::less<>>; ///< by rule

bool allInside(const Occurrence& occurrence, const std::vector<FileRange>& ranges)
{
    return std::all_of(occurrence.pieces.begin(), occurrence.pieces.end(),
                       [&](const Piece& piece) { return liesInside(ranges, piece.file); });
}

bool anyInside(const Occurrence& occurrence, const std::vector<FileRange>& ranges)
{
    return std::any_of(occurrence.pieces.begin(), occurrence.pieces.end(),
                       [&](const Piece& piece) { return overlapsAny(ranges, piece.file); });
}

/// A new match may be kept on purpose, or be made of a fill: wholly, or as a guess by context
/// that runs over a fill. The fill itself holds nothing of the secret. `free`: fills and the bytes
/// of kept classes.
bool excused(const Finding& finding, const Occurrence& occurrence, const KeptPlaces& kept,
             const std::vector<FileRange>& filled, const std::vector<FileRange>& free)
{
    if (allInside(occurrence, free)
        || (finding.confidence != Confidence::Verified && anyInside(occurrence, filled)))
        return true;
    const auto places = kept.find(finding.rule);
    return places != kept.end() && allInside(occurrence, places->second);
}

KeptPlaces keptPlaces(std::span<const Finding> findings)
{
    KeptPlaces kept;
    for (const Finding& finding : findings)
        for (const Occurrence& occurrence : finding.occurrences)
            for (const Piece& piece : occurrence.pieces)
                kept[finding.rule].push_back(piece.file);
    for (auto& [rule, places] : kept)
        places = normalised(std::move(places));
    return kept;
}

/// Whether policy leaves what the rule finds.
bool leftByPolicy(const VerifyInput& input, const std::string& rule)
{
    const RuleInfo* info = input.rules.find(rule);
    return info
        && std::find(input.packsLeft.begin(), input.packsLeft.end(), info->pack)
        != input.packsLeft.end();
}

Status rescan(const VerifyInput& input, const Dump& dump, VerificationNotes& notes,
              const JobControl& control)
{
    ScanOptions options;
    options.threads = input.threads;
    options.propagate = false; // the values are searched for by other code
    const auto seen = scan(input.copy, dump, input.rules, options, control);
    if (!seen)
        return seen.error();
    for (const IncompleteRange& part : seen->incomplete)
        if (part.failed)
            notes.violate("rescan", part.offset, "the scan of the copy could not read all of it");
    std::vector<FileRange> filled; // as edits are: sorted, disjoint
    for (const Edit& edit : input.plan.edits())
        filled.push_back(edit.range);
    std::vector<FileRange> free = filled;
    free.insert(free.end(), input.left.begin(), input.left.end());
    free = normalised(std::move(free));
    const KeptPlaces kept = keptPlaces(input.kept);
    std::size_t excusedCount = 0;
    std::size_t leftCount = 0;
    for (const Finding& finding : seen->findings) {
        for (const Occurrence& occurrence : finding.occurrences) {
            if (leftByPolicy(input, finding.rule))
                ++leftCount;
            else if (excused(finding, occurrence, kept, filled, free))
                ++excusedCount;
            else {
                notes.violate("rescan", occurrence.pieces.front().file.first(),
                              "the scan of the copy finds " + finding.rule);
                for (const Piece& piece : occurrence.pieces)
                    notes.foundAgain(piece.file);
            }
        }
    }
    notes.conclude(
        "rescan", "a fresh scan finds nothing that is not kept",
        counted(seen->scannedBytes, "byte", "bytes") + " scanned, "
            + counted(excusedCount, "place", "places") + " kept or made of fill"
            + (leftCount > 0 ? ", " + std::to_string(leftCount) + " left by policy" : ""));
    return {};
}

/// Size, bytes, fills and holes; the SHA-256 of the copy.
Result<std::string> verifyFileAsBytes(const VerifyInput& input, VerificationNotes& notes,
                                      const JobControl& control)
{
    verifySize(input, notes);
    auto sha256 = verifyBytes(input.copy, input.original, input.plan, notes, control);
    if (!sha256 || !input.original)
        return sha256;
    if (const Status holes = verifyHoles(input.copy, *input.original, input.plan, notes); !holes)
        return holes.error();
    return sha256;
}

/// Structure, secrets that rules know, values.
Status verifyFileAsDump(const VerifyInput& input, VerificationNotes& notes,
                        const JobControl& control)
{
    const auto dump = verifyStructure(input, notes, control);
    if (!dump)
        return dump.error();
    if (const Status scanned = rescan(input, *dump, notes, control); !scanned)
        return scanned;
    return verifyValues(input, *dump, notes, control);
}

} // namespace

std::span<const std::string_view> checksAgainstOriginal()
{
    static constexpr std::string_view names[] = {
        "the copy has the original's size",
        "bytes outside the plan are unchanged",
        "every planned byte holds its fill",
        "holes of the original are holes in the copy",
        "the structure reads the same",
        "a fresh scan finds nothing that is not kept",
        "no redacted value is left in any encoding",
    };
    return names;
}

bool VerificationReport::passed() const
{
    return !checks.empty() && violations.empty()
        && std::all_of(checks.begin(), checks.end(), [](const Check& one) { return one.passed; });
}

Result<VerificationReport> verifyCopy(const VerifyInput& input, const JobControl& control)
{
    control.report({"verify", 0, input.copy.size()});
    // The digest is the work of one thread; the scan meanwhile uses what else there is.
    VerificationNotes notes(input.concluded);
    auto digest
        = std::async(std::launch::async, [&] { return verifyFileAsBytes(input, notes, control); });
    VerificationNotes more(input.concluded);
    const Status read = verifyFileAsDump(input, more, control);
    const auto sha256 = digest.get();
    if (!sha256)
        return sha256.error();
    if (!read)
        return read.error();
    notes.take(std::move(more));
    return std::move(notes).finish(*sha256);
}

} // namespace coredact
