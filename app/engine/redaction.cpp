// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/redaction.h"

#include "scanner/client/values.h"
#include "scanner/io/containers.h"
#include "scanner/io/digest.h"

#include <cerrno>

namespace coredact::engine {
namespace {

Status writeAll(int target, ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = write(target, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot write the values for verification", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

/// Values of what is kept stay in the copy, and are not looked for.
Status leaveValues(const ScanResult& scanned, const Triage& triage, int target)
{
    std::vector<SecretValue> redacted;
    for (std::size_t i = 0; i < scanned.findings.size(); ++i)
        if (triage.decisionFor(scanned.findings[i].id).verdict != Verdict::Keep)
            redacted.push_back(scanned.values[i]);
    return writeAll(target, protocol::encodeValues(redacted));
}

Result<ExportReport> writeCopy(const OpenedDump& dump, const RangeSums& sums,
                               const RedactionPlan& plan, const ExportTargets& targets,
                               const JobControl& control)
{
    if (dump.containers.empty())
        return exportCopy(dump.plain, sums, plan, targets.output, control);
    auto written = exportCopy(dump.plain, sums, plan, targets.plain, control);
    if (!written)
        return written;
    const auto copy = Source::fromDescriptor(Descriptor(dup(targets.plain)));
    if (!copy)
        return copy.error();
    if (const Status done = compress(*copy, dump.containers, targets.output, control); !done)
        return done.error();
    return written;
}

/// The original's digest, of the bytes that the copy was made from.
Result<std::string> digestOfOriginal(const OpenedDump& dump, const ExportReport& written,
                                     const JobControl& control)
{
    if (dump.containers.empty() && dump.kept.empty())
        return written.sourceSha256;
    auto digest = sha256(dump.file, control);
    if (!digest)
        return digest;
    const auto now = dump.file.identityNow();
    if (!now)
        return now.error();
    if (*now != dump.file.identity())
        return Error {ErrorCode::Changed, "the file changed since it was opened", std::nullopt};
    return digest;
}

} // namespace

Result<RedactionPlan> planFor(const OpenedDump& dump, const ScanResult& scanned,
                              const Triage& triage, const PlanPolicy& policy,
                              std::span<const FileRange> foundAgain)
{
    if (const Status may = mayBeCopied(dump); !may)
        return may.error();
    std::vector<ClassRange> classes;
    if (policy.classes) {
        auto ranges = classRanges(dump.plain, dump.dump);
        if (!ranges)
            return ranges.error();
        classes = std::move(*ranges);
    }
    return RedactionPlan::make(dump.dump, scanned.findings, triage, policy,
                               {classes, &dump.plain, scanned.values, dump.kept, foundAgain});
}

Result<protocol::Exported> exportRedacted(const OpenedDump& dump, const ScanResult& scanned,
                                          const protocol::Export& request,
                                          const ExportTargets& targets, const JobControl& control)
{
    const auto plan = planFor(dump, scanned, request.triage, request.policy, request.foundAgain);
    if (!plan)
        return plan.error();
    const auto report = writeCopy(dump, scanned.sums, *plan, targets, control);
    if (!report)
        return report.error();
    auto digest = digestOfOriginal(dump, *report, control);
    if (!digest)
        return digest.error();
    if (const Status left = leaveValues(scanned, request.triage, targets.values); !left)
        return left.error();
    protocol::Exported exported {*report,        plan->edits(),      plan->conflicts(),
                                 plan->digest(), std::move(*digest), {},
                                 plan->shares(), plan->left(),       plan->figures()};
    for (const Finding& finding : scanned.findings)
        if (finding.notSought != NotSought::No)
            exported.limits.push_back("finding " + finding.id + " (" + finding.rule + ") is "
                                      + (finding.notSought == NotSought::CommonWord
                                             ? "a word that the dump is full of"
                                             : "a test key that everybody has")
                                      + ": only where the rule saw it was it looked for");
    for (const IncompleteRange& range : scanned.incomplete)
        exported.limits.push_back(std::to_string(range.length) + " bytes at offset "
                                  + std::to_string(range.offset)
                                  + " were not scanned: " + range.reason);
    return exported;
}

} // namespace coredact::engine
