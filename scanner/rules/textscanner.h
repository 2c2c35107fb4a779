// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/compiledrule.h"
#include "scanner/rules/prefilter.h"
#include "scanner/rules/ruleset.h"

#include <memory>

namespace coredact {

/// All text rules of a rule set, compiled. Immutable; any thread.
struct TextRules {
    std::vector<std::unique_ptr<const CompiledRule>> rules; ///< in the prefilter's order
    Prefilter prefilter;
};

/// A scanner for one thread over rules that all threads share.
std::unique_ptr<TextScanner> makeTextScanner(std::shared_ptr<const TextRules> rules);

} // namespace coredact
