// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/redact/verifybytes.h"

namespace coredact {

/// Searches the copy for the values, in file order and where memory joins what lies apart in the
/// file, and in what compressed streams give; tells every piece that is left outside the kept
/// places, and every text that is left whole, however it reads; and, where the original is there,
/// what of a piece a fill begins or ends in. Shares no code with the search that
/// found the copies: pieces are encoded one by one here, and compared at every position of the
/// file. What counts as one worth telling of is a little less here than there, so that both never
/// disagree; see telling.h.
Status verifyValues(const VerifyInput& input, const Dump& dump, VerificationNotes& notes,
                    const JobControl& control);

} // namespace coredact
