// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/propagate.h"

namespace coredact {

/// Copies as threads found them, put in order: by secret, then place, then encoding; equal ones
/// once, fragments inside whole copies left out (of plain ones of 16 bytes and more also those that
/// reach up to four bytes beyond), overlapping fragments as one. Of two readings of wide text, one
/// byte apart, that in `order` is taken.
std::vector<Copy> settled(std::vector<Copy> copies, ByteOrder order);

} // namespace coredact
