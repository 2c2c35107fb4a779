// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/protocol.h"

#include <concepts>
#include <tuple>

/// The members of each type that travels, in the order of their declaration: what the codec writes
/// and reads. A member that is added to a type is added here.
namespace coredact::protocol {

template <typename T, typename U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

auto fieldsOf(Is<Error> auto& v) { return std::tie(v.code, v.message, v.offset); }

// Dump
auto fieldsOf(Is<Access> auto& v) { return std::tie(v.read, v.write, v.execute); }
auto fieldsOf(Is<Segment> auto& v) { return std::tie(v.memory, v.file, v.access, v.kind, v.name); }
auto fieldsOf(Is<Region> auto& v)
{
    return std::tie(v.memory, v.access, v.kind, v.name, v.savedBytes);
}
auto fieldsOf(Is<Module> auto& v) { return std::tie(v.memory, v.name, v.buildId); }
auto fieldsOf(Is<Register> auto& v) { return std::tie(v.name, v.value); }
auto fieldsOf(Is<Thread> auto& v)
{
    return std::tie(v.id, v.name, v.pc, v.sp, v.signal, v.registers);
}
auto fieldsOf(Is<Process> auto& v)
{
    return std::tie(v.name, v.id, v.architecture, v.arguments, v.signal, v.faultAddress);
}
auto fieldsOf(Is<Field> auto& v) { return std::tie(v.name, v.file, v.kind); }
auto fieldsOf(Is<Diagnostic> auto& v) { return std::tie(v.offset, v.message, v.incomplete); }
auto fieldsOf(Is<Dump> auto& v)
{
    return std::tie(v.format, v.size, v.order, v.wordSize, v.contentType, v.process, v.segments,
                    v.regions, v.modules, v.threads, v.fields, v.values, v.structure,
                    v.diagnostics);
}

// Findings
auto fieldsOf(Is<Identity> auto& v) { return std::tie(v.kind, v.value); }
auto fieldsOf(Is<Piece> auto& v) { return std::tie(v.file, v.address); }
auto fieldsOf(Is<Occurrence> auto& v) { return std::tie(v.encoding, v.region, v.pieces); }
auto fieldsOf(Is<Finding> auto& v)
{
    return std::tie(v.id, v.rule, v.title, v.severity, v.confidence, v.identity, v.proof,
                    v.belongsTo, v.explanation, v.remediation, v.occurrences, v.notSought);
}
auto fieldsOf(Is<IncompleteRange> auto& v) { return std::tie(v.offset, v.length, v.reason); }

auto fieldsOf(Is<DerivedValue> auto& v) { return std::tie(v.name, v.form, v.bytes); }
auto fieldsOf(Is<SecretValue> auto& v) { return std::tie(v.form, v.value, v.derived); }

// Rules
auto fieldsOf(Is<RuleFile> auto& v) { return std::tie(v.name, v.text); }
auto fieldsOf(Is<RuleInfo> auto& v)
{
    return std::tie(v.id, v.title, v.severity, v.explanation, v.remediation, v.tags, v.precedence,
                    v.pack);
}
auto fieldsOf(Is<RuleProblem> auto& v) { return std::tie(v.file, v.rule, v.message, v.fatal); }
auto fieldsOf(Is<RuleSetOptions> auto& v) { return std::tie(v.defaults, v.disabled, v.packsOff); }

// Redaction
auto fieldsOf(Is<Decision> auto& v) { return std::tie(v.verdict, v.reason, v.note); }
auto fieldsOf(Is<Triage> auto& v) { return std::tie(v.decisions); }
auto fieldsOf(Is<PlanPolicy> auto& v)
{
    return std::tie(v.fill, v.vectorRegisters, v.randomSeed, v.values, v.unknown, v.classes,
                    v.roundUp);
}
auto fieldsOf(Is<Edit> auto& v) { return std::tie(v.range, v.fill, v.reason, v.finding, v.token); }
auto fieldsOf(Is<ClassChoice> auto& v) { return std::tie(v.kind, v.use); }
auto fieldsOf(Is<ClassRange> auto& v) { return std::tie(v.range, v.kind); }
auto fieldsOf(Is<ClassShare> auto& v) { return std::tie(v.kind, v.use, v.bytes, v.places); }
auto fieldsOf(Is<PlanFigures> auto& v)
{
    return std::tie(v.lengthsHidden, v.lengthsShown, v.withoutToken);
}
auto fieldsOf(Is<Conflict> auto& v) { return std::tie(v.range, v.finding, v.why); }
auto fieldsOf(Is<KeptRange> auto& v) { return std::tie(v.range, v.what); }
auto fieldsOf(Is<ExportReport> auto& v)
{
    return std::tie(v.bytesWritten, v.bytesChanged, v.sourceSha256);
}
auto fieldsOf(Is<Check> auto& v) { return std::tie(v.name, v.passed, v.detail); }
auto fieldsOf(Is<Violation> auto& v) { return std::tie(v.check, v.offset, v.message); }
auto fieldsOf(Is<VerificationReport> auto& v)
{
    return std::tie(v.checks, v.violations, v.sha256, v.foundAgain, v.left);
}

// Requests
auto fieldsOf(Is<Open> auto& v) { return std::tie(v.byteBudget, v.minimise); }
auto fieldsOf(Is<LoadRules> auto& v) { return std::tie(v.files, v.options); }
auto fieldsOf(Is<Scan> auto& v) { return std::tie(v.threads, v.given, v.reportOnly); }
auto fieldsOf(Is<Read> auto& v) { return std::tie(v.offset, v.size); }
auto fieldsOf(Is<Search> auto& v)
{
    return std::tie(v.pattern, v.ignoreCase, v.alsoUtf16, v.from, v.backwards, v.expression);
}
auto fieldsOf(Is<MakePlan> auto& v) { return std::tie(v.triage, v.policy); }
auto fieldsOf(Is<Export> auto& v) { return std::tie(v.triage, v.policy, v.foundAgain); }
auto fieldsOf(Is<Verify> auto& v)
{
    return std::tie(v.withOriginal, v.withValues, v.byteBudget, v.edits, v.kept, v.given, v.threads,
                    v.minimised, v.ranges, v.packsLeft, v.classes, v.left);
}
auto fieldsOf(Is<Compare> auto& v) { return std::tie(v.byteBudget); }
auto fieldsOf(Is<SandboxCheck> auto&) { return std::tie(); }
auto fieldsOf(Is<Cancel> auto& v) { return std::tie(v.request); }

// Events
auto fieldsOf(Is<Opened> auto& v)
{
    return std::tie(v.dump, v.containers, v.containerSize, v.sandboxGaps, v.kept);
}
auto fieldsOf(Is<RulesLoaded> auto& v) { return std::tie(v.rules, v.problems, v.digest); }
auto fieldsOf(Is<FindingSeen> auto& v) { return std::tie(v.finding); }
auto fieldsOf(Is<Scanned> auto& v)
{
    return std::tie(v.findings, v.scannedBytes, v.incomplete, v.rulesDigest);
}
auto fieldsOf(Is<Bytes> auto& v) { return std::tie(v.offset, v.bytes); }
auto fieldsOf(Is<SearchHit> auto& v) { return std::tie(v.range); }
auto fieldsOf(Is<Planned> auto& v)
{
    return std::tie(v.edits, v.conflicts, v.digest, v.shares, v.figures);
}
auto fieldsOf(Is<Exported> auto& v)
{
    return std::tie(v.report, v.edits, v.conflicts, v.planDigest, v.originalSha256, v.limits,
                    v.shares, v.left, v.figures);
}
auto fieldsOf(Is<Verified> auto& v)
{
    return std::tie(v.report, v.fileSha256, v.fileSize, v.rulesDigest, v.limits);
}
auto fieldsOf(Is<CheckMade> auto& v) { return std::tie(v.check); }
auto fieldsOf(Is<Compared> auto& v) { return std::tie(v.ranges, v.complete); }
auto fieldsOf(Is<SandboxChecked> auto& v) { return std::tie(v.checks); }
auto fieldsOf(Is<ProgressMade> auto& v) { return std::tie(v.stage, v.done, v.total); }
auto fieldsOf(Is<Failed> auto& v) { return std::tie(v.error); }

} // namespace coredact::protocol
