// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/plan.h"
#include "scanner/redact/verify.h"

#include <span>
#include <vector>

namespace coredact {

/// What the next copy of a dump fills as well, over the copies that are made of it: a fill may
/// make a secret, by a rule's lights, of what stands beside it; and the verification, which looks
/// for values by code of its own, may see one where the scan saw none. The next copy is verified
/// like the first. Belongs to one thread.
class MoreFills {
public:
    /// Ground of the next copy's plan (`PlanGround::foundAgain`). Sorted, disjoint.
    const std::vector<FileRange>& places() const { return m_places; }

    /// Takes what was found in a copy; whether another copy is worth making. It is not where the
    /// copy passes, where anything else is wrong with it, where the scan finds a place beside no
    /// fill (a mistake of the dump's scan: of what it missed no other copies were looked for),
    /// where no place is new, or after five copies. The edits are those of the copy's plan.
    bool take(const VerificationReport& report, std::span<const Edit> edits);

private:
    std::vector<FileRange> m_places;
    int m_copies = 0;
};

} // namespace coredact
