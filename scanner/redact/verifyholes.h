// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/verifybytes.h"

namespace coredact {

/// Checks that a sparse dump did not become a full one: where the original has holes and the plan
/// has no fills, the copy has holes too. What a file system rounds up to (256 KiB at most) is no
/// violation, nor is a copy without any hole: it lies where holes are not known.
Status verifyHoles(const Source& copy, const Source& original, const RedactionPlan& plan,
                   VerificationNotes& notes);

} // namespace coredact
