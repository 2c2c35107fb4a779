// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/dump/dump.h"
#include "scanner/scan/scan.h"

namespace coredact::test {

/// A dump with secrets in it: pieces of memory, each of the input's own bytes, zeros, and values
/// in one encoding or another.
struct PlantedMemory {
    std::vector<std::uint8_t> bytes;
    Dump dump;
    std::vector<SecretBytes> given; ///< the values that are no token of a rule
};

PlantedMemory plantedMemory(ByteView input);

/// The built-in rules, loaded once.
const RuleSet& builtInRules();

/// Inputs that plant every kind of value in every encoding.
std::vector<std::vector<std::uint8_t>> plantingSeeds();

} // namespace coredact::test
