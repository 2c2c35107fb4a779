// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/export.h"
#include "scanner/redact/verify.h"
#include "scanner/scan/scan.h"

#include "tests/fuzz/plantedmemory.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memoryfile.h"

#include <cstdio>

namespace coredact::test {

namespace {

/// An honest copy is verified, whatever the dump holds: else nobody could hand it on. It is read
/// as the file without structure that it is.
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
    const auto plan = RedactionPlan::make(dump, result->findings, {}, policy);
    const Descriptor target = memoryFile();
    require(exportCopy(*original, result->sums, plan, target.number(), JobControl()).ok(),
            "a copy is written");
    const Source copy = sourceOf(target.number());
    const auto report
        = verifyCopy({copy, &*original, plan, builtInRules(), result->values, {}, 1}, JobControl());
    require(report.ok(), "a copy can be looked at");
    for (const Violation& violation : report->violations)
        std::fprintf(stderr, "%s at %llu: %s\n", violation.check.c_str(),
                     static_cast<unsigned long long>(violation.offset.value_or(0)),
                     violation.message.c_str());
    require(report->passed(), "an honest copy is verified");
}

} // namespace

extern const FuzzTarget redactionTarget;
const FuzzTarget redactionTarget {"redaction", fuzz, plantingSeeds};

} // namespace coredact::test
