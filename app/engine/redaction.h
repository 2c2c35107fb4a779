// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/openeddump.h"
#include "scanner/client/protocol.h"
#include "scanner/scan/scan.h"

namespace coredact::engine {

/// Where an export goes; the descriptors stay the caller's.
struct ExportTargets {
    int output = -1; ///< the copy as it is handed on
    int values = -1; ///< a memory file: what the verifying engine must not find
    int plain = -1; ///< the uncompressed copy, where the original is a container
};

/// The plan for what was scanned.
Result<RedactionPlan> planFor(const OpenedDump& dump, const ScanResult& scanned,
                              const Triage& triage, const PlanPolicy& policy,
                              std::span<const FileRange> foundAgain = {});

/// Makes the plan, writes the copy with the codecs of the original, and leaves the redacted
/// values for verification.
Result<protocol::Exported> exportRedacted(const OpenedDump& dump, const ScanResult& scanned,
                                          const protocol::Export& request,
                                          const ExportTargets& targets, const JobControl& control);

} // namespace coredact::engine
