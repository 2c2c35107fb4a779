// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/verifybytes.h"

namespace coredact {

/// Notes where the copy of a dump reads otherwise than the original under "structure".
/// Names may have been redacted; positions, addresses and registers may not. Where a secret in
/// the general registers was redacted, only the number of threads is compared. What a custom copy
/// filled on purpose cannot be read any more: modules with the loader's data, fields in memory.
void compareDumps(const Dump& copy, const Dump& original, const RedactionPlan& plan,
                  VerificationNotes& notes);

} // namespace coredact
