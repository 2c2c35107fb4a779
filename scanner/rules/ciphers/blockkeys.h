// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/ciphers/samples.h"
#include "scanner/rules/detector.h"

namespace coredact {

/// Of Camellia, ARIA, SEED, Blowfish and CAST5.
std::span<const RuleInfo> blockKeyRules();

/// Tells the keys of these that are in use: from what a cipher computed from a key the key is put
/// together again. Of CAST5 only the shape is told here, with the subkeys for a value, since
/// computing the key takes time (scanner/scan/cast5keys.h).
void tellBlockKeys(const Window& window, const RoundKeySamples& samples, MatchSink& sink);

} // namespace coredact
