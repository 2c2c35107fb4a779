// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <map>
#include <string>

namespace coredact {

/// For each finding that was named while the scan ran, the id of the finding of the final list
/// that has its rule and one of its places. One that is not in the list any more (another rule
/// claimed its bytes) has no entry.
std::map<std::string, std::string> finalNames(const std::vector<FindingPtr>& provisional,
                                              std::span<const Finding> final);

} // namespace coredact
