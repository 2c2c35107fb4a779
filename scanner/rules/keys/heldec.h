// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/heldrsa.h"

namespace coredact {

/// EC keys among the numbers: guarded ones of a curve's size and below its order. Verified where
/// d·G stands in the dump in any form (octets; its x as words, plain or in Montgomery form; X and
/// Z of its Jacobian coordinates among the numbers); else the flag alone speaks for those that look
/// random.
Result<std::vector<HeldKey>> heldEcKeys(const WalkContext& context,
                                        const std::vector<HeldNumber>& numbers);

} // namespace coredact
