// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/export.h"
#include "scanner/redact/morefills.h"
#include "scanner/redact/verify.h"
#include "scanner/scan/scan.h"

#include "tests/fuzz/plantedmemory.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memoryfile.h"

#include <cstdio>

namespace coredact::test {

namespace {

/// What is scanned and how a copy is made of it.
struct Case {
    const Source& original;
    const Dump& dump;
    const ScanResult& scanned;
    PlanPolicy policy;
};

struct Made {
    RedactionPlan plan;
    VerificationReport report;
};

Made copyOf(const Case& of, std::span<const FileRange> foundAgain)
{
    PlanGround ground;
    ground.foundAgain = foundAgain;
    const auto plan = RedactionPlan::make(of.dump, of.scanned.findings, {}, of.policy, ground);
    const Descriptor target = memoryFile();
    require(exportCopy(of.original, of.scanned.sums, plan, target.number(), JobControl()).ok(),
            "a copy is written");
    const Source copy = sourceOf(target.number());
    auto report = verifyCopy({copy, &of.original, plan, builtInRules(), of.scanned.values, {}, 1},
                             JobControl());
    require(report.ok(), "a copy can be looked at");
    return {plan, std::move(*report)};
}

/// An honest copy is verified, whatever the dump holds: else nobody could hand it on. Where fills
/// make a secret beside them in the eyes of a rule, that is filled as well, as a hand-over does. It
/// is read as the file without structure that it is.
void fuzz(ByteView input)
{
    const PlantedMemory memory = plantedMemory(input);
    const auto original = Source::fromBytes(memory.bytes);
    Dump dump;
    dump.format = "raw";
    dump.size = memory.dump.size;
    ScanOptions options;
    options.threads = 1;
    options.given = memory.given;
    const auto result = scan(*original, dump, builtInRules(), options, JobControl());
    require(result.ok(), "a scan of a sound dump succeeds");
    PlanPolicy policy;
    policy.fill = static_cast<Fill>(input.size() % 4);
    const Case of {*original, dump, *result, policy};
    MoreFills more;
    Made made = copyOf(of, more.places());
    while (more.take(made.report, made.plan.edits()))
        made = copyOf(of, more.places());
    for (const Violation& violation : made.report.violations)
        std::fprintf(stderr, "%s at %llu: %s\n", violation.check.c_str(),
                     static_cast<unsigned long long>(violation.offset.value_or(0)),
                     violation.message.c_str());
    require(made.report.passed(), "an honest copy is verified");
}

} // namespace

extern const FuzzTarget redactionTarget;
const FuzzTarget redactionTarget {"redaction", fuzz, plantingSeeds};

} // namespace coredact::test
