// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/rule.h"

namespace coredact {

/// The keys of random generators, which protect nothing by themselves.
const RuleInfo& randomGeneratorRule();

/// How many bytes before a key tell whether it is a random generator's, where a word has so many.
constexpr std::size_t generatorHeadBytes(std::size_t wordSize) { return 6 * wordSize + 4; }

/// Whether the bytes before a key are those of libcrypto 3's PROV_DRBG_CTR on a little-endian
/// machine: five pointers to contexts and ciphers, the size of the key, and whether a derivation
/// function is used. `before`: generatorHeadBytes of them; `wordSize`: 4 or 8.
bool isGeneratorHead(ByteView before, std::size_t wordSize, std::size_t keyBytes);

} // namespace coredact
