// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

namespace coredact {

/// The keys of random generators, which protect nothing by themselves.
const RuleInfo& randomGeneratorRule();

/// How many bytes before a key tell whether it is a random generator's.
inline constexpr std::size_t generatorHeadBytes = 52;

/// Whether the bytes before a key are those of libcrypto 3's PROV_DRBG_CTR on a 64-bit
/// little-endian machine: five pointers to contexts and ciphers, the size of the key, and whether
/// a derivation function is used. `before`: generatorHeadBytes of them.
bool isGeneratorHead(ByteView before, std::size_t keyBytes);

} // namespace coredact
