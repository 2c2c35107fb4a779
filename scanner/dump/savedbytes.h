// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"

#include <span>

namespace coredact {

/// Sets each region's `savedBytes`: how much of its memory some segment holds. Addresses that
/// several segments hold count once. O((n + m) log n).
void countSavedBytes(std::span<Region> regions, std::span<const Segment> segments);

} // namespace coredact
