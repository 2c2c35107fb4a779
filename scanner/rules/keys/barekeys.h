// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/addressspace.h"
#include "scanner/rules/keys/heldrsa.h"
#include "scanner/rules/walk.h"

namespace coredact {

// No form tells a bare key from other random bytes, so that each of these is verified, and what
// cannot be proved is not told. Of very many different strings the last ones are left out, and the
// owner is told so.

/// Whether bytes look random, and unlike random text.
bool mayBeBareKey(ByteView bytes);

/// Ed25519 and X25519 keys among the strings of 32 and 64 bytes: the public half is the other half
/// of the same 64 bytes, or another string.
std::vector<HeldKey> bareOkpKeys(const std::vector<BareString>& strings, const AddressSpace& memory,
                                 Bounded& owner);

/// Scalars of P-256, P-384 and P-521 among the strings, the highest byte first: the public point is
/// another string in octets, or its x is a number of another library than OpenSSL.
std::vector<HeldKey> bareEcKeys(const std::vector<BareString>& strings,
                                const std::vector<HeldNumber>& numbers, const AddressSpace& memory,
                                Bounded& owner);

} // namespace coredact
