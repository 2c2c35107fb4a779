// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/verifybytes.h"

namespace coredact {

/// What a custom copy says of its classes.
struct ClassClaim {
    std::span<const ClassChoice> choices;
    std::span<const ClassRange> left; ///< sorted, disjoint
    std::span<const Edit> edits; ///< sorted, disjoint
};

/// Checks that no byte listed as kept was filled and that all are of a class that was to be kept.
/// With `original` and its dump, else nullptr: that each listed byte is of the class it is listed
/// under, and that nothing but fill is where a class was to be filled.
Status verifyClasses(const ClassClaim& claim, const Source& copy, const Source* original,
                     const Dump* dump, VerificationNotes& notes);

} // namespace coredact
