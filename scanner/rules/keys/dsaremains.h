// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

#include <optional>

namespace coredact {

/// What is left of a DSA private key.
struct DsaRemains {
    PrivateKey key; ///< verified where p is left and y beside x, likely else
    Span secret; ///< x
};

/// Reads the end of a DSA private key in DER, PKCS#8 or the traditional form, whose beginning was
/// overwritten: an allocator keeps up to four addresses in what was freed, and the heads before p
/// are shorter. At `position` begins q, and g, x, and in the traditional form y between them, stand
/// behind it. Where p is left, g must be of the group of q elements. Nothing where the key is
/// whole.
std::optional<DsaRemains> readDsaRemains(ByteView bytes, std::size_t position);

} // namespace coredact
