// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/coverage.h"

namespace coredact {

/// The joins inside of x86's vector registers, whose parts a saved state keeps in areas of their
/// own: the lower 16 bytes of each (XMM), the next 16 (YMM) and the upper 32 (ZMM). A key of 32
/// bytes that a thread had loaded lies across two of them, a longer one across all. Known from the
/// fields that a reader marks as vector registers: an XSAVE area in its standard form.
std::vector<Seam> laneSeams(const Dump& dump);

} // namespace coredact
