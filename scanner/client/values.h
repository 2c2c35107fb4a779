// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"

namespace coredact::protocol {

/// The values that one engine leaves in a memory file for another, which verifies; front ends
/// carry the file and have no use for what is in it.
SecretBytes encodeValues(std::span<const SecretValue> values);
/// Treats the bytes as untrusted.
Result<std::vector<SecretValue>> decodeValues(ByteView bytes);

} // namespace coredact::protocol
