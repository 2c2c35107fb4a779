// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/scan/scan.h"

namespace coredact {

/// Tells AES keys that are the state of a random generator by the rule for those: their bytes
/// stand in the generator's structure. To be called when all places are known. What becomes of
/// the bytes does not change. A key that another program part holds too is still the generator's.
/// `wordSize`: bytes of a word of the program.
void labelGenerators(const Source& source, std::size_t wordSize, const RuleSet& rules,
                     std::vector<Finding>& findings, const std::vector<SecretValue>& values);

} // namespace coredact
