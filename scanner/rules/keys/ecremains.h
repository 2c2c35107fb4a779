// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

#include <optional>

namespace coredact {

/// What is left of an EC private key, and what it says of the key.
struct EcRemains {
    PrivateKey key; ///< verified where all of the scalar is left
    Span scalar; ///< what is left of it
};

/// Reads the end of an ECPrivateKey (RFC 5915) whose beginning was overwritten, and with it perhaps
/// the first bytes of the scalar: an allocator keeps two addresses in what was freed, of which the
/// head takes seven bytes. At `position` begins the public key, which is on a known curve; the
/// curve's name may stand before it, and the scalar does. `word`: some position at which a word of
/// memory may begin, by which addresses are known; nothing where the bytes are no memory. Nothing
/// where the key is whole, and where less than eight random bytes are left. Not read: keys whose
/// curve is written out in numbers.
std::optional<EcRemains> readEcRemains(ByteView bytes, std::size_t position,
                                       std::optional<std::size_t> word);

} // namespace coredact
