// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/verification.h"

#include "app/engine/openeddump.h"
#include "scanner/client/values.h"
#include "scanner/io/digest.h"
#include "scanner/redact/verifyclasses.h"

#include <cerrno>

namespace coredact::engine {
namespace {

using protocol::Verified;
using protocol::Verify;

constexpr std::uint64_t largestValues = 256U << 20;

/// Reads what the exporting engine left, and empties the file.
Result<std::vector<SecretValue>> takeValues(Descriptor file)
{
    const int number = file.number();
    const auto source = Source::fromDescriptor(std::move(file));
    if (!source)
        return source.error();
    if (source->size() > largestValues)
        return Error {ErrorCode::TooLarge, "the values for verification are too many",
                      std::nullopt};
    SecretBytes bytes(static_cast<std::size_t>(source->size()));
    if (const Status status = source->readAt(0, bytes); !status)
        return status.error();
    // The pages go back to the system, which clears them before anybody else sees them.
    if (ftruncate(number, 0) != 0)
        return systemError("cannot empty the file of values", errno);
    return protocol::decodeValues(bytes);
}

/// The descriptors of a Verify by their meaning.
struct Parts {
    Descriptor copy;
    Descriptor copyRoom;
    Descriptor original;
    Descriptor originalRoom;
    Descriptor values;
};

Result<Parts> partsOf(const Verify& request, std::vector<Descriptor>& given)
{
    const std::size_t expected
        = 2U + (request.withOriginal ? 2U : 0U) + (request.withValues ? 1U : 0U);
    if (given.size() != expected)
        return Error {ErrorCode::Usage, "verification was asked for with the wrong descriptors",
                      std::nullopt};
    std::size_t next = 0;
    Parts parts;
    parts.copy = std::move(given[next++]);
    parts.copyRoom = std::move(given[next++]);
    if (request.withOriginal) {
        parts.original = std::move(given[next++]);
        parts.originalRoom = std::move(given[next++]);
    }
    if (request.withValues)
        parts.values = std::move(given[next++]);
    return parts;
}

Result<std::vector<SecretValue>> valuesFor(const Verify& request, Descriptor file)
{
    std::vector<SecretValue> values;
    if (request.withValues) {
        auto taken = takeValues(std::move(file));
        if (!taken)
            return taken;
        values = std::move(*taken);
    }
    for (const std::string& text : request.given)
        values.push_back({ValueForm::Text, SecretBytes(text.begin(), text.end()), {}});
    return values;
}

/// The copy must be wrapped as the original is, and come out whole.
void checkContainers(const OpenedDump& copy, const OpenedDump& original, VerificationReport& report)
{
    std::string words;
    for (const std::string& container : original.containers)
        words += (words.empty() ? "" : ", ") + container;
    const bool passed = copy.containers == original.containers;
    report.checks.push_back({"the copy is compressed as the original is", passed,
                             words.empty() ? "not compressed" : words});
    if (!passed)
        report.violations.push_back(
            {"structure", std::nullopt, "the copy is not compressed as the original is"});
}

/// Nothing but the listed ranges may hold bytes; the owner also sees that the list is what
/// minimising the original keeps.
Status checkMinimised(const Verify& request, const OpenedDump& copy,
                      const std::optional<OpenedDump>& original, VerificationReport& report,
                      const JobControl& control)
{
    const auto beside = bytesBeside(copy.plain, request.ranges, control);
    if (!beside)
        return beside.error();
    std::uint64_t bytes = 0;
    for (const KeptRange& kept : request.ranges)
        bytes += kept.range.size();
    report.checks.push_back(
        {"nothing is there but what the list of kept ranges names", !*beside,
         std::to_string(bytes) + " bytes of " + std::to_string(copy.plain.size()) + " kept"});
    if (*beside)
        report.violations.push_back({"minimise", **beside, "a byte that was to go is there"});
    if (!original)
        return {};
    const bool same = original->kept == request.ranges;
    report.checks.push_back({"minimising the original again keeps the same", same,
                             std::to_string(request.ranges.size()) + " ranges"});
    if (!same)
        report.violations.push_back(
            {"minimise", std::nullopt, "the list is not what minimising the original keeps"});
    return {};
}

std::vector<FileRange> rangesOf(const std::vector<ClassRange>& parts)
{
    std::vector<FileRange> ranges;
    for (const ClassRange& part : parts)
        ranges.push_back(part.range);
    return ranges;
}

/// What becomes of the classes of a custom copy.
Status checkClasses(const Verify& request, const OpenedDump& copy,
                    const std::optional<OpenedDump>& original, VerificationReport& report)
{
    VerificationNotes notes;
    const Status looked = verifyClasses({*request.classes, request.left, request.edits}, copy.plain,
                                        original ? &original->plain : nullptr,
                                        original ? &original->dump : nullptr, notes);
    if (!looked)
        return looked;
    VerificationReport found = std::move(notes).finish({});
    std::move(found.checks.begin(), found.checks.end(), std::back_inserter(report.checks));
    std::move(found.violations.begin(), found.violations.end(),
              std::back_inserter(report.violations));
    return {};
}

} // namespace

Result<Verified> verifyWritten(const Verify& request, std::vector<Descriptor>& given,
                               const RuleSet& rules,
                               const std::function<void(const Check&)>& concluded,
                               const JobControl& control)
{
    auto parts = partsOf(request, given);
    if (!parts)
        return parts.error();
    const auto values = valuesFor(request, std::move(parts->values));
    if (!values)
        return values.error();
    const auto copy = takeDump(std::move(parts->copy), std::move(parts->copyRoom),
                               request.byteBudget, Form::Whole, control);
    if (!copy)
        return copy.error();
    std::optional<OpenedDump> original;
    if (request.withOriginal) {
        auto taken = takeDump(std::move(parts->original), std::move(parts->originalRoom),
                              request.byteBudget, request.minimised ? Form::Minimised : Form::Whole,
                              control);
        if (!taken)
            return taken.error();
        original = std::move(*taken);
    }
    // The structure is the original's where there is one: a plan that damages it would otherwise
    // be judged by what it left.
    const Dump& measure = original ? original->dump : copy->dump;
    const auto plan = RedactionPlan::fromEdits(request.edits, measure.size, measure.structure);
    if (!plan)
        return plan.error();
    const std::vector<FileRange> left = rangesOf(request.left);
    auto report
        = verifyCopy({copy->plain, original ? &original->plain : nullptr, *plan, rules, *values,
                      request.kept, request.threads, concluded, request.packsLeft, left},
                     control);
    if (!report)
        return report.error();
    if (original)
        checkContainers(*copy, *original, *report);
    if (original && concluded)
        concluded(report->checks.back());
    if (request.minimised) {
        const std::size_t before = report->checks.size();
        if (const Status looked = checkMinimised(request, *copy, original, *report, control);
            !looked)
            return looked.error();
        for (std::size_t i = before; concluded && i < report->checks.size(); ++i)
            concluded(report->checks[i]);
    }
    if (request.classes) {
        const std::size_t before = report->checks.size();
        if (const Status looked = checkClasses(request, *copy, original, *report); !looked)
            return looked.error();
        for (std::size_t i = before; concluded && i < report->checks.size(); ++i)
            concluded(report->checks[i]);
    }
    std::string digest = report->sha256; // of the file too, where it is no container
    if (!copy->containers.empty()) {
        auto packed = sha256(copy->file, control);
        if (!packed)
            return packed.error();
        digest = std::move(*packed);
    }
    return Verified {std::move(*report), std::move(digest), copy->file.size(), rules.digest(), {}};
}

} // namespace coredact::engine
