// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"

namespace coredact {

/// Computes the keys of what has the shape of CAST5's subkeys, and drops what has none: a good part
/// of a tenth of a second for each, so that those behind the first `most` stay likely. Whether
/// there were more: copies of their keys are not known then.
bool proveCast5Keys(std::vector<Finding>& findings, std::vector<SecretValue>& values,
                    const JobControl& control, std::size_t most = 64);

} // namespace coredact
