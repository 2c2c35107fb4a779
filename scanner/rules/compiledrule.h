// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/rules/pattern.h"
#include "scanner/rules/textrule.h"

#include <memory>
#include <optional>

namespace coredact {

/// An allowlist, ready to use. A null expression: that kind of condition was not given.
struct CompiledAllowlist {
    bool all = false;
    AllowTarget target = AllowTarget::Secret;
    std::unique_ptr<const re2::RE2> regexes; ///< any of them
    std::unique_ptr<const re2::RE2> stopWords; ///< any of them
};

/// A rule, ready to use. Immutable; any thread.
struct CompiledRule {
    TextRule rule;
    Pattern pattern;
    std::vector<CompiledAllowlist> allowlists;
};

/// How far before a match a rule's keywords and an allowlist's line are looked for, in bytes: the
/// context that a window must have for answers not to depend on where it begins.
inline constexpr std::size_t contextSize = 256;

/// Compiles a rule; fails with a reason for its author.
Result<std::unique_ptr<const CompiledRule>> compileRule(TextRule rule);

/// What becomes of a candidate: a match, several where the validator finds more than one secret, or
/// nothing where keywords, entropy, allowlists, the value gate or the validator speak against it.
std::vector<Match> judge(const CompiledRule& rule, const Candidate& candidate);

} // namespace coredact
