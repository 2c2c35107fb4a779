// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/range.h"

#include <cstdint>
#include <vector>

namespace coredact {

/// What of a file of `size` bytes lies in none of the parts. They must be sorted and disjoint; what
/// of them is past the end does not count.
std::vector<FileRange> gapsBetween(const std::vector<FileRange>& parts, std::uint64_t size);

} // namespace coredact
