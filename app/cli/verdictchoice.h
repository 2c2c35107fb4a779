// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/dumpscan.h"

#include <string>
#include <vector>

namespace coredact::cli {

/// Which findings somebody wants to keep.
struct VerdictChoice {
    std::string file; ///< --verdicts: a session or an edited JSON report; "" is none
    std::vector<std::string> keep; ///< --keep: ids of findings (f3) or of rules
};

/// The decisions over the findings of a scan. Verdicts that fit no finding any more are told on
/// standard error: what they were about is redacted. An id to keep that names nothing is an error.
/// What nobody decided on and a shown pack found is left by policy.
Result<Triage> triageOf(const VerdictChoice& choice, const Scan& scan, const PackPolicy& packs,
                        Surroundings& around);

} // namespace coredact::cli
