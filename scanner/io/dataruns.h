// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/io/source.h"

#include <vector>

namespace coredact {

/// Adds the parts of a file that hold data, in their order: all of it but the holes.
Status addDataRuns(const Source& source, std::vector<FileRange>& parts);

} // namespace coredact
