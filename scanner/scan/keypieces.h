// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"

namespace coredact {

/// An RSA prime whose key also stands in the dump as such is no secret of its own: its places and
/// values go over to the key's finding, and its finding goes. `values`: one for each finding.
void joinKeyPieces(std::vector<Finding>& findings, std::vector<SecretValue>& values);

} // namespace coredact
