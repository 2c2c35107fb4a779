// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/finding.h"
#include "scanner/triage/triage.h"

#include <span>

namespace coredact {

/// A decision as a file holds it, with what tells to which finding it belongs. Ids are stable
/// only for the same rules, so the rule and the first place are kept beside them.
struct StoredVerdict {
    std::string finding; ///< id at the time of the decision, "" where it is not known
    std::string rule; ///< "" where it is not known
    std::optional<FileRange> place; ///< first piece of the first occurrence
    Decision decision;

    bool operator==(const StoredVerdict&) const = default;
};

/// How a decision on `finding` is stored.
StoredVerdict storedVerdict(const Finding& finding, const Decision& decision);

struct AdoptedVerdicts {
    Triage triage;
    /// Those that fit no finding any more: what they were about is pending again.
    std::vector<StoredVerdict> unmatched;
};

/// Brings stored decisions to the findings of a new scan of the same file. Where rule and place
/// are known, the finding must be of that rule and still have that place; the id alone decides
/// only where nothing else is known. A later decision on the same finding wins.
AdoptedVerdicts adopt(std::span<const StoredVerdict> verdicts, std::span<const Finding> findings);

} // namespace coredact
