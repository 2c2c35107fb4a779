// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/keys/privatekey.h"

#include <optional>

namespace coredact {

/// What the numbers that are left of an RSA private key say of all of it.
struct RsaRemains {
    PrivateKey key;
    std::vector<Span> numbers; ///< those that were read
};

/// Reads the end of an RSA private key in DER (RFC 8017 A.1.2) whose beginning was overwritten. At
/// `position` begins prime1, prime2 or exponent1, and all numbers behind it are there. They prove
/// themselves, without the modulus, for the public exponents that keys have. Nothing where they
/// do not, nor where a number of the same size ends at `position`: the end begins with that.
std::optional<RsaRemains> readRsaRemains(ByteView bytes, std::size_t position);

} // namespace coredact
