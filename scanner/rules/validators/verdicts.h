// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/validator.h"

namespace coredact {

/// What a checksum of that name that holds or fails says. One that fails makes a token less sure
/// and never cancels it: it may be cut, made up, or of a newer form.
inline Validation byChecksum(bool holds, std::string_view name)
{
    Validation validation;
    validation.proof = holds ? Proof::Holds : Proof::Weak;
    validation.because = "the " + std::string(name) + (holds ? " holds" : " does not hold");
    return validation;
}

} // namespace coredact
